"""The fields of a record type as a tree: what a Questionnaire, its response and a model share.

A field's ``link`` is its path through the schemas without list indexes, such as
``children.name.family``. It is the ``linkId`` of the question and the path in the
logical model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, Final
from urllib.parse import urljoin

from eh_interop.core.uk_time import uk_day_of
from eh_interop.standard.code_lists import titles
from eh_interop.standard.schemas import CURRENT, Schema, load_standard


class Kind(StrEnum):
    """What a field holds, as the schema says it."""

    GROUP = "group"
    """An object of the standard."""
    TEXT = "text"
    """Text of several lines."""
    LINE = "string"
    """Text of one line, a local id or anything else in one string."""
    DATE = "date"
    DATE_TIME = "dateTime"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    DECIMAL = "decimal"
    CODE = "choice"
    """A code from one of the standard's lists."""
    REASONS = "reasons"
    """``absent``: names of missing fields, each with the reason."""
    LOCAL = "local"
    """``localData``: what an area or a system adds; kept as JSON."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record type.

    Attributes:
        name: the property's name; empty for the record itself.
        link: its path without list indexes; empty for the record itself.
        title: what people call it.
        description: what it means.
        kind: what it holds.
        repeats: it is a list.
        required: the schema requires it.
        code_list: the list its code is from; empty if it holds none.
        refers_to: the lists of the record that hold what its local id points to.
        fields: the fields of a group, in the order of the schema.
    """

    name: str
    link: str
    title: str
    description: str
    kind: Kind
    repeats: bool = False
    required: bool = False
    code_list: str = ""
    refers_to: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()

    def walk(self) -> Iterator[Field]:
        """Yield every field below this one, each group before what is in it."""
        for field in self.fields:
            yield field
            yield from field.walk()


@cache
def fields_of(record_type: str, version: str = CURRENT) -> Field:
    """Return the tree of a record type.

    Raises:
        StandardError: there is no such record type or version.
    """
    standard = load_standard(version)
    schema, base = standard.record_schema(record_type), standard.record_id(record_type)
    return Field(
        name="",
        link="",
        title=schema["title"],
        description=schema["description"],
        kind=Kind.GROUP,
        required=True,
        fields=tuple(_fields(schema, base, "", version)),
    )


def _fields(schema: Schema, base: str, above: str, version: str) -> Iterator[Field]:
    required = frozenset(schema.get("required", ()))
    for name, stated in schema["properties"].items():
        yield _field(name, stated, base, above, required=name in required, version=version)


def _field(
    name: str, stated: Schema, base: str, above: str, *, required: bool, version: str
) -> Field:
    standard = load_standard(version)
    held, holder = standard.follow(stated, base)
    inner, repeats = stated, held.get("type") == "array"
    if repeats:
        inner = held["items"]
        held, holder = standard.follow(inner, holder)
    link = f"{above}.{name}" if above else name
    kind = _kind(name, inner, held)
    return Field(
        name=name,
        link=link,
        title=stated.get("title") or held["title"],
        description=stated.get("description") or held.get("description", ""),
        kind=kind,
        repeats=repeats,
        required=required,
        code_list=_code_list(inner, holder) if kind is Kind.CODE else "",
        refers_to=tuple(stated.get("x-refersTo") or inner.get("x-refersTo", ())),
        fields=tuple(_fields(held, holder, link, version)) if kind is Kind.GROUP else (),
    )


_BY_NAME = {"absent": Kind.REASONS, "localData": Kind.LOCAL}
_BY_TYPE = {
    "object": Kind.GROUP,
    "boolean": Kind.BOOLEAN,
    "integer": Kind.INTEGER,
    "number": Kind.DECIMAL,
}
_BY_FORMAT = {"date": Kind.DATE, "date-time": Kind.DATE_TIME}


def _kind(name: str, stated: Schema, held: Schema) -> Kind:
    if name in _BY_NAME:
        return _BY_NAME[name]
    if held["type"] != "string":
        return _BY_TYPE[held["type"]]
    if "enum" in held:
        return Kind.CODE
    if "format" in held:
        return _BY_FORMAT[held["format"]]
    return Kind.TEXT if stated.get("$ref", "").endswith("/text") else Kind.LINE


def _code_list(stated: Schema, base: str) -> str:
    return urljoin(base, str(stated["$ref"])).rsplit("/", 1)[-1]


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
    """Return whether a value is a year or a month, where a day is wanted."""
    return isinstance(value, str) and _PARTIAL.fullmatch(value) is not None


def is_moment(value: str) -> bool:
    """Return whether a text is a date and time with its zone, and exists."""
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
        return date.fromisoformat(uk_day_of(value)).isoformat()
    except ValueError:  # 30 February
        return None


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
    """Return whether a record, or a part of one, is all of the kinds that its fields hold.

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
