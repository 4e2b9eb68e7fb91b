"""The symbols of a genogram."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Final

from eh_interop.genogram.layout import SIZE, Point
from eh_interop.genogram.people import Member

_INSET: Final = 5.0


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
        corners = ((x, y - half), (x + half, y + half * 0.8), (x - half, y + half * 0.8))
        return f'<polygon class="shape" points="{points_text(corners)}"/>\n'
    if member.sex == "male":
        return (
            f'<rect class="shape" x="{number(x - half)}" y="{number(y - half)}" '
            f'width="{number(2 * half)}" height="{number(2 * half)}"/>\n'
        )
    if member.sex == "female":
        return f'<circle class="shape" cx="{number(x)}" cy="{number(y)}" r="{number(half)}"/>\n'
    corners_ = ((x, y - half), (x + half, y), (x, y + half), (x - half, y))
    return f'<polygon class="shape" points="{points_text(corners_)}"/>\n'
