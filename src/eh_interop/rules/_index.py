"""All parts of a record, and what the schemas say about each kind: read once, asked often."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from operator import attrgetter
from types import NoneType
from typing import Any, Final, NamedTuple, get_args, get_type_hints

import msgspec

from eh_interop.model import (
    Attachment,
    Child,
    Consent,
    Goal,
    LevelDecision,
    Need,
    Organisation,
    Part,
    Person,
    Practitioner,
    StatutoryPlan,
    Strength,
)
from eh_interop.parts import Step, ways
from eh_interop.rules.engine import Context
from eh_interop.standard import load_standard

Index = Mapping[type[Part], list[tuple[Any, str]]]
"""Every part of a record with its place, by class."""

LISTS: Final[Mapping[str, type[Part]]] = {
    "attachments": Attachment,
    "children": Child,
    "consents": Consent,
    "goals": Goal,
    "levelDecisions": LevelDecision,
    "needs": Need,
    "organisations": Organisation,
    "people": Person,
    "practitioners": Practitioner,
    "statutoryPlans": StatutoryPlan,
    "strengths": Strength,
}
"""What ``x-refersTo`` names in the schemas, and the class of what stands there."""


class Field(NamedTuple):
    """A property of a class."""

    attribute: str
    name: str


class Link(NamedTuple):
    """A property that holds local ids."""

    attribute: str
    name: str
    many: bool
    targets: tuple[type[Part], ...]


def index(context: Context) -> Index:
    """Collect every part of the record."""
    found: Index = defaultdict(list)
    _collect(context.record, "", found)
    return found


def _collect(part: Part, place: str, found: Index) -> None:
    kind = type(part)
    found[kind].append((part, place))
    for attribute, name, many in _steps(kind):
        held = getattr(part, attribute)
        if not many:
            if held is not None:
                _collect(held, f"{place}/{name}", found)
        elif held:
            for number, each in enumerate(held):
                _collect(each, f"{place}/{name}/{number}", found)


@cache
def _steps(kind: type[Part]) -> tuple[Step, ...]:
    return tuple(way[0] for way in ways(kind, Part) if len(way) == 1)


@cache
def fields(kind: type[Part]) -> Mapping[str, Field]:
    """Return the properties of a class, by their name in a record."""
    return {
        each.encode_name: Field(each.name, each.encode_name)
        for each in msgspec.structs.fields(kind)
    }


@cache
def dates(kind: type[Part]) -> tuple[Field, ...]:
    """Return the properties of a class that are dates or moments."""
    hints = get_type_hints(kind)
    return tuple(
        each
        for each in fields(kind).values()
        if set(get_args(hints[each.attribute]) or (hints[each.attribute],)) - {NoneType}
        <= {date, datetime}
    )


@cache
def _reader(attributes: tuple[str, ...]) -> attrgetter[Any]:
    return attrgetter(*attributes)


def values(part: Part, wanted: tuple[Field, ...]) -> Iterator[tuple[Field, Any]]:
    """Yield those of the wanted properties that have a value."""
    if not wanted:
        return
    held = _reader(tuple(each.attribute for each in wanted))(part)
    for each, value in zip(wanted, held if len(wanted) > 1 else (held,), strict=True):
        if value is not None:
            yield each, value


@cache
def links(kind: type[Part]) -> tuple[Link, ...]:
    """Return the properties of a class that refer to local ids, as the schemas say."""
    found = []
    for name, stated in _schemas().get(kind.__name__, {}).items():
        targets = stated.get("x-refersTo") or stated.get("items", {}).get("x-refersTo")
        if targets:
            classes = tuple(LISTS[each] for each in targets)
            found.append(Link(fields(kind)[name].attribute, name, "items" in stated, classes))
    return tuple(found)


@cache
def _schemas() -> Mapping[str, Mapping[str, Any]]:
    found = {}
    for key, schema in load_standard().schemas.items():
        words = key.rsplit("/", 1)[1].removesuffix(".schema.json").split("-")
        found["".join(word.capitalize() for word in words)] = schema.get("properties", {})
    return found
