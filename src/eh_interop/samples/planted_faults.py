"""Faults planted in sound records, each with the finding that it must give.

A fault is one mutation: one thing that is done to a record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, partial
from typing import Any, Final

from eh_interop.core.pointer import Steps, join, split
from eh_interop.samples.invented import Json
from eh_interop.samples.seeded_random import SeededRandom
from eh_interop.standard.areas import Area
from eh_interop.standard.requirements import Requirement
from eh_interop.standard.schemas import load_standard

_HEAD: Final = frozenset({"recordType", "standardVersion", "recordId", "area"})
"""What decides how a record is checked at all."""
_OPEN: Final = frozenset({"absent", "localData"})
"""Groups whose names are not fixed by the schemas."""
_MOST: Final = 3


@dataclass(frozen=True, slots=True)
class PlantedFault:
    """A fault that was planted: the code and place of the finding it must give."""

    code: str
    place: str


@dataclass(frozen=True, slots=True)
class Mutation:
    """One way to break a record. Only one is used for each child, person or other entry."""

    planted: PlantedFault
    group: str
    break_it: Callable[[], object]


@dataclass(frozen=True, slots=True)
class _Sound:
    """A sound record, the area whose guidance it follows, and the day on which it is judged."""

    record: Json
    area: Area
    as_of: date


def plant(record: Json, area: Area, random: SeededRandom, as_of: date) -> tuple[PlantedFault, ...]:
    """Plant one to three faults of different kinds into a sound record, and return which.

    A fault of shape keeps rules about the whole record from running, so faults of
    date order are not planted beside one.
    """
    sound = _Sound(record, area, as_of)
    planted: list[PlantedFault] = []
    touched: set[str] = set()
    kinds = (*_EITHER, *(_SHAPE if random.chance(0.7) else _WHOLE))
    for kind in random.some(kinds, random.number(1, _MOST)):
        mutations = [mutation for mutation in kind(sound) if not _meets(mutation.group, touched)]
        if mutations:
            mutation = random.pick(mutations)
            mutation.break_it()
            touched.add(mutation.group)
            planted.append(mutation.planted)
    return tuple(planted)


def _meets(group: str, touched: set[str]) -> bool:
    """Return whether a group is, holds or is in one that was touched."""
    return any(
        f"{group}/".startswith(f"{other}/") or f"{other}/".startswith(f"{group}/")
        for other in touched
    )


def _mutation(code: str, steps: Steps, break_it: Callable[[], object]) -> Mutation:
    return Mutation(PlantedFault(code, join(steps)), join(steps[:2]), break_it)


def _changed(code: str, steps: Steps, group: Json, name: str, value: object) -> Mutation:
    return _mutation(code, (*steps, name), partial(group.update, {name: value}))


def _groups(value: Any, steps: Steps = ()) -> Iterator[tuple[Json, Steps]]:
    """Yield every group of a record with its steps, the outermost first."""
    if isinstance(value, dict):
        yield value, steps
        for name, inner in value.items():
            yield from _groups(inner, (*steps, name))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _groups(item, (*steps, number))


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


def _missing(sound: _Sound) -> Iterator[Mutation]:
    """Take out something that is always required and to which nothing points."""
    for requirement in _removable(sound.area, sound.record["recordType"]):
        *parents, last = split(requirement.place)
        for group, steps in _matching(sound.record, tuple(parents)):
            other = any(name in group for name in requirement.alternatives)
            if last in group and not other and not _pointed_to(group[last]):
                yield _mutation(requirement.code, (*steps, last), partial(group.pop, last))


def _matching(
    value: Any, pattern: tuple[str, ...], steps: Steps = ()
) -> Iterator[tuple[Json, Steps]]:
    if not pattern:
        if isinstance(value, dict):
            yield value, steps
    elif pattern[0] == "*":
        for number, item in enumerate(value if isinstance(value, list) else ()):
            yield from _matching(item, pattern[1:], (*steps, number))
    elif isinstance(value, dict) and pattern[0] in value:
        yield from _matching(value[pattern[0]], pattern[1:], (*steps, pattern[0]))


def _pointed_to(value: Any) -> bool:
    return any("id" in group for group, _ in _groups(value))


def _wrong_code(sound: _Sound) -> Iterator[Mutation]:
    for group, steps, name, schema in _leaves(sound.record):
        if "enum" in schema and "status" not in name.lower():
            yield _changed("SHP-005", steps, group, name, "wrong-code")


def _null(sound: _Sound) -> Iterator[Mutation]:
    for group, steps, name, schema in _leaves(sound.record):
        if schema.get("maxLength", 0) > 0:
            yield _changed("SHP-004", steps, group, name, None)


def _leaves(record: Json) -> Iterator[tuple[Json, Steps, str, Any]]:
    """Yield every text of a record with the schema that it follows."""
    standard = load_standard()
    for group, steps in _groups(record):
        for name, value in group.items():
            in_head = not steps and name in _HEAD
            if isinstance(value, str) and not in_head and not _OPEN.intersection(steps):
                yield group, steps, name, standard.definition(record["recordType"], (*steps, name))


def _unknown(sound: _Sound) -> Iterator[Mutation]:
    for group, steps in _groups(sound.record):
        if steps and not _OPEN.intersection(steps):
            yield _mutation("SHP-002", steps, partial(group.update, {"ourOwnField": "yes"}))


def _check_digit(sound: _Sound) -> Iterator[Mutation]:
    """Change one digit of a number that has a check digit."""
    for group, steps in _groups(sound.record):
        value = group.get("value")
        if group.get("type") in {"nhs-number", "upn"} and isinstance(value, str):
            mistyped = f"{value[:-1]}{(int(value[-1]) + 1) % 10}"
            yield _changed("IDN-001", steps, group, "value", mistyped)


def _not_yet(sound: _Sound) -> Iterator[Mutation]:
    """Date something that has happened after today."""
    later = (sound.as_of + timedelta(days=30)).isoformat()
    for group, steps in _groups(sound.record):
        for name in ("gatheredOn", "lastSeenOn"):
            if name in group:
                yield _changed("DAT-002", steps, group, name, later)


def _backwards(sound: _Sound) -> Iterator[Mutation]:
    """Let something end before it begins."""
    first, last = sound.as_of.isoformat(), (sound.as_of - timedelta(days=40)).isoformat()
    for number, entry in enumerate(sound.record.get("involvements", ())):
        steps = ("involvements", number, "to")
        yield _mutation("DAT-001", steps, partial(entry.update, {"from": first, "to": last}))


_Mutations = Callable[[_Sound], Iterator[Mutation]]
_EITHER: Final[tuple[_Mutations, ...]] = (_missing, _check_digit)
_SHAPE: Final[tuple[_Mutations, ...]] = (_wrong_code, _null, _unknown)
_WHOLE: Final[tuple[_Mutations, ...]] = (_not_yet, _backwards)
