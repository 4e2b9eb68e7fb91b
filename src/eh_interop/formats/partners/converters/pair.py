"""A converter: a value there and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Pair:
    """From a partner's cell to our value, and back.

    Attributes:
        title: what it does, for ``mapping show``.
        read: theirs to ours; None for nothing. It may raise ``MisreadError``.
        write: ours to theirs. ``read(write(value))`` is ``value``.
        several: it makes a list, of which each entry is added.
        fields: the fields that it fills, if it makes a group.
    """

    title: str
    read: Callable[[Any], Any]
    write: Callable[[Any], Any]
    several: bool = False
    fields: tuple[str, ...] = ()
