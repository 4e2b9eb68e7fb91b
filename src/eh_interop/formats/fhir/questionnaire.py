"""The Questionnaire of a record type: a question for every field of the schema.

``linkId`` is the field's path without list indexes. A list of objects is a group
that repeats, a list of values a question that repeats. ``absent`` (names of missing
fields, with reasons) is a group that repeats, with the questions ``<link>.field`` and
``<link>.reason``. ``localData`` is one question that holds JSON.
"""

from __future__ import annotations

from typing import Any, Final

from eh_interop.formats.fhir.guide.about import Resource, definition
from eh_interop.formats.fhir.names import questionnaire as questionnaire_url
from eh_interop.formats.fhir.names import structure, value_set
from eh_interop.standard.fields import Field, Kind, fields_of
from eh_interop.standard.schemas import CURRENT

REASON_FIELD: Final = "field"
"""Ends the ``linkId`` of the question which field is missing."""
REASON: Final = "reason"
"""Ends the ``linkId`` of the question why it is missing."""
REASONS_LIST: Final = "absence-reason"
"""The code list of those reasons."""

_TYPES: Final = {Kind.REASONS: "group", Kind.LOCAL: "text"}


def questionnaire(record_type: str, version: str = CURRENT) -> Resource:
    """Return the Questionnaire of a record type, made anew at each call.

    Raises:
        StandardError: there is no such record type or version.
    """
    root = fields_of(record_type, version)
    head = definition(
        "Questionnaire",
        questionnaire_url(record_type),
        title=root.title,
        description=root.description,
    )
    model = f"{structure(record_type)}#{record_type}"
    items = [_item(field, model) for field in root.fields]
    return {**head, "version": version, "subjectType": ["Patient"], "item": items}


def _item(field: Field, model: str) -> dict[str, Any]:
    item: dict[str, Any] = _question(field.link, field.title, _TYPES.get(field.kind, field.kind))
    item["definition"] = f"{model}.{field.link}"
    if field.required:
        item["required"] = True
    if field.repeats or field.kind is Kind.REASONS:
        item["repeats"] = True
    if field.code_list:
        item["answerValueSet"] = value_set(field.code_list)
    if field.kind is Kind.REASONS:
        item["item"] = _reasons(field.link, f"{model}.{field.link}")
    elif field.fields:
        item["item"] = [_item(each, model) for each in field.fields]
    return item


def _reasons(link: str, model: str) -> list[dict[str, Any]]:
    which = _question(f"{link}.{REASON_FIELD}", "Field that is missing", "string")
    why = _question(f"{link}.{REASON}", "Why it is missing", "choice")
    why["answerValueSet"] = value_set(REASONS_LIST)
    return [
        {**which, "definition": f"{model}.{REASON_FIELD}", "required": True},
        {**why, "definition": f"{model}.{REASON}", "required": True},
    ]


def _question(link: str, text: str, kind: str) -> dict[str, Any]:
    return {"linkId": link, "text": text, "type": str(kind)}
