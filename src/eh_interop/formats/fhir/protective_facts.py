"""Restricted labels in other people's FHIR: never dropped, and read in the safe way.

A restricted label on any resource protects the addresses of everybody in the record, and asks from
whom they must be kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from eh_interop.core.lenient import inner, objects
from eh_interop.core.pointer import Steps
from eh_interop.formats.fhir.files.r4 import bundled_resources

CONFIDENTIALITY: Final = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
RESTRICTED: Final = frozenset({"R", "V"})
_ASK: Final = "The sender marked something here as restricted. Ask from whom it must be kept."


def keep_protective_facts(
    document: Mapping[str, Any], record: dict[str, Any]
) -> tuple[dict[str, Any], list[Steps]]:
    """Return a record whose addresses are protected if anything in the FHIR is restricted.

    Args:
        document: a resource or Bundle.
        record: what was read of it.

    Returns:
        The record, and where the restricted labels stand.
    """
    labels = [(*at, "meta") for at, resource in _resources(document) if _is_restricted(resource)]
    return (_protected(record) if labels else record), labels


def _resources(document: Mapping[str, Any]) -> Iterator[tuple[Steps, Mapping[str, Any]]]:
    yield (), document
    for steps, resource in bundled_resources(document):
        yield steps, resource
        for index, contained in enumerate(objects(resource, "contained")):
            yield (*steps, "contained", index), contained


def _is_restricted(resource: Mapping[str, Any]) -> bool:
    return any(
        label.get("system") == CONFIDENTIALITY and label.get("code") in RESTRICTED
        for label in objects(inner(resource, "meta"), "security")
    )


def _protected(record: Mapping[str, Any]) -> dict[str, Any]:
    """Mark every address, and warn that it must not be disclosed until somebody has asked."""
    marked = {
        name: [_with_marked_addresses(person) for person in record[name]]
        for name in ("children", "people")
        if name in record
    }
    warning = {
        "id": "restricted-at-source",
        "type": "address-must-not-be-disclosed",
        "description": _ASK,
    }
    return {**record, **marked, "safetyWarnings": [*record.get("safetyWarnings", ()), warning]}


def _with_marked_addresses(person: Mapping[str, Any]) -> dict[str, Any]:
    addresses = [{**address, "confidential": True} for address in person.get("addresses", ())]
    return {**person, "addresses": addresses} if addresses else dict(person)
