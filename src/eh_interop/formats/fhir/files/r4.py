"""The elements of FHIR R4 types, and places in a document as steps and as FHIRPath.

Elements stand in ``schemas/fhir-r4/types.json``. They are those of R4B (4.3.0), which names the
same elements as R4 (4.0.1) for the resources of this standard.

FHIRPath is the simple form that ``OperationOutcome.expression`` has: element names
and indexes, such as ``Bundle.entry[2].resource.name[0].family``. A value of several
possible types goes by its one name there (``value`` for ``valueQuantity``), and what
stands beside a primitive in JSON (``_birthDate``) is part of it (``birthDate``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Final

import orjson

from eh_interop.core.lenient import items
from eh_interop.core.pointer import Step, Steps
from eh_interop.core.resources import folder

RESOURCE: Final = "Resource"
"""The type of an element that holds a whole resource, of whatever type that resource says."""
XHTML: Final = "xhtml"
"""The type of ``Narrative.div``."""
WHOLE: Final = frozenset({"integer", "unsignedInt", "positiveInt"})
"""The primitive types that are whole numbers."""
EXTRAS: Final = "Element"
"""What stands beside a primitive value (``_birthDate``): an id and extensions."""


@dataclass(frozen=True, slots=True)
class R4Element:
    """One element of a FHIR type.

    Attributes:
        name: as in JSON and XML: ``valueQuantity``, not ``value[x]``.
        type: a primitive type (``dateTime``), a type (``HumanName``, ``BundleEntry``)
            or ``RESOURCE``.
        many: it is a list in JSON and may repeat in XML.
        primitive: it has a value of its own and may have ``EXTRAS`` beside it.
        path: its name in a FHIRPath: ``value`` for ``valueQuantity``.
        rank: its position among the elements of its type.
    """

    name: str
    type: str
    many: bool
    primitive: bool
    path: str
    rank: int


_RESOURCE_TYPE: Final = R4Element(
    name="resourceType", type="code", many=False, primitive=True, path="resourceType", rank=0
)
"""What JSON says in a property, and XML by the name of an element."""


@cache
def elements(type_name: str) -> Mapping[str, R4Element]:
    """Return the elements of a resource type or other type, in the order of XML.

    Raises:
        LookupError: R4 has no such type.
    """
    stated = _facts()["resources"].get(type_name) or _facts()["types"].get(type_name)
    if stated is None:
        raise LookupError("R4 has no such type")
    names = enumerate(_elements(stated))
    return MappingProxyType({facts[0]: R4Element(*facts, rank) for rank, facts in names})


def _elements(stated: Mapping[str, Any]) -> Iterator[tuple[str, str, bool, bool, str]]:
    """Yield name, type, list, primitive and path of each element."""
    for name, kind in stated.items():
        path = name.removesuffix("[x]")
        for one in [kind] if path == name else kind:
            type_ = one.removesuffix("*")
            whole = name if path == name else f"{path}{type_[0].upper()}{type_[1:]}"
            yield whole, type_, type_ != one, type_[0].islower(), path


def is_resource(type_name: str) -> bool:
    """Return whether R4 has a resource type of this name that can stand in a file."""
    return type_name in _facts()["resources"]


def is_known_to(version: str, type_name: str, element: str | None = None) -> bool:
    """Return whether another version of FHIR has what R4 does not have.

    Args:
        version: ``R5`` or ``STU3``.
        type_name: the name of a type, such as ``Consent``.
        element: the JSON name of an element of it; None for the resource type itself.
    """
    others = _facts()["others"][version]
    return type_name in others[""] if element is None else element in others.get(type_name, ())


@cache
def _facts() -> dict[str, Any]:
    path = folder("schemas") / "fhir-r4" / "types.json"
    facts: dict[str, Any] = orjson.loads(path.read_bytes())
    return facts


def bundled_resources(bundle: Mapping[str, Any]) -> Iterator[tuple[Steps, Mapping[str, Any]]]:
    """Yield the resource of each entry of a Bundle, with the steps to it."""
    for number, entry in enumerate(items(bundle.get("entry"))):
        resource = entry.get("resource") if isinstance(entry, Mapping) else None
        if isinstance(resource, Mapping):
            yield ("entry", number, "resource"), resource


_SEGMENT = re.compile(r"([A-Za-z][A-Za-z0-9]*)((?:\[[0-9]+\])*)")


def fhirpath(document: Mapping[str, Any], steps: Steps) -> str:
    """Write steps into a FHIR document as FHIRPath.

    It ends before the first name that R4 does not have there: such a name may be
    anything, even that of a person.
    """
    at = ElementCursor(document)
    path = at.type if is_resource(at.type) else ""
    for step in known_steps(document, steps):
        if isinstance(step, int):
            path += f"[{step}]"
        elif element := at.element(step):
            path += f".{element.path}"
        at.follow(step)
    return path


def known_steps(document: Mapping[str, Any], steps: Steps) -> Steps:
    """Return steps into a FHIR document up to the first name that R4 does not have there."""
    at = ElementCursor(document)
    for number, step in enumerate(steps):
        if isinstance(step, str) and at.element(step) is None:
            return steps[:number]
        at.follow(step)
    return steps


class ElementCursor:
    """A value of a document with the type that R4 gives it; an empty type if it gives none."""

    def __init__(self, document: Any) -> None:
        self.value: Any = document
        self.type = _type_of(document)

    def element(self, name: str) -> R4Element | None:
        """Return the element that a property stands for."""
        if name == _RESOURCE_TYPE.name:
            return _RESOURCE_TYPE
        try:
            return elements(self.type).get(name.removeprefix("_"))
        except LookupError:
            return None

    def follow(self, step: Step) -> None:
        """Go one step down."""
        element = None if isinstance(step, int) else self.element(step)
        self.value = member_at(self.value, step)
        if isinstance(step, str):
            is_beside = step.startswith("_")
            self.type = (EXTRAS if is_beside else element.type) if element else ""
        if self.type == RESOURCE and isinstance(self.value, Mapping):
            self.type = _type_of(self.value)


def _type_of(value: Any) -> str:
    name = value.get("resourceType") if isinstance(value, Mapping) else None
    return name if isinstance(name, str) and _SEGMENT.fullmatch(name) else ""


def member_at(value: Any, step: Step) -> Any:
    """Return a member of an object, or an entry of a list; None if there is none."""
    if isinstance(value, Mapping):
        return value.get(str(step))
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return None
