"""Every record type as a logical model, so that paths of fields mean something to FHIR tools.

The snapshot stands beside the differential because some tools do not make one for
logical models.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from eh_interop.formats.fhir.guide.about import Resource
from eh_interop.formats.fhir.guide.inputs import Inputs
from eh_interop.formats.fhir.guide.snapshots import GROUP, snapshot
from eh_interop.formats.fhir.guide.structures import HL7, binding, structure_definition, types
from eh_interop.formats.fhir.names import structure
from eh_interop.formats.fhir.questionnaire import REASON, REASON_FIELD, REASONS_LIST
from eh_interop.standard.fields import Field, Kind, fields_of
from eh_interop.standard.schemas import load_standard

_TYPES: Final = {
    Kind.GROUP: GROUP,
    Kind.REASONS: GROUP,
    Kind.TEXT: "string",
    Kind.LINE: "string",
    Kind.LOCAL: "string",
    Kind.CODE: "code",
}

Elements = Iterator[dict[str, Any]]


def make(inputs: Inputs) -> Iterator[Resource]:
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
    elements = [first, *(one for each in root.walk() for one in _elements(each, record_type))]
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
        yield from _reasons(path)


def _reasons(path: str) -> Elements:
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
