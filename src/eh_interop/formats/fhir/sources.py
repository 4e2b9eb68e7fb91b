"""The resources of somebody's Bundle, contained ones too, and what their references lead to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from eh_interop.core.pointer import Steps
from eh_interop.formats.fhir.rules import Ready
from eh_interop.formats.fhir.tree import Node

VOID = "entered-in-error"
"""The status of what should never have been said."""


@dataclass(slots=True, eq=False)
class Source:
    """One resource of a Bundle, on its way into a record.

    Attributes:
        steps: where it stands in the document.
        given: what it says, as it stands in the file.
        resource: the same in the form of our tables.
        names: what references may call it; its full URL first, if it has one.
        base: the server that relative references are of; empty if it is not known.
        ready: the table that reads it; None if there is none.
        node: what it becomes in the record.
        holder: the item in which that stands, or of which it says more.
        place: where that stands in the record.
        read: the places in the resource that were read, or say nothing of their own.
        moved: places that hold, in the form of the tables, what the file says elsewhere.
    """

    steps: Steps
    given: Mapping[str, Any]
    names: tuple[str, ...]
    base: str = ""
    ready: Ready | None = None
    node: Node | None = None
    holder: Node | None = None
    place: Steps = ()
    read: set[Steps] = field(default_factory=set)
    moved: dict[Steps, Steps] = field(default_factory=dict)
    resource: Mapping[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        """Begin with what the file says."""
        self.resource = self.given

    @property
    def type(self) -> str:
        """The FHIR type."""
        return str(self.resource.get("resourceType"))

    def at(self, steps: Steps) -> Steps:
        """Return where in the file something stands that was read at ``steps``."""
        for place, origin in self.moved.items():
            if steps[: len(place)] == place:
                return (*self.steps, *origin)
        return (*self.steps, *steps)

    def mark(self, steps: Steps) -> None:
        """Note that something was read."""
        self.read.add(self.at(steps)[len(self.steps) :])

    @property
    def is_void(self) -> bool:
        """It was entered in error: whatever it says is no fact."""
        checked = self.resource.get("verificationStatus")
        codings = checked.get("coding") if isinstance(checked, Mapping) else None
        codes = codings if isinstance(codings, list) else []
        return self.resource.get("status") == VOID or any(
            isinstance(code, Mapping) and code.get("code") == VOID for code in codes
        )


class Sources:
    """All resources of a Bundle, or of one resource by itself."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        """Find every resource. Of two with the same name the first is meant."""
        self.all = tuple(_sources(document, ()))
        self._by_name: dict[str, Source] = {}
        self._by_identifier: dict[tuple[str, str], Source] = {}
        for each in self.all:
            for name in each.names:
                self._by_name.setdefault(name, each)
            for key in _identifiers(each.resource):
                self._by_identifier.setdefault(key, each)

    def lookup(self, reference: Any, reader: Source) -> Source | None:
        """Return what a Reference in ``reader`` leads to; None if that is not in the Bundle."""
        if not isinstance(reference, Mapping):
            return None
        text = reference.get("reference")
        if isinstance(text, str):
            return self.named(text, reader)
        key = next(_keys(reference.get("identifier")), None)
        return self._by_identifier.get(key) if key else None

    def named(self, text: str, reader: Source) -> Source | None:
        """Return the resource that ``reader`` calls by this name."""
        if text.startswith("#"):
            return self._by_name.get(f"{_container(reader)}{text}")
        text = text.partition("/_history/")[0]
        # https://server/fhir/Patient/1 may stand here as Patient/1, and urn:uuid:1 as a bare 1.
        ways = (f"{reader.base}{text}", text, _short(text), f"urn:uuid:{text}")
        return next((self._by_name[way] for way in ways if way in self._by_name), None)


def _short(url: str) -> str:
    return "/".join(url.split("/")[-2:])


def _container(source: Source) -> str:
    steps = source.steps
    at = steps.index("contained") if "contained" in steps else len(steps)
    return "/".join(map(str, steps[:at]))


def _identifiers(resource: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    given = resource.get("identifier")
    for each in given if isinstance(given, list) else [given]:
        yield from _keys(each)


def _keys(identifier: Any) -> Iterator[tuple[str, str]]:
    if isinstance(identifier, Mapping):
        system, value = identifier.get("system"), identifier.get("value")
        if isinstance(system, str) and isinstance(value, str):
            yield system, value


def _sources(document: Mapping[str, Any], steps: Steps, url: str = "") -> Iterator[Source]:
    if document.get("resourceType") != "Bundle":
        yield from _with_contained(document, steps, url)
        return
    entries = document.get("entry")
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        inner = entry.get("resource") if isinstance(entry, Mapping) else None
        if isinstance(inner, Mapping):
            yield from _sources(
                inner, (*steps, "entry", number, "resource"), str(entry.get("fullUrl") or "")
            )


def _with_contained(resource: Mapping[str, Any], steps: Steps, url: str) -> Iterator[Source]:
    local = f"{resource.get('resourceType')}/{resource.get('id')}"
    names = tuple(dict.fromkeys(name for name in (url, _short(url), local) if name))
    base = url.removesuffix(_short(url)) if "://" in url else ""
    yield Source(steps, resource, names, base)
    contained = resource.get("contained")
    for number, each in enumerate(contained if isinstance(contained, list) else ()):
        if isinstance(each, Mapping):
            # A contained resource is known to its own container only.
            name = f"{'/'.join(map(str, steps))}#{each.get('id')}"
            yield Source((*steps, "contained", number), each, (name,), base)
