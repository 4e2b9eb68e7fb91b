"""Conditions in words: when a question has to be answered, for a form on which it always stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from eh_interop.standard.code_lists import titles
from eh_interop.standard.fields import Kind
from eh_interop.standard.views import ViewField, load_view

_OPENS: Final = "\N{LEFT SINGLE QUOTATION MARK}"
_CLOSES: Final = "\N{RIGHT SINGLE QUOTATION MARK}"


def asked_if(record_type: str, one: ViewField) -> str:
    """Return when a question is asked, in brackets; empty if it always is."""
    labels = _fields(record_type)
    parts = [_said(labels[place], values) for place, values in one.when.items()]
    return f"(if {' and '.join(parts)})" if parts else ""


def _fields(record_type: str) -> Mapping[str, ViewField]:
    return {one.place: one for one in load_view(record_type).fields()}


def _said(one: ViewField, values: tuple[Any, ...]) -> str:
    label = one.field.title
    words = [_word(one, value) for value in values]
    *most, last = [f"{_OPENS}{word}{_CLOSES}" for word in words]
    listed = f"{', '.join(most)} or {last}" if most else last
    return f"{label[0].lower()}{label[1:]} is {listed}"


def _word(one: ViewField, value: Any) -> str:
    if one.field.kind is Kind.CODE:
        return titles(one.field.code_list).get(value, str(value))
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
