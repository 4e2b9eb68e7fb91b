"""UK Core: profiles that exist, and extensions that stand where they may and hold what they may.

What else UK Core asks of an instance is written as invariants, in
``schemas/fhir-r4/invariants.json``. Resources that UK Core has no profile for are plain R4.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from eh_interop.formats.fhir.verification import r4
from eh_interop.formats.fhir.verification.problem import Kind, Seen
from eh_interop.formats.fhir.verification.scope import Element

_BASE: Final = "https://fhir.hl7.org.uk/StructureDefinition/"
_ANYWHERE: Final = frozenset({"Element", "Resource", "DomainResource"})


def is_theirs(url: object) -> bool:
    """Tell whether a canonical URL is one of HL7 UK's."""
    return isinstance(url, str) and url.startswith(_BASE)


def profiles(resource: Element) -> list[Seen]:
    """Return each profile of UK Core that does not exist or is for another type of resource."""
    meta = resource.get("meta")
    claimed = meta.get("profile") if isinstance(meta, dict) else None
    if not isinstance(claimed, list):
        return []
    known, name = r4.uk_core()["profiles"], resource["resourceType"]
    return [
        _profile(index, known.get(url.partition("|")[0]))
        for index, url in enumerate(claimed)
        if is_theirs(url) and known.get(url) != name and known.get(url.partition("|")[0]) != name
    ]


def _profile(index: int, about: str | None) -> Seen:
    said = "is for another type of resource" if about else "does not exist"
    message = f"This profile of UK Core {said}."
    return Seen(("meta", "profile", index), message, Kind.EXTENSION, "profile")


def extension(node: Element, resource: Element, way: r4.Steps) -> Iterator[Seen]:
    """Yield what is wrong with an extension of UK Core. ``way`` leads to it in its resource."""
    known = r4.uk_core()["extensions"].get(node["url"])
    if known is None:
        message = "UK Core has no extension of this name."
        yield Seen(("url",), message, Kind.EXTENSION, "extension-name")
        return
    if not _ANYWHERE.intersection(known["on"]) and not _stands_at(resource, way) & {*known["on"]}:
        message = f"This extension may stand only on {' or '.join(known['on'])}."
        yield Seen((), message, Kind.EXTENSION, "extension-place")
    held = {f"value{kind[0].upper()}{kind[1:]}" for kind in known["holds"]} or {"extension"}
    if not held & node.keys():
        wanted = " or ".join(known["holds"]) or "extensions"
        message = f"This extension should hold {wanted}."
        yield Seen((), message, Kind.EXTENSION, "extension-value")


def _stands_at(resource: Element, way: r4.Steps) -> set[str]:
    """Return the names by which the place of an extension may be known.

    They are its path in the resource, its definition, and its path in the data type.
    """
    path = [*r4.trace(resource, way)]
    names = [each.name for each in path[:-1]]
    found = {".".join([resource["resourceType"], *names]), path[-1].holder}
    if names:
        found.add(f"{path[-2].holder}.{names[-1]}")
    return {each.replace("_", ".") for each in found} | found
