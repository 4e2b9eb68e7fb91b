"""The resources of somebody's Bundle, contained ones too, and what their references lead to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from eh_interop.fhir.compile import Ready
from eh_interop.pointer import Steps


@dataclass(slots=True)
class Source:
    """One resource of a Bundle, on its way into a record.

    Attributes:
        path: FHIRPath of the resource.
        names: what references may call it.
        ready: the table that reads it; None if there is none.
        item: what it becomes in the record.
        steps: where that stands in the record.
    """

    path: str
    resource: Mapping[str, Any]
    names: tuple[str, ...]
    ready: Ready | None = None
    item: dict[str, Any] | None = None
    steps: Steps = ()

    @property
    def type(self) -> str:
        """The FHIR type."""
        return str(self.resource.get("resourceType"))


class Sources:
    """All resources of a Bundle, or of one resource by itself."""

    def __init__(self, bundle: Mapping[str, Any]) -> None:
        """Find every resource."""
        self.all = tuple(_sources(bundle))
        self._by_name = {name: each for each in self.all for name in each.names}

    def lookup(self, reference: str, reader: Source) -> Source | None:
        """Return what a reference in ``reader`` leads to; None if that is not in the Bundle."""
        if reference.startswith("#"):
            return self._by_name.get(f"{_container(reader.path)}{reference}")
        known = self._by_name.get(reference)
        if known is None and "/" in reference:
            # https://server/fhir/Patient/1 may stand here as Patient/1.
            known = self._by_name.get("/".join(reference.split("/")[-2:]))
        return known


def _container(path: str) -> str:
    return path.partition(".contained[")[0]


def _sources(bundle: Mapping[str, Any]) -> Iterator[Source]:
    if bundle.get("resourceType") != "Bundle":
        yield from _with_contained(str(bundle.get("resourceType")), bundle, "")
        return
    for number, entry in enumerate(bundle.get("entry", ())):
        if isinstance(entry, dict) and isinstance(entry.get("resource"), dict):
            path = f"Bundle.entry[{number}].resource"
            yield from _with_contained(path, entry["resource"], str(entry.get("fullUrl", "")))


def _with_contained(path: str, resource: Mapping[str, Any], url: str) -> Iterator[Source]:
    local = f"{resource.get('resourceType')}/{resource.get('id')}"
    yield Source(path, resource, tuple(name for name in (url, local) if name))
    for number, each in enumerate(resource.get("contained", ())):
        if isinstance(each, dict):
            # A contained resource is known to its own container only.
            yield Source(f"{path}.contained[{number}]", each, (f"{path}#{each.get('id')}",))
