"""The symbols of a genogram, and the key that explains those which a drawing uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from html import escape
from typing import Final

from eh_interop.genogram.family import Family, Member
from eh_interop.genogram.layout import SIZE, Point
from eh_interop.genogram.lines import SLASHES, DrawnLine

_INSET: Final = 5.0
KEY_ROW: Final = 22.0
_LINES: Final = {
    "married": "Married or civil partners",
    "partners": "Partners",
    "unstated": "Parents; relationship not recorded",
    "adoptive": "Adopted (line to a child)",
    "foster": "Fostered (line to a child)",
    "guardian": "Guardian (line to a child)",
}
_STATES: Final = {"separated": "Separated", "divorced": "Divorced", "ended": "Ended"}


def number(value: float) -> str:
    """Write a length: to a tenth of a pixel, without a needless end."""
    # Adding 0 turns "minus nothing" into nothing.
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


def points_text(points: Iterable[Point]) -> str:
    """Write points for a polygon or a line."""
    return " ".join(f"{number(x)},{number(y)}" for x, y in points)


def symbol(member: Member, x: float, y: float, size: float = SIZE) -> str:
    """Draw a person: doubled for the children of the record, crossed for those who have died."""
    half = size / 2
    drawn = [_shape(member, x, y, half)]
    if member.index:
        drawn.append(_shape(member, x, y, half - min(_INSET, half / 2)))
    if member.deceased:
        drawn.append(
            f'<path class="line" d="M{number(x - half)} {number(y - half)}L{number(x + half)} '
            f"{number(y + half)}M{number(x - half)} {number(y + half)}L{number(x + half)} "
            f'{number(y - half)}"/>\n'
        )
    if member.age:
        # "about 30" does not fit into a symbol.
        short = member.age.replace("about ", "c ")
        drawn.append(
            f'<text class="name" x="{number(x)}" y="{number(y + 5)}">{escape(short)}</text>\n'
        )
    return "".join(drawn)


def _shape(member: Member, x: float, y: float, half: float) -> str:
    if member.unborn:
        # Smaller, as is usual; the middle of its weight is where the others have theirs.
        triangle = ((x, y - half), (x + half, y + half * 0.8), (x - half, y + half * 0.8))
        return f'<polygon class="shape" points="{points_text(triangle)}"/>\n'
    if member.sex == "male":
        return (
            f'<rect class="shape" x="{number(x - half)}" y="{number(y - half)}" '
            f'width="{number(2 * half)}" height="{number(2 * half)}"/>\n'
        )
    if member.sex == "female":
        return f'<circle class="shape" cx="{number(x)}" cy="{number(y)}" r="{number(half)}"/>\n'
    diamond = ((x, y - half), (x + half, y), (x, y + half), (x - half, y))
    return f'<polygon class="shape" points="{points_text(diamond)}"/>\n'


def key_of(family: Family, lines: Iterable[DrawnLine]) -> list[tuple[str, str]]:
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
    for state, words in _STATES.items():
        if state in states:
            yield _slashed(SLASHES[state]), words
    if family.holders:
        yield '<text class="name" x="6" y="12">PR</text>', "Has parental responsibility"


def key_height(entries: int, homes: int, notes: int) -> float:
    """Return the height of the key."""
    return KEY_ROW * ((entries + 1) // 2 + homes + notes) + 8.0


def _small(sex: str, *, index: bool = False, unborn: bool = False, deceased: bool = False) -> str:
    member = Member("", "", sex, "", index, unborn, deceased, date.max)
    return symbol(member, 17, 8, 20 if index else 15)


def _slashed(strokes: int) -> str:
    lines = "".join(
        f'<polyline class="line" points="{12 + 6 * stroke},15 {20 + 6 * stroke},1"/>'
        for stroke in range(strokes)
    )
    return f'<polyline class="line" points="0,8 34,8"/>{lines}'
