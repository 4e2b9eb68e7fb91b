"""What StructureDefinitions have in common, whatever they define."""

from __future__ import annotations

from typing import Any

from eh_interop.formats.fhir.guide.about import Resource, definition
from eh_interop.formats.fhir.names import FHIR_VERSION, structure, value_set

HL7 = "http://hl7.org/fhir/StructureDefinition/"
"""How the canonical URL of a type of FHIR's own begins."""


def structure_definition(name: str, *, title: str, description: str, **facts: Any) -> Resource:
    """Return the head of a StructureDefinition of our own.

    Args:
        name: the last part of its canonical URL.
        title: what people call it.
        description: what it defines.
        **facts: ``kind``, ``type``, ``baseDefinition`` and so on, in the order of FHIR.
    """
    head = definition("StructureDefinition", structure(name), title=title, description=description)
    return {**head, "fhirVersion": FHIR_VERSION, **facts}


def binding(named: str, strength: str = "required") -> dict[str, Any]:
    """Bind to a code list of ours, or to a value set given by its URL."""
    url = named if "/" in named else value_set(named)
    return {"binding": {"strength": strength, "valueSet": url}}


def types(codes: tuple[str, ...]) -> list[dict[str, str]]:
    """Say which FHIR types an element may have."""
    return [{"code": code} for code in codes]
