"""Which version of FHIR a document is, where it is not R4.

A document may say so: in a profile that a resource claims, in ``fhirVersion``, in an
XML schema location. Otherwise types and elements tell that R4 does not have and
another version has.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from eh_interop.core.pointer import Steps
from eh_interop.formats.fhir.files.faults import FhirFault, Problem
from eh_interop.formats.fhir.files.r4 import is_known_to

_NAMES: Final = {
    "5.0": "R5", "R5": "R5", "3.0": "STU3", "STU3": "STU3", "1.0": "DSTU2", "DSTU2": "DSTU2",
}  # fmt: skip
# What is in R4 and not in the models, which are of R4B. R5 has some of them again.
_R4_ALONE: Final = frozenset(
    {
        "EffectEvidenceSynthesis", "MedicinalProduct", "MedicinalProductAuthorization",
        "MedicinalProductContraindication", "MedicinalProductIndication",
        "MedicinalProductIngredient", "MedicinalProductInteraction",
        "MedicinalProductManufactured", "MedicinalProductPackaged",
        "MedicinalProductPharmaceutical", "MedicinalProductUndesirableEffect",
        "RiskEvidenceSynthesis", "SubstanceNucleicAcid", "SubstancePolymer", "SubstanceProtein",
        "SubstanceReferenceInformation", "SubstanceSourceMaterial", "SubstanceSpecification",
    }
)  # fmt: skip
_DSTU2_ALONE: Final = frozenset(
    {
        "Conformance", "DiagnosticOrder", "DeviceUseRequest", "ImagingObjectSelection",
        "MedicationOrder", "Order", "OrderResponse",
    }
)  # fmt: skip
_PATH = re.compile(r"/(5\.0|R5|3\.0|STU3|1\.0|DSTU2)(?:/|$)")
_BASE = re.compile(r"https?://hl7\.org/fhir/StructureDefinition/[^|]+\|(5\.0|3\.0|1\.0)\b")
_NUMBER = re.compile(r"(5\.0|3\.0|1\.0)(?:\.|$)")
_ENOUGH: Final = 2
"""Resources with something of another version. In one alone it may be a mistake in R4."""


def other_version(
    document: Mapping[str, Any], problems: Iterable[Problem], schema_location: str = ""
) -> Problem | None:
    """Say which other version of FHIR a document is; None, if it is or may be R4.

    It is fatal: the same names mean other things in another version. What is foreign
    in one resource of several stays what it is, something that R4 does not have.

    Args:
        document: what was read.
        problems: those found in it so far.
        schema_location: ``xsi:schemaLocation`` of an XML file.
    """
    found = next(_declared(document, schema_location), None) or _evident(document, problems)
    if found is None:
        return None
    version, at = found
    message = (
        f"This is FHIR {version}, and only FHIR R4 (4.0.1) is read here. Ask the sender for R4."
    )
    return Problem(FhirFault.OTHER_VERSION, message, at, fatal=True)


_Found = tuple[str, Steps]


def _declared(document: Mapping[str, Any], schema_location: str) -> Iterator[_Found]:
    for part in schema_location.split():
        if found := _PATH.search(part):
            yield _NAMES[found[1]], ()
    for steps, resource in _resources(document):
        number = resource.get("fhirVersion")
        if isinstance(number, str) and (found := _NUMBER.match(number)):
            yield _NAMES[found[1]], (*steps, "fhirVersion")
        for index, profile in enumerate(_profiles(resource)):
            if found := _PATH.search(profile) or _BASE.match(profile):
                yield _NAMES[found[1]], (*steps, "meta", "profile", index)


def _resources(document: Mapping[str, Any]) -> Iterator[tuple[Steps, Mapping[str, Any]]]:
    yield (), document
    entries = document.get("entry")
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict):
            yield ("entry", index, "resource"), resource


def _profiles(resource: Mapping[str, Any]) -> list[str]:
    meta = resource.get("meta")
    profiles = meta.get("profile") if isinstance(meta, dict) else None
    if not isinstance(profiles, list):
        return []
    return [profile if isinstance(profile, str) else "" for profile in profiles]


def _evident(document: Mapping[str, Any], problems: Iterable[Problem]) -> _Found | None:
    """Judge by types and elements of another version."""
    places: dict[str, dict[Steps, Steps]] = defaultdict(dict)
    for problem in problems:
        if problem.strange is None:
            continue
        type_name, name = problem.strange
        for version in _versions(type_name, name):
            if name is None:
                return version, problem.at
            resource = problem.at[:2] if problem.at[:1] == ("entry",) else ()
            places[version].setdefault(resource, problem.at)
    if not places:
        return None
    version = max(places, key=lambda place: len(places[place]))
    count = sum(1 for steps, _ in _resources(document) if steps) or 1
    if len(places[version]) < min(_ENOUGH, count):
        return None
    return version, next(iter(places[version].values()))


def _versions(type_name: str, name: str | None) -> Iterator[str]:
    if name is None and type_name in _R4_ALONE:
        return
    if name is None and type_name in _DSTU2_ALONE:
        yield "DSTU2"
        return
    for version in ("R5", "STU3"):
        if is_known_to(version, type_name, name):
            yield version
