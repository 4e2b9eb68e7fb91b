"""Every code list as a ValueSet: all codes of its CodeSystem."""

from __future__ import annotations

from collections.abc import Iterator

from eh_interop.fhir.guide.about import Resource, definition
from eh_interop.fhir.guide.inputs import Inputs
from eh_interop.fhir.names import code_system, value_set
from eh_interop.standard import BASE, CURRENT, load_standard


def make(inputs: Inputs) -> Iterator[Resource]:
    """Yield a ValueSet for each code list."""
    del inputs
    standard = load_standard()
    lists = standard.schemas[f"{BASE}{CURRENT}/types/codes.schema.json"]["$defs"]
    for name in standard.codelists:
        title = lists[name]["title"]
        head = definition(
            "ValueSet",
            value_set(name),
            title=title,
            description=f"Every code of the code list {name}: {title.lower()}.",
        )
        yield {**head, "compose": {"include": [{"system": code_system(name)}]}}
