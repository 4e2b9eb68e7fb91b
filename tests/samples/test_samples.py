"""Samples: in order as they are, and with every planted fault found where it was planted."""

import json
import re
from collections import Counter
from datetime import date
from functools import partial
from itertools import islice

import pytest

from eh_interop import check, check_together, load_area, load_standard
from eh_interop.core.findings import Severity
from eh_interop.core.identifiers import is_nhs_number, is_upn
from eh_interop.samples import samples
from eh_interop.samples.seeded_random import SeededRandom, nhs_number, upn
from eh_interop.standard.areas import area_names

AS_OF = date(2026, 11, 1)
RECORD_TYPES = load_standard().record_types


def made(record_type, count, **options):
    return list(samples(record_type, count, **{"seed": 1, "as_of": AS_OF, **options}))


def matters(report):
    """Return what is more than worth knowing, and every fault of our own."""
    problems = [
        (finding.code, finding.place)
        for finding in report.findings
        if finding.severity is not Severity.INFO
    ]
    return problems + [skipped for skipped in report.not_run if skipped.fault]


@pytest.mark.parametrize("record_type", RECORD_TYPES)
@pytest.mark.parametrize("as_of", [AS_OF, date(2024, 2, 29), date(2031, 8, 31)], ids=str)
def test_every_sample_is_in_order_in_its_area(record_type, as_of):
    for sample in made(record_type, 100, as_of=as_of):
        assert matters(check(sample.record, as_of=as_of)) == [], sample.record["recordId"]
        assert sample.planted == ()


@pytest.mark.parametrize("area", area_names())
@pytest.mark.parametrize("record_type", RECORD_TYPES)
def test_the_area_can_be_chosen(record_type, area):
    for sample in made(record_type, 30, area=load_area(area), seed=5):
        assert sample.record["area"] == area
        assert matters(check(sample.record, as_of=AS_OF)) == [], sample.record["recordId"]


@pytest.mark.slow
@pytest.mark.parametrize("record_type", RECORD_TYPES)
def test_every_planted_fault_is_found_where_it_was_planted(record_type):
    for sample in made(record_type, 300, faults=True, seed=9):
        report = check(sample.record, as_of=AS_OF)
        findings = {(finding.code, finding.place) for finding in report.findings}
        assert {(fault.code, fault.place) for fault in sample.planted} <= findings
        assert len({fault.place for fault in sample.planted}) == len(sample.planted)
        if not sample.planted:
            assert matters(report) == []


def test_about_one_in_three_is_faulty_and_every_kind_of_fault_comes():
    every = made("marf", 300, faults=True)
    faulty = [sample for sample in every if sample.planted]
    assert 75 <= len(faulty) <= 125
    assert {len(sample.planted) for sample in faulty} == {1, 2, 3}
    codes = Counter(fault.code for sample in faulty for fault in sample.planted)
    assert {"SHP-002", "SHP-004", "SHP-005", "IDN-001", "DAT-001", "DAT-002"} <= set(codes)
    assert any(not code.startswith(("SHP", "IDN", "DAT")) for code in codes)


@pytest.mark.parametrize("record_type", RECORD_TYPES)
def test_the_same_seed_gives_the_same_records(record_type):
    assert made(record_type, 20, faults=True) == made(record_type, 20, faults=True)
    assert made(record_type, 20) != made(record_type, 20, seed=2)
    assert made(record_type, 20)[:5] == made(record_type, 5)


def test_they_are_made_one_at_a_time():
    endless = samples("marf", 10**12, seed=1, as_of=AS_OF)
    assert len(list(islice(endless, 3))) == 3


def test_families_and_consents_vary():
    records = [sample.record for sample in made("marf", 400)]
    statuses = {record["consents"][0]["status"] for record in records}
    assert statuses == {"given", "refused", "not-sought", "not-obtained", "withdrawn"}
    assert {len(record["children"]) for record in records} >= {1, 2, 3, 4}
    assert {len(record["households"]) for record in records} == {1, 2}
    assert any(child.get("unborn") for record in records for child in record["children"])
    assert any(record["immediateRisk"] for record in records)
    assert (
        len({child.get("absent", {}).get("ethnicity") for r in records for child in r["children"]})
        > 1
    )
    assert len({json.dumps(record["children"][0]["name"]) for record in records}) > 250


def test_a_refusal_is_recorded_with_its_reasons():
    refused = next(
        record["consents"][0]
        for record in (sample.record for sample in made("marf", 100))
        if record["consents"][0]["status"] == "refused"
    )
    assert {"rationale", "decidedBy", "approval", "consultation", "parentInformed"} <= set(refused)


def texts(value):
    if isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("record_type", RECORD_TYPES)
def test_numbers_belong_to_nobody(record_type):
    for sample in made(record_type, 60):
        for text in texts(sample.record):
            if re.fullmatch(r"0[\d ]{9,}", text):
                assert re.fullmatch(r"01632 960\d{3}|07700 900\d{3}", text)
            if re.fullmatch(r"\d{10}", text):
                assert text.startswith("999")
            assert re.search(r"@(?!([a-z-]+\.)*example\.org)", text) is None


def test_check_digits_are_right():
    random = SeededRandom(1, 1)
    for _ in range(500):
        assert is_nhs_number(nhs_number(random))
        assert is_upn(upn(random, "916", 2019))


@pytest.mark.parametrize("record_type", ["plan", "meeting"])
def test_children_of_different_records_are_different_children(record_type):
    numbers = Counter(
        (identifier["type"], identifier["value"])
        for sample in made(record_type, 400)
        for child in sample.record["children"]
        for identifier in child.get("identifiers", ())
        if "value" in identifier and identifier["type"] != "upn"
    )
    assert len(numbers) > 300
    assert set(numbers.values()) == {1}


def test_every_person_of_a_seed_has_an_nhs_number_of_their_own():
    numbers = [
        nhs_number(random) for random in map(partial(SeededRandom, 7), range(1, 100_001, 20))
    ]
    assert len(set(numbers)) == len(numbers) == 5_000
    # Five people of sample of a hundred thousand records: each gets another pair of numbers.
    people = {SeededRandom(3, record).person(500_000) for record in range(1, 100_001)}
    assert len(people) == 100_000


def test_plans_of_the_same_name_and_birthday_are_not_matched():
    """Invented names repeat, so names and birthdays alone would join children of many records."""
    records = [sample.record for sample in made("plan", 200, area=load_area("gloucestershire"))]
    for record in records:  # the worst that can happen: all of them have one name and birthday
        for child in record["children"]:
            if "dateOfBirth" in child:
                child |= {"name": {"given": "Ada", "family": "Lowe"}, "dateOfBirth": "2015-02-03"}
    reports = check_together(records, as_of=AS_OF)
    assert not [report for report in reports if report.across and report.findings]


def test_records_are_of_a_usual_size():
    sizes = [len(json.dumps(sample.record, separators=(",", ":"))) for sample in made("marf", 200)]
    assert 5_000 < sum(sizes) / len(sizes) < 9_000
