"""Ways to spoil a record, each with the finding that it must give."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, partial
from typing import Any, Final

from eh_interop.core.pointer import Steps, join, split
from eh_interop.samples.children import Json
from eh_interop.standard.areas import Area
from eh_interop.standard.requirements import Requirement
from eh_interop.standard.schemas import Standard, load_standard

_HEAD: Final = frozenset({"recordType", "standardVersion", "recordId", "area"})
"""What decides how a record is checked at all."""
_OPEN: Final = frozenset({"absent", "localData"})
"""Groups whose names are not fixed by the schemas."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A fault that was planted: the code and place of the finding it must give."""

    code: str
    place: str


@dataclass(frozen=True, slots=True)
class Way:
    """One way to spoil a record. Only one is used for each child, person or other entry."""

    planted: Planted
    group: str
    spoil: Callable[[], object]


def _way(code: str, steps: Steps, spoil: Callable[[], object]) -> Way:
    return Way(Planted(code, join(steps)), join(steps[:2]), spoil)


def _groups(value: Any, steps: Steps = ()) -> Iterator[tuple[Json, Steps]]:
    """Yield every group of a record with its steps, the outermost first."""
    if isinstance(value, dict):
        yield value, steps
        for name, each in value.items():
            yield from _groups(each, (*steps, name))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _groups(each, (*steps, number))


@cache
def _removable(area: Area, record_type: str) -> tuple[Requirement, ...]:
    """Return the requirements that always hold, so that leaving the thing out breaks them."""
    return tuple(
        require
        for require in area.requires(load_standard(), record_type)
        if not (
            require.when or require.unless or require.entry or require.values or require.document
        )
    )


def _missing(record: Json, area: Area, as_of: date) -> Iterator[Way]:
    """Take out something that is always required and to which nothing points."""
    del as_of
    for each in _removable(area, record["recordType"]):
        *parents, last = split(each.place)
        for group, steps in _matching(record, tuple(parents)):
            other = any(name in group for name in each.alternatives)
            if last in group and not other and not _pointed_to(group[last]):
                yield _way(each.code, (*steps, last), partial(group.pop, last))


def _matching(
    value: Any, pattern: tuple[str, ...], steps: Steps = ()
) -> Iterator[tuple[Json, Steps]]:
    if not pattern:
        if isinstance(value, dict):
            yield value, steps
    elif pattern[0] == "*":
        for number, each in enumerate(value if isinstance(value, list) else ()):
            yield from _matching(each, pattern[1:], (*steps, number))
    elif isinstance(value, dict) and pattern[0] in value:
        yield from _matching(value[pattern[0]], pattern[1:], (*steps, pattern[0]))


def _pointed_to(value: Any) -> bool:
    return any("id" in group for group, _ in _groups(value))


def _wrong_code(record: Json, area: Area, as_of: date) -> Iterator[Way]:
    """Write a code that its list does not have."""
    del area, as_of
    for group, steps, name, schema in _leaves(record):
        if "enum" in schema and "status" not in name.lower():
            yield _way("SHP-005", (*steps, name), partial(group.update, {name: "wrong-code"}))


def _null(record: Json, area: Area, as_of: date) -> Iterator[Way]:
    """Write null instead of leaving the field out."""
    del area, as_of
    for group, steps, name, schema in _leaves(record):
        if schema.get("maxLength", 0) > 0:
            yield _way("SHP-004", (*steps, name), partial(group.update, {name: None}))


def _leaves(record: Json) -> Iterator[tuple[Json, Steps, str, Any]]:
    """Yield every text of a record with the schema that it follows."""
    standard: Standard = load_standard()
    for group, steps in _groups(record):
        for name, value in group.items():
            own = not steps and name in _HEAD
            if isinstance(value, str) and not own and not _OPEN.intersection(steps):
                yield group, steps, name, standard.definition(record["recordType"], (*steps, name))


def _unknown(record: Json, area: Area, as_of: date) -> Iterator[Way]:
    """Add a field that the standard does not have."""
    del area, as_of
    for group, steps in _groups(record):
        if steps and not _OPEN.intersection(steps):
            yield _way("SHP-002", steps, partial(group.update, {"ourOwnField": "yes"}))


def _check_digit(record: Json, area: Area, as_of: date) -> Iterator[Way]:
    """Change one digit of a number that has a check digit."""
    del area, as_of
    for group, steps in _groups(record):
        value = group.get("value")
        if group.get("type") in {"nhs-number", "upn"} and isinstance(value, str):
            yield _way(
                "IDN-001",
                (*steps, "value"),
                partial(group.update, {"value": _mistyped(value)}),
            )


def _mistyped(number: str) -> str:
    return f"{number[:-1]}{(int(number[-1]) + 1) % 10}"


def _not_yet(record: Json, area: Area, as_of: date) -> Iterator[Way]:
    """Date something that has happened after today."""
    del area
    later = (as_of + timedelta(days=30)).isoformat()
    for group, steps in _groups(record):
        for name in ("gatheredOn", "lastSeenOn"):
            if name in group:
                yield _way("DAT-002", (*steps, name), partial(group.update, {name: later}))


def _backwards(record: Json, area: Area, as_of: date) -> Iterator[Way]:
    """Let something end before it begins."""
    del area
    first, last = as_of.isoformat(), (as_of - timedelta(days=40)).isoformat()
    for number, each in enumerate(record.get("involvements", ())):
        steps = ("involvements", number)
        yield _way("DAT-001", (*steps, "to"), partial(each.update, {"from": first, "to": last}))


_Kind = Callable[[Json, Area, date], Iterator[Way]]
EITHER: Final[tuple[_Kind, ...]] = (_missing, _check_digit)
SHAPE: Final[tuple[_Kind, ...]] = (_wrong_code, _null, _unknown)
WHOLE: Final[tuple[_Kind, ...]] = (_not_yet, _backwards)
