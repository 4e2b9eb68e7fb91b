"""Facts about FHIR R4 (4.0.1) and UK Core, as read from ``schemas/fhir-r4``.

The schema is HL7's own, for the resource types that early help needs, made
tighter by what else HL7's definitions require. The README beside it says how.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, NamedTuple

import orjson

from eh_interop.core.pointer import Steps
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
    """Return all resource types, the types references may point to, and the choice elements."""
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


@dataclass(frozen=True, slots=True)
class ElementStep:
    """One property on the way to a place.

    Attributes:
        holder: the definition of the element that has the property; empty if it is not known.
        name: the property's name in FHIRPath: ``value`` for ``valueString`` and ``_valueString``.
    """

    holder: str
    name: str
    index: int | None = None


def trace(document: Document, steps: Steps) -> Iterator[ElementStep]:
    """Follow steps through a document and its definitions."""
    node: Any = document
    holder = type_of(node)
    for key, index in _pairs(steps):
        yield ElementStep(holder, _element_name(holder, key), index)
        node = _inside(node, key, index)
        inner = held_by(holder).get(key, "") if holder else ""
        holder = type_of(node) if inner == RESOURCE else inner


def type_of(node: Any) -> str:
    """Return the resource type of something that we have definitions for, or nothing."""
    name = node.get("resourceType") if isinstance(node, dict) else None
    return name if isinstance(name, str) and name in ours() else ""


def _pairs(steps: Steps) -> list[tuple[str, int | None]]:
    """Return each name on the way, with the index that follows it."""
    return [
        (step, after if isinstance(after, int) else None)
        for step, after in zip(steps, (*steps[1:], None), strict=False)
        if isinstance(step, str)
    ]


def _inside(node: Any, key: str, index: int | None) -> Any:
    node = node.get(key) if isinstance(node, dict) else None
    if index is None:
        return node
    return node[index] if isinstance(node, list) and index < len(node) else None


def _element_name(holder: str, key: str) -> str:
    name = key.removeprefix("_")
    for choice in elements()["choices"].get(holder, ()):
        rest = name.removeprefix(choice)
        if rest != name and rest[:1].isupper():
            return str(choice)
    return name


def fhirpath(document: Document, steps: Steps) -> str:
    """Write a place as FHIRPath: ``Bundle.entry[3].resource.gender``."""
    first = type_of(document) or "Resource"
    rest = (
        f".{step.name}" if step.index is None else f".{step.name}[{step.index}]"
        for step in trace(document, steps)
    )
    return first + "".join(rest)
