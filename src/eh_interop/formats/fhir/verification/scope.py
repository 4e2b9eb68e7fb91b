"""What a check may look up beyond one element: the resource, its contained ones, the Bundle."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from eh_interop.formats.fhir.verification.r4 import Document

Element = dict[str, Any]

_RELATIVE: Final = re.compile(
    r"(?P<type>[A-Z][A-Za-z]+)/(?P<id>[A-Za-z0-9\-.]{1,64})(/_history/[A-Za-z0-9\-.]{1,64})?"
)
_ABSOLUTE: Final = re.compile(rf"(?P<base>https?://\S+/)(?P<relative>{_RELATIVE.pattern})")
_OTHER: Final = re.compile(r"(https?://|urn:(uuid|oid):)\S+")


@dataclass(frozen=True, slots=True)
class Bundled:
    """Every resource of a Bundle, by the names that references use.

    Attributes:
        kind: the type of the Bundle; empty if there is no Bundle.
        by_url: resources by ``fullUrl``.
        by_id: resources by type and id.
    """

    kind: str = ""
    by_url: dict[str, Element] = field(default_factory=dict)
    by_id: dict[tuple[str, str], Element] = field(default_factory=dict)


class Scope(NamedTuple):
    """Where a check stands.

    Attributes:
        resource: the resource that is looked at; for a contained one, the one around it.
        bundled: the resources beside it.
        base: how the ``fullUrl`` of its entry begins, if it is that of a server.
    """

    resource: Element
    bundled: Bundled
    base: str = ""

    def find(self, reference: str) -> Element | None:
        """Return what a reference points to, if it is in the resource or the Bundle."""
        if reference.startswith("#"):
            return self._contained(reference[1:])
        address = reference.partition("#")[0].partition("/_history/")[0]
        found = self.bundled.by_url.get(address) or self.bundled.by_url.get(self.base + address)
        relative = None if found else _RELATIVE.fullmatch(address)
        return self.bundled.by_id.get((relative["type"], relative["id"])) if relative else found

    def _contained(self, name: str) -> Element | None:
        if not name:
            return self.resource
        for entry in entries(self.resource, "contained"):
            if entry.get("id") == name:
                return entry
        return None


def bundled(document: Document) -> Bundled:
    """Index the resources of a Bundle; nothing for any other resource."""
    if document.get("resourceType") != "Bundle":
        return Bundled()
    by_url, by_id = {}, {}
    for entry in entries(document, "entry"):
        resource = entry.get("resource")
        if not isinstance(resource, dict):
            continue
        url, name, own = entry.get("fullUrl"), resource.get("resourceType"), resource.get("id")
        if isinstance(url, str):
            by_url[url] = resource
        if isinstance(name, str) and isinstance(own, str):
            by_id[name, own] = resource
    return Bundled(str(document.get("type", "")), by_url, by_id)


def base_of(url: object) -> str:
    """Return the address of the server in a ``fullUrl``; empty for a URN."""
    found = _ABSOLUTE.fullmatch(url) if isinstance(url, str) and url[:4] == "http" else None
    return found["base"] if found else ""


def type_in(reference: str) -> str:
    """Return the resource type that a reference names; empty if it names none."""
    found = _RELATIVE.fullmatch(reference)
    if found:
        return found["type"]
    absolute = _ABSOLUTE.fullmatch(reference)
    return absolute["type"] if absolute else ""


def is_reference(reference: str) -> bool:
    """Tell whether a text is in one of the forms that a reference can have."""
    return reference.startswith("#") or bool(
        _RELATIVE.fullmatch(reference) or _OTHER.fullmatch(reference)
    )


def entries(element: Document, name: str) -> list[Element]:
    """Return the entries of a list that are in order; nothing if it is not a list."""
    found = element.get(name)
    if not isinstance(found, list):
        return []
    return [each for each in found if isinstance(each, dict)]
