"""What protects somebody is seen wherever it stands on a form, and however it is laid out."""

import io

import pytest
from tests.helpers.form_files import (
    bold,
    cell,
    choice,
    control,
    docx,
    heading,
    label,
    pairs,
    paragraph,
    run,
    struck,
    table,
)
from tests.helpers.support import AS_OF

from eh_interop import load_area
from eh_interop.checks.record import check_record
from eh_interop.core.findings import Disposition
from eh_interop.formats._shared.forms.reading import record_of
from eh_interop.formats.word import read

TITLE = heading("Multi-agency referral form")
CHILD = pairs(
    ("Child's first name", "Barnabus"),
    ("Child's surname", "Crake"),
    ("Date of birth", "3/4/15"),
    ("Home address", "7 Quibblewick Lane, OB1 9ZZ"),
    ("What are you worried about?", "He is hungry."),
)
TAG = "eh:/immediateRisk"
QUESTION = "Is a child at immediate risk of significant harm?"


def record(*blocks):
    return record_of(read(io.BytesIO(docx(TITLE, CHILD, *blocks))), "form.docx")


def disposition(*blocks):
    report = check_record(record(*blocks), area=load_area("england"), as_of=AS_OF)
    return report.disposition


@pytest.mark.parametrize(
    "row",
    [
        [label(QUESTION), "Yes"],
        [label(QUESTION), "YES - father is outside"],
        [label(QUESTION), cell(f"{bold('Yes')} / {struck('No')}")],
        [label(QUESTION), cell(f"Yes / {struck('No')}")],
        [label(QUESTION), cell(run("\u2612 Yes \u2610 No"))],
        [label("Is it safe for the child to go home today?"), "No"],
        [label("Other comments"), "She is in immediate danger, please ring me."],
        [label("Anything not asked above"), "the child is in immediate danger"],
        [label("Other comments"), "When he is drunk she is in immediate danger."],
    ],
)
def test_a_row_that_says_that_somebody_is_at_risk_is_urgent(row):
    assert disposition(table(row)) is Disposition.ACT_NOW


@pytest.mark.parametrize("answer", ["No", "no risk today", "None"])
def test_a_plain_no_is_no_risk(answer):
    assert disposition(pairs((QUESTION, answer))) is not Disposition.ACT_NOW


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("Is the address confidential?", "Yes"),
        ("Other information", "Please do not tell dad where they live."),
        ("Comments", "They are in a refuge, the address must not be shared"),
    ],
)
def test_an_address_that_must_not_be_told_is_marked(asked, answer):
    found = record(pairs((asked, answer)))
    assert found.document["children"][0]["addresses"][0]["confidential"] is True
    (warning,) = found.document["safetyWarnings"]
    assert warning["type"] == "address-must-not-be-disclosed"
    assert warning["about"] == [found.document["children"][0]["id"]]


def test_what_somebody_typed_beside_the_controls_of_our_own_form_is_heard():
    fields = [
        paragraph(control("Ada", tag="eh:/children/0/name/given")),
        paragraph(control("Crake", tag="eh:/children/0/name/family")),
        paragraph(control("no", tag="eh:/immediateRisk")),
        table([label("For the office"), "He is in immediate danger."]),
    ]
    found = record_of(read(io.BytesIO(docx(*fields))), "form.docx")
    report = check_record(found, area=load_area("england"), as_of=AS_OF)
    assert report.disposition is Disposition.ACT_NOW


@pytest.mark.parametrize(
    "answer",
    [
        *(control(text, tag=TAG) for text in ("maybe", "father has a knife", "not sure", "1")),
        choice("Perhaps", {"Perhaps": "perhaps"}, TAG),
    ],
)
def test_whatever_is_said_in_our_own_question_about_risk_and_is_no_plain_no_is_urgent(answer):
    fields = [
        paragraph(control("Ada", tag="eh:/children/0/name/given")),
        paragraph(control("Crake", tag="eh:/children/0/name/family")),
        paragraph(answer),
    ]
    found = record_of(read(io.BytesIO(docx(*fields))), "form.docx")
    report = check_record(found, area=load_area("england"), as_of=AS_OF)
    assert report.disposition is Disposition.ACT_NOW


def test_a_long_text_is_not_said_twice():
    text = "The address must not be shared. " + "He comes to school hungry. " * 40
    (warning,) = record(pairs(("Other information", text))).document["safetyWarnings"]
    assert warning["description"] == "There is a long text: look at the form."


def test_what_a_form_advises_is_nobody_at_risk():
    advice = "If a child is in immediate danger, ring 999."
    assert disposition(table([cell(advice)]), pairs((QUESTION, "No"))) is not Disposition.ACT_NOW
