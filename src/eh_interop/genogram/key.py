"""The key below a genogram: only what the drawing uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from eh_interop.genogram.family import Family
from eh_interop.genogram.lines import Line
from eh_interop.genogram.people import Member
from eh_interop.genogram.symbols import symbol

ROW: Final = 22.0
_LINES: Final = {
    "married": "Married or civil partners",
    "partners": "Partners",
    "unstated": "Parents; relationship not recorded",
    "adoptive": "Adopted (line to a child)",
    "foster": "Fostered (line to a child)",
    "guardian": "Guardian (line to a child)",
}
_STATES: Final = {
    "separated": ("/", "Separated"),
    "divorced": ("//", "Divorced"),
    "ended": ("//", "Ended"),
}


def key_of(family: Family, lines: Iterable[Line]) -> list[tuple[str, str]]:
    """Return a picture (SVG) and words for everything that the drawing uses."""
    return [*_people(family), *_lines(family, {line.kind for line in lines})]


def _people(family: Family) -> Iterator[tuple[str, str]]:
    people = family.members.values()
    if any(person.index for person in people):
        yield _small("not known", index=True), "Double outline: child of this record"
    for sex, words in (("male", "Male"), ("female", "Female"), ("not known", "Sex not known")):
        if any(person.sex == sex and not person.unborn for person in people):
            yield _small(sex), words
    if any(person.unborn for person in people):
        yield _small("not known", unborn=True), "Not born yet"
    if any(person.deceased for person in people):
        yield _small("not known", deceased=True), "Has died"
    if any(person.age.startswith("about") for person in people):
        yield '<text class="name" x="12" y="12">c</text>', "About: the age is a guess"


def _lines(family: Family, kinds: set[str]) -> Iterator[tuple[str, str]]:
    for kind, words in _LINES.items():
        if kind in kinds:
            yield f'<polyline class="line {kind}" points="0,8 34,8"/>', words
    states = {couple.state for couple in family.couples}
    for state, (strokes, words) in _STATES.items():
        if state in states:
            yield _slashed(len(strokes)), words
    if family.holders:
        yield '<text class="name" x="6" y="12">PR</text>', "Has parental responsibility"


def key_height(entries: int, homes: int, notes: int) -> float:
    """Return the height of the key."""
    return ROW * ((entries + 1) // 2 + homes + notes) + 8.0


def _small(sex: str, *, index: bool = False, unborn: bool = False, deceased: bool = False) -> str:
    member = Member("", "", sex, "", index, unborn, deceased, date.max)
    return symbol(member, 17, 8, 20 if index else 15)


def _slashed(strokes: int) -> str:
    lines = "".join(
        f'<polyline class="line" points="{12 + 6 * each},15 {20 + 6 * each},1"/>'
        for each in range(strokes)
    )
    return f'<polyline class="line" points="0,8 34,8"/>{lines}'
