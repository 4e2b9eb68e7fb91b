"""What speaks of immediate risk or protection is seen wherever a partner writes it."""

import csv
from datetime import date
from itertools import permutations

import pytest
from tests.helpers.support import ROOT

from eh_interop.checks.record import check_record
from eh_interop.core.findings import Disposition
from eh_interop.formats._shared.signals import (
    About,
    is_dangerous,
    is_only_a_signal,
    of_heading,
    of_text,
)
from eh_interop.formats.partners import parse_table
from eh_interop.protection import protections
from eh_interop.reading.source_record import SourceRecord

with (ROOT / "mappings" / "partners" / "signals.csv").open(encoding="utf-8", newline="") as file:
    SIGNALS = list(csv.DictReader(file))
PEOPLE = """
[[part]]
each = "/people"
[[part.field]]
ours = "/name/full"
theirs = "Parent {n}"
[[part]]
each = "/relationships"
[[part.field]]
ours = "/type"
theirs = "Relationship {n}"
[[part.link]]
ours = "/person"
to = "/people"
[[part.link]]
ours = "/relatedTo"
to = "/children"
number = 1
"""
ADDRESS = """
[[part]]
each = "/people"
[[part.field]]
ours = "/name/full"
theirs = "Parent {n}"
[[part.field]]
ours = "/addresses[home]/lines/*"
theirs = "Address"
via = "address-lines"
"""


def disposition(document):
    record = SourceRecord(source="", document=document)
    return check_record(record, area=None, as_of=date(2026, 11, 1)).disposition


def warnings(document):
    return [warning["type"] for warning in document.get("safetyWarnings", [])]


@pytest.mark.parametrize("row", SIGNALS, ids=lambda row: row["example"])
def test_each_signal_sees_its_example(row):
    about = About(row["about"])
    if row["where"] == "heading":
        signal = of_heading(row["example"])
        assert (signal.about, signal.dangerous) == (about, row["answer"])
    else:
        assert about in of_text(row["example"], in_address=row["where"] == "address cell")


@pytest.mark.parametrize(
    "text",
    ["not in immediate danger", "There is no court order", "Hungry at school", "12 Safe Street"],
)
def test_what_says_the_opposite_or_nothing_is_no_signal(text):
    assert not of_text(text)


@pytest.mark.parametrize(
    ("answer", "dangerous", "expected"),
    [
        ("Yes", "yes", True),
        ("father must not know", "yes", True),
        ("maybe", "yes", True),
        ("No", "yes", False),
        ("none known", "yes", False),
        ("n/k", "yes", False),
        ("No", "no", True),
        ("not at night", "no", True),
        ("Yes", "no", False),
        ("High", "plain", False),
        ("Yes", "plain", True),
    ],
)
def test_everything_that_is_not_plainly_harmless_is_dangerous(answer, dangerous, expected):
    assert is_dangerous(answer, dangerous) is expected


@pytest.mark.parametrize(
    ("heading", "text", "kinds"),
    [
        ("Immediate risk", "No - address sensitive", ["address-must-not-be-disclosed"]),
        ("Court order", "No - mother is in refuge", ["address-must-not-be-disclosed", "other"]),
        ("Address confidential", "No", []),
    ],
)
def test_an_answer_to_one_question_may_say_something_else(read, heading, text, kinds):
    found = read(f"Surname,{heading}\nA,{text}\n")
    assert sorted(warnings(found.records[0])) == kinds


@pytest.mark.parametrize("text", ["No - police on their way", "No, do not send home"])
def test_a_no_before_a_dash_or_comma_is_an_answer(text):
    assert of_text(text) == (About.RISK,)


def test_a_row_that_says_nothing_but_danger_is_a_record(read):
    found = read("Surname,Notes,Sex\n,police on their way,\nA,,\n")
    assert disposition(found.records[0]) is Disposition.ACT_NOW


def test_an_address_is_no_signal_only_because_it_bears_one():
    assert is_only_a_signal("CONFIDENTIAL - do not disclose")
    assert not is_only_a_signal("12 Sample Street (confidential)")


@pytest.mark.parametrize("answers", list(permutations(["No", "Yes", "maybe", "n/k"], 2)))
def test_of_two_answers_about_immediate_risk_the_dangerous_one_counts(read, answers):
    tail = '[[field]]\nours = "/concerns[main]/impact"\ntheirs = "Impact"'
    first, second = answers
    heading = "Anybody in danger now?"
    found = read(f"Surname,Immediate risk,{heading}\nA,{first},{second}\n", tail=tail)
    (document,) = found.records
    urgent = {"Yes", "maybe"} & set(answers)
    if urgent:
        assert disposition(document) is Disposition.ACT_NOW
    else:
        assert disposition(document) is not Disposition.ACT_NOW
    assert ("PTR-032" in found.codes) is (second in {"Yes", "maybe"})


@pytest.mark.parametrize("answers", list(permutations(["No", "Yes", "maybe"], 2)))
def test_of_two_rows_about_one_record_the_dangerous_answer_counts(read, answers):
    head = 'dates = "day-first"\nkey = ["Ref"]'
    rows = "".join(f"R1,A,{answer}\n" for answer in answers)
    (document,) = read(f"Ref,Surname,Immediate risk\n{rows}", head).records
    assert disposition(document) is Disposition.ACT_NOW


@pytest.mark.parametrize("column", ["Surname", "Concern", "Notes", "Sex", "Referred"])
@pytest.mark.parametrize("text", ["police on their way", "Child is not safe tonight"])
def test_danger_is_seen_in_every_column(read, column, text):
    headings = dict.fromkeys(["Surname", "Concern", "Notes", "Sex", "Referred", "Immediate risk"])
    headings |= {"Surname": "A", "Immediate risk": "No", column: text}
    line = ",".join(cell or "" for cell in headings.values())
    found = read(f"{','.join(headings)}\n{line}\n")
    (document,) = found.records
    assert document["immediateRisk"] is True
    assert "PTR-032" in found.codes
    assert all(text not in finding.message for finding in found.findings)


@pytest.mark.parametrize(
    ("heading", "answer", "kinds"),
    [
        ("Address confidential", "Yes", ["address-must-not-be-disclosed"]),
        ("Do not disclose", "x", ["address-must-not-be-disclosed"]),
        ("Address sensitive", "Y - mum fled", ["address-must-not-be-disclosed"]),
        ("Refuge", "TRUE", ["address-must-not-be-disclosed"]),
        ("Notes", "DO NOT DISCLOSE ADDRESS", ["address-must-not-be-disclosed"]),
        ("Court order", "Yes", ["other"]),
        ("Do not contact father", "Yes", ["contact-unsafe"]),
        ("Safe to call?", "No", ["contact-unsafe"]),
        ("Address confidential", "No", []),
        ("Court order", "None", []),
    ],
)
def test_protection_lands_at_its_child(read, heading, answer, kinds):
    found = read(f"Surname,{heading}\nA,{answer}\n")
    (document,) = found.records
    assert warnings(document) == kinds
    assert ("PTR-033" in found.codes) is bool(kinds)
    for warning in document.get("safetyWarnings", []):
        assert warning["about"] == ["child-1"]
        assert answer in warning["description"]
    addresses = document["children"][0].get("addresses", [])
    hidden = [address.get("confidential") for address in addresses]
    assert hidden == ([True] if "address-must-not-be-disclosed" in kinds else [])


def test_a_number_in_the_heading_says_which_child(read):
    heading = "Child 1 Surname,Child 2 Surname,Child 2 address confidential"
    (document,) = read(f"{heading}\nA,B,Yes\n").records
    first, second = document["children"]
    assert "addresses" not in first
    assert second["addresses"] == [{"kind": "home", "confidential": True}]


def test_a_warning_in_place_of_an_address_is_no_address(read):
    text = "Surname,Parent 1,Address\nA,B,CONFIDENTIAL - do not disclose\n"
    (document,) = read(text, tail=ADDRESS).records
    (address,) = document["people"][0]["addresses"]
    assert address == {"kind": "home", "confidential": True}
    assert "CONFIDENTIAL - do not disclose" in document["safetyWarnings"][0]["description"]


@pytest.mark.parametrize(
    ("heading", "answer"),
    [
        ("Court order", "Father - no contact"),
        ("Address confidential", "Yes - keep from father"),
        ("Do not contact father", "Yes"),
    ],
)
def test_from_whom_it_is_kept_is_taken_if_it_is_plainly_said(read, heading, answer):
    columns = f"Surname,Parent 1,Relationship 1,Parent 2,Relationship 2,{heading}"
    text = f"{columns}\nA,Rosa A,Mother,Lee A,Father,{answer}\n"
    (document,) = read(text, tail=PEOPLE).records
    (warning,) = document["safetyWarnings"]
    assert warning["keepFrom"] == ["person-2"]
    assert protections([document]).all


def test_a_slipped_row_goes_back_unless_it_speaks_of_danger(read):
    calm = read("Surname,Concern,Sex\nA,Hungry, and tired,F\nB,Cold,F\n")
    assert [record["children"][0]["name"]["family"] for record in calm.records] == ["B"]
    assert calm.findings[0].origin.heading == "Sex"
    urgent = read("Surname,Concern,Sex\nA,Hungry, police on their way,F\nB,Cold,F\n")
    assert len(urgent.records) == 2


def test_a_row_that_is_narrower_than_the_others_is_said(read):
    found = read("Surname,Concern,Sex\n" + "A,Cold,F\n" * 8 + "B,Cold\n", "")
    assert "PTR-036" in found.codes
    assert len(found.records) == 2


@pytest.mark.parametrize(
    "heading", ["Address confidential?", "Address Line 1", "Keep address private"]
)
def test_what_is_not_about_one_child_protects_all(read, heading):
    table = parse_table(
        'mapping = "x"\ntitle = "x"\nrecord = "marf"\nformat = "csv"\n'
        '[[part]]\neach = "/children"\n'
        '[[part.field]]\nours = "/name/family"\ntheirs = "Child {n}"\n'
        '[[part.field]]\nours = "/addresses[home]/confidential"\ntheirs = "Address confidential?"\n'
        '[[part.field]]\nours = "/addresses[home]/lines/*"\ntheirs = "Address Line 1"\n',
        "x.toml",
    )
    (document,) = read(
        f"Child 1,Child 2,{heading}\nA,B,Yes - do not disclose\n", table=table
    ).records
    for child in document["children"]:
        assert child["addresses"] == [{"kind": "home", "confidential": True}]
