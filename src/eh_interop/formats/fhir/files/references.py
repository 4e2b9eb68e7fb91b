"""What a reference in a FHIR document points to.

Following references is up to the caller: only one step is looked up at a time, so
that resources which point to each other cannot make anything here go round.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from eh_interop.core.pointer import Steps, resolve
from eh_interop.formats.fhir.files.faults import FhirFault, Problem
from eh_interop.formats.fhir.files.inspection import Reference, Seen

_LOCAL = re.compile(r"(?:^|/)([A-Z][A-Za-z]*/[A-Za-z0-9.-]{1,64})(?:/_history/[^/]*)?$")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


class References:
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
        if (found := self._by_url.get(reference)) is not None:
            return found
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
            contained = resolve(self._document, holder).get("contained")
            self._contained[holder] = {
                each["id"]: (*holder, "contained", index)
                for index, each in enumerate(contained if isinstance(contained, list) else ())
                if isinstance(each, dict) and isinstance(each.get("id"), str)
            }
        return self._contained[holder]


def dangling(document: Mapping[str, Any], seen: Seen) -> Iterator[Problem]:
    """Yield the references that nothing in the document answers.

    A URL may point elsewhere, and a single resource does not bring what it refers to:
    of these only ``#id`` has to be there.
    """
    references = References(document, seen.bundles)
    for reference in seen.references:
        if (
            _must_be_there(reference, seen)
            and references.find(reference.text, reference.holder) is None
        ):
            message = "This reference points to nothing in the file."
            yield Problem(FhirFault.DANGLING_REFERENCE, message, reference.steps)


def duplicates(document: Mapping[str, Any], bundles: Iterable[Steps]) -> Iterator[Problem]:
    """Yield the entries whose fullUrl and version an earlier entry of their Bundle has."""
    met: set[tuple[Steps, str, str]] = set()
    for steps, entry in _entries(document, bundles):
        url = entry.get("fullUrl")
        if not isinstance(url, str):
            continue
        key = (steps[:-2], url, _version(entry.get("resource")))
        if key in met:
            message = "An earlier entry of the Bundle has the same fullUrl."
            yield Problem(FhirFault.DUPLICATE_FULL_URL, message, (*steps, "fullUrl"))
        met.add(key)


def _must_be_there(reference: Reference, seen: Seen) -> bool:
    if reference.text.startswith("#"):
        return True
    # "?" asks a server to search, which only a transaction can do.
    return bool(seen.bundles) and not _ELSEWHERE.match(reference.text) and "?" not in reference.text


def _entries(
    document: Mapping[str, Any], bundles: Iterable[Steps]
) -> Iterator[tuple[Steps, Mapping[str, Any]]]:
    for bundle in bundles:
        entries = resolve(document, bundle).get("entry")
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(entry, dict):
                yield (*bundle, "entry", index), entry


def _version(resource: Any) -> str:
    meta = resource.get("meta") if isinstance(resource, dict) else None
    version = meta.get("versionId") if isinstance(meta, dict) else None
    return version if isinstance(version, str) else ""
