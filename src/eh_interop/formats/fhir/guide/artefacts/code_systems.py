"""Every code list as a CodeSystem, with all its codes, and what else has codes of our own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from eh_interop.formats.fhir.guide.about import Resource, definition
from eh_interop.formats.fhir.guide.inputs import Concept, Inputs, OwnSystem
from eh_interop.formats.fhir.names import code_system, value_set
from eh_interop.standard.schemas import BASE, CURRENT, Code, load_standard

_SOURCE = "source"


def make(inputs: Inputs) -> Iterator[Resource]:
    """Yield a CodeSystem for each code list, then for each other system of our own."""
    standard = load_standard()
    lists = standard.schemas[f"{BASE}{CURRENT}/types/codes.schema.json"]["$defs"]
    for name in standard.codelists:
        yield _code_system(name, lists[name]["title"], standard.codes(name))
    yield from (_own_system(system) for system in inputs.systems)


def _code_system(name: str, title: str, codes: tuple[Code, ...]) -> Resource:
    head = definition(
        "CodeSystem",
        code_system(name),
        title=title,
        description=f"Code list {name} of the Early Help data standard: {title.lower()}.",
    )
    return {
        **head,
        "caseSensitive": True,
        "valueSet": value_set(name),
        "content": "complete",
        "count": len(codes),
        "property": [
            {"code": _SOURCE, "description": "Where the code comes from.", "type": "string"}
        ],
        "concept": [_concept(code) for code in codes],
    }


def _concept(code: Code) -> dict[str, Any]:
    concept: dict[str, Any] = {"code": code.code, "display": code.title}
    if code.description:
        concept["definition"] = code.description
    return {**concept, "property": [{"code": _SOURCE, "valueString": code.source}]}


def _own_system(system: OwnSystem) -> Resource:
    head = definition(
        "CodeSystem",
        code_system(system.name),
        title=system.title,
        description=system.description,
    )
    return {
        **head,
        "caseSensitive": True,
        "valueSet": value_set(system.name),
        "content": "complete" if system.complete else "fragment",
        "count": len(system.concepts),
        "concept": [_own_concept(concept) for concept in system.concepts],
    }


def _own_concept(concept: Concept) -> dict[str, Any]:
    said: dict[str, Any] = {"code": concept.code, "display": concept.title}
    if concept.description:
        said["definition"] = concept.description
    if concept.others:
        said["designation"] = [{"value": other} for other in concept.others]
    return said
