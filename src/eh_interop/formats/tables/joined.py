r"""Several values in one cell, and reasons in one cell: easy to read and to type, and exact.

A list of plain values stands in one cell, set apart by a semicolon and a blank:
``Romani; Polish``. Inside a value, a backslash stands before a semicolon, before
another backslash, and before a blank or line break with which the value begins
or ends. Reading takes blanks around a semicolon away, unless a backslash
protects them. Reasons for absence are ``field=reason``, set apart in the same
way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

BLANKS: Final = " \t\r\n"
"""What the standard calls blank; other spaces are characters like any other."""
SEPARATOR: Final = "; "

_SPECIAL: Final = re.compile(r"[\\;]")
_EDGE: Final = re.compile(r"\A[ \t\r\n]+|[ \t\r\n]+\Z")
_TOKENS: Final = re.compile(r"\\(.)|(;)|([^\\;]+)|(\\)", re.DOTALL)


def joined(values: Iterable[str]) -> str:
    """Write several values into one cell."""
    return SEPARATOR.join(map(_escaped, values))


def _escaped(value: str) -> str:
    text = _SPECIAL.sub(r"\\\g<0>", value)
    return _EDGE.sub(lambda found: "".join(f"\\{each}" for each in found[0]), text)


def parted(cell: str) -> list[str]:
    """Read the values of one cell. Parts that are blank are no values."""
    if "\\" not in cell:
        parts = (part.strip(BLANKS) for part in cell.split(";"))
        return [part for part in parts if part]
    return [part for part in map(_plain, _split(cell)) if part]


def _split(cell: str) -> Iterable[list[tuple[str, bool]]]:
    """Yield the pieces of each part; those that a backslash protects are marked."""
    part: list[tuple[str, bool]] = []
    for protected, separator, text, lone in _TOKENS.findall(cell):
        if separator:
            yield part
            part = []
        elif protected:
            part.append((protected, True))
        else:
            part.append((text or lone, False))
    yield part


def _plain(part: list[tuple[str, bool]]) -> str:
    if part and not part[0][1]:
        part[0] = (part[0][0].lstrip(BLANKS), False)
    if part and not part[-1][1]:
        part[-1] = (part[-1][0].rstrip(BLANKS), False)
    return "".join(text for text, _ in part)


def reasons_joined(reasons: Mapping[str, str]) -> str:
    """Write the reasons of an ``absent`` into one cell."""
    return SEPARATOR.join(f"{name}={why}" for name, why in reasons.items())


def reasons_parted(cell: str) -> dict[str, str]:
    """Read the reasons of one cell.

    Raises:
        ValueError: a reason is not written ``field=reason``, or a field is named twice.
    """
    reasons: dict[str, str] = {}
    for part in parted(cell):
        name, sign, why = (each.strip(BLANKS) for each in part.partition("="))
        if not sign or not name or not why or name in reasons:
            raise ValueError("not a list of field=reason")
        reasons[name] = why
    return reasons
