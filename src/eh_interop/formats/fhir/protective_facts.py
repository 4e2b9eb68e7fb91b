"""Restricted labels and deaths in other people's FHIR: never dropped, and read in the safe way.

A restricted label on any resource protects the addresses of everybody in the record, and asks from
whom they must be kept. A death is kept in the local data, and told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from eh_interop.core.lenient import inner, objects
from eh_interop.core.pointer import Steps
from eh_interop.formats.fhir.files.problems import FhirFault
from eh_interop.formats.fhir.files.r4 import bundled_resources

CONFIDENTIALITY: Final = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
RESTRICTED: Final = frozenset({"R", "V"})
_DEATHS: Final = ("deceasedBoolean", "deceasedDateTime")
_NAMESPACE: Final = "fhir"
_ASK: Final = "The sender marked something here as restricted. Ask from whom it must be kept."

ProtectiveFact = tuple[FhirFault, Steps]
"""What was found, and where in the FHIR."""


def keep_protective_facts(
    document: Mapping[str, Any], record: dict[str, Any]
) -> tuple[dict[str, Any], list[ProtectiveFact]]:
    """Return a record with the protective facts of the FHIR that it was read from.

    Args:
        document: a resource or Bundle.
        record: what was read of it.
    """
    facts: list[ProtectiveFact] = []
    deaths: dict[str, Any] = {}
    for steps, resource in _resources(document):
        if _is_restricted(resource):
            facts.append((FhirFault.RESTRICTED, (*steps, "meta")))
        for name in _DEATHS:
            if resource.get(name):
                kind = str(resource["resourceType"])
                deaths[f"{kind} {len(deaths) + 1} {name}"] = resource[name]
                facts.append((FhirFault.DEATH, (*steps, name)))
    if any(fault is FhirFault.RESTRICTED for fault, _ in facts):
        record = _protected(record)
    if deaths:
        local = inner(record, "localData")
        own = {**inner(local, _NAMESPACE), **deaths}
        record = {**record, "localData": {**local, _NAMESPACE: own}}
    return record, facts


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
