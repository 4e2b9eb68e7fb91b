"""A genogram as SVG: symbols, lines, outlines, words. The drawing stands in ``drawing.jinja``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from textwrap import wrap
from typing import Final

from eh_interop.core.pages import page
from eh_interop.genogram.bridges import RADIUS, with_bridges
from eh_interop.genogram.description import described, description
from eh_interop.genogram.family import WORDS, Family, Member, join_names
from eh_interop.genogram.layout import PITCH, SIZE, GenogramLayout, Point, lay_out
from eh_interop.genogram.letters import measure
from eh_interop.genogram.lines import (
    SLASHES,
    DrawnLine,
    Outline,
    couple_lines,
    descent_lines,
    outlines,
    pieces,
)
from eh_interop.standard.code_lists import titles

MARGIN: Final = 84.0
_TOP: Final = 34.0
_TAG_LINES: Final = 2
_LETTERS, _NAME = 13.0, 14.0
"""How high letters are: below the drawing, and of a name."""
_TAG_LETTERS: Final = 16
"""How many letters of a tag stand side by side."""
_ROOM: Final = PITCH - 6.0
"""How wide the words at a person may be."""
_INDENT: Final = 72.0
"""From the edge of the drawing to the words of the key, and the same room behind them."""
_SECOND: Final = 400.0
"""Where the second column of the key begins."""
COLOURS: Final = ("#1d70b8", "#85280f", "#00613c", "#4c2c92")
_NOT_DRAWN: Final = "Some relationships contradict each other and are not drawn. They are listed."
_KEY_ROW: Final = 22.0


def draw(
    family: Family,
    *,
    title: str = "Genogram",
    prefix: str = "genogram",
    notes: Sequence[str] = (),
) -> str:
    """Draw a family as SVG: one document, without scripts and without anything to load.

    Args:
        family: who is drawn.
        title: the accessible name of the drawing.
        prefix: what its ids begin with, so that several drawings fit on one page.
        notes: sentences to put below it.
    """
    layout = lay_out(family)
    couples, middles = couple_lines(family, layout)
    descent, undrawn = descent_lines(family, layout, middles)
    lines = [*couples, *descent]
    areas = list(outlines(family.homes, layout))
    key = [*_people_of_key(family), *_lines_of_key(family, {line.kind for line in lines})]
    width = max(layout.width + 2 * MARGIN, 560.0, _key_width([words for *_, words in key], areas))
    sentences = (*notes, *((_NOT_DRAWN,) if undrawn else ()))
    remarks = [
        line for words in sentences for line in wrap(words, int((width - 40) / (0.72 * _LETTERS)))
    ]
    below = _TOP + layout.height + 22.0
    rows = (len(key) + 1) // 2 + len(areas) + len(remarks)
    return page(
        "genogram/drawing.jinja",
        n=_number,
        points=_points_text,
        pieces=pieces,
        prefix=prefix,
        title=title,
        words=" ".join((description(family), *notes)),
        style=_style(),
        colours=COLOURS,
        width=width,
        height=below + _KEY_ROW * rows + 8.0,
        top=_TOP,
        below=below,
        shift=(width - layout.width) / 2,
        second=_SECOND,
        size=SIZE,
        areas=areas,
        lines=[(line.kind, _path(line, over)) for line, over in with_bridges(lines)],
        letters=_letters,
        usual=_NAME,
        people=[_person(family, layout, member) for member in family.members.values()],
        remarks=remarks,
        key=key,
    )


def _key_width(key: Sequence[str], areas: Iterable[Outline]) -> float:
    """Return how wide the key is: homes stand in one column, symbols and lines in two."""
    homes = (measure(f"Home: {area.name}", _LETTERS) for area in areas)
    columns = (number % 2 * _SECOND + measure(words, _LETTERS) for number, words in enumerate(key))
    return max((*columns, *homes), default=0.0) + _INDENT


def _letters(name: str) -> float:
    """Return how high the letters of a name are: a long one may not run into its neighbour's."""
    return min(_NAME, _NAME * _ROOM / (measure(name, _NAME) or 1.0))


def _path(line: DrawnLine, bridges: Sequence[Sequence[Point]]) -> str:
    """Write a line as a path which steps over the lines that it crosses."""
    x, y = line.points[0]
    text = [f"M{_number(x)} {_number(y)}"]
    for (start, _), (x, y), over in zip(line.points[:-1], line.points[1:], bridges, strict=True):
        way = 1 if x >= start else -1
        for middle, high in over:
            near, far = middle - way * RADIUS, middle + way * RADIUS
            arc = f"A{RADIUS} {RADIUS} 0 0 {int(way > 0)} {_number(far)} {_number(high)}"
            text.append(f"L{_number(near)} {_number(high)}{arc}")
        text.append(f"L{_number(x)} {_number(y)}")
    return "".join(text)


def _style() -> str:
    lines = Path(__file__).with_name("genogram.css").read_text(encoding="utf-8")
    return "".join(lines.splitlines())


@dataclass(frozen=True, slots=True)
class DrawnPerson:
    """A person, where the symbol stands, and what is written at it."""

    member: Member
    at: Point
    facts: str
    tags: list[str]


def _person(family: Family, layout: GenogramLayout, member: Member) -> DrawnPerson:
    facts = ", ".join(described(member))
    return DrawnPerson(member, layout.at[member.id], facts, _tags(family, member))


def _tags(family: Family, member: Member) -> list[str]:
    """Return for whom a person has responsibility, or how someone without lines is related."""
    held = family.holders.get(member.id, ())
    index = [person.id for person in family.members.values() if person.index]
    if held and set(held) >= set(index):
        return ["PR"]
    if held:
        tags = wrap(f"PR: {', '.join(family.members[child].name for child in held)}", _TAG_LETTERS)
        return tags if len(tags) <= _TAG_LINES else [f"PR for {len(held)} of {len(index)}"]
    if member.index or _has_lines(family, member.id):
        return []
    links = [link for link in family.links if link.person == member.id]
    if not links:
        return []
    kind = titles("relationship-type").get(links[0].kind, "")
    whom = join_names(
        family.members[link.other].name for link in links if link.kind == links[0].kind
    )
    return wrap(f"{kind}: {whom}", _TAG_LETTERS, max_lines=_TAG_LINES, placeholder=" …")


def _has_lines(family: Family, person: str) -> bool:
    return any(person in (*group.parents, *group.children) for group in family.sibships) or any(
        person in couple.pair for couple in family.couples
    )


def _number(value: float) -> str:
    """Write a length: to a tenth of a pixel, without a needless end."""
    # Adding 0 turns "minus nothing" into nothing.
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


def _points_text(points: Iterable[Point]) -> str:
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in points)


KeyEntry = tuple[str, "Member | str | int", str]
"""A kind of picture, what it shows, and what that means."""


def _people_of_key(family: Family) -> Iterator[KeyEntry]:
    people = family.members.values()
    if any(person.index for person in people):
        yield "person", _small("not known", index=True), "Double outline: child of this record"
    for sex, words in (("male", "Male"), ("female", "Female"), ("not known", "Sex not known")):
        if any(person.sex == sex and not person.unborn for person in people):
            yield "person", _small(sex), words
    if any(person.unborn for person in people):
        yield "person", _small("not known", unborn=True), "Not born yet"
    if any(person.deceased for person in people):
        yield "person", _small("not known", deceased=True), "Has died"
    if any(person.age.startswith("about") for person in people):
        yield "letters", "c", "About: the age is a guess"


def _small(
    sex: str, *, index: bool = False, unborn: bool = False, deceased: bool = False
) -> Member:
    return Member("", "", sex, "", index, unborn, deceased, date.max)


def _lines_of_key(family: Family, kinds: set[str]) -> Iterator[KeyEntry]:
    for kind, words in WORDS["lines"].items():
        if kind in kinds:
            yield "line", kind, words
    states = {couple.state for couple in family.couples}
    for state, words in WORDS["states"].items():
        if state in states:
            yield "slashes", SLASHES[state], words
    if family.holders:
        yield "letters", "PR", "Has parental responsibility"
