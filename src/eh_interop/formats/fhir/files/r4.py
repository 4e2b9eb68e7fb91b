"""The elements of FHIR R4 types, and places in a document as steps and as FHIRPath.

Elements are read at run time from the models of ``fhir.resources``. They are those of R4B (4.3.0),
which names the same elements as R4 (4.0.1) for the resources of this standard. A type is looked up
when it is first met, so that a run loads only the models of the types in its Bundles.

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
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final, get_args

from eh_interop.core.pointer import Step, Steps

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


@cache
def elements(type_name: str) -> Mapping[str, R4Element]:
    """Return the elements of a resource type or other type, in the order of XML.

    Raises:
        LookupError: R4 has no such type.
    """
    model = _model(type_name)
    if model is None:
        raise LookupError("R4 has no such type")
    stated = enumerate(_stated(model))
    return MappingProxyType({facts[0]: R4Element(*facts, rank) for rank, facts in stated})


@cache
def is_resource(type_name: str) -> bool:
    """Return whether R4 has a resource type of this name that can stand in a file."""
    model = _model(type_name)
    return model is not None and type_name not in _ABSTRACT and bool(model.has_resource_base())


_ABSTRACT: Final = frozenset({RESOURCE, "DomainResource"})


def is_known_to(version: str, type_name: str, element: str | None = None) -> bool:
    """Return whether another version of FHIR has a type, or an element of a type.

    Args:
        version: ``R5`` or ``STU3``.
        type_name: the name of a type, such as ``Consent``.
        element: the JSON name of an element of it.
    """
    model = _model(type_name, _PACKAGES[version])
    return model is not None and (element is None or element in model.elements_sequence())


_R4B: Final = "fhir.resources.R4B"
_PACKAGES: Final = {"R5": "fhir.resources", "STU3": "fhir.resources.STU3"}


@cache
def _model(type_name: str, package: str = _R4B) -> Any:
    """Return the class for a type, or None. Its library is large: it is loaded here, not before."""
    if not type_name.isidentifier():
        return None
    try:
        return import_module(package).get_fhir_model_class(type_name)
    except ValueError:  # what the library says of a name that it does not know
        return None


def _stated(model: Any) -> Iterator[tuple[str, str, bool, bool, str]]:
    """Yield name, type, list, primitive and path of each element."""
    names = model.get_alias_mapping()
    for name in model.elements_sequence():
        field = model.model_fields[names[name]]
        choice = field.json_schema_extra.get("one_of_many")
        type_, many, primitive = _type(field)
        yield name, type_, many, primitive, choice or name
        # R4 lists Meta after Dosage wherever a value may be of any type; the models leave it out.
        if choice and type_ == "Dosage":
            yield f"{choice}Meta", "Meta", many, False, choice


def _type(field: Any) -> tuple[str, bool, bool]:
    from fhir_core.utils import get_fhir_type_name, is_list_type, is_primitive_type

    if is_primitive_type(field):
        return get_fhir_type_name(field), is_list_type(field), True
    # The library's own way to the name would load the model of every type on the way.
    return _name_of(field.annotation), is_list_type(field), False


def _name_of(annotation: Any) -> str:
    if inner := [arg for arg in get_args(annotation) if arg is not type(None)]:
        return _name_of(inner[0])
    return str(annotation.__name__).removesuffix("Type")


_SEGMENT = re.compile(r"([A-Za-z][A-Za-z0-9]*)((?:\[[0-9]+\])*)")


def fhirpath(document: Mapping[str, Any], steps: Steps) -> str:
    """Write steps into a FHIR document as FHIRPath.

    It ends before the first name that R4 does not have there: such a name may be
    anything, even that of a person.
    """
    at = ElementCursor(document)
    path = at.type
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
