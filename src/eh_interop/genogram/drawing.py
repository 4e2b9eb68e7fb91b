"""A genogram as SVG: symbols, lines, outlines, words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path
from textwrap import wrap
from typing import Final

from eh_interop.genogram.description import described, description
from eh_interop.genogram.family import Family, Member, join_names
from eh_interop.genogram.layout import SIZE, GenogramLayout, lay_out
from eh_interop.genogram.lines import (
    DrawnLine,
    Outline,
    couple_lines,
    descent_lines,
    outlines,
    pieces,
)
from eh_interop.genogram.symbols import KEY_ROW, key_height, key_of, number, points_text, symbol
from eh_interop.standard.code_lists import titles

MARGIN: Final = 84.0
_TOP: Final = 34.0
_TAG_LINES: Final = 2
_LETTER: Final = 7.2
"""How wide a letter below the drawing is, at most on average."""
COLOURS: Final = ("#1d70b8", "#85280f", "#00613c", "#4c2c92")
_DASHES: Final = ("2 5", "7 5", "2 4 8 4", "12 4")
_NOT_DRAWN: Final = "Some relationships contradict each other and are not drawn. They are listed."


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
    key = key_of(family, [*couples, *descent])
    said = (*notes, *((_NOT_DRAWN,) if undrawn else ()))
    width = max(layout.width + 2 * MARGIN, 560.0)
    note = [line for words in said for line in wrap(words, int(width / _LETTER))]
    below = _TOP + layout.height + 22.0
    height = below + key_height(len(key), len(areas), len(note))
    shift = (width - layout.width) / 2
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" class="genogram" '
        f'aria-labelledby="{prefix}-title {prefix}-desc" '
        f'viewBox="0 0 {number(width)} {number(height)}" '
        f'width="{number(width)}" height="{number(height)}">\n'
        f'<title id="{prefix}-title">{escape(title)}</title>\n'
        f'<desc id="{prefix}-desc">{escape(" ".join((description(family), *notes)))}</desc>\n'
        f"<style>{_style()}</style>\n"
        f'<rect width="{number(width)}" height="{number(height)}" fill="#fff"/>\n'
        f'<g transform="translate({number(shift)} {number(_TOP)})">\n'
    )
    parts = (
        *_areas(areas, (width, below), prefix),
        *map(_line, [*couples, *descent]),
        *(_person(family, layout, member) for member in family.members.values()),
        "</g>\n",
        *_legend(areas, key, note, below),
    )
    return "".join((head, *parts, "</svg>\n"))


def _style() -> str:
    lines = Path(__file__).with_name("genogram.css").read_text(encoding="utf-8")
    return "".join(lines.splitlines())


def _person(family: Family, layout: GenogramLayout, member: Member) -> str:
    x, y = layout.at[member.id]
    facts = ", ".join(described(member))
    below = y + SIZE / 2
    lines = [
        f"<g><title>{escape(f'{member.name}: {facts}')}</title>\n{symbol(member, x, y)}",
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
    return f'<text class="{kind}" x="{number(x)}" y="{number(y)}">{escape(words)}</text>\n'


def _line(line: DrawnLine) -> str:
    kind = "line" if line.kind in {"birth", "married", "slash"} else f"line {line.kind}"
    return f'<polyline class="{kind}" points="{points_text(line.points)}"/>\n'


def _areas(areas: list[Outline], size: tuple[float, float], prefix: str) -> Iterator[str]:
    """Draw each home: all its shapes, of which a mask leaves only the outer edge."""
    for place, area in enumerate(areas):
        shapes = "".join(_shapes(area))
        name = f"{prefix}-home-{place}"
        yield (
            f'<mask id="{name}" maskUnits="userSpaceOnUse" x="{number(-size[0])}" y="-200" '
            f'width="{number(3 * size[0])}" height="{number(size[1] + 400)}">'
            f'<rect x="{number(-size[0])}" y="-200" width="{number(3 * size[0])}" '
            f'height="{number(size[1] + 400)}" fill="#fff"/><g fill="#000">{shapes}</g></mask>\n'
            f'<g mask="url(#{name})" fill="none" stroke="{_colour(place)}" stroke-width="5" '
            f'stroke-dasharray="{_DASHES[place % len(_DASHES)]}">{shapes}</g>\n'
        )


def _shapes(area: Outline) -> Iterator[str]:
    for box in area.boxes:
        yield (
            f'<rect x="{number(box.left)}" y="{number(box.top)}" rx="18" '
            f'width="{number(box.right - box.left)}" height="{number(box.bottom - box.top)}"/>'
        )
    for path in area.paths:
        for corners in pieces(path, area.width):
            yield f'<polygon points="{points_text(corners)}"/>'


def _colour(place: int) -> str:
    return COLOURS[place % len(COLOURS)]


def _legend(
    areas: list[Outline], key: list[tuple[str, str]], note: Iterable[str], top: float
) -> Iterator[str]:
    """Explain homes, symbols and lines below the drawing, two to a row."""
    yield f'<g class="key" transform="translate(20 {number(top)})" aria-hidden="true">\n'
    row = 0
    for place, area in enumerate(areas):
        y = KEY_ROW * row
        dashes = _DASHES[place % len(_DASHES)]
        yield (
            f'<rect x="1" y="{number(y)}" width="32" height="15" rx="6" fill="none" '
            f'stroke="{_colour(place)}" stroke-width="2.5" stroke-dasharray="{dashes}"/>'
            f'<text x="44" y="{number(y + 12)}">Home: {escape(area.name)}</text>\n'
        )
        row += 1
    for words in note:
        yield f'<text x="0" y="{number(KEY_ROW * row + 12)}">{escape(words)}</text>\n'
        row += 1
    for place, (picture, words) in enumerate(key):
        x, y = (0.0, 300.0)[place % 2], KEY_ROW * (row + place // 2)
        yield (
            f'<g transform="translate({number(x)} {number(y)})">{picture}'
            f'<text x="44" y="12">{escape(words)}</text></g>\n'
        )
    yield "</g>\n"
