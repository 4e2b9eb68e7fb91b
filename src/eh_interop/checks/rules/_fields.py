"""What the schemas say about the properties of each class: read once, asked often."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from operator import attrgetter
from types import NoneType
from typing import Any, Final, NamedTuple, get_args, get_type_hints

import msgspec

from eh_interop.checks.rules.engine import Context
from eh_interop.core.uk_time import uk_day
from eh_interop.standard.model import RECORDS, Part
from eh_interop.standard.parts import PartReader, held_parts, reader
from eh_interop.standard.schemas import load_standard

LISTS: Final[Mapping[str, type[Part]]] = {
    step.name: kind
    for record in RECORDS.values()
    for step, kind in held_parts(record)
    if step.many and "id" in kind.__struct_fields__
}
"""The lists of a record whose entries have a local id, and the class of an entry.

``x-refersTo`` in the schemas names them.
"""


class Property(NamedTuple):
    """A property of a class."""

    attribute: str
    name: str


class IdReference(NamedTuple):
    """A property that holds local ids, and how to read it."""

    name: str
    many: bool
    targets: tuple[type[Part], ...]
    read: Callable[[Part], Any]


@cache
def fields(kind: type[Part]) -> Mapping[str, Property]:
    """Return the properties of a class, by their name in a record."""
    return {
        field.encode_name: Property(field.name, field.encode_name)
        for field in msgspec.structs.fields(kind)
    }


@cache
def dates(kind: type[Part]) -> tuple[Property, ...]:
    """Return the properties of a class that are dates or moments."""
    hints = get_type_hints(kind)
    return tuple(
        field
        for field in fields(kind).values()
        if set(get_args(hints[field.attribute]) or (hints[field.attribute],)) - {NoneType}
        <= {date, datetime}
    )


Dated = tuple[date, type[Part], str, str]
"""A date (of a moment, its day), the class and the property it stands in, and the part's place."""


def dated(context: Context) -> list[Dated]:
    """Return every date in the record, with the place of the part that it stands in."""
    days: list[Dated] = []
    for kind, placed in context.parts.items():
        reading = _dates(kind)
        if reading is None:
            continue
        wanted, read, nothing = reading
        for part, place in placed:
            held = read(part)
            if held != nothing:
                for field, day in zip(wanted, held, strict=True):
                    if day is not None:
                        whole = uk_day(day) if isinstance(day, datetime) else day
                        days.append((whole, kind, field.name, place))
    return days


@cache
def _dates(kind: type[Part]) -> tuple[tuple[Property, ...], PartReader, tuple[None, ...]] | None:
    wanted = dates(kind)
    return (
        (wanted, reader([field.attribute for field in wanted]), (None,) * len(wanted))
        if wanted
        else None
    )


@cache
def links(kind: type[Part]) -> tuple[IdReference, ...]:
    """Return the properties of a class that refer to local ids, as the schemas say."""
    references = []
    for name, stated in _schemas().get(kind.__name__, {}).items():
        targets = stated.get("x-refersTo") or stated.get("items", {}).get("x-refersTo")
        if targets:
            classes = tuple(LISTS[target] for target in targets)
            read = attrgetter(fields(kind)[name].attribute)
            references.append(IdReference(name, "items" in stated, classes, read))
    return tuple(references)


@cache
def _schemas() -> Mapping[str, Mapping[str, Any]]:
    properties = {}
    for key, schema in load_standard().schemas.items():
        words = key.rsplit("/", 1)[1].removesuffix(".schema.json").split("-")
        properties["".join(word.capitalize() for word in words)] = schema.get("properties", {})
    return properties
