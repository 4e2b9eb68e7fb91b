"""Checks of a FHIR document as a whole: its Bundle, its version of FHIR, where references lead.

A document may say of which version of FHIR it is: in a profile that a resource claims, in
``fhirVersion``, in an XML schema location. Otherwise types and elements tell that R4 does not have
and another version has.

References are followed one step at a time, so that resources which point to each other cannot make
anything here go round.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Final

from eh_interop.core.lenient import inner, items
from eh_interop.core.pointer import Steps, resolve
from eh_interop.core.resources import folder
from eh_interop.formats.fhir.files.inspection import FoundReference, Inspection
from eh_interop.formats.fhir.files.problems import FhirFault, FileProblem
from eh_interop.formats.fhir.files.r4 import bundled_resources, is_known_to, is_resource


def problems_of(document: Mapping[str, Any]) -> Iterator[FileProblem]:
    """Yield what is wrong with the resource of a file, be it a Bundle or not."""
    if not is_resource(document["resourceType"]):
        message = "FHIR R4 has no resource of this type."
        yield FileProblem(FhirFault.UNKNOWN_RESOURCE_TYPE, message, (), fatal=True)
    if document["resourceType"] != "Bundle":
        return
    entries = document.get("entry")
    if not isinstance(entries, list) or not entries:
        message = "The Bundle has no entries, so there is no record in it."
        yield FileProblem(FhirFault.NO_ENTRIES, message, (), fatal=True)
    elif document.get("type") == "document" and not _is_composition(entries[0]):
        message = "A document begins with a Composition. The first entry of this Bundle is none."
        yield FileProblem(FhirFault.COMPOSITION_NOT_FIRST, message, ("entry", 0))


def _is_composition(entry: Any) -> bool:
    resource = entry.get("resource") if isinstance(entry, dict) else None
    return isinstance(resource, dict) and resource.get("resourceType") == "Composition"


_LOCAL = re.compile(r"(?:^|/)([A-Z][A-Za-z]*/[A-Za-z0-9.-]{1,64})(?:/_history/[^/]*)?$")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


class ReferenceIndex:
    """The resources of a document, by all the names that references use."""

    def __init__(self, document: Mapping[str, Any], bundles: Iterable[Steps] = ((),)) -> None:
        """Index the entries of its Bundles; of a single resource only what it contains."""
        self._document = document
        self._by_url: dict[str, Steps] = {}
        self._by_name: dict[str, Steps] = {}
        self._contained: dict[Steps, dict[str, Steps]] = {}
        for steps, entry in _entries(document, bundles):
            self._add(entry, (*steps, "resource"))

    def find(self, reference: str, holder: Steps) -> Steps | None:
        """Return where the resource stands that a reference points to.

        Args:
            reference: ``urn:uuid:...``, ``Patient/1``, ``#id`` or a URL.
            holder: the resource that the reference stands in, or that contains that one.
        """
        if reference == "#":
            return holder
        if reference.startswith("#"):
            return self._inside(holder).get(reference[1:])
        if (steps := self._by_url.get(reference)) is not None:
            return steps
        if _ELSEWHERE.match(reference):
            return None
        local = _LOCAL.match(reference)
        return self._by_name.get(local[1]) if local else None

    def _add(self, entry: Mapping[str, Any], steps: Steps) -> None:
        url, resource = entry.get("fullUrl"), entry.get("resource")
        if not isinstance(resource, dict):
            return
        if isinstance(url, str):
            self._by_url.setdefault(url, steps)
            if local := _LOCAL.search(url):
                self._by_name.setdefault(local[1], steps)
        self._by_name.setdefault(f"{resource.get('resourceType')}/{resource.get('id')}", steps)

    def _inside(self, holder: Steps) -> dict[str, Steps]:
        if holder not in self._contained:
            contained = items(resolve(self._document, holder).get("contained"))
            self._contained[holder] = {
                resource["id"]: (*holder, "contained", index)
                for index, resource in enumerate(contained)
                if isinstance(resource, dict) and isinstance(resource.get("id"), str)
            }
        return self._contained[holder]


def dangling(document: Mapping[str, Any], inspection: Inspection) -> Iterator[FileProblem]:
    """Yield the references that nothing in the document answers.

    A URL may point elsewhere, and a single resource does not bring what it refers to:
    of these only ``#id`` has to be there.
    """
    references = ReferenceIndex(document, inspection.bundles)
    for reference in inspection.references:
        if (
            _must_be_there(reference, inspection)
            and references.find(reference.text, reference.holder) is None
        ):
            message = "This reference points to nothing in the file."
            yield FileProblem(FhirFault.DANGLING_REFERENCE, message, reference.steps)


def duplicates(document: Mapping[str, Any], bundles: Iterable[Steps]) -> Iterator[FileProblem]:
    """Yield the entries whose fullUrl and version an earlier entry of their Bundle has."""
    met: set[tuple[Steps, str, str]] = set()
    for steps, entry in _entries(document, bundles):
        url = entry.get("fullUrl")
        if not isinstance(url, str):
            continue
        key = (steps[:-2], url, _version(entry.get("resource")))
        if key in met:
            message = "An earlier entry of the Bundle has the same fullUrl."
            yield FileProblem(FhirFault.DUPLICATE_FULL_URL, message, (*steps, "fullUrl"))
        met.add(key)


def _must_be_there(reference: FoundReference, inspection: Inspection) -> bool:
    if reference.text.startswith("#"):
        return True
    # "?" asks a server to search, which only a transaction can do.
    elsewhere = _ELSEWHERE.match(reference.text) or "?" in reference.text
    return bool(inspection.bundles) and not elsewhere


def _entries(
    document: Mapping[str, Any], bundles: Iterable[Steps]
) -> Iterator[tuple[Steps, Mapping[str, Any]]]:
    for bundle in bundles:
        for index, entry in enumerate(items(resolve(document, bundle).get("entry"))):
            if isinstance(entry, dict):
                yield (*bundle, "entry", index), entry


def _version(resource: Any) -> str:
    version = inner(resource, "meta").get("versionId") if isinstance(resource, dict) else None
    return version if isinstance(version, str) else ""


_PATH = re.compile(r"/(5\.0|R5|3\.0|STU3|1\.0|DSTU2)(?:/|$)")
_BASE = re.compile(r"https?://hl7\.org/fhir/StructureDefinition/[^|]+\|(5\.0|3\.0|1\.0)\b")
_NUMBER = re.compile(r"(5\.0|3\.0|1\.0)(?:\.|$)")
_ENOUGH: Final = 2
"""Resources with something of another version. In one alone it may be a mistake in R4."""


def other_version(
    document: Mapping[str, Any], problems: Iterable[FileProblem], schema_location: str = ""
) -> FileProblem | None:
    """Return which other version of FHIR a document is; None, if it is or may be R4.

    It is fatal: the same names mean other things in another version. What is foreign
    in one resource of several stays what it is, something that R4 does not have.

    Args:
        document: what was read.
        problems: those found in it so far.
        schema_location: ``xsi:schemaLocation`` of an XML file.
    """
    evidence = next(_declared(document, schema_location), None) or _evident(document, problems)
    if evidence is None:
        return None
    version, at = evidence
    message = (
        f"This is FHIR {version}, and only FHIR R4 (4.0.1) is read here. Ask the sender for R4."
    )
    return FileProblem(FhirFault.OTHER_VERSION, message, at, fatal=True)


_Found = tuple[str, Steps]


@cache
def _facts() -> dict[str, Any]:
    """Return what tells other versions from R4."""
    return tomllib.loads((folder("schemas") / "fhir-r4" / "versions.toml").read_text("utf-8"))


def _declared(document: Mapping[str, Any], schema_location: str) -> Iterator[_Found]:
    for part in schema_location.split():
        if match := _PATH.search(part):
            yield _facts()["names"][match[1]], ()
    for steps, resource in _resources(document):
        number = resource.get("fhirVersion")
        if isinstance(number, str) and (match := _NUMBER.match(number)):
            yield _facts()["names"][match[1]], (*steps, "fhirVersion")
        for index, profile in enumerate(_profiles(resource)):
            if match := _PATH.search(profile) or _BASE.match(profile):
                yield _facts()["names"][match[1]], (*steps, "meta", "profile", index)


def _resources(document: Mapping[str, Any]) -> Iterator[tuple[Steps, Mapping[str, Any]]]:
    yield (), document
    yield from bundled_resources(document)


def _profiles(resource: Mapping[str, Any]) -> list[str]:
    profiles = items(inner(resource, "meta").get("profile"))
    return [profile if isinstance(profile, str) else "" for profile in profiles]


def _evident(document: Mapping[str, Any], problems: Iterable[FileProblem]) -> _Found | None:
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
    if name is None and type_name in _facts()["types"]["r4-alone"]:
        return
    if name is None and type_name in _facts()["types"]["dstu2-alone"]:
        yield "DSTU2"
        return
    for version in ("R5", "STU3"):
        if is_known_to(version, type_name, name):
            yield version
