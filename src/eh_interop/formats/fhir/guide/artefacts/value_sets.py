"""Every CodeSystem as a ValueSet: all of its codes."""

from __future__ import annotations

from collections.abc import Iterator

from eh_interop.formats.fhir.guide.about import Resource, definition
from eh_interop.formats.fhir.guide.inputs import Inputs
from eh_interop.formats.fhir.names import code_system, value_set
from eh_interop.standard.schemas import BASE, CURRENT, load_standard


def make(inputs: Inputs) -> Iterator[Resource]:
    """Yield a ValueSet for each code list, then for each other system of our own."""
    standard = load_standard()
    lists = standard.schemas[f"{BASE}{CURRENT}/types/codes.schema.json"]["$defs"]
    for name in standard.codelists:
        title = lists[name]["title"]
        yield _value_set(name, title, f"Every code of the code list {name}: {title.lower()}.")
    for system in inputs.systems:
        yield _value_set(system.name, system.title, system.description)


def _value_set(name: str, title: str, description: str) -> Resource:
    head = definition("ValueSet", value_set(name), title=title, description=description)
    return {**head, "compose": {"include": [{"system": code_system(name)}]}}
