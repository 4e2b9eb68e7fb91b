"""Finding parts: where in a record every consent, child or date stands.

Which properties of a class hold parts is worked out once from the model, so
that one walk over a record finds them all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple, get_args, get_type_hints

import msgspec

from eh_interop.standard.model import Part


class PartStep(NamedTuple):
    """One step towards a part."""

    attribute: str
    name: str
    many: bool


PartPath = tuple[PartStep, ...]

Index = dict[type[Part], list[tuple[Any, str]]]
"""Every part of a record with its place, by class, in the order of the record."""


@cache
def paths_to(start: type[Part], wanted: type[Part]) -> tuple[PartPath, ...]:
    """Return every path from a class to the places where a kind of part can stand."""
    paths: list[PartPath] = [()] if issubclass(start, wanted) else []
    for step, kind in held_parts(start):
        paths += ((step, *path) for path in paths_to(kind, wanted))
    return tuple(paths)


@cache
def held_parts(kind: type[Part]) -> tuple[tuple[PartStep, type[Part]], ...]:
    """Return the properties of a class that hold parts, and the class of each."""
    hints = get_type_hints(kind)
    held = []
    for field in msgspec.structs.fields(kind):
        part, many = _part_type(hints[field.name])
        if part is not None:
            held.append((PartStep(field.name, field.encode_name, many), part))
    return tuple(held)


def _part_type(hint: Any) -> tuple[type[Part] | None, bool]:
    if isinstance(hint, type) and issubclass(hint, Part):
        return hint, False
    for inner in get_args(hint):
        part, _ = _part_type(inner)
        if part is not None:
            return part, getattr(hint, "__origin__", None) is tuple
    return None, False


PartReader = Callable[[Part], tuple[Any, ...]]


def reader(attributes: Sequence[str]) -> PartReader:
    """Return a function that reads several properties of a part at once."""
    read = attrgetter(*attributes)
    return read if len(attributes) > 1 else lambda part: (read(part),)


@cache
def _steps(kind: type[Part]) -> tuple[tuple[PartStep, ...], PartReader | None]:
    """Return what may hold parts in a class, and a function that reads all of it at once."""
    steps = tuple(step for step, _ in held_parts(kind))
    return steps, reader([step.attribute for step in steps]) if steps else None


def collect(record: Part) -> Index:
    """Find every part of a record, the record itself included, in one walk."""
    index: Index = defaultdict(list)
    _collect(record, "", index)
    return index


def _collect(part: Part, place: str, found: Index) -> None:
    kind = type(part)
    found[kind].append((part, place))
    steps, read = _steps(kind)
    for step, value in zip(steps, read(part) if read else (), strict=True):
        if value and step.many:
            for number, inner in enumerate(value):
                _collect(inner, f"{place}/{step.name}/{number}", found)
        elif value:
            _collect(value, f"{place}/{step.name}", found)


def raw_parts(
    document: Mapping[str, Any], kind: type[Part], wanted: type[Part]
) -> Iterator[tuple[Any, str]]:
    """Yield what stands where a kind of part should be, in a record not read into parts."""
    for path in paths_to(kind, wanted):
        yield from _along(document, path, "")


def _along(start: Any, path: PartPath, place: str) -> Iterator[tuple[Any, str]]:
    if not path:
        yield start, place
        return
    step, *rest = path
    held, here = start.get(step.name) if isinstance(start, dict) else None, f"{place}/{step.name}"
    if step.many:
        for number, part in enumerate(held if isinstance(held, list) else ()):
            yield from _along(part, tuple(rest), f"{here}/{number}")
    elif held is not None:
        yield from _along(held, tuple(rest), here)
