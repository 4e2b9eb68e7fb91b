"""Extensions of our own as StructureDefinitions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from eh_interop.formats.fhir.guide.about import Resource
from eh_interop.formats.fhir.guide.inputs import Extension, Inputs, Part
from eh_interop.formats.fhir.guide.structures import HL7, binding, structure_definition, types
from eh_interop.formats.fhir.names import structure

Elements = Iterator[dict[str, Any]]


def make(inputs: Inputs) -> Iterator[Resource]:
    """Yield a StructureDefinition for each extension."""
    yield from (_extension(extension) for extension in inputs.extensions)


def _extension(extension: Extension) -> Resource:
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


def _elements(extension: Extension) -> Elements:
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


def _parts(parts: tuple[Part, ...]) -> Elements:
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
