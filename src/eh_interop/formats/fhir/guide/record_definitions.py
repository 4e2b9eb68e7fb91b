"""The Questionnaire and the logical model (StructureDefinition) of every record type.

A Questionnaire has a question for every field of the schema. ``linkId`` is the field's path without
list indexes. A list of objects is a group that repeats, a list of values a question that repeats.
``absent`` (names of missing fields, with reasons) is a group that repeats, with the questions
``<link>.field`` and ``<link>.reason``. ``localData`` is one question that holds JSON.

The snapshot of a logical model stands beside its differential, because some tools do not make one
for logical models.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Final

import orjson

from eh_interop.core.resources import folder
from eh_interop.formats.fhir.guide.about import (
    HL7,
    Resource,
    binding,
    definition,
    structure_definition,
    types,
)
from eh_interop.formats.fhir.guide.inputs import GuideInputs
from eh_interop.formats.fhir.names import questionnaire as questionnaire_url
from eh_interop.formats.fhir.names import structure, value_set
from eh_interop.standard.fields import Field, Kind, fields_of
from eh_interop.standard.schemas import CURRENT, load_standard

REASON_FIELD: Final = "field"
"""Ends the ``linkId`` of the question which field is missing."""
REASON: Final = "reason"
"""Ends the ``linkId`` of the question why it is missing."""
REASONS_LIST: Final = "absence-reason"
"""The code list of those reasons."""

GROUP: Final = "BackboneElement"
"""The FHIR type of a group of fields."""
_QUESTIONS: Final = {Kind.REASONS: "group", Kind.LOCAL: "text"}


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
    item: dict[str, Any] = _question(
        field.link, field.title, _QUESTIONS.get(field.kind, field.kind)
    )
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
        item["item"] = [_item(inner, model) for inner in field.fields]
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


_TYPES: Final = {
    Kind.GROUP: GROUP,
    Kind.REASONS: GROUP,
    Kind.TEXT: "string",
    Kind.LINE: "string",
    Kind.LOCAL: "string",
    Kind.CODE: "code",
}

Elements = Iterator[dict[str, Any]]


def make_logical_models(inputs: GuideInputs) -> Iterator[Resource]:
    """Yield a logical StructureDefinition for each record type."""
    del inputs
    yield from (_model(record_type) for record_type in load_standard().record_types)


def _model(record_type: str) -> Resource:
    root = fields_of(record_type)
    head = structure_definition(
        record_type,
        title=root.title,
        description=root.description,
        kind="logical",
        abstract=False,
        type=structure(record_type),
        baseDefinition=f"{HL7}Element",
        derivation="specialization",
    )
    first = _element(record_type, root.title, root.description, least=0, most="*")
    elements = [first, *(one for field in root.walk() for one in _elements(field, record_type))]
    return {
        **head,
        "snapshot": {"element": list(snapshot(elements))},
        "differential": {"element": elements},
    }


def _elements(field: Field, root: str) -> Elements:
    path = f"{root}.{field.link}"
    several = field.repeats or field.kind is Kind.REASONS
    element = _element(
        path,
        field.title,
        field.description,
        least=int(field.required),
        most="*" if several else "1",
    )
    element["type"] = types((_TYPES.get(field.kind, str(field.kind)),))
    yield {**element, **(binding(field.code_list) if field.code_list else {})}
    if field.kind is Kind.REASONS:
        yield from _reason_elements(path)


def _reason_elements(path: str) -> Elements:
    which = _element(
        f"{path}.{REASON_FIELD}", "Field that is missing", "Its name in the record.", least=1
    )
    yield {**which, "type": types(("string",))}
    why = _element(f"{path}.{REASON}", "Why it is missing", "The reason.", least=1)
    yield {**why, "type": types(("code",)), **binding(REASONS_LIST)}


def _element(
    path: str, title: str, description: str, *, least: int, most: str = "1"
) -> dict[str, Any]:
    return {
        "id": path,
        "path": path,
        "short": title,
        "definition": description or title,
        "min": least,
        "max": most,
    }


def snapshot(elements: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the elements of a logical model's snapshot, given those of its differential.

    A field of ours that is called ``id`` stands in the place of FHIR's own.
    """
    stated = list(elements)
    ours = {element["path"] for element in stated}
    for element in stated:
        path = element["path"]
        yield {**element, "base": {"path": path, "min": element["min"], "max": element["max"]}}
        for name, facts in _inherited(element).items():
            if f"{path}.{name}" not in ours:
                yield {"id": f"{path}.{name}", "path": f"{path}.{name}", **facts}


@cache
def _of_group() -> dict[str, dict[str, Any]]:
    """Return the elements that R4 gives every group of fields, by name."""
    path = folder("mappings") / "fhir-guide" / "inherited.json"
    elements: dict[str, dict[str, Any]] = orjson.loads(path.read_bytes())
    return elements


def _inherited(element: dict[str, Any]) -> dict[str, dict[str, Any]]:
    if "type" not in element:
        return {name: _of_group()[name] for name in ("id", "extension")}
    return _of_group() if element["type"] == types((GROUP,)) else {}


def make_questionnaires(inputs: GuideInputs) -> Iterator[Resource]:
    """Yield a Questionnaire for each record type."""
    del inputs
    yield from (questionnaire(record_type) for record_type in load_standard().record_types)
