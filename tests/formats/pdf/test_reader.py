"""PDF forms: fields, labels beside answers, and what is said of a PDF that holds no form."""

import io

import pytest
from tests.helpers.form_files import PRINTED, pdf

from eh_interop.formats._shared.forms.reading import record_of
from eh_interop.formats.pdf import read
from eh_interop.formats.pdf.fields import name_as_label, xfa_values
from eh_interop.reading.streams import RefusedError


def record(*arguments, **more):
    return record_of(read(io.BytesIO(pdf(*arguments, **more))), "form.pdf")


FIELDS = [
    (200, 780, "Text1", "Barnabus Crake"),
    (200, 760, "Text2", "05-06-2011"),
    (200, 740, "Text3", "7 Quibblewick Lane, OB1 9ZZ"),
    (300, 720, "box1", "/Yes"),
    (360, 720, "box2", "/Off"),
    (50, 660, "Text4", "He is hungry."),
]
LABELS = [
    (50, 810, "*MASH Referral Form"),
    (50, 782, "Full name of child"),
    (50, 762, "DOB"),
    (50, 742, "Address"),
    (50, 722, "Is anyone in immediate danger?"),
    (320, 722, "No"),
    (380, 722, "Yes"),
    (50, 690, "What are you worried about?"),
]


def test_fields_are_read_with_the_labels_printed_beside_and_above_them():
    found = record(LABELS, FIELDS).document
    child = found["children"][0]
    assert child["name"]["full"] == "Barnabus Crake"
    assert child["dateOfBirth"] == "2011-06-05"
    assert child["addresses"][0]["postcode"] == "OB1 9ZZ"
    assert found["concerns"][0]["description"] == "He is hungry."


def test_a_box_is_what_it_looks_like_and_not_what_its_state_is_called():
    assert record(LABELS, FIELDS).document["immediateRisk"] is False


def test_a_printed_page_is_read_by_where_its_words_stand():
    found = record(PRINTED).document
    assert found["children"][0]["name"]["full"] == "Barnabus Crake"
    assert found["practitioners"][0]["jobTitle"] == "Health Visitor"
    assert found["referredOn"] == "2019-03-12"
    assert found["immediateRisk"] is False


def test_values_say_on_which_page_they_stood():
    read_record = record(PRINTED)
    origin = read_record.locate([("immediateRisk",)])["immediateRisk",]
    assert origin.page == 1


def test_a_pdf_of_our_own_is_read_by_the_names_of_its_fields():
    fields = [
        (200, 780, "eh:/children/0/name/given", "Ada"),
        (200, 760, "eh:/children/0/dateOfBirth", "1/2/15"),
        (200, 740, "eh:/concerns/0/description", "He is hungry."),
    ]
    found = record([(50, 700, "A form of a council that was made from the standard")], fields)
    assert found.document["children"][0]["name"]["given"] == "Ada"
    assert found.document["concerns"][0]["description"] == "He is hungry."


def test_what_holds_no_text_is_said_to_hold_none():
    with pytest.raises(RefusedError) as refused:
        read(io.BytesIO(pdf([])))
    assert refused.value.fault.code == "FRM-006"


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", pdf(PRINTED)[:300]])
def test_what_is_damaged_is_refused_without_its_text(content):
    with pytest.raises(RefusedError) as refused:
        read(io.BytesIO(content))
    assert refused.value.fault.code in {"FRM-001", "FRM-006"}
    assert "Crake" not in str(refused.value)


def test_scripts_are_named_and_not_run():
    document = read(io.BytesIO(pdf(PRINTED, extra="/Names << /JavaScript << /Names [] >> >>")))
    assert [one.code for one in document.findings] == ["FRM-004"]


def test_data_of_xfa_forms_are_read_and_names_become_labels():
    data = b"<d><form1><ChildDateOfBirth>1/2/15</ChildDateOfBirth></form1></d>"
    assert xfa_values({"datasets": data}) == [("Child Date Of Birth", "1/2/15")]
    assert name_as_label("form1[0].child_full_name[0]") == "child full name"
