"""Who lives together: an outline round the people of each home, and round nobody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from typing import Final

from eh_interop.genogram.family import Home
from eh_interop.genogram.layout import LABEL, SIZE, Layout, Point
from eh_interop.genogram.places import PITCH

_PAD: Final = 7.0
_APART: Final = 6.0
"""How much wider each further home is drawn, so that two outlines do not cover each other."""
_WIDTH: Final = 22.0
_SIDE: Final = 46.0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, by its corners."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Outline:
    """The area of a home: boxes round people, and paths that join the boxes."""

    name: str
    boxes: tuple[Box, ...]
    paths: tuple[tuple[Point, ...], ...]
    width: float


def outlines(homes: Sequence[Home], layout: Layout) -> Iterator[Outline]:
    """Yield the outline of each home. Its paths pass between people, never over one."""
    for number, home in enumerate(homes):
        pad = _PAD + _APART * (number % 4)
        runs = list(_runs(home, layout))
        boxes = tuple(_box(layout, run, pad) for run in runs)
        paths = tuple(_joined(layout, runs, boxes))
        yield Outline(home.name, boxes, paths, _WIDTH + _APART * (number % 4))


def _runs(home: Home, layout: Layout) -> Iterator[list[str]]:
    """Yield people of the home who stand side by side, row by row."""
    inside = set(home.members)
    for row in layout.row_order:
        run: list[str] = []
        for person in row:
            if person in inside:
                run.append(person)
            elif run:
                yield run
                run = []
        if run:
            yield run


def _box(layout: Layout, run: list[str], pad: float) -> Box:
    (left, y), (right, _) = layout.at[run[0]], layout.at[run[-1]]
    return Box(
        left - _SIDE - pad, y - SIZE / 2 - pad, right + _SIDE + pad, y + SIZE / 2 + LABEL + pad / 2
    )


def _joined(
    layout: Layout, runs: Sequence[list[str]], boxes: Sequence[Box]
) -> Iterator[tuple[Point, ...]]:
    """Yield a path from each run to the nearest one before it."""
    for number in range(1, len(runs)):
        row = layout.row_of[runs[number][0]]
        near = min(
            range(number),
            key=lambda each: (
                row - layout.row_of[runs[each][0]] or 2,
                _apart(boxes[each], boxes[number]),
            ),
        )
        from_row = layout.row_of[runs[near][0]]
        if from_row == row:
            yield _beneath(boxes[near], boxes[number])
        else:
            yield _downwards(layout, (boxes[near], from_row), (boxes[number], row))


def _apart(one: Box, other: Box) -> float:
    return max(0.0, other.left - one.right, one.left - other.right)


def _beneath(left: Box, right: Box) -> tuple[Point, ...]:
    low = max(left.bottom, right.bottom) + _WIDTH
    a, b = left.right - PITCH / 2, right.left + PITCH / 2
    return (a, left.bottom - 10), (a, low), (b, low), (b, right.bottom - 10)


def _downwards(layout: Layout, upper: tuple[Box, int], lower: tuple[Box, int]) -> tuple[Point, ...]:
    (above, from_row), (below, to_row) = upper, lower
    left, right = max(above.left, below.left), min(above.right, below.right)
    if right - left > 2 * _WIDTH:
        a = b = (left + right) / 2
    elif above.right < below.right:
        a, b = above.right - PITCH / 3, below.left + PITCH / 3
    else:
        a, b = above.left + PITCH / 3, below.right - PITCH / 3
    return (
        (a, above.bottom - 10),
        (a, above.bottom + 4),
        *layout.passing((a + b) / 2, from_row, to_row),
        (b, below.top - 4),
        (b, below.top + 10),
    )


def pieces(path: Sequence[Point], width: float) -> Iterator[tuple[Point, ...]]:
    """Yield the four corners of each straight piece of a path, as broad as ``width``."""
    half = width / 2
    for (x1, y1), (x2, y2) in pairwise(path):
        length = hypot(x2 - x1, y2 - y1)
        if length:
            dx, dy = (y1 - y2) / length * half, (x2 - x1) / length * half
            # A little longer at both ends, so that the corners of the path are whole.
            ex, ey = (x2 - x1) / length * half / 2, (y2 - y1) / length * half / 2
            yield (
                (x1 - ex + dx, y1 - ey + dy),
                (x2 + ex + dx, y2 + ey + dy),
                (x2 + ex - dx, y2 + ey - dy),
                (x1 - ex - dx, y1 - ey - dy),
            )
