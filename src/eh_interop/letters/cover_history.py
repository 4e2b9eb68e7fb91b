"""The history on a cover page: levels of need as a step chart, and what happened when.

Levels are dated decisions of people. Nothing is worked out here: the chart shows
what was decided and when.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from eh_interop.core.lenient import Record, day, inner, objects, text, texts
from eh_interop.genogram.family import join_names
from eh_interop.letters.cover import Cover, coded
from eh_interop.letters.cover_people import Directory, directory
from eh_interop.letters.questions import form_title
from eh_interop.reports.words import day as in_words

_LEFT, _RIGHT, _TOP, _STEP = 70.0, 620.0, 24.0, 36.0
_HIGHEST: Final = 4
_HEIGHT: Final = _TOP + _STEP * (_HIGHEST - 1) + 56.0
_NEAR: Final = 92.0
"""How close two dates can stand below the chart and still be read."""

_DATES: Final[dict[str, dict[str, str]]] = tomllib.loads(
    Path(__file__).with_name("dates.toml").read_text("utf-8")
)
"""The dates of each record type, with what happened then."""


@dataclass(frozen=True, slots=True, order=True)
class DatedLevel:
    """One decision about a level of need."""

    on: date
    level: int
    label: str
    change: str


@dataclass(frozen=True, slots=True)
class LevelHistory:
    """The decisions about children whose levels were always decided together."""

    children: str
    decisions: tuple[DatedLevel, ...]


def histories(cover: Cover) -> list[LevelHistory]:
    """Read the decisions of all records, put together by child. Undated ones are left out."""
    by_child: dict[tuple[str, date], set[DatedLevel]] = {}
    for record in cover.records:
        who = directory(record, cover)
        for entry in objects(record, "levels"):
            decision = _decision(entry)
            if decision is None:
                continue
            for child in _children(entry, who):
                member = who.members[child]
                by_child.setdefault((member.name, member.born), set()).add(decision)
    together: dict[tuple[DatedLevel, ...], list[str]] = {}
    for (name, _), decisions in by_child.items():
        together.setdefault(tuple(sorted(decisions)), []).append(name)
    return [LevelHistory(join_names(names), decisions) for decisions, names in together.items()]


def _children(level: Record, who: Directory) -> list[str]:
    named = [child for child in texts(level, "children") if child in who.members]
    return named or [member.id for member in who.members.values() if member.index]


def _decision(level: Record) -> DatedLevel | None:
    on, number = day(level, "decidedOn"), level.get("level")
    if on is None or not isinstance(number, int) or not 1 <= number <= _HIGHEST:
        return None
    change = coded(level, "change", "level-change")
    return DatedLevel(on, number, text(level, "localLabel"), change)


@dataclass(frozen=True, slots=True)
class StepChart:
    """A history as it is drawn by ``chart.jinja``; lengths are written as SVG has them.

    Attributes:
        grid: each level, and its height.
        marks: x, y, date of each decision, and the height of its date; empty without room.
    """

    height: str
    sentences: tuple[str, ...]
    grid: tuple[tuple[int, int], ...]
    path: str
    marks: tuple[tuple[str, str, str, str], ...]


def chart(history: LevelHistory, as_of: date) -> StepChart:
    """Return one history as a step chart."""
    first, last = history.decisions[0].on, max(as_of, history.decisions[-1].on)
    days = max((last - first).days, 1)

    def x(on: date) -> float:
        return _LEFT + (_RIGHT - _LEFT - 40) * (on - first).days / days

    at = [x(decision.on) for decision in history.decisions]
    return StepChart(
        height=f"{_HEIGHT:g}",
        sentences=tuple(_sentences(history)),
        grid=tuple((level, int(_y(level))) for level in range(1, _HIGHEST + 1)),
        path=_path(history.decisions, x(last), at),
        marks=tuple(_marks(history.decisions, at)),
    )


def _sentences(history: LevelHistory) -> Iterator[str]:
    for decision in history.decisions:
        label = f" ({decision.label})" if decision.label else ""
        yield f"{in_words(decision.on)}: level {decision.level}{label}."


def _y(level: int) -> float:
    return _TOP + _STEP * (_HIGHEST - level)


def _path(decisions: Sequence[DatedLevel], end: float, at: Sequence[float]) -> str:
    pieces = [f"M{at[0]:.1f} {_y(decisions[0].level):g}"]
    for decision, x in zip(decisions[1:], at[1:], strict=True):
        pieces.append(f"H{x:.1f}V{_y(decision.level):g}")
    return "".join([*pieces, f"H{end:.1f}"])


def _marks(
    decisions: Sequence[DatedLevel], at: Sequence[float]
) -> Iterator[tuple[str, str, str, str]]:
    """Mark each decision, and write its date below in one of two lines, if there is room."""
    room = [float("-inf"), float("-inf")]
    for decision, x in zip(decisions, at, strict=True):
        free = next((line for line in (0, 1) if x - room[line] >= _NEAR), None)
        if free is not None:
            room[free] = x
        below = "" if free is None else f"{_y(1) + 26 + 18 * free:g}"
        yield f"{x:.1f}", f"{_y(decision.level):g}", f"{decision.on:%d/%m/%Y}", below


@dataclass(frozen=True, slots=True, order=True)
class TimelineEvent:
    """Something that happened, or is due."""

    on: date
    what: str
    due: bool


def timeline(cover: Cover) -> list[TimelineEvent]:
    """Return what happened and what is due, each once, in order."""
    return sorted(
        {
            TimelineEvent(on, what, on > cover.as_of)
            for record in cover.records
            for on, what in _events(record)
        }
    )


def _events(record: Record) -> Iterator[tuple[date, str]]:
    title = record_title(record)
    for name, what in _DATES.get(text(record, "recordType"), {}).items():
        on = day(record, name)
        if on:
            yield on, f"{title}: {_lower(what)}"
    for entry in objects(record, "reviews"):
        on = day(entry, "on")
        if on:
            decided = coded(entry, "decision", "review-decision")
            yield on, f"{title}: review{f' ({_lower(decided)})' if decided else ''}"
    closed = inner(record, "closure")
    on = day(closed, "on")
    if on:
        reason = coded(closed, "reason", "closure-reason")
        yield on, f"{title}: closed{f' ({_lower(reason)})' if reason else ''}"


def _lower(words: str) -> str:
    return f"{words[:1].lower()}{words[1:]}"


def record_title(record: Record) -> str:
    """Return what a record is called, such as ``My Plan+``."""
    kind = text(record, "recordType")
    if kind == "plan":
        return text(record, "localName") or coded(record, "planType", "plan-type", "Plan")
    if kind == "meeting":
        return coded(record, "meetingType", "meeting-type", "Meeting")
    return form_title(kind)


def record_day(record: Record) -> date | None:
    """Return the first date that says when a record was made."""
    names = (*_DATES.get(text(record, "recordType"), ()), "createdAt")
    return next(filter(None, (day(record, name) for name in names)), None)
