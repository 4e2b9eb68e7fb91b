"""Answers as values of fields: what the kind of a field asks for, read from what people write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from eh_interop.core.pointer import Steps
from eh_interop.formats._shared.forms.answers import FormAnswer
from eh_interop.formats._shared.forms.form_record import FormRecord
from eh_interop.formats._shared.forms.said import (
    REFERENCE,
    absence_of,
    code_of,
    find_date,
    find_time,
    yes_or_no,
)
from eh_interop.standard.fields import Field, Kind

_YES_NO: Final = "yes-no-unknown"
_NUMBER: Final = re.compile(r"\D*(\d{1,6}(?:\.\d+)?)\D*")
_ITEM: Final = re.compile(r"^\W*(?:\(?\d{1,2}[.):]|[a-z][.)]|[\u2022\u25cf\u00b7*\-\u2013])\s*")
LOOSELY: Final = 0.8
"""How much surer an answer is that is read as a whole than one of which a part is left."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value that was read, and whether something of the answer is left."""

    value: Any
    rest: str = ""


def put_answer(
    draft: FormRecord, steps: Steps, answer: FormAnswer, confidence: float, year: int
) -> bool:
    """Put an answer in a place, as its field asks for.

    Returns:
        Whether all of it was read. *N/A* is read: there is nothing to keep.
    """
    held = draft.field(steps)
    if held is None or REFERENCE.fullmatch(answer.said):
        return False
    if reason := _absence(answer, held):
        return reason == "not-applicable" or put_absence(draft, steps, reason, answer, confidence)
    if steps[-1] == "+" or held.repeats:
        return _put_items(draft, steps, held, answer, confidence)
    read = read_value(held, answer, year)
    if read is None:
        return False
    sure = confidence * (LOOSELY if read.rest else 1)
    return draft.put(steps, read.value, answer.origin, sure) and not read.rest


def put_absence(
    draft: FormRecord, steps: Steps, reason: str, answer: FormAnswer, confidence: float
) -> bool:
    """Say why a value is missing, beside where it would be."""
    place = (*steps[:-1], "absent")
    if draft.field(place) is None or draft.get(steps) is not None:
        return False
    return draft.put((*place, str(steps[-1])), reason, answer.origin, confidence)


def _absence(answer: FormAnswer, held: Field) -> str:
    reason = "" if answer.options else absence_of(answer.text)
    if held.code_list == _YES_NO and reason != "not-applicable":
        return ""
    own = held.kind is Kind.CODE and bool(code_of(answer.text, held.code_list))
    return "" if own and reason != "not-applicable" else reason


def read_value(held: Field, answer: FormAnswer, year: int) -> Value | None:
    """Read an answer as the kind of a field asks; None if it cannot be read so."""
    text = answer.said
    if held.kind is Kind.BOOLEAN or held.code_list == _YES_NO:
        return _answer_to(held, text)
    if held.kind is Kind.CODE:
        code = code_of(text, held.code_list)
        return Value(code) if code else None
    if held.kind is Kind.DATE:
        day, rest = find_date(answer.code or text, year)
        return Value(day, "" if answer.code else _left_of_date(rest)) if day else None
    if held.kind in {Kind.INTEGER, Kind.DECIMAL}:
        return _number(text)
    kept = {Kind.LINE: " ".join(text.split()), Kind.TEXT: text}.get(held.kind)
    return Value(kept) if kept else None


def _answer_to(held: Field, text: str) -> Value | None:
    reply, rest = yes_or_no(text)
    if held.kind is Kind.CODE:
        return Value(reply, rest) if reply else None
    return Value(reply == "yes", rest) if reply in {"yes", "no"} else None


def _number(text: str) -> Value | None:
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    return Value(float(match[1]) if "." in match[1] else int(match[1]))


def _left_of_date(rest: str) -> str:
    """Return what stands beside a day, but not the day of the week or the time."""
    plain = re.sub(r"\b(mon|tue|wed|thu|fri|sat|sun)[a-z]*\b", "", rest, flags=re.IGNORECASE)
    if time := find_time(plain):
        hour, minute = time.split(":")
        plain = re.sub(
            rf"\b(at )?(0?{int(hour)}|\d{{1,2}})[:.]{minute}(:\d\d)?\s?(am|pm)?", "", plain
        )
    return plain.strip(" ,.-")


def _put_items(
    draft: FormRecord, steps: Steps, held: Field, answer: FormAnswer, confidence: float
) -> bool:
    """Add each item of an answer to a list: boxes that are ticked, lines, or parts."""
    steps = steps if steps[-1] == "+" else (*steps, "+")
    if held.kind is not Kind.CODE:
        for item in items_of(answer):
            draft.put(steps, item, answer.origin, confidence)
        return True
    unread = False
    parts = [*answer.ticked, *([answer.text] if answer.text else [])]
    for part in parts:
        codes = list(_codes(part, held.code_list))
        unread = unread or not codes or "" in codes
        for code in filter(None, codes):
            draft.put(steps, code, answer.origin, confidence)
    return not unread


def _codes(text: str, code_list: str) -> Iterator[str]:
    whole = code_of(text, code_list)
    if whole:
        yield whole
        return
    for part in re.split(r"[,;\n/]|\band\b", text):
        if part.strip():
            yield code_of(part, code_list)


def items_of(answer: FormAnswer) -> list[str]:
    """Return the items of a list that is written in lines, without their numbers."""
    lines = answer.said.split("\n")
    return [item for line in lines if (item := _ITEM.sub("", line).strip())]
