"""A genogram as SVG: symbols, lines, outlines, words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from html import escape
from pathlib import Path
from textwrap import wrap
from typing import Final

from eh_interop.genogram.description import WORDS, described, description
from eh_interop.genogram.family import Family, Member, join_names
from eh_interop.genogram.layout import SIZE, GenogramLayout, Point, lay_out
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
_LETTER: Final = 7.2
_SECOND: Final = 300.0
"""Where the second column of the key begins."""
"""How wide a letter below the drawing is, at most on average."""
COLOURS: Final = ("#1d70b8", "#85280f", "#00613c", "#4c2c92")
_DASHES: Final = ("2 5", "7 5", "2 4 8 4", "12 4")
_NOT_DRAWN: Final = "Some relationships contradict each other and are not drawn. They are listed."
_INSET: Final = 5.0
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
    areas = list(outlines(family.homes, layout))
    key = _key_of(family, [*couples, *descent])
    remarks = (*notes, *((_NOT_DRAWN,) if undrawn else ()))
    width = max(layout.width + 2 * MARGIN, 560.0, _key_width(key, areas))
    note = [line for words in remarks for line in wrap(words, int(width / _LETTER))]
    below = _TOP + layout.height + 22.0
    height = below + _key_height(len(key), len(areas), len(note))
    shift = (width - layout.width) / 2
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" class="genogram" '
        f'aria-labelledby="{prefix}-title {prefix}-desc" '
        f'viewBox="0 0 {_number(width)} {_number(height)}" '
        f'width="{_number(width)}" height="{_number(height)}">\n'
        f'<title id="{prefix}-title">{escape(title)}</title>\n'
        f'<desc id="{prefix}-desc">{escape(" ".join((description(family), *notes)))}</desc>\n'
        f"<style>{_style()}</style>\n"
        f'<rect width="{_number(width)}" height="{_number(height)}" fill="#fff"/>\n'
        f'<g transform="translate({_number(shift)} {_number(_TOP)})">\n'
    )
    parts = (
        *_areas(areas, (width, below), prefix),
        *map(_line, [*couples, *descent]),
        *(_person(family, layout, member) for member in family.members.values()),
        "</g>\n",
        *_legend(areas, key, note, below),
    )
    return "".join((head, *parts, "</svg>\n"))


def _key_width(key: Sequence[tuple[str, str]], areas: Iterable[Outline]) -> float:
    """Return how wide the key is: homes stand in one column, symbols and lines in two."""
    homes = (len(f"Home: {area.name}") for area in areas)
    columns = (number % 2 * _SECOND + len(words) * _LETTER for number, (_, words) in enumerate(key))
    return max((*columns, *(letters * _LETTER for letters in homes)), default=0.0) + MARGIN


def _style() -> str:
    lines = Path(__file__).with_name("genogram.css").read_text(encoding="utf-8")
    return "".join(lines.splitlines())


def _person(family: Family, layout: GenogramLayout, member: Member) -> str:
    x, y = layout.at[member.id]
    facts = ", ".join(described(member))
    below = y + SIZE / 2
    lines = [
        f"<g><title>{escape(f'{member.name}: {facts}')}</title>\n{_symbol(member, x, y)}",
        _text(member.name, x, below + 16, "name"),
    ]
    for place, tag in enumerate(_tags(family, member)):
        lines.append(_text(tag, x, below + 30 + 13 * place, "tag"))
    return "".join([*lines, "</g>\n"])


def _tags(family: Family, member: Member) -> list[str]:
    """Return for whom a person has responsibility, or how someone without lines is related."""
    held = family.holders.get(member.id, ())
    index = [person.id for person in family.members.values() if person.index]
    if held and set(held) >= set(index):
        return ["PR"]
    if held:
        tags = wrap(f"PR: {', '.join(family.members[child].name for child in held)}", 20)
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
    return wrap(f"{kind}: {whom}", 22, max_lines=_TAG_LINES, placeholder=" …")


def _has_lines(family: Family, person: str) -> bool:
    return any(person in (*group.parents, *group.children) for group in family.sibships) or any(
        person in couple.pair for couple in family.couples
    )


def _text(words: str, x: float, y: float, kind: str) -> str:
    return f'<text class="{kind}" x="{_number(x)}" y="{_number(y)}">{escape(words)}</text>\n'


def _line(line: DrawnLine) -> str:
    kind = "line" if line.kind in {"birth", "married", "slash"} else f"line {line.kind}"
    return f'<polyline class="{kind}" points="{_points_text(line.points)}"/>\n'


def _areas(areas: list[Outline], size: tuple[float, float], prefix: str) -> Iterator[str]:
    """Draw each home: all its shapes, of which a mask leaves only the outer edge."""
    for place, area in enumerate(areas):
        shapes = "".join(_shapes(area))
        name = f"{prefix}-home-{place}"
        yield (
            f'<mask id="{name}" maskUnits="userSpaceOnUse" x="{_number(-size[0])}" y="-200" '
            f'width="{_number(3 * size[0])}" height="{_number(size[1] + 400)}">'
            f'<rect x="{_number(-size[0])}" y="-200" width="{_number(3 * size[0])}" '
            f'height="{_number(size[1] + 400)}" fill="#fff"/><g fill="#000">{shapes}</g></mask>\n'
            f'<g mask="url(#{name})" fill="none" stroke="{_colour(place)}" stroke-width="5" '
            f'stroke-dasharray="{_DASHES[place % len(_DASHES)]}">{shapes}</g>\n'
        )


def _shapes(area: Outline) -> Iterator[str]:
    for box in area.boxes:
        yield (
            f'<rect x="{_number(box.left)}" y="{_number(box.top)}" rx="18" '
            f'width="{_number(box.right - box.left)}" height="{_number(box.bottom - box.top)}"/>'
        )
    for path in area.paths:
        for corners in pieces(path, area.width):
            yield f'<polygon points="{_points_text(corners)}"/>'


def _colour(place: int) -> str:
    return COLOURS[place % len(COLOURS)]


def _legend(
    areas: list[Outline], key: list[tuple[str, str]], note: Iterable[str], top: float
) -> Iterator[str]:
    """Explain homes, symbols and lines below the drawing, two to a row."""
    yield f'<g class="key" transform="translate(20 {_number(top)})" aria-hidden="true">\n'
    row = 0
    for place, area in enumerate(areas):
        y = _KEY_ROW * row
        dashes = _DASHES[place % len(_DASHES)]
        yield (
            f'<rect x="1" y="{_number(y)}" width="32" height="15" rx="6" fill="none" '
            f'stroke="{_colour(place)}" stroke-width="2.5" stroke-dasharray="{dashes}"/>'
            f'<text x="44" y="{_number(y + 12)}">Home: {escape(area.name)}</text>\n'
        )
        row += 1
    for words in note:
        yield f'<text x="0" y="{_number(_KEY_ROW * row + 12)}">{escape(words)}</text>\n'
        row += 1
    for place, (picture, words) in enumerate(key):
        x, y = place % 2 * _SECOND, _KEY_ROW * (row + place // 2)
        yield (
            f'<g transform="translate({_number(x)} {_number(y)})">{picture}'
            f'<text x="44" y="12">{escape(words)}</text></g>\n'
        )
    yield "</g>\n"


def _number(value: float) -> str:
    """Write a length: to a tenth of a pixel, without a needless end."""
    # Adding 0 turns "minus nothing" into nothing.
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


def _points_text(points: Iterable[Point]) -> str:
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in points)


def _symbol(member: Member, x: float, y: float, size: float = SIZE) -> str:
    """Draw a person: doubled for the children of the record, crossed for those who have died."""
    half = size / 2
    drawn = [_shape(member, x, y, half)]
    if member.index:
        drawn.append(_shape(member, x, y, half - min(_INSET, half / 2)))
    if member.deceased:
        drawn.append(
            f'<path class="line" d="M{_number(x - half)} {_number(y - half)}L{_number(x + half)} '
            f"{_number(y + half)}M{_number(x - half)} {_number(y + half)}L{_number(x + half)} "
            f'{_number(y - half)}"/>\n'
        )
    if member.age:
        # "about 30" does not fit into a symbol.
        short = member.age.replace("about ", "c ")
        drawn.append(
            f'<text class="name" x="{_number(x)}" y="{_number(y + 5)}">{escape(short)}</text>\n'
        )
    return "".join(drawn)


def _shape(member: Member, x: float, y: float, half: float) -> str:
    if member.unborn:
        # Smaller, as is usual; the middle of its weight is where the others have theirs.
        triangle = ((x, y - half), (x + half, y + half * 0.8), (x - half, y + half * 0.8))
        return f'<polygon class="shape" points="{_points_text(triangle)}"/>\n'
    if member.sex == "male":
        return (
            f'<rect class="shape" x="{_number(x - half)}" y="{_number(y - half)}" '
            f'width="{_number(2 * half)}" height="{_number(2 * half)}"/>\n'
        )
    if member.sex == "female":
        return f'<circle class="shape" cx="{_number(x)}" cy="{_number(y)}" r="{_number(half)}"/>\n'
    diamond = ((x, y - half), (x + half, y), (x, y + half), (x - half, y))
    return f'<polygon class="shape" points="{_points_text(diamond)}"/>\n'


def _key_of(family: Family, lines: Iterable[DrawnLine]) -> list[tuple[str, str]]:
    """Return a picture (SVG) and words for everything that the drawing uses."""
    return [*_people_of_key(family), *_lines_of_key(family, {line.kind for line in lines})]


def _people_of_key(family: Family) -> Iterator[tuple[str, str]]:
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


def _lines_of_key(family: Family, kinds: set[str]) -> Iterator[tuple[str, str]]:
    for kind, words in WORDS["lines"].items():
        if kind in kinds:
            yield f'<polyline class="line {kind}" points="0,8 34,8"/>', words
    states = {couple.state for couple in family.couples}
    for state, words in WORDS["states"].items():
        if state in states:
            yield _slashed(SLASHES[state]), words
    if family.holders:
        yield '<text class="name" x="6" y="12">PR</text>', "Has parental responsibility"


def _key_height(entries: int, homes: int, notes: int) -> float:
    return _KEY_ROW * ((entries + 1) // 2 + homes + notes) + 8.0


def _small(sex: str, *, index: bool = False, unborn: bool = False, deceased: bool = False) -> str:
    member = Member("", "", sex, "", index, unborn, deceased, date.max)
    return _symbol(member, 17, 8, 20 if index else 15)


def _slashed(strokes: int) -> str:
    lines = "".join(
        f'<polyline class="line" points="{12 + 6 * stroke},15 {20 + 6 * stroke},1"/>'
        for stroke in range(strokes)
    )
    return f'<polyline class="line" points="0,8 34,8"/>{lines}'
