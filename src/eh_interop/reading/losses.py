"""What orjson reads without complaint, but not as it was written."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Any, Final

from eh_interop.core.findings import Finding
from eh_interop.core.pointer import Step, Steps, join
from eh_interop.reading.diagnosis import number_too_large
from eh_interop.reading.duplicates import duplicate_keys, may_have_duplicate_keys
from eh_interop.reading.faults import Fault
from eh_interop.reading.numbers import huge_integers, may_have_huge_integers

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
    found = _duplicate_fields(text, first_line) if repeats else []
    return found + (_huge_numbers(text, first_line) if huge else [])


def _duplicate_fields(text: str, first_line: int) -> list[Finding]:
    message = "A property stands twice in the same object: only the last one was kept."
    found = [
        Fault.DUPLICATE_FIELD.finding(message, origin, join(safe_steps(steps)))
        for steps, origin in duplicate_keys(text, first_line, most=MAX_REPEATS + 1)
    ]
    return _shortened(found, Fault.DUPLICATE_FIELD, "More properties stand twice than are listed.")


def _huge_numbers(text: str, first_line: int) -> list[Finding]:
    at = huge_integers(text, first_line, most=MAX_REPEATS + 1)
    found = [number_too_large(origin) for origin in at]
    return _shortened(found, Fault.NUMBER_TOO_LARGE, "More numbers are too large than are listed.")


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
