"""What happened when: plans, reviews, meetings, referrals, and what is due."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from eh_interop.genogram.reading import Record, day, entries, inner, text
from eh_interop.genogram.words import titles
from eh_interop.letters.cover.contents import Cover
from eh_interop.standard.schemas import load_standard

_DATES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = MappingProxyType(
    {
        "plan": (
            ("startedOn", "Started"),
            ("pausedOn", "Paused"),
            ("resumedOn", "Taken up again"),
            ("nextReviewOn", "Next review"),
        ),
        "early-help-assessment": (
            ("startedOn", "Started"),
            ("completedOn", "Completed"),
            ("nextReviewOn", "Next review"),
        ),
        "early-help-request": (("requestedOn", "Request made"), ("decidedOn", "Decided")),
        "marf": (("referredOn", "Referral made"),),
        "meeting": (("on", "Held"), ("nextMeetingOn", "Next meeting")),
        "referral-outcome": (("decidedAt", "Decided"),),
        "step-down": (
            ("childInNeedReviewOn", "Final child in need review"),
            ("transferOn", "Transfer to early help"),
            ("firstReviewOn", "First review after transfer"),
        ),
        "escalation": (("raisedOn", "Raised"), ("resolvedOn", "Resolved")),
        "plan-notification": (("openedOn", "Plan opened"), ("closedOn", "Plan closed")),
        "consent-record": (("createdAt", "Written"),),
    }
)
"""The dates of each record type, with what happened then."""

_NOT_FOR_FAMILY: Final = frozenset({"escalation"})


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """Something that happened, or is due."""

    on: date
    what: str
    due: bool


def timeline(cover: Cover) -> list[Event]:
    """Return what happened and what is due, each once, in order."""
    found: set[Event] = set()
    for record in cover.records:
        kind = text(record, "recordType")
        if cover.for_family and kind in _NOT_FOR_FAMILY:
            continue
        found.update(Event(on, what, on > cover.as_of) for on, what in _events(record, kind))
    return sorted(found)


def _events(record: Record, kind: str) -> Iterator[tuple[date, str]]:
    title = record_title(record)
    for name, what in _DATES.get(kind, ()):
        on = day(record, name)
        if on:
            yield on, f"{title}: {_lower(what)}"
    decisions = titles("review-decision")
    for entry in entries(record, "reviews"):
        on = day(entry, "on")
        if on:
            decided = decisions.get(text(entry, "decision"), "")
            yield on, f"{title}: review{f' ({_lower(decided)})' if decided else ''}"
    closed = inner(record, "closure")
    on = day(closed, "on")
    if on:
        reason = titles("closure-reason").get(text(closed, "reason"), "")
        yield on, f"{title}: closed{f' ({_lower(reason)})' if reason else ''}"


def _lower(words: str) -> str:
    return f"{words[:1].lower()}{words[1:]}"


def record_title(record: Record) -> str:
    """Say what a record is, such as ``My Plan+``."""
    kind = text(record, "recordType")
    if kind == "plan":
        return text(record, "localName") or titles("plan-type").get(
            text(record, "planType"), "Plan"
        )
    if kind == "meeting":
        return titles("meeting-type").get(text(record, "meetingType"), "Meeting")
    if kind in load_standard().record_types:
        return str(load_standard().record_schema(kind)["title"])
    return "Record"


def record_day(record: Record) -> date | None:
    """Return the first date that tells when a record was made."""
    names = [name for name, _ in _DATES.get(text(record, "recordType"), ())]
    return next(filter(None, (day(record, each) for each in (*names, "createdAt"))), None)
