"""StructureDefinitions of our own extensions and profiles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from eh_interop.formats.fhir.guide.about import HL7, Resource, binding, structure_definition, types
from eh_interop.formats.fhir.guide.inputs import (
    ExtensionPart,
    GuideInputs,
    OwnExtension,
    OwnProfile,
    ProfileElement,
)
from eh_interop.formats.fhir.names import structure

Elements = Iterator[dict[str, Any]]


def make_extensions(inputs: GuideInputs) -> Iterator[Resource]:
    """Yield a StructureDefinition for each extension."""
    yield from (_extension(extension) for extension in inputs.extensions)


def _extension(extension: OwnExtension) -> Resource:
    head = structure_definition(
        extension.name,
        title=extension.title,
        description=extension.description,
        kind="complex-type",
        abstract=False,
        context=[{"type": "element", "expression": context} for context in extension.contexts],
        type="Extension",
        baseDefinition=f"{HL7}Extension",
        derivation="constraint",
    )
    return {**head, "differential": {"element": list(_elements(extension))}}


def _elements(extension: OwnExtension) -> Elements:
    yield {
        "id": "Extension",
        "path": "Extension",
        "short": extension.title,
        "definition": extension.description,
    }
    if extension.part:
        yield from _parts(extension.part)
    else:
        yield _at("Extension", "extension", max="0")
    yield _at("Extension", "url", fixedUri=structure(extension.name))
    yield _value("Extension", extension.types, extension.value_set)


def _parts(parts: tuple[ExtensionPart, ...]) -> Elements:
    slicing = {"discriminator": [{"type": "value", "path": "url"}], "rules": "closed"}
    required = sum(part.required for part in parts)
    yield _at("Extension", "extension", slicing=slicing, min=required)
    for part in parts:
        key = f"Extension.extension:{part.name}"
        yield {
            "id": key,
            "path": "Extension.extension",
            "sliceName": part.name,
            "short": part.title,
            "definition": part.title,
            "min": int(part.required),
            "max": "*" if part.repeats else "1",
        }
        yield _at(key, "extension", max="0")
        yield _at(key, "url", fixedUri=part.name)
        yield _value(key, part.types, part.value_set)


def _value(above: str, codes: tuple[str, ...], value_set: str) -> dict[str, Any]:
    if not codes:
        return _at(above, "value[x]", max="0")
    bound = binding(value_set) if value_set else {}
    return _at(above, "value[x]", min=1, type=types(codes), **bound)


def _at(above: str, name: str, **facts: Any) -> dict[str, Any]:
    path = "Extension.extension" if ":" in above else above
    return {"id": f"{above}.{name}", "path": f"{path}.{name}", **facts}


def make_profiles(inputs: GuideInputs) -> Iterator[Resource]:
    """Yield a StructureDefinition for each profile."""
    yield from (_profile(profile) for profile in inputs.profiles)


def _profile(profile: OwnProfile) -> Resource:
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
        "differential": {"element": [first, *(_element(element) for element in profile.element)]},
    }


def _element(element: ProfileElement) -> dict[str, Any]:
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


def _type(code: str, element: ProfileElement) -> dict[str, Any]:
    said = {
        "code": code,
        "profile": list(element.profiles),
        "targetProfile": list(element.targets),
    }
    return {name: value for name, value in said.items() if value}


def _values(how: str, by_type: dict[str, Any]) -> dict[str, Any]:
    return {f"{how}{kind[0].upper()}{kind[1:]}": value for kind, value in by_type.items()}
