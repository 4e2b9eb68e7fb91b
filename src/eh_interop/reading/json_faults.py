"""What is wrong with a JSON text, in plain English: why orjson refused it, or what it lost.

orjson's own words are only looked up here, never passed on. One that is not
known (another version may word it differently) becomes *not-json*.
"""

from __future__ import annotations

import re
import tomllib
from itertools import takewhile
from pathlib import Path
from typing import Any, Final

import orjson

from eh_interop.core.findings import Finding, Origin
from eh_interop.core.pointer import Step, Steps, join
from eh_interop.reading.encodings import (
    lone_surrogate,
    narrow_finding,
    wide_encoding,
    wide_finding,
)
from eh_interop.reading.faults import Fault, Unit
from eh_interop.reading.json_positions import (
    BLANK,
    duplicate_keys,
    huge_integers,
    may_have_duplicate_keys,
    may_have_huge_integers,
    origin_of,
)

_ENDS_EARLY: Final = "unexpected end of data"
_SURROGATES: Final = frozenset(
    {
        "no low surrogate in string",
        "invalid low surrogate in string",
        "invalid high surrogate in string",
    }
)
_TOO_DEEP: Final = frozenset({"depth limit exceeded", "Recursion limit reached"})
_INFINITE: Final = "number is infinity when parsed as double"
_NOT_A_NUMBER = re.compile(r"[+-]?(?:nan|inf(?:inity)?)(?![a-z0-9_])", re.IGNORECASE)

_HINTS: Final[dict[str, str]] = tomllib.loads(
    Path(__file__).with_name("json_hints.toml").read_text("utf-8")
)["hints"]
_NO_HINT: Final = "This is not JSON: it cannot be understood from here on."


def diagnose(data: bytes, first_line: int, unit: Unit) -> Finding:
    """Say why ``data`` could not be read.

    Args:
        data: what orjson refused, without byte order mark.
        first_line: the line of the source on which ``data`` begins.
        unit: what ``data`` is.
    """
    # With a line break at the end, half a word or text would not look cut off.
    data = data.rstrip(BLANK.encode())
    if not data:
        return empty()
    if wide := wide_encoding(data):
        return wide_finding(wide, first_line)
    if narrow := narrow_finding(data, first_line, unit):
        return narrow
    words, offset = _complaint(data)
    text = data.decode()
    if words == _ENDS_EARLY:
        message = f"The {unit} ends before the record is complete."
        return Fault.TRUNCATED.finding(message, origin_of(text, len(text), first_line))
    # orjson points behind the sign of -Infinity.
    start = offset - 1 if text[offset - 1 : offset] == "-" else offset
    if _NOT_A_NUMBER.match(text, start):
        message = "NaN or Infinity is not a number in JSON: leave the property out."
        return Fault.NOT_A_NUMBER.finding(message, origin_of(text, start, first_line))
    return _by_words(words, origin_of(text, offset, first_line))


def _complaint(data: bytes) -> tuple[str, int]:
    """Return orjson's message, and its position in characters."""
    try:
        orjson.loads(data)
    except orjson.JSONDecodeError as error:
        return error.msg, error.pos
    return "", 0


def _by_words(words: str, origin: Origin) -> Finding:
    if words == _INFINITE:
        return number_too_large(origin)
    if words in _SURROGATES:
        return lone_surrogate(origin)
    if words in _TOO_DEEP:
        message = "Objects and lists stand too deep inside each other here."
        return Fault.NESTED_TOO_DEEPLY.finding(message, origin)
    return Fault.NOT_JSON.finding(_HINTS.get(words, _NO_HINT), origin)


def empty() -> Finding:
    """Say that nothing stands in the file."""
    return Fault.EMPTY.finding("The file is empty.")


def number_too_large(origin: Origin) -> Finding:
    """Say that a number cannot be kept exactly."""
    message = "A number is too large to be kept exactly: put it in quotation marks if it is a code."
    return Fault.NUMBER_TOO_LARGE.finding(message, origin)


MAX_REPEATS: Final = 100
"""Findings of one kind that are listed for one record; one more says that there are others."""

_SAFE_NAME = re.compile(r"[a-z][A-Za-z0-9]{0,63}")


def losses(data: bytes, document: Any, first_line: int) -> list[Finding]:
    """List what was lost when ``data`` became ``document``: repeated properties, huge numbers.

    Args:
        data: JSON in UTF-8, without byte order mark.
        document: what ``orjson.loads(data)`` returned.
        first_line: the line of the source on which ``data`` begins.
    """
    repeats = may_have_duplicate_keys(data, document)
    huge = may_have_huge_integers(data)
    if not repeats and not huge:
        return []
    text = data.decode()
    findings = _duplicate_fields(text, first_line) if repeats else []
    return findings + (_huge_numbers(text, first_line) if huge else [])


def _duplicate_fields(text: str, first_line: int) -> list[Finding]:
    message = "A property stands twice in the same object: only the last one was kept."
    findings = [
        Fault.DUPLICATE_FIELD.finding(message, origin, join(safe_steps(steps)))
        for steps, origin in duplicate_keys(text, first_line, most=MAX_REPEATS + 1)
    ]
    return _shortened(
        findings, Fault.DUPLICATE_FIELD, "More properties stand twice than are listed."
    )


def _huge_numbers(text: str, first_line: int) -> list[Finding]:
    at = huge_integers(text, first_line, most=MAX_REPEATS + 1)
    findings = [number_too_large(origin) for origin in at]
    return _shortened(
        findings, Fault.NUMBER_TOO_LARGE, "More numbers are too large than are listed."
    )


def _shortened(found: list[Finding], fault: Fault, message: str) -> list[Finding]:
    if len(found) <= MAX_REPEATS:
        return found
    return [*found[:MAX_REPEATS], fault.finding(message)]


def safe_steps(steps: Steps) -> Steps:
    """Cut a place before the first step that does not look like a property of the standard.

    A source may use anything as a property name, even the name of a person.
    """
    return tuple(takewhile(_is_safe, steps))


def _is_safe(step: Step) -> bool:
    return isinstance(step, int) or bool(_SAFE_NAME.fullmatch(step))
