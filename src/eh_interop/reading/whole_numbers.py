"""Whole numbers that were written with a fraction of zero: ``3.0`` is 3.

JSON Schema counts such a number as an integer, and R, pandas, JavaScript and .NET write it. It
becomes a whole number when it is read, so that every layer and every format sees the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any, Final

import orjson

_MAY_HAVE_FRACTION: Final = re.compile(rb"[\[:,]\s*-?\d+(?:\.\d|[eE])")
_EXACT: Final = 2**53
"""Up to here every whole number is kept exactly where fractions are."""


def parse(data: bytes) -> Any:
    """Read JSON, with whole numbers as whole numbers.

    Raises:
        orjson.JSONDecodeError: it is not JSON.
    """
    document = orjson.loads(data)
    if _MAY_HAVE_FRACTION.search(data):
        _make_whole(document)
    return document


def with_whole_numbers(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document with whole numbers as whole numbers. What was given stays as it is."""
    if next(_fractions(document), None) is None:
        return document
    copied = deepcopy(document)
    _make_whole(copied)
    return copied


def whole(number: float) -> float:
    """Return a number as a whole number if it is one and can be kept exactly."""
    return int(number) if number.is_integer() and abs(number) <= _EXACT else number


def _make_whole(document: Any) -> None:
    for group, key in list(_fractions(document)):
        group[key] = int(group[key])


def _fractions(document: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the group and the key of each whole number that has a fraction."""
    left = [document] if isinstance(document, dict | list) else []
    while left:
        group = left.pop()
        pairs: Any = enumerate(group) if isinstance(group, list) else group.items()
        for key, value in pairs:
            if isinstance(value, dict | list):
                left.append(value)
            elif isinstance(value, float) and isinstance(whole(value), int):
                yield group, key
