"""Places in a FHIR document: as steps, as JSON Pointer and as FHIRPath.

FHIRPath is the simple form that ``OperationOutcome.expression`` has: element names
and indexes, such as ``Bundle.entry[2].resource.name[0].family``. A value of several
possible types goes by its one name there (``value`` for ``valueQuantity``), and what
stands beside a primitive in JSON (``_birthDate``) is part of it (``birthDate``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import chain
from typing import Any

from eh_interop.core.pointer import Step, Steps, join, steps_of
from eh_interop.formats.fhir.files.r4 import EXTRAS, RESOURCE, Element, elements

_SEGMENT = re.compile(r"([A-Za-z][A-Za-z0-9]*)((?:\[[0-9]+\])*)")
_INDEX = re.compile(r"\[([0-9]+)\]")


def fhirpath(document: Mapping[str, Any], steps: Steps) -> str:
    """Write steps into a FHIR document as FHIRPath.

    It ends before the first name that R4 does not have there: such a name may be
    anything, even that of a person.
    """
    at = _Cursor(document)
    path = at.type
    for step in steps:
        if isinstance(step, int):
            path += f"[{step}]"
        elif element := at.element(step):
            path += f".{element.path}"
        else:
            break
        at.follow(step)
    return path


def steps_of_fhirpath(document: Mapping[str, Any], path: str) -> Steps:
    """Read FHIRPath as steps into the document. A list without an index means its first entry.

    Raises:
        ValueError: it is not in the simple form, or begins with another type.
    """
    root, *names = path.split(".")
    at = _Cursor(document)
    if not at.type or root != at.type:
        raise ValueError("the path begins with another type than that of the document")
    segments = [_SEGMENT.fullmatch(name) for name in names]
    steps: list[Step] = []
    for segment, following in zip(segments, chain(segments[1:], [None]), strict=False):
        if segment is None:
            raise ValueError("only element names and indexes can be followed")
        indexes = [int(number) for number in _INDEX.findall(segment[2])]
        for step in _meant(at, segment[1], indexes, following[1] if following else ""):
            steps.append(step)
            at.follow(step)
    return tuple(steps)


def fhirpath_of_pointer(document: Mapping[str, Any], pointer: str) -> str:
    """Write a JSON Pointer into a FHIR document as FHIRPath."""
    return fhirpath(document, steps_of(pointer))


def pointer_of_fhirpath(document: Mapping[str, Any], path: str) -> str:
    """Read FHIRPath as a JSON Pointer into the document.

    Raises:
        ValueError: as :func:`steps_of_fhirpath`.
    """
    return join(steps_of_fhirpath(document, path))


class _Cursor:
    """A value of a document with the type that R4 gives it; an empty type if it gives none."""

    def __init__(self, document: Any) -> None:
        self.value: Any = document
        self.type = _type_of(document)

    def element(self, name: str) -> Element | None:
        """Return the element that a property stands for."""
        try:
            return elements(self.type).get(name.removeprefix("_"))
        except LookupError:
            return None

    def follow(self, step: Step) -> None:
        """Go one step down."""
        element = None if isinstance(step, int) else self.element(step)
        self.value = _within(self.value, step)
        if isinstance(step, str):
            is_beside = step.startswith("_")
            self.type = (EXTRAS if is_beside else element.type) if element else ""
        if self.type == RESOURCE and isinstance(self.value, Mapping):
            self.type = _type_of(self.value)

    def keys(self, name: str) -> list[str]:
        """Return the properties here that a name in a path may mean."""
        keys = list(self.value) if isinstance(self.value, Mapping) else []
        return [key for key in keys if key.removeprefix("_") == name] or [
            key for key in keys if (element := self.element(key)) and element.path == name
        ]


def _meant(at: _Cursor, name: str, indexes: list[int], following: str) -> list[Step]:
    """Return the property that a name means, and which entry of it."""
    keys = at.keys(name)
    beside = next((key for key in keys if key.startswith("_")), None)
    key = next((key for key in keys if not key.startswith("_")), beside) or name
    if beside and following in {"id", "extension"}:
        key = beside
    value = _within(at.value, key)
    if isinstance(value, list) and following and not indexes:
        return [key, 0]
    return [key, *indexes]


def _type_of(value: Any) -> str:
    name = value.get("resourceType") if isinstance(value, Mapping) else None
    return name if isinstance(name, str) and _SEGMENT.fullmatch(name) else ""


def _within(value: Any, step: Step) -> Any:
    if isinstance(value, Mapping):
        return value.get(str(step))
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return None
