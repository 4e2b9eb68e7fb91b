"""Which column of a file is meant by which row of a mapping."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from eh_interop.formats.partners.compiling import NUMBER
from eh_interop.formats.partners.plan import Plan, ReadyRow

_SPACES = re.compile(r"\s+")
_DECORATION: Final = " :*?."
_LOOKS_LIKE_DATA = re.compile(
    r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}|\d{6,}|@|\b[A-Za-z]{1,2}\d[\dA-Za-z]? ?\d[A-Za-z]{2}\b"
)


@dataclass(frozen=True, slots=True)
class Bound:
    """A row of the mapping and one column of the file.

    ``number``: of the entry, in a part with numbered columns; 1 in others.
    """

    row: ReadyRow
    index: int
    number: int = 1


@dataclass(frozen=True, slots=True)
class Matched:
    """The columns of a file.

    Attributes:
        bound: those that the mapping reads.
        missing: rows of the mapping for which there is none.
        unmapped: the indexes of columns that no row reads, and that are not given up.
        twice: the indexes of columns that have the heading of an earlier one.
    """

    bound: tuple[Bound, ...]
    missing: tuple[ReadyRow, ...]
    unmapped: tuple[int, ...]
    twice: tuple[int, ...]


def fold(heading: str) -> str:
    """Return a heading as it is compared: no capitals, single spaces, nothing around it."""
    text = unicodedata.normalize("NFKC", heading).casefold()
    return _SPACES.sub(" ", text).strip(_DECORATION)


def shown(heading: str) -> str:
    """Return a heading as it may be told: empty if it looks like data and not like a heading."""
    text = _SPACES.sub(" ", heading).strip()
    return "" if _LOOKS_LIKE_DATA.search(text) else text[:100]


def match(plan: Plan, headings: Sequence[str]) -> Matched:
    """Find the column of each row: by heading first, then by pattern."""
    folded = [fold(heading) for heading in headings]
    first: dict[str, int] = {}
    twice: list[int] = []
    for index, text in enumerate(folded):
        if text and first.setdefault(text, index) != index:
            twice.append(index)
    bound: list[Bound] = []
    left: list[ReadyRow] = []
    for row in plan.rows:
        found = _by_heading(row, first)
        bound += found
        if not found:
            left.append(row)
    taken = {each.index for each in bound}
    missing: list[ReadyRow] = []
    for row in left:
        found = _by_pattern(row, first, headings, taken) if row.row.pattern else []
        bound += found
        if not found:
            missing.append(row)
    return Matched(
        tuple(bound), tuple(missing), tuple(_unmapped(plan, headings, folded, bound)), tuple(twice)
    )


def _by_heading(row: ReadyRow, first: dict[str, int]) -> list[Bound]:
    found: list[Bound] = []
    for name in (row.row.theirs, *row.row.also):
        if NUMBER not in name:
            index = first.get(fold(name))
            if index is not None:
                found.append(Bound(row, index))
        else:
            found += _numbered(row, template(name), first)
        if found and row.part < 0:
            break
    unique = {each.number: each for each in reversed(found)}
    return sorted(unique.values(), key=lambda each: each.number)


def template(name: str) -> re.Pattern[str]:
    """Return what matches the folded headings of numbered columns."""
    before, _, after = name.partition(NUMBER)
    # Folded as a whole, so that a number at the end is not cut off.
    head, tail = (re.escape(part) for part in fold(f"{before}0{after}").split("0", 1))
    return re.compile(f"{head}0*(?P<n>[1-9][0-9]{{0,2}}){tail}")


def _numbered(row: ReadyRow, pattern: re.Pattern[str], first: dict[str, int]) -> list[Bound]:
    found = ((pattern.fullmatch(text), index) for text, index in first.items())
    return [Bound(row, index, int(match["n"])) for match, index in found if match]


def _by_pattern(
    row: ReadyRow, first: dict[str, int], headings: Sequence[str], taken: set[int]
) -> list[Bound]:
    pattern = re.compile(row.row.pattern, re.IGNORECASE)
    found: list[Bound] = []
    for index in first.values():
        match = pattern.fullmatch(_SPACES.sub(" ", headings[index]).strip())
        if match is None or index in taken:
            continue
        number = match.groupdict().get("n") if row.part >= 0 else None
        found.append(Bound(row, index, int(number) if number else 1))
        if number is None:
            break
    return found


def _unmapped(
    plan: Plan, headings: Sequence[str], folded: Sequence[str], bound: Sequence[Bound]
) -> list[int]:
    table = plan.table
    used = {each.index for each in bound}
    lost = {fold(each.theirs) for each in table.lost}
    return [
        index for index in range(len(headings)) if index not in used and folded[index] not in lost
    ]
