"""Replies to the referrer: what is asked, in which order, and nothing personal."""

import json
from datetime import date

import pytest
from click.testing import CliRunner
from lxml import html
from tests.helpers.support import AS_OF, EXAMPLES, example

from eh_interop import check
from eh_interop.cli import main
from eh_interop.core.findings import Severity
from eh_interop.letters.questions import questions
from eh_interop.letters.reply import FORMS, reply, write_replies
from eh_interop.standard.schemas import load_standard

MARKER = "Zq7Marker"
ENVELOPE = {"recordType", "standardVersion", "recordId", "area"}


def letter(record, **options):
    return reply(check(record, as_of=AS_OF), **options)


def written(record, form="text", **options):
    return write_replies([letter(record, **options)], form)


def empty_marf(**more):
    return {"recordType": "marf", "standardVersion": "1.0", "recordId": "R-1"} | more


def planted(value, name=""):
    if isinstance(value, dict):
        return {key: item if key in ENVELOPE else planted(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [planted(item, name) for item in value]
    return f"{value} {MARKER}" if isinstance(value, str) else value


@pytest.mark.parametrize("form", FORMS)
def test_nothing_personal_is_repeated(form):
    for name in ("gloucestershire/marf", "gloucestershire/marf-immediate-risk"):
        for record in (planted(example(name)), example(name)):
            text = written(record, form)
            assert MARKER not in text
            for given in ("Freya", "Dacre", "Teddy", "Brackley", "Larkhay", "Rachel"):
                assert given not in text


def test_the_referrers_reference_is_the_only_thing_repeated():
    assert letter(empty_marf()).reference == "R-1"
    assert letter(empty_marf(recordId="Freya Dacre")).reference is None


def test_immediate_risk_says_first_that_nothing_waits():
    text = written(example("gloucestershire/marf-immediate-risk"), by=date(2026, 11, 8))
    first = " ".join(text.split("\n\n")[1].split())
    assert first.startswith("Your referral says that somebody may be at immediate risk.")
    assert "It is being acted on now. Nothing waits" in first
    assert text.index("999") < text.index("genogram")
    assert "Please answer by" not in text


@pytest.mark.parametrize("risk", [True, "yes", None])
def test_risk_that_is_not_denied_is_acted_on(risk):
    assert letter(empty_marf(immediateRisk=risk)).act_now


def test_the_most_serious_comes_first():
    sections = questions(check(empty_marf(), area="gloucestershire", as_of=AS_OF))
    ranks = [[question.severity.rank for question in section.questions] for section in sections]
    assert all(rank == sorted(rank) for rank in ranks)
    firsts = [rank[0] for rank in ranks]
    assert firsts == sorted(firsts)
    assert firsts[0] == Severity.ERROR.rank


def test_sections_are_those_of_the_form():
    titles = {section.title for section in load_standard().sections("marf")}
    shown = {section.title for section in letter(empty_marf()).sections}
    assert shown
    assert shown <= titles | {"The record as a whole"}


def test_a_question_says_where_and_how_to_answer():
    record = example("gloucestershire/marf")
    del record["children"][1]["dateOfBirth"]
    record["attachments"] = [
        attachment for attachment in record["attachments"] if attachment["type"] != "genogram"
    ]
    asked = {
        question.code: question
        for section in letter(record).sections
        for question in section.questions
    }
    born = asked["CHD-005"]
    assert any(place.startswith("Child 2") for place in born.where)
    assert asked["MRF-107"].document == "genogram"
    assert "not known" in asked["MRF-107"].how


def test_reasons_are_those_that_the_check_accepts():
    record = example("gloucestershire/marf")
    record["attachments"] = [
        attachment for attachment in record["attachments"] if attachment["type"] != "genogram"
    ]
    (asked,) = (
        question
        for section in letter(record).sections
        for question in section.questions
        if question.code == "MRF-107"
    )
    for number, reason in enumerate(asked.reasons):
        paper = {"id": f"z{number}", "type": "genogram", "status": "not-attached", "reason": reason}
        answered = record | {"attachments": [*record["attachments"], paper]}
        codes = {finding.code for finding in check(answered, as_of=AS_OF).findings}
        assert "MRF-107" not in codes


def test_the_same_question_about_two_children_is_asked_once():
    record = example("gloucestershire/marf")
    for child in record["children"][:2]:
        del child["dateOfBirth"]
    asked = [question for section in letter(record).sections for question in section.questions]
    (born,) = (question for question in asked if question.code == "CHD-005")
    assert len(born.where) == 2


def test_what_is_written_wrongly_is_asked_too():
    record = example("gloucestershire/marf") | {"referredOn": "12/10/2026"}
    asked = [question.ask for section in letter(record).sections for question in section.questions]
    assert any(question.startswith("Please correct this: ") for question in asked)
    assert not any("12/10" in question for question in asked)


def test_only_what_is_worth_knowing_is_not_asked():
    report = check(example("gloucestershire/marf"), as_of=AS_OF)
    info = {finding.code for finding in report.findings if finding.severity is Severity.INFO}
    asked = {question.code for section in questions(report) for question in section.questions}
    assert not info & asked


def test_a_record_without_gaps_needs_nothing():
    ready = reply(check(example("minimal/marf"), as_of=AS_OF))
    assert ready.sections == ()
    assert ready.opening.startswith("Nothing is missing.")


def test_what_could_not_be_read_is_said():
    answer = letter("{")
    assert answer.faults
    assert "could not be read" in answer.opening


def test_the_deadline_and_the_sender_stand_at_the_end():
    text = written(empty_marf(), by=date(2026, 11, 8), sender="The hub")
    assert text.rstrip().endswith("Please answer by 8 November 2026.\n\nThe hub")


def test_the_page_is_accessible_and_loads_nothing():
    text = written(example("gloucestershire/marf-immediate-risk"), "html")
    tree = html.fromstring(text)
    assert tree.get("lang") == "en-GB"
    assert [heading.tag for heading in tree.iter("h1", "h2", "h3")][:2] == ["h1", "h2"]
    assert "<script" not in text


def test_json_says_the_same_as_text():
    record = example("gloucestershire/marf-immediate-risk")
    (answer,) = json.loads(written(record, "json"))["replies"]
    text = " ".join(written(record).split())
    assert answer["actNow"] is True
    for section in answer["sections"]:
        for question in section["questions"]:
            assert question["ask"] in text


def run(*arguments, **more):
    return CliRunner().invoke(main, ["chase", *arguments], standalone_mode=False, **more)


def test_the_command_gives_0_when_it_is_written():
    result = run(str(EXAMPLES / "gloucestershire" / "marf.json"), "--as-of", "2026-11-01")
    assert (result.exception, result.return_value) == (None, 0)
    assert "marf-2026-00655" in result.stdout


def test_the_command_gives_3_and_still_replies_if_something_cannot_be_read():
    result = run("-", input="{")
    assert result.return_value == 3
    assert "could not be read" in " ".join(result.stdout.split())


def test_several_records_give_several_replies():
    line = json.dumps(empty_marf())
    answer = json.loads(run("-", "--to", "json", input=f"{line}\n{line}\n").stdout)
    assert len(answer["replies"]) == 2
