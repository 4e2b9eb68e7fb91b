"""Facts about FHIR R4 (4.0.1) and UK Core, as read from ``schemas/fhir-r4``.

The schema is HL7's own, for the resource types that early help needs, made
tighter by what else HL7's definitions require. The README beside it says how.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any, Final, NamedTuple

import orjson

from eh_interop.core.resources import folder

Document = Mapping[str, Any]

CONTAINED: Final = "*contained"
"""An invariant of every resource that can contain others."""
RESOURCE: Final = "ResourceList"
"""The definition that stands for any resource."""


class SchemaInvariant(NamedTuple):
    """What must hold between the values of an element, in a form that JSON Schema can check."""

    key: str
    on: str
    says: str
    schema: Mapping[str, Any]


def _read(name: str) -> Any:
    return orjson.loads((folder("schemas") / "fhir-r4" / name).read_bytes())


@cache
def elements() -> dict[str, Any]:
    """Return all resource types, and the types that references may point to."""
    facts: dict[str, Any] = _read("elements.json")
    return facts


@cache
def uk_core() -> dict[str, Any]:
    """Return UK Core's profiles and extensions."""
    facts: dict[str, Any] = _read("ukcore.json")
    return facts


@cache
def xhtml() -> dict[str, frozenset[str]]:
    """Return the names of elements and attributes that a narrative may have."""
    allowed = tomllib.loads((folder("schemas") / "fhir-r4" / "xhtml.toml").read_text("utf-8"))
    return {name: frozenset(names) for name, names in allowed.items()}


@cache
def definitions() -> dict[str, Any]:
    """Return HL7's schema definitions, with the invariants in the ``allOf`` of each."""
    return _together()[0]


@cache
def invariants() -> dict[tuple[str, int], SchemaInvariant]:
    """Return each invariant by its definition and its position in that definition's ``allOf``."""
    return _together()[1]


@cache
def ours() -> frozenset[str]:
    """Return the resource types that we have definitions for."""
    return frozenset(name for name, definition in definitions().items() if _is_resource(definition))


@cache
def _together() -> tuple[dict[str, Any], dict[tuple[str, int], SchemaInvariant]]:
    held: dict[str, Any] = _read("r4.schema.json")["definitions"]
    containers = [
        name for name, definition in held.items() if "contained" in definition.get("properties", ())
    ]
    invariants_at = {}
    for invariant in _read("invariants.json"):
        for on in containers if invariant["on"] == CONTAINED else [invariant["on"]]:
            every = held[on].setdefault("allOf", [])
            invariants_at[on, len(every)] = SchemaInvariant(**invariant)
            every.append(invariant["schema"])
    held[RESOURCE] = _by_type(
        sorted(name for name, definition in held.items() if _is_resource(definition))
    )
    return held, invariants_at


def _is_resource(definition: Mapping[str, Any]) -> bool:
    return "resourceType" in definition.get("properties", ())


def _by_type(names: list[str]) -> dict[str, Any]:
    """Write the choice of a resource's definition as a tree: six questions instead of forty.

    A type that is not among the names passes here; the gate tells of it.
    """
    half = len(names) // 2
    if not half:
        then: dict[str, Any] = {"$ref": f"#/definitions/{names[0]}"}
        return {"if": _type_in(names), "then": then}
    low, high = names[:half], names[half:]
    return {"if": _type_in(low), "then": _by_type(low), "else": _by_type(high)}


def _type_in(names: list[str]) -> dict[str, Any]:
    stated = {"resourceType": {"enum": names}}
    return {"type": "object", "required": ["resourceType"], "properties": stated}


# ------------------------------------------------------------------ which definition holds what


@cache
def held_by(definition: str) -> dict[str, str]:
    """Return the definition of each property of an element that is an element itself."""
    properties = definitions()[definition].get("properties", {})
    named = {key: _named(stated) for key, stated in properties.items()}
    return {key: name for key, name in named.items() if _is_element(name)}


def _named(stated: Mapping[str, Any]) -> str:
    stated = stated.get("items", stated)
    stated = stated.get("anyOf", [stated])[0]
    return str(stated.get("$ref", "")).rpartition("/")[2]


def _is_element(name: str) -> bool:
    return name == RESOURCE or "properties" in definitions().get(name, ())


def type_of(node: Any) -> str:
    """Return the resource type of something that we have definitions for, or nothing."""
    name = node.get("resourceType") if isinstance(node, dict) else None
    return name if isinstance(name, str) and name in ours() else ""
