"""Every code list as a CodeSystem, with all its codes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from eh_interop.fhir.guide.about import Resource, definition
from eh_interop.fhir.guide.inputs import Inputs
from eh_interop.fhir.names import code_system, value_set
from eh_interop.standard import BASE, CURRENT, Code, load_standard

_SOURCE = "source"


def make(inputs: Inputs) -> Iterator[Resource]:
    """Yield a CodeSystem for each code list."""
    del inputs
    standard = load_standard()
    lists = standard.schemas[f"{BASE}{CURRENT}/types/codes.schema.json"]["$defs"]
    for name in standard.codelists:
        yield _code_system(name, lists[name]["title"], standard.codes(name))


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
        "concept": [_concept(each) for each in codes],
    }


def _concept(code: Code) -> dict[str, Any]:
    concept: dict[str, Any] = {"code": code.code, "display": code.title}
    if code.description:
        concept["definition"] = code.description
    return {**concept, "property": [{"code": _SOURCE, "valueString": code.source}]}
