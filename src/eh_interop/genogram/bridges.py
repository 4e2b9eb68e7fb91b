"""Where two lines of a genogram cross without belonging together, one makes a bridge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from eh_interop.genogram.layout import Point
from eh_interop.genogram.lines import DrawnLine

RADIUS: Final = 4.5
_NEAR: Final = 0.5


def with_bridges(lines: Sequence[DrawnLine]) -> Iterator[tuple[DrawnLine, list[list[Point]]]]:
    """Yield each line with the bridges of each of its pieces, in the piece's own direction."""
    upright = [piece for line in lines if line.kind != "slash" for piece in pairwise(line.points)]
    for line in lines:
        yield line, [_bridges(piece, upright) for piece in pairwise(line.points)]


def _bridges(piece: tuple[Point, Point], others: Sequence[tuple[Point, Point]]) -> list[Point]:
    """Return where a level piece steps over what runs down through it."""
    (x1, y), (x2, end) = piece
    if y != end:
        return []
    left, right = min(x1, x2), max(x1, x2)
    crossed = set()
    for (ax, ay), (bx, by) in others:
        if min(ay, by) + _NEAR < y < max(ay, by) - _NEAR:
            x = ax + (bx - ax) * (y - ay) / (by - ay)
            if left + _NEAR < x < right - _NEAR:
                crossed.add((round(x, 1), y))
    return _apart(sorted(crossed, reverse=x1 > x2))


def _apart(points: Sequence[Point]) -> list[Point]:
    """Lines that run close beside each other, such as those of twins, have one bridge."""
    kept: list[Point] = []
    for point in points:
        if not kept or abs(point[0] - kept[-1][0]) >= 2 * RADIUS:
            kept.append(point)
    return kept
