"""A typed resource that says something else than the form is told at its place."""

import copy

import pytest
from tests.helpers.imports import RECORDS, opened, told
from tests.helpers.support import example

from eh_interop.formats.fhir.bundle import to_bundle
from eh_interop.formats.fhir.opening import MAX_LISTED

BUNDLE = to_bundle(example("minimal/marf"))


def number_of(kind):
    return next(
        number
        for number, each in enumerate(BUNDLE["entry"])
        if each["resource"]["resourceType"] == kind
    )


PATIENT = number_of("Patient")
AT = f"Bundle.entry[{PATIENT}].resource"


def changed(change):
    bundle = copy.deepcopy(BUNDLE)
    change(bundle["entry"][PATIENT]["resource"])
    return bundle


@pytest.mark.parametrize("name", RECORDS)
def test_our_own_bundle_agrees_with_itself_and_gives_its_record(name):
    record = example(name)
    found = opened(to_bundle(record))
    assert found.record == record
    assert found.findings() == ()


@pytest.mark.parametrize(
    ("change", "path", "message"),
    [
        (lambda p: p.update(birthDate="2001-01-01"), f"{AT}.birthDate", "something else"),
        (lambda p: p.pop("birthDate"), AT, "lacks"),
        (lambda p: p.update(active=True), f"{AT}.active", "does not"),
        (lambda p: p["name"][0].update(family="Other"), f"{AT}.name[0].family", "something else"),
        (lambda p: p["name"].append({"text": "More"}), f"{AT}.name[1]", "does not"),
    ],
)
def test_a_change_is_told_where_it_is(change, path, message):
    found = opened(changed(change))
    (finding,) = found.findings()
    assert (finding.code, finding.origin.path) == ("FHR-018", path)
    assert finding.place == "/children/0"
    assert message in finding.message
    assert found.record == example("minimal/marf")


def test_what_a_server_adds_is_no_disagreement():
    assert told(changed(lambda p: p["meta"].update(versionId="2"))) == []


def test_the_same_moment_in_another_spelling_is_the_same():
    bundle = copy.deepcopy(BUNDLE)
    moment = bundle["entry"][0]["resource"]["date"]
    assert moment.endswith("+01:00")
    hour = int(moment[11:13]) - 1
    bundle["entry"][0]["resource"]["date"] = f"{moment[:11]}{hour:02}{moment[13:-6]}Z"
    assert told(bundle) == []


def test_a_resource_that_is_gone_or_new_is_told():
    bundle = copy.deepcopy(BUNDLE)
    bundle["entry"].append(
        {"fullUrl": "urn:uuid:1", "resource": {"resourceType": "Basic", "code": {"text": "x"}}}
    )
    assert told(bundle) == [("FHR-018", f"Bundle.entry[{len(bundle['entry']) - 1}].resource")]
    last = bundle["entry"][-2]["resource"]["resourceType"]
    assert last == "Provenance"
    del bundle["entry"][-2:]
    assert told(bundle) == [("FHR-018", "Bundle")]


def test_too_many_differences_are_counted():
    bundle = to_bundle(example("gloucestershire/marf"))
    several = 0
    for entry in bundle["entry"]:
        if "status" in entry["resource"] and entry["resource"]["resourceType"] == "Observation":
            entry["resource"]["status"] = "amended"
            several += 1
    findings = [finding for finding in opened(bundle).findings() if finding.code == "FHR-018"]
    assert several > MAX_LISTED
    assert len(findings) == MAX_LISTED + 1
    assert str(several - MAX_LISTED) in findings[-1].message
