"""How complete referrals are, by sector, and that no small number is given away."""

import copy
import csv
import json
from dataclasses import replace
from datetime import date

import pytest
from click.testing import CliRunner
from tests.helpers.report_samples import (
    FAULT,
    MISSING,
    NOT_RUN,
    act_now,
    gaps,
    ready,
    record,
    unreadable,
    written,
)
from tests.helpers.support import AS_OF, EXAMPLES, example

from eh_interop import check
from eh_interop.checks.subject import FAMILY, sector_of
from eh_interop.cli import main
from eh_interop.core.findings import Disposition, Severity
from eh_interop.standard.schemas import load_standard

OTHER = replace(MISSING, code="MRF-914", ask="Please say what should change.")
SECTORS = [row.code for row in load_standard().codes("agency-sector")]


def many(count, report, sector="school"):
    return [replace(report, sector=sector)] * count


def text(*reports):
    return written("quality", *reports)


def table(*reports):
    rows = list(csv.DictReader(written("quality-csv", *reports).splitlines()))
    return {
        (row["sector"], row["what"], row["check"]): row["count"]
        for row in rows
        if row["what"] != "note"
    }


def test_counts_of_a_sector():
    reports = [*many(12, gaps(MISSING)), *many(6, gaps(MISSING, OTHER)), *many(7, ready())]
    assert table(*reports, *many(5, act_now())) == {
        ("school", "referrals", ""): "30",
        ("school", "ready", ""): "7",
        ("school", "ready-with-gaps", ""): "18",
        ("school", "act-now", ""): "5",
        ("school", "ask-first", ""): "0",
        ("school", "complete", ""): "40%",
        ("school", "missing", "MRF-107"): "18",
        ("school", "missing", "MRF-914"): "6",
    }


def test_text_is_for_people():
    told = text(*many(12, gaps(MISSING)), *many(8, ready(), None), *many(9, ready(), FAMILY))
    assert told.startswith("School\n  referrals: 12\n")
    assert "  ready with gaps: 12\n" in told
    assert "  missing in 12: MRF-107 Please send the genogram, or say why there is none.\n" in told
    assert "Sector not known\n  referrals: 8\n" in told
    assert "Family members and the public\n  referrals: 9\n" in told
    assert "29 referrals from 3 sectors." in told
    assert "Counts below" not in told


def test_the_largest_sector_stands_first_and_the_small_ones_show_no_order():
    told = text(
        *many(1, ready(), "police"),
        *many(4, ready(), "health"),
        *many(5, ready(), "housing"),
        *many(9, ready()),
    )
    heads = [line for line in told.splitlines() if line and not line.startswith(" ")]
    assert heads[:4] == ["School", "Housing", "Health", "Police"]


def test_a_sector_with_fewer_than_five_is_named_and_not_counted():
    reports = [*many(4, gaps(MISSING), "police"), *many(20, ready())]
    assert table(*reports)["police", "referrals", ""] == "fewer than 5"
    assert [what for sector, what, _ in table(*reports) if sector == "police"] == ["referrals"]
    assert "24 referrals" not in text(*reports)
    assert "24" not in written("quality-csv", *reports)
    assert "Counts below 5 are not shown" in text(*reports)


@pytest.mark.parametrize("few", [1, 2, 3, 4])
def test_a_small_part_cannot_be_reckoned_from_the_others(few):
    reports = [*many(few, act_now()), *many(6, ready()), *many(20, gaps(MISSING))]
    held = table(*reports)
    assert held["school", "act-now", ""] == "fewer than 5"
    assert held["school", "ready", ""] == "not shown"
    assert held["school", "ready-with-gaps", ""] == "20"


def test_two_small_parts_hide_each_other():
    reports = [*many(2, act_now()), *many(3, ready()), *many(20, gaps(MISSING))]
    held = table(*reports)
    assert held["school", "act-now", ""] == held["school", "ready", ""] == "fewer than 5"
    assert held["school", "ready-with-gaps", ""] == "20"


@pytest.mark.parametrize(
    ("complete", "told"),
    [(0, "0%"), (1, "not shown"), (4, "not shown"), (5, "50%"), (6, "not shown"), (10, "100%")],
)
def test_a_share_that_stands_for_few_is_not_shown(complete, told):
    reports = [*many(complete, ready()), *many(10 - complete, gaps(MISSING))]
    assert table(*reports)["school", "complete", ""] == told


def test_what_is_missing_in_fewer_than_five_is_not_named():
    assert ("school", "missing", "MRF-914") not in table(
        *many(4, gaps(OTHER)), *many(9, gaps(MISSING))
    )


def test_one_thing_that_is_missing_twice_in_a_referral_counts_once():
    assert table(*many(6, gaps(MISSING, MISSING)))["school", "missing", "MRF-107"] == "6"


def test_what_is_only_worth_knowing_is_not_missing():
    note = replace(MISSING, severity=Severity.INFO)
    assert table(*many(6, gaps(note)))["school", "complete", ""] == "100%"


def test_only_the_most_common_five_are_named():
    found = [replace(MISSING, code=f"MRF-10{number}") for number in range(9)]
    held = table(*many(6, gaps(*found)))
    assert sorted(code for _, what, code in held if what == "missing") == [
        f"MRF-10{number}" for number in range(5)
    ]


def test_other_records_and_unreadable_ones_are_said_and_not_counted():
    plan = replace(ready(), record_type="plan")
    told = text(*many(6, ready()), plan, plan, unreadable())
    assert "6 referrals from 1 sector." in told
    assert "2 records of other types: not counted." in told
    assert "1 record could not be read, and not counted." in told


def test_what_neighbours_show_is_not_counted_again():
    again = replace(gaps(MISSING), across=True)
    assert table(*many(6, ready()), *many(6, again)) == table(*many(6, ready()))


def test_immediate_risk_and_our_own_faults_are_always_said():
    told = text(*many(6, act_now(not_run=(FAULT, NOT_RUN))))
    assert "may be at immediate risk" in told
    assert "REF-001. Our own fault" in told
    assert "immediate risk" not in text(*many(6, ready()))
    assert "immediate risk" in written("quality-csv", *many(6, act_now()))


def test_nothing_about_a_record_is_written():
    report = record(Disposition.READY_WITH_GAPS, MISSING, source="folder/Rowan.json")
    told = text(*many(9, report)) + written("quality-csv", *many(9, report))
    assert "Rowan" not in told
    assert "R-1" not in told


# ------------------------------------------------------------------ the sector


def test_the_sector_is_that_of_the_referrer():
    document = example("gloucestershire/marf")
    worker = document["referrer"]["practitioner"]
    agency = next(
        practitioner["organisation"]
        for practitioner in document["practitioners"]
        if practitioner["id"] == worker
    )
    sector = next(
        organisation["sector"]
        for organisation in document["organisations"]
        if organisation["id"] == agency
    )
    assert sector in SECTORS
    assert check(document, as_of=AS_OF).sector == sector


def test_a_family_member_who_refers_has_no_sector():
    assert sector_of({"referrer": {"person": "p1"}}) == FAMILY


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"referrer": "w1"},
        {"referrer": {}},
        {"referrer": {"practitioner": "w1"}},
        {"referrer": {"practitioner": "w1", "person": "p1"}},
        {"referrer": {"practitioner": ["w1"]}, "practitioners": [{"id": ["w1"]}]},
        {"referrer": {"practitioner": "w1"}, "practitioners": "w1"},
        {"referrer": {"practitioner": "w1"}, "practitioners": [{"id": "w1"}]},
        {
            "referrer": {"practitioner": "w1"},
            "practitioners": ["x", {"id": "w1", "organisation": "o1"}],
            "organisations": [{"id": "o1", "sector": "Rowan's school"}],
        },
        {
            "referrer": {"practitioner": "w1"},
            "practitioners": [{"id": "w1", "organisation": "o1"}],
            "organisations": [{"id": "o1", "sector": ["school"]}],
        },
    ],
)
def test_a_sector_that_is_not_there_is_not_known(document):
    assert sector_of(document) is None


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_from_files_with_any_number_of_processes(tmp_path, jobs):
    whole = example("gloucestershire/marf")
    lacking = copy.deepcopy(whole)
    lacking["attachments"] = [
        attachment for attachment in whole["attachments"] if attachment["type"] != "genogram"
    ]
    file = tmp_path / "referrals.ndjson"
    lines = [json.dumps(each) for each in [*[whole] * 5, *[lacking] * 6]]
    file.write_text("\n".join(lines), "utf-8")
    day = date(2026, 11, 1).isoformat()
    result = CliRunner().invoke(
        main,
        ["check", str(file), "--format", "quality", "--as-of", day, "--jobs", jobs],
        standalone_mode=False,
    )
    assert "referrals: 11" in result.stdout
    assert "complete: 45%" in result.stdout
    assert "missing in 6: MRF-107" in result.stdout


@pytest.mark.slow
def test_the_examples_can_be_counted():
    result = CliRunner().invoke(
        main, ["check", str(EXAMPLES), "--format", "quality"], standalone_mode=False
    )
    assert result.exception is None


def test_how_many_lack_nothing_is_not_given_away_by_how_many_lack_something():
    held = table(*many(8, gaps(MISSING)), *many(2, ready()))
    assert held["school", "missing", "MRF-107"] == "nearly all"
    assert held["school", "complete", ""] == "not shown"
    assert "10" in held["school", "referrals", ""]
    assert table(*many(8, gaps(MISSING)))["school", "missing", "MRF-107"] == "8"
