"""What makes a gathered record one of the standard: its type, its version and its id."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from eh_interop.formats.fhir.names import RECORD_IDENTIFIER, resource_id
from eh_interop.formats.fhir.sources import Source, Sources
from eh_interop.standard.schemas import CURRENT

_LOCAL_ID: Final = re.compile(r"[A-Za-z0-9.-]{1,64}")
_NAMED: Final = ("Composition", "ServiceRequest", "CarePlan", "Consent", "Task")
"""Resources whose identifier may name the record. Never a person's: that is no record's."""


def in_envelope(
    record: Mapping[str, Any], record_type: str, document: Mapping[str, Any], sources: Sources
) -> dict[str, Any]:
    """Return a record that says what it is."""
    known = {"recordType": record_type, "standardVersion": CURRENT}
    given = record.get("recordId") or _given_id(document, sources) or _made_id(document, sources)
    rest = {name: value for name, value in record.items() if name not in known}
    return {**known, **rest, "recordId": given}


def _given_id(document: Mapping[str, Any], sources: Sources) -> str | None:
    """Take the sender's own identifier, if it has the form of an id."""
    named = [document] if document.get("resourceType") == "Bundle" else []
    named += [each.resource for kind in _NAMED for each in _of(kind, sources)]
    for resource in named:
        given = resource.get("identifier")
        for each in given if isinstance(given, list) else [given]:
            value = each.get("value") if isinstance(each, Mapping) else None
            if isinstance(value, str) and _LOCAL_ID.fullmatch(value):
                return value
    return None


def _of(kind: str, sources: Sources) -> Iterator[Source]:
    return (each for each in sources.all if each.type == kind)


def _made_id(document: Mapping[str, Any], sources: Sources) -> str:
    """Make an id of the names of the resources: the same file always gets the same."""
    names = "/".join(name for each in sources.all for name in each.names[:1])
    return resource_id(f"{RECORD_IDENTIFIER}/{document.get('id')}/{names}")
