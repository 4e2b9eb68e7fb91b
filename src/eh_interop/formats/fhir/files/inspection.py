"""One walk over a FHIR document by the types of R4: what does not fit, and what refers to what.

Linear in the size of the document. Attachments are never decoded: of base64 only
that it is a text is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from eh_interop.core.pointer import Steps
from eh_interop.formats.fhir.files.problems import FhirFault, FileProblem
from eh_interop.formats.fhir.files.r4 import (
    EXTRAS,
    RESOURCE,
    WHOLE,
    R4Element,
    elements,
    is_resource,
)
from eh_interop.formats.fhir.files.xml_tree import MAX_DEPTH
from eh_interop.reading import Fault

_DAY: Final = r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_PARTIAL: Final = r"[0-9]{4}(?:-(?:0[1-9]|1[0-2]))?"
_TIME: Final = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?"
_ZONE: Final = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
_DATES: Final = {
    "date": re.compile(f"{_DAY}|{_PARTIAL}"),
    "dateTime": re.compile(f"{_DAY}(?:T{_TIME}{_ZONE})?|{_PARTIAL}"),
    "instant": re.compile(f"{_DAY}T{_TIME}{_ZONE}"),
    "time": re.compile(_TIME),
}
_LENGTH_OF_DAY: Final = 10


@dataclass(frozen=True, slots=True)
class FoundReference:
    """A reference to a resource.

    ``holder``: the resource in whose ``contained`` a ``#id`` is looked up.
    """

    text: str = field(repr=False)
    steps: Steps
    holder: Steps


@dataclass(frozen=True, slots=True)
class Inspection:
    """What the walk has met.

    ``bundles``: the Bundles, that of the document first. ``doubled``: the objects that hold two
    values where one of several types may stand.
    """

    problems: list[FileProblem] = field(default_factory=list)
    references: list[FoundReference] = field(default_factory=list)
    bundles: list[Steps] = field(default_factory=list)
    doubled: list[Steps] = field(default_factory=list)


def inspect(document: Mapping[str, Any]) -> Inspection:
    """Walk over a document. What stands too deep ends the walk with a fatal problem."""
    inspection = Inspection()
    try:
        _Walk(inspection).resource(document, (), ())
    except _TooDeepError:
        message = "Objects and lists stand too deep inside each other."
        inspection.problems.append(FileProblem(Fault.NESTED_TOO_DEEPLY, message, (), fatal=True))
    return inspection


class _TooDeepError(Exception):
    """Something stands deeper than anything in FHIR."""


class _Walk:
    """Goes down a document and notes what it meets."""

    def __init__(self, inspection: Inspection) -> None:
        self._seen = inspection

    def resource(self, value: Any, steps: Steps, holder: Steps) -> None:
        """Look at a resource."""
        name = value.get("resourceType") if isinstance(value, dict) else None
        if not isinstance(name, str):
            self._wrong("A resource with its resourceType belongs here.", steps)
        elif not is_resource(name):
            message = "FHIR R4 has no resource of this type. It is not read."
            fault = FhirFault.UNKNOWN_RESOURCE_TYPE
            self._seen.problems.append(FileProblem(fault, message, steps, strange=(name, None)))
        else:
            if name == "Bundle":
                self._seen.bundles.append(steps)
            self._object(value, name, steps, holder)

    def _object(self, value: Any, type_name: str, steps: Steps, holder: Steps) -> None:
        if not isinstance(value, dict):
            self._wrong("A group of elements (an object) belongs here.", steps)
            return
        if len(steps) > 2 * MAX_DEPTH:
            raise _TooDeepError
        known, is_whole = elements(type_name), is_resource(type_name)
        chosen = [of.path for name in value if (of := known.get(name)) and of.path != name]
        if len(chosen) > len({*chosen}):
            self._seen.doubled.append(steps)
        for name, inner in value.items():
            if name == "resourceType" and is_whole:
                continue
            of = known.get(name.removeprefix("_"))
            if of is None or (name.startswith("_") and not of.primitive):
                message = "FHIR R4 has no such element here. It is not read."
                fault, strange = FhirFault.UNKNOWN_ELEMENT, (type_name, name)
                self._seen.problems.append(
                    FileProblem(fault, message, steps, (name,), strange=strange)
                )
                continue
            for entry, at in self._entries(inner, of, (*steps, name)):
                self._one(entry, of, at, holder)
        if type_name == "Reference" and isinstance(text := value.get("reference"), str):
            self._seen.references.append(FoundReference(text, (*steps, "reference"), holder))

    def _entries(self, value: Any, of: R4Element, steps: Steps) -> Iterator[tuple[Any, Steps]]:
        """Yield the entries of a list, or a single value, with their places."""
        if of.many and isinstance(value, list):
            yield from ((entry, (*steps, index)) for index, entry in enumerate(value))
            if not value:
                self._wrong("An empty list stands here: leave it out.", steps)
        elif of.many:
            self._wrong("A list belongs here, even for a single entry.", steps)
            yield value, steps
        elif isinstance(value, list):
            self._wrong("A list stands here where there can be only one.", steps)
        else:
            yield value, steps

    def _one(self, value: Any, of: R4Element, steps: Steps, holder: Steps) -> None:
        is_gap = value is None and of.primitive and isinstance(steps[-1], int)
        if is_gap:  # a list of values and the list beside it are kept in step with nulls
            return
        if of.type == RESOURCE:
            is_contained = of.name == "contained"
            self.resource(value, steps, holder if is_contained else steps)
        elif not of.primitive:
            self._object(value, of.type, steps, holder)
        elif _is_beside(steps):
            self._object(value, EXTRAS, steps, holder)
        elif not _fits(value, of.type):
            self._wrong(_WANTED.get(of.type, "A text belongs here."), steps)
        elif of.type in _DATES and not _is_date(value, of.type):
            message = f"This is not {_IN_WORDS[of.type]} that exists, in the form that FHIR has."
            self._seen.problems.append(FileProblem(FhirFault.WRONG_DATE, message, steps))

    def _wrong(self, message: str, steps: Steps) -> None:
        self._seen.problems.append(FileProblem(FhirFault.WRONG_KIND, message, steps))


_WHOLE_NUMBER: Final = "A whole number belongs here, without quotation marks."
_WANTED: Final = {
    "boolean": "true or false belongs here, without quotation marks.",
    "decimal": "A number belongs here, without quotation marks.",
    **dict.fromkeys(WHOLE, _WHOLE_NUMBER),
}
_IN_WORDS: Final = {
    "date": "a date",
    "dateTime": "a date, or a date and time with its zone,",
    "instant": "a date and time with its zone",
    "time": "a time of day",
}


def _is_beside(steps: Steps) -> bool:
    names = [step for step in steps[-2:] if isinstance(step, str)]
    return names[-1].startswith("_")


def _fits(value: Any, type_name: str) -> bool:
    if type_name == "boolean":
        return isinstance(value, bool)
    if type_name in WHOLE:
        return isinstance(value, int) and not isinstance(value, bool)
    if type_name == "decimal":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, str)


def _is_date(text: str, type_name: str) -> bool:
    if not _DATES[type_name].fullmatch(text):
        return False
    if type_name == "time" or len(text) < _LENGTH_OF_DAY:
        return not text.startswith("0000")
    try:
        date.fromisoformat(text[:_LENGTH_OF_DAY])
    except ValueError:  # 30 February
        return False
    return True
