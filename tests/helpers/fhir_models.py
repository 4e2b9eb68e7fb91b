"""What the models of ``fhir.resources`` say of FHIR types: where ``types.json`` comes from.

The models are those of R4B (4.3.0), which names the same elements as R4 (4.0.1) for the resources
of this standard.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, get_args

PACKAGES = {"R4": "fhir.resources.R4B", "R5": "fhir.resources", "STU3": "fhir.resources.STU3"}
ABSTRACT = {"Resource", "DomainResource"}


def facts_of_types() -> dict[str, Any]:
    """Return what ``schemas/fhir-r4/types.json`` holds."""
    models = {version: dict(_models(package)) for version, package in PACKAGES.items()}
    r4 = models.pop("R4")
    resources = {name for name, model in r4.items() if _is_resource(name, model)}
    return {
        "resources": {name: _elements(r4[name]) for name in sorted(resources)},
        "types": {name: _elements(model) for name, model in r4.items() if name not in resources},
        "others": {version: _beyond(r4, other, resources) for version, other in models.items()},
    }


def written(facts: dict[str, Any]) -> str:
    """Write the facts with one type in a line."""
    others = {version: _lines(kinds, 2) for version, kinds in facts["others"].items()}
    inside = ",\n".join(f"    {json.dumps(version)}: {text}" for version, text in others.items())
    parts = [f'  "{name}": {_lines(facts[name], 1)}' for name in ("resources", "types")]
    return ",\n".join(["{\n" + parts[0], parts[1], f'  "others": {{\n{inside}\n  }}\n}}\n'])


def _lines(members: dict[str, Any], depth: int) -> str:
    blank = "  " * depth
    lines = (f"{blank}  {json.dumps(key)}: {json.dumps(value)}" for key, value in members.items())
    return "{\n" + ",\n".join(lines) + f"\n{blank}}}"


def _models(package: str) -> Iterator[tuple[str, Any]]:
    found = {
        name: model
        for module in iter_modules(import_module(package).__path__)
        if not module.ispkg and module.name not in {"fhirtypes", "fhirtypesvalidators"}
        for name, model in vars(import_module(f"{package}.{module.name}")).items()
        if isinstance(model, type) and hasattr(model, "elements_sequence")
    }
    return iter(sorted((name, m) for name, m in found.items() if name != "FHIRResourceModel"))


def _is_resource(name: str, model: Any) -> bool:
    return name not in ABSTRACT and bool(model.has_resource_base())


def _beyond(r4: dict[str, Any], other: dict[str, Any], resources: set[str]) -> dict[str, Any]:
    """Return the resource types that only another version has, and its other elements of ours."""
    own = {name for name, model in other.items() if _is_resource(name, model)}
    elements = {
        name: sorted({*model.elements_sequence()} - {*r4[name].elements_sequence()})
        for name, model in other.items()
        if name in r4
    }
    return {"": sorted(own - resources), **{name: more for name, more in elements.items() if more}}


def _elements(model: Any) -> dict[str, Any]:
    elements: dict[str, Any] = {}
    names = model.get_alias_mapping()
    for name in model.elements_sequence():
        field = model.model_fields[names[name]]
        choice = field.json_schema_extra.get("one_of_many")
        type_, many = _type(field)
        if not choice:
            elements[name] = f"{type_}*" if many else type_
            continue
        types = elements.setdefault(f"{choice}[x]", [])
        types.append(type_)
        # R4 lists Meta after Dosage wherever a value may be of any type; the models do not.
        if type_ == "Dosage":
            types.append("Meta")
    return elements


def _type(field: Any) -> tuple[str, bool]:
    from fhir_core.utils import get_fhir_type_name, is_list_type, is_primitive_type

    if is_primitive_type(field):
        return get_fhir_type_name(field), is_list_type(field)
    return _name_of(field.annotation), is_list_type(field)


def _name_of(annotation: Any) -> str:
    if inner := [arg for arg in get_args(annotation) if arg is not type(None)]:
        return _name_of(inner[0])
    return str(annotation.__name__).removesuffix("Type")
