"""Questionnaires: every field of a record type is a question, and nothing else is."""

import pytest

from eh_interop.formats.fhir.guide.record_definitions import questionnaire
from eh_interop.formats.fhir.names import value_set
from eh_interop.standard.fields import Kind, fields_of
from eh_interop.standard.schemas import load_standard

RECORDS = load_standard().record_types
MODEL = "https://w3id.org/eh-interop/StructureDefinition"


def walk(items):
    for item in items:
        yield item
        yield from walk(item.get("item", ()))


def by_link(record_type):
    return {each["linkId"]: each for each in walk(questionnaire(record_type)["item"])}


@pytest.mark.parametrize("record", RECORDS)
def test_every_field_is_asked_once_and_nothing_else(record):
    links = [each["linkId"] for each in walk(questionnaire(record)["item"])]
    fields = list(fields_of(record).walk())
    reasons = [field.link for field in fields if field.kind is Kind.REASONS]
    halves = [f"{link}.{half}" for link in reasons for half in ("field", "reason")]
    assert sorted(links) == sorted([*(field.link for field in fields), *halves])
    assert len(links) == len(set(links))


@pytest.mark.parametrize("record", RECORDS)
def test_questions_say_what_the_schema_says(record):
    asked = by_link(record)
    for field in fields_of(record).walk():
        item = asked[field.link]
        assert item["text"] == field.title
        assert item.get("required", False) is field.required
        assert item.get("repeats", False) is (field.repeats or field.kind is Kind.REASONS)
        assert item["definition"] == f"{MODEL}/{record}#{record}.{field.link}"
        assert ("item" in item) is (field.kind in {Kind.GROUP, Kind.REASONS})
        assert ("answerValueSet" in item) is (field.kind is Kind.CODE)


@pytest.mark.parametrize(
    ("link", "kind"),
    [
        ("children", "group"),
        ("children.absent", "group"),
        ("children.absent.field", "string"),
        ("children.absent.reason", "choice"),
        ("children.localData", "text"),
        ("children.health", "text"),
        ("children.name.family", "string"),
        ("children.dateOfBirth", "date"),
        ("createdAt", "dateTime"),
        ("immediateRisk", "boolean"),
        ("levels.level", "integer"),
        ("children.education.attendancePercent", "decimal"),
        ("children.sex", "choice"),
    ],
)
def test_each_kind_of_field_has_its_type(link, kind):
    assert by_link("marf")[link]["type"] == kind


def test_codes_come_from_the_list_of_the_field():
    asked = by_link("marf")
    assert asked["children.sex"]["answerValueSet"] == value_set("sex")
    assert asked["children.absent.reason"]["answerValueSet"] == value_set("absence-reason")


def test_it_is_made_anew_so_that_a_caller_may_change_it():
    questionnaire("marf")["item"].clear()
    assert questionnaire("marf")["item"]
