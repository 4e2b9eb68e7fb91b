"""Dates: what begins, ends, and cannot have happened yet."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Final

from eh_interop.checks.rules._fields import dated, dates, fields
from eh_interop.checks.rules.engine import Context, Problem, Problems, asks, fails, passes, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Part, Record

_SPANS: Final = (
    ("askedAt", "answeredAt"),
    ("from", "to"),
    ("joinedOn", "leftOn"),
    ("offeredOn", "answeredOn"),
    ("on", "until"),
    ("openedOn", "closedOn"),
    ("startedOn", "completedOn"),
    ("startedOn", "endedOn"),
    ("sustainedFrom", "sustainedTo"),
)
_PAST: Final = frozenset({
    "acceptedOn", "answeredAt", "answeredOn", "askedAt", "assessedOn",
    "completedOn", "consultedOn", "contactedOn", "createdAt",
    "deceasedOn", "decidedAt", "decidedOn", "discussedOn", "discussedWithFamilyOn",
    "explainedOn", "familyToldOn", "gatheredOn", "informedOn", "joinedTeamOn", "judgedOn",
    "lastReviewedOn", "lastSeenOn", "latestReviewOn", "leadContactedOn", "offeredOn",
    "partnershipToldOn", "signedOffOn", "since",
    "passedToSocialCareOn", "raisedOn", "receivedAt", "receivedOn", "referredAt", "referredOn",
    "referrerToldOn", "requesterToldOn", "resolvedOn", "soughtOn", "updatedAt", "updatedOn",
    "withdrawnOn",
})  # fmt: skip
"""Properties that say when something happened."""
_PAST_ON: Final = frozenset({
    "AdviceRole", "Approval", "Concern", "Consultation", "ConsentOffer", "ConsentReview",
    "ContactEvent", "Disclosure", "Event", "Giver", "HarmDetermination", "Informed",
    "ManagerDecision", "NotPresent", "Notification", "RegistrationCheck", "Score", "Screening",
    "SharingLogEntry", "Signpost",
})  # fmt: skip
"""Classes whose ``on`` or ``at`` says when something happened."""
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2200
_STAND_INS: Final = frozenset({date(1900, 1, 1), date(1901, 1, 1), date(1899, 12, 30)})
"""Days that old systems and spreadsheets fill in."""


@cache
def _spans(kind: type[Part]) -> tuple[tuple[str, str, str, str], ...]:
    known, dated = fields(kind), {field.name for field in dates(kind)}
    return tuple(
        (known[start].attribute, known[end].attribute, start, end)
        for start, end in _SPANS
        if {start, end} <= dated
    )


@cache
def _is_past(kind: type[Part], name: str) -> bool:
    return name in _PAST or (name in {"on", "at"} and kind.__name__ in _PAST_ON)


@rule("DAT-001", Severity.ERROR, cites=("E-037",))
@asks("Please check these two dates: one of them cannot be right.")
@passes(involvements=[{"from": "2025-09-01", "to": "2025-09-01"}])
@fails(involvements=[{"from": "2025-09-01", "to": "2025-08-31"}])
def ends_before_it_begins(_: Record, context: Context) -> Problems:
    """Something ends before it begins.

    Nobody can say how long it lasted or whether it still goes on. Usually the
    year is mistyped, or the two dates have changed places.
    """
    for kind, placed in context.parts.items():
        for start, end, begins, name in _spans(kind):
            for part, place in placed:
                first, last = getattr(part, start), getattr(part, end)
                if first and last and last < first:
                    yield Problem(
                        f"{place}/{name}",
                        f"The end ({name}) is dated before the beginning ({begins}).",
                    )


@rule("DAT-002", Severity.ERROR, cites=("E-037",))
@asks("Please check this date: it has not come yet.")
@passes(receivedOn="2026-11-01")
@fails(receivedOn="2026-11-02")
def happened_in_the_future(_: Record, context: Context) -> Problems:
    """Something that has happened is dated after today.

    Usually the year is mistyped. Order and time limits cannot be worked out
    from a date that has not come.
    """
    for day, kind, name, place in context.once(dated):
        if day > context.today and _is_past(kind, name):
            yield Problem(
                f"{place}/{name}",
                "The field says when something happened, and the date is after today.",
            )


@rule("DAT-003", Severity.ERROR, cites=("E-037",))
@passes(updatedAt="2026-10-20T13:05:00Z")
@fails(updatedAt="2026-10-20T13:04:59Z")
def changed_before_it_was_made(part: Record, _: Context) -> Problems:
    """The record was last changed before it was made.

    Whoever holds two copies cannot tell which is newer. It happens when two
    systems write the two times, one of them in another time zone.
    """
    if part.created_at and part.updated_at and part.updated_at < part.created_at:
        yield Problem("/updatedAt", "The last change is dated before the record was made.")


@rule("DAT-004", Severity.WARNING, cites=("E-029", "E-037"))
@asks("Please give the right date. If you do not know it, leave it out and say so.")
@passes(relatedRecords=[{"recordId": "old-1", "date": "1985-01-01"}])
@fails(relatedRecords=[{"recordId": "old-1", "date": "1900-01-01"}])
def date_that_stands_for_not_known(part: Record, context: Context) -> Problems:
    """A date is one that systems fill in when nobody knows the real one.

    It looks like a fact and is counted as one. It comes from an old system
    that did not allow an empty date, such as the first day of 1900.
    """
    del part
    for day, _, name, place in context.once(dated):
        if day in _STAND_INS or not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            message = "The date is one that systems fill in when nobody knows it."
            yield Problem(f"{place}/{name}", message)
