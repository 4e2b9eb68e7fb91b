"""What a document has to be, seen as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from eh_interop.formats.fhir.files.faults import FhirFault, Problem
from eh_interop.formats.fhir.files.r4 import is_resource


def problems_of(document: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with the resource of a file, be it a Bundle or not."""
    if not is_resource(document["resourceType"]):
        message = "FHIR R4 has no resource of this type."
        yield Problem(FhirFault.UNKNOWN_RESOURCE_TYPE, message, (), fatal=True)
    if document["resourceType"] != "Bundle":
        return
    entries = document.get("entry")
    if not isinstance(entries, list) or not entries:
        message = "The Bundle has no entries, so there is no record in it."
        yield Problem(FhirFault.NO_ENTRIES, message, (), fatal=True)
    elif document.get("type") == "document" and not _is_composition(entries[0]):
        message = "A document begins with a Composition. The first entry of this Bundle is none."
        yield Problem(FhirFault.COMPOSITION_NOT_FIRST, message, ("entry", 0))


def _is_composition(entry: Any) -> bool:
    resource = entry.get("resource") if isinstance(entry, dict) else None
    return isinstance(resource, dict) and resource.get("resourceType") == "Composition"
