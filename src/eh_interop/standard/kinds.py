"""Whether a value is of the kind that its field holds. Of a moment a day may be all we need."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from eh_interop.standard.code_lists import titles
from eh_interop.standard.fields import Field, Kind

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PARTIAL: Final = re.compile(r"[0-9]{4}(-[0-9]{2})?")
_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2})"
)


def fitted(value: Any, field: Field) -> Any:
    """Return a value as its field holds it; None if it cannot.

    Of a moment a field for a day keeps the day. A year or a month is no day.
    """
    test = _TESTS.get(field.kind)
    if field.kind is Kind.DATE:
        return _day(value)
    if field.kind is Kind.CODE:
        return value if isinstance(value, str) and value in titles(field.code_list) else None
    return value if test is not None and test(value) else None


def is_partial(value: Any) -> bool:
    """Tell whether a value is a year or a month, where a day is wanted."""
    return isinstance(value, str) and _PARTIAL.fullmatch(value) is not None


def is_moment(value: str) -> bool:
    """Tell whether a text is a date and time with its zone, and exists."""
    if _MOMENT.fullmatch(value) is None:
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _day(value: Any) -> str | None:
    if not isinstance(value, str) or not (_DAY.fullmatch(value) or is_moment(value)):
        return None
    try:
        date.fromisoformat(value[:10])
    except ValueError:  # 30 February
        return None
    return value[:10]


def _is_number(value: Any, *, whole: bool) -> bool:
    kinds = int if whole else (int, float)
    return isinstance(value, kinds) and not isinstance(value, bool)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


_TESTS: Final[Mapping[Kind, Callable[[Any], bool]]] = {
    Kind.DATE_TIME: lambda value: isinstance(value, str) and is_moment(value),
    Kind.BOOLEAN: lambda value: isinstance(value, bool),
    Kind.INTEGER: lambda value: _is_number(value, whole=True),
    Kind.DECIMAL: lambda value: _is_number(value, whole=False),
    Kind.TEXT: _is_text,
    Kind.LINE: _is_text,
    Kind.GROUP: lambda value: isinstance(value, Mapping),
}


def is_sound(value: Any, field: Field) -> bool:
    """Tell whether a record, or a part of one, is all of the kinds that its fields hold.

    What the schema says beyond that (patterns, limits) is not looked at.
    """
    if field.kind is Kind.LOCAL:
        return True
    if field.kind is Kind.REASONS:
        return isinstance(value, Mapping)
    if field.kind is not Kind.GROUP:
        return bool(fitted(value, field) == value)
    if not isinstance(value, Mapping):
        return False
    known = {inner.name: inner for inner in field.fields}
    if any(inner.required and inner.name not in value for inner in field.fields):
        return False
    return all(name in known and _all_sound(part, known[name]) for name, part in value.items())


def _all_sound(value: Any, field: Field) -> bool:
    if not field.repeats:
        return is_sound(value, field)
    return isinstance(value, list) and all(is_sound(part, field) for part in value)
