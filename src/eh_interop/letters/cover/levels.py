"""The history of the level of need: dated decisions of people, as a step chart.

Nothing is worked out here. The chart shows what was decided and when.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Final

from eh_interop.genogram.people import joined
from eh_interop.genogram.reading import Record, day, entries, text, texts
from eh_interop.genogram.words import titles
from eh_interop.letters.cover.contents import Cover
from eh_interop.letters.cover.naming import Directory, directory
from eh_interop.reports.words import day as in_words

_LEFT, _RIGHT, _TOP, _STEP = 70.0, 620.0, 24.0, 36.0
_HIGHEST: Final = 4
_HEIGHT: Final = _TOP + _STEP * (_HIGHEST - 1) + 56.0
_NEAR: Final = 92.0
"""How close two dates can stand below the chart and still be read."""


@dataclass(frozen=True, slots=True, order=True)
class Decision:
    """One decision about a level of need."""

    on: date
    level: int
    label: str
    change: str


@dataclass(frozen=True, slots=True)
class History:
    """The decisions about children whose levels were always decided together."""

    children: str
    decisions: tuple[Decision, ...]


def histories(cover: Cover) -> list[History]:
    """Read the decisions of all records, put together by child. Undated ones are left out."""
    by_child: dict[tuple[str, date], set[Decision]] = {}
    for record in cover.records:
        who = directory(record, cover.names, cover.as_of)
        for entry in entries(record, "levels"):
            decision = _decision(entry)
            if decision is None:
                continue
            for child in _children(entry, who):
                member = who.members[child]
                by_child.setdefault((member.name, member.born), set()).add(decision)
    together: dict[tuple[Decision, ...], list[str]] = {}
    for (name, _), decisions in by_child.items():
        together.setdefault(tuple(sorted(decisions)), []).append(name)
    return [History(joined(names), decisions) for decisions, names in together.items()]


def _children(level: Record, who: Directory) -> list[str]:
    named = [each for each in texts(level, "children") if each in who.members]
    return named or [member.id for member in who.members.values() if member.index]


def _decision(level: Record) -> Decision | None:
    on, number = day(level, "decidedOn"), level.get("level")
    if on is None or not isinstance(number, int) or not 1 <= number <= _HIGHEST:
        return None
    change = titles("level-change").get(text(level, "change"), "")
    return Decision(on, number, text(level, "localLabel"), change)


def chart(history: History, prefix: str, as_of: date) -> str:
    """Draw one history as a step chart (SVG). Its description says the same in words."""
    first, last = history.decisions[0].on, max(as_of, history.decisions[-1].on)
    days = max((last - first).days, 1)

    def x(on: date) -> float:
        return _LEFT + (_RIGHT - _LEFT - 40) * (on - first).days / days

    at = [x(decision.on) for decision in history.decisions]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" class="levels" '
        f'aria-labelledby="{prefix}-title {prefix}-desc" viewBox="0 0 640 {_HEIGHT:g}">\n'
        f'<title id="{prefix}-title">Level of need: {escape(history.children)}</title>\n'
        f'<desc id="{prefix}-desc">{escape(" ".join(told(history)))}</desc>\n'
    )
    line = (
        f'<path d="{_path(history.decisions, x(last), at)}" fill="none" stroke="#1d70b8" '
        'stroke-width="4"/>\n'
    )
    return "".join((head, *_grid(), line, *_marks(history.decisions, at), "</svg>\n"))


def told(history: History) -> Iterator[str]:
    """Say a history in words."""
    for decision in history.decisions:
        label = f" ({decision.label})" if decision.label else ""
        yield f"{in_words(decision.on)}: level {decision.level}{label}."


def _y(level: int) -> float:
    return _TOP + _STEP * (_HIGHEST - level)


def _grid() -> Iterator[str]:
    for level in range(1, _HIGHEST + 1):
        y = _y(level)
        yield (
            f'<line x1="{_LEFT:g}" x2="{_RIGHT:g}" y1="{y:g}" y2="{y:g}" stroke="#b1b4b6"/>'
            f'<text x="0" y="{y + 5:g}">Level {level}</text>\n'
        )


def _path(decisions: Sequence[Decision], end: float, at: Sequence[float]) -> str:
    pieces = [f"M{at[0]:.1f} {_y(decisions[0].level):g}"]
    for each, x in zip(decisions[1:], at[1:], strict=True):
        pieces.append(f"H{x:.1f}V{_y(each.level):g}")
    return "".join([*pieces, f"H{end:.1f}"])


def _marks(decisions: Sequence[Decision], at: Sequence[float]) -> Iterator[str]:
    """Mark each decision, and write its date below in one of two lines, if there is room."""
    room = [float("-inf"), float("-inf")]
    for each, x in zip(decisions, at, strict=True):
        yield f'<circle cx="{x:.1f}" cy="{_y(each.level):g}" r="6" fill="#1d70b8"/>\n'
        free = next((line for line in (0, 1) if x - room[line] >= _NEAR), None)
        if free is not None:
            room[free] = x
            y = _y(1) + 26 + 18 * free
            yield f'<text x="{x:.1f}" y="{y:g}" text-anchor="middle">{each.on:%d/%m/%Y}</text>\n'
