"""Finding parts: where in a record every consent, child or date stands.

The ways to a kind of part are worked out once from the classes of the model,
so that a check goes only where such parts can be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple, TypeVar, get_args, get_type_hints

import msgspec

from eh_interop.model import Part

P = TypeVar("P", bound=Part)


class Step(NamedTuple):
    """One step towards a part."""

    attribute: str
    name: str
    many: bool


Way = tuple[Step, ...]


@cache
def ways(start: type[Part], wanted: type[Part]) -> tuple[Way, ...]:
    """Return every way from a class to the places where a kind of part can stand."""
    found: list[Way] = [()] if issubclass(start, wanted) else []
    for step, kind in _held(start):
        found += ((step, *way) for way in ways(kind, wanted))
    return tuple(found)


@cache
def _held(kind: type[Part]) -> tuple[tuple[Step, type[Part]], ...]:
    hints = get_type_hints(kind)
    held = []
    for each in msgspec.structs.fields(kind):
        part, many = _part_type(hints[each.name])
        if part is not None:
            held.append((Step(each.name, each.encode_name, many), part))
    return tuple(held)


def _part_type(hint: Any) -> tuple[type[Part] | None, bool]:
    if isinstance(hint, type) and issubclass(hint, Part):
        return hint, False
    for inner in get_args(hint):
        part, _ = _part_type(inner)
        if part is not None:
            return part, getattr(hint, "__origin__", None) is tuple
    return None, False


def parts(record: Part, wanted: type[P]) -> Iterator[tuple[P, str]]:
    """Yield every part of a kind in a record, with its place."""
    for way in ways(type(record), wanted):
        yield from _along(record, way, "", _attribute)


def raw_parts(
    document: Mapping[str, Any], kind: type[Part], wanted: type[Part]
) -> Iterator[tuple[Any, str]]:
    """Yield what stands where a kind of part should be, in a record not read into parts."""
    for way in ways(kind, wanted):
        yield from _along(document, way, "", _entry)


def _attribute(part: Any, step: Step) -> Any:
    return getattr(part, step.attribute)


def _entry(value: Any, step: Step) -> Any:
    return value.get(step.name) if isinstance(value, dict) else None


def _along(
    start: Any, way: Way, place: str, get: Callable[[Any, Step], Any]
) -> Iterator[tuple[Any, str]]:
    if not way:
        yield start, place
        return
    step, *rest = way
    held, here = get(start, step), f"{place}/{step.name}"
    if step.many:
        for number, each in enumerate(held if isinstance(held, list | tuple) else ()):
            yield from _along(each, tuple(rest), f"{here}/{number}", get)
    elif held is not None:
        yield from _along(held, tuple(rest), here, get)
