"""Messages: the forms attached to them, the message itself, and what it says beside the form."""

import pytest
from tests.helpers.form_files import REFERRAL, docx, heading, message, pairs
from tests.helpers.support import AS_OF, EXAMPLES

from eh_interop import load_area
from eh_interop.checks.record import check_record
from eh_interop.core.findings import Disposition
from eh_interop.formats.mail import of_bytes
from eh_interop.formats.mail.body import own_text, text_of_html
from eh_interop.sources.opening import open_sources

RECORD = EXAMPLES / "minimal" / "marf.json"
FHIR = EXAMPLES / "fhir" / "message-referral.json"
PACK = EXAMPLES / "packs" / "referral.zip"
FORM = ("MARF.docx", docx(*REFERRAL))
BARE = docx(
    heading("Multi-agency referral form"),
    pairs(
        ("Name of child", "Barnabus Crake"),
        ("Date of birth", "3/4/15"),
        ("Home address", "7 Quibblewick Lane, OB1 9ZZ"),
        ("What are you worried about?", "He is hungry."),
    ),
)


def records(tmp_path, body, *attached, **more):
    path = tmp_path / "mail.eml"
    path.write_bytes(message(body, *attached, **more))
    return list(open_sources([str(path)]))


def test_the_form_of_a_message_is_the_record(tmp_path):
    (record,) = records(tmp_path, "Please see the form.", FORM)
    assert record.document["children"][0]["name"]["family"] == "Crake"
    assert record.document["referredOn"] == "2019-03-12"
    assert str(record.position) == "attachment 1"


def test_sender_and_day_are_taken_only_where_the_form_lacks_them(tmp_path):
    (record,) = records(tmp_path, "Please see the form.", ("form.docx", BARE), sender="Ada Rook")
    assert record.document["practitioners"][0]["name"]["full"] == "Ada Rook"
    assert record.document["referredOn"] == "2019-03-12"
    origin = record.locate([("referredOn",)])["referredOn",]
    assert origin.part == "message"
    assert origin.confidence < 0.8
    (record,) = records(tmp_path, "Please see the form.", FORM, sender="Ada Rook")
    assert record.document["practitioners"][0]["name"]["full"] == "Ottoline Vexley"


@pytest.mark.parametrize(
    ("body", "at_risk"),
    [
        ("She is at immediate risk, he is on his way to the school.", True),
        ("Immediate risk: no", False),
        ("Nobody is in immediate danger.", None),
        ("Please see the form.", False),
    ],
)
def test_words_about_immediate_risk_in_the_message_count(tmp_path, body, at_risk):
    (record,) = records(tmp_path, body, FORM)
    about_risk = [one for one in record.findings if one.place == "/immediateRisk"]
    if at_risk is not None:
        assert bool(about_risk) is at_risk


def test_a_message_that_is_the_referral_is_read_as_a_form(tmp_path):
    body = (
        "Hello,\n\nChild's name: Barnabus Crake\nDOB: 4/5/2014\nMother: Ada Crake 07700 900444\n"
        "School: Obberton Primary\nConcerns: He is hungry.\nImmediate risk: no\n\n"
        "Many thanks\nOttoline\n\n> DOB: 1/1/2012\n"
    )
    (record,) = records(tmp_path, body)
    assert record.document["children"][0]["dateOfBirth"] == "2014-05-04"
    assert record.document["concerns"][0]["description"] == "He is hungry."
    assert record.document["immediateRisk"] is False


def test_papers_that_are_no_forms_are_named_in_the_record(tmp_path):
    (record,) = records(tmp_path, "See the form.", FORM, ("attendance.txt", b"88 per cent"))
    (paper,) = record.document["attachments"]
    assert (paper["fileName"], paper["type"]) == ("attendance.txt", "school-attendance-record")
    assert "FRM-016" in {finding.code for finding in record.findings}


def test_two_forms_are_two_records_and_a_damaged_one_is_said(tmp_path):
    found = records(tmp_path, "See the forms.", FORM, ("b.docx", BARE), ("c.docx", FORM[1][:900]))
    assert [record.document is not None for record in found] == [True, True, False]
    assert found[2].findings[0].code == "FRM-001"


def test_a_record_that_is_attached_is_read_as_what_it_is(tmp_path):
    record = ("plan.json", RECORD.read_bytes())
    fhir = ("bundle.json", FHIR.read_bytes())
    found = records(tmp_path, "See the records.", record, fhir, ("scan.png", b"\x89PNG\r\n\x1a\n"))
    assert [one.document["recordType"] for one in found] == ["marf", "marf"]
    assert [one.position.part for one in found] == ["attachment 1", "attachment 2"]
    about = [one.message for one in found[0].findings if one.code == "FRM-016"]
    assert about == ["An attachment of the message is a picture, and was not read as a form."]


def test_a_pack_that_is_attached_is_read(tmp_path):
    found = records(tmp_path, "See the pack.", ("referral.zip", PACK.read_bytes()))
    assert len(found) > 1
    assert all(one.document is not None for one in found)


def test_a_message_that_speaks_of_risk_is_heard_beside_a_record(tmp_path):
    (record,) = records(tmp_path, "She is in immediate danger.", ("m.json", RECORD.read_bytes()))
    report = check_record(record, area=load_area("england"), as_of=AS_OF)
    assert report.disposition is Disposition.ACT_NOW


def test_our_own_fault_with_one_attachment_loses_no_other(tmp_path, monkeypatch):
    def fails(*_):
        raise KeyError("Barnabus")

    monkeypatch.setattr("eh_interop.formats.pdf.read", fails)
    found = records(tmp_path, "See the forms.", ("a.pdf", b"%PDF-1.7"), FORM)
    assert found[0].document["children"][0]["name"]["family"] == "Crake"
    (finding,) = found[1].findings
    assert "fault" in finding.message
    assert "Barnabus" not in finding.message


def test_more_files_than_are_read_are_refused_and_never_left_out(tmp_path, monkeypatch):
    monkeypatch.setattr("eh_interop.formats.mail.reader.MOST_ATTACHMENTS", 1)
    (record,) = records(tmp_path, "See the forms.", FORM, ("b.docx", BARE))
    assert [one.code for one in record.findings] == ["FRM-002"]


def test_a_message_in_a_message_is_read(tmp_path):
    inner = message("Please see the form.", FORM)
    (record,) = records(tmp_path, "Forwarded.", ("forwarded.eml", inner))
    assert record.document["children"][0]["name"]["family"] == "Crake"


def test_a_message_without_anything_is_no_form(tmp_path):
    (record,) = records(tmp_path, "See you on Monday.")
    assert record.document is None
    assert [one.code for one in record.findings] == ["FRM-007"]


def test_a_message_without_a_form_that_speaks_of_risk_is_urgent(tmp_path):
    (record,) = records(tmp_path, "She is in immediate danger, please ring me.")
    assert "/immediateRisk" in {one.place for one in record.findings}


@pytest.mark.parametrize(
    "text",
    [
        "Mine.\n\nOn 13 Nov 2024, at 09:12, Front Door wrote:\n> Theirs.",
        "Mine.\n\n-----Original Message-----\nTheirs.",
        "Mine.\n\nFrom: Front Door\nSent: 1 May 2024\nTo: School\n\nTheirs.",
        "Mine.\n--\nTheirs.",
        "Mine.\n\nThis e-mail is confidential and intended only for you. Theirs.",
    ],
)
def test_older_messages_and_small_print_are_left_out(text):
    assert own_text(text) == "Mine."


def test_a_message_in_html_is_text_with_its_lines():
    assert text_of_html("<p>One<br>two</p><style>x</style><div>three</div>").split() == [
        "One", "two", "three",
    ]  # fmt: skip


def test_a_message_says_who_sent_it_and_when():
    found = of_bytes(message("Hello"))
    assert (found.sender, found.address) == ("Ottoline Vexley", "ovexley@health.example")
    assert found.sent.year == 2019
