"""JSON Pointer (RFC 6901): the way this toolkit says *where*.

A *place* is a JSON Pointer into a record, such as ``/children/0/name``. A
*pattern* is a pointer in which ``*`` stands for every entry of a list, such as
``/children/*/name``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Step = str | int
Steps = tuple[Step, ...]


def join(steps: Iterable[Step]) -> str:
    """Write steps as a pointer: ``("children", 0)`` becomes ``/children/0``."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)


def split(pointer: str) -> tuple[str, ...]:
    """Read a pointer into its steps, all as text: ``/children/0`` gives ``("children", "0")``.

    Raises:
        ValueError: the pointer is neither empty nor begins with ``/``.
    """
    if not pointer:
        return ()
    if not pointer.startswith("/"):
        raise ValueError("a JSON Pointer begins with /")
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer[1:].split("/"))


def steps_of(place: str) -> Steps:
    """Read a place in a record, list indexes as numbers: ``("children", 0)``."""
    return tuple(int(step) if step.isdigit() else step for step in split(place))


def resolve(document: Any, steps: Iterable[Step]) -> Any:
    """Return the value that stands at ``steps``.

    Raises:
        LookupError: nothing stands there.
    """
    value = document
    for step in steps:
        try:
            value = value[int(step) if isinstance(value, list) else step]
        except (ValueError, TypeError):
            raise LookupError("no such place") from None
    return value


def all_places(value: Any, steps: Steps = ()) -> Iterator[Steps]:
    """Yield the place of every value in a document that is neither an object nor a list."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from all_places(inner, (*steps, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from all_places(inner, (*steps, number))
    else:
        yield steps
