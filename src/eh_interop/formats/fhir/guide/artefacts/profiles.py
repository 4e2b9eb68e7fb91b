"""Profiles of our own: the few things that every Bundle made from a record states."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from eh_interop.formats.fhir.guide.about import Resource
from eh_interop.formats.fhir.guide.inputs import Element, Inputs, Profile
from eh_interop.formats.fhir.guide.structures import binding, structure_definition


def make(inputs: Inputs) -> Iterator[Resource]:
    """Yield a StructureDefinition for each profile."""
    yield from (_profile(profile) for profile in inputs.profiles)


def _profile(profile: Profile) -> Resource:
    head = structure_definition(
        profile.name,
        title=profile.title,
        description=profile.description,
        kind="resource",
        abstract=False,
        type=profile.type,
        baseDefinition=profile.base,
        derivation="constraint",
    )
    first = {"id": profile.type, "path": profile.type, "short": profile.title}
    return {
        **head,
        "differential": {"element": [first, *(_element(each) for each in profile.element)]},
    }


def _element(element: Element) -> dict[str, Any]:
    key = f"{element.path}:{element.slice}" if element.slice else element.path
    said = {
        "id": key,
        "path": element.path,
        "slicing": element.slicing,
        "sliceName": element.slice,
        "short": element.short,
        "max": element.max,
        "type": [_type(code, element) for code in element.types],
        **_values("fixed", element.fixed),
        **_values("pattern", element.pattern),
        **(binding(element.value_set, element.strength) if element.value_set else {}),
    }
    least = {} if element.min is None else {"min": element.min}
    return {name: value for name, value in said.items() if value} | least


def _type(code: str, element: Element) -> dict[str, Any]:
    said = {
        "code": code,
        "profile": list(element.profiles),
        "targetProfile": list(element.targets),
    }
    return {name: value for name, value in said.items() if value}


def _values(how: str, by_type: dict[str, Any]) -> dict[str, Any]:
    return {f"{how}{kind[0].upper()}{kind[1:]}": value for kind, value in by_type.items()}
