"""Meetings: when they were held, and who took part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from eh_interop.checks.rules._help import agencies
from eh_interop.checks.rules.engine import Context, Problem, asks, example, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Meeting

_TEAM: Final = frozenset({"taf", "taf-review"})
_WORKER: Final = {"id": "w1", "role": "social-worker", "organisation": "o1"}
_ORGANISED: Final[dict[str, Any]] = {
    "organisations": [{"id": "o1"}, {"id": "o2"}],
    "practitioners": [_WORKER, _WORKER | {"id": "w2", "organisation": "o2"}],
}


@rule("MTG-001", Severity.ERROR, cites=("E-037",))
@asks("On which day was the meeting?")
@example(
    passes={"on": "2026-10-01", "startsAt": "2026-10-01T15:30:00+01:00"},
    fails={"on": "2026-10-01", "startsAt": "2026-10-02T15:30:00+01:00"},
)
def starts_on_another_day(part: Meeting, _: Context) -> Iterator[Problem]:
    """The time at which a meeting starts is on another day than its date.

    People would come on the wrong day.
    """
    if part.on and part.starts_at and part.starts_at.date() != part.on:
        yield Problem("/startsAt", "This is on another day than the date of the meeting.")


@rule("MTG-002", Severity.ERROR, cites=("E-037",))
@asks("When are the meetings before and after this one?")
@example(
    passes={"previousOn": "2026-09-01", "on": "2026-10-01", "nextMeetingOn": "2026-11-01"},
    fails={"previousOn": "2026-09-01", "on": "2026-10-01", "nextMeetingOn": "2026-10-01"},
)
def meetings_out_of_order(part: Meeting, _: Context) -> Iterator[Problem]:
    """The meeting before or after this one is on the wrong side of it.

    Usually a date was copied from the last meeting, or the year is mistyped.
    """
    if part.on and part.next_meeting_on and part.next_meeting_on <= part.on:
        yield Problem("/nextMeetingOn", "This is not after the meeting.")
    if part.on and part.previous_on and part.previous_on >= part.on:
        yield Problem("/previousOn", "This is not before the meeting.")


@rule("MTG-003", Severity.ERROR, cites=("E-037",))
@asks("Did the meeting take place?")
@example(passes={"held": True, "on": "2026-11-01"}, fails={"held": True, "on": "2026-11-02"})
def whether_it_was_held_disagrees(part: Meeting, context: Context) -> Iterator[Problem]:
    """A meeting is said to have been held in the future, or not held although people came.

    Whether anything was decided depends on it.
    """
    if part.held and part.on and part.on > context.today:
        yield Problem("/on", "The meeting is said to have been held, but this day has not come.")
    if part.held is False and any(
        invitation.attendance == "attended" for invitation in part.invited
    ):
        yield Problem("/held", "People took part, so the meeting was held.")


@rule("MTG-004", Severity.ERROR, cites=("E-037", "E-033"))
@asks("Did this person take part?")
@example(
    passes={"people": [{"id": "p1"}], "invited": [{"who": "p1", "attendance": "attended"}]},
    fails={
        "people": [{"id": "p1"}],
        "invited": [
            {"who": "p1", "attendance": "attended"},
            {"who": "p1", "attendance": "apologies"},
        ],
    },
)
def two_answers_on_who_came(part: Meeting, _: Context) -> Iterator[Problem]:
    """The same person is said to have come and not to have come.

    Whose views were heard depends on it.
    """
    seen: dict[str, str | None] = {}
    for number, invitation in enumerate(part.invited):
        if seen.setdefault(invitation.who, invitation.attendance) != invitation.attendance:
            message = "Another entry for the same person says something else."
            yield Problem(f"/invited/{number}/attendance", message)


@rule("MTG-005", Severity.ERROR, cites=("E-037",))
@asks("When was this person asked to come?")
@example(
    passes={
        "on": "2026-10-01",
        "people": [{"id": "p1"}],
        "invited": [{"who": "p1", "invitedOn": "2026-10-01"}],
    },
    fails={
        "on": "2026-10-01",
        "people": [{"id": "p1"}],
        "invited": [{"who": "p1", "invitedOn": "2026-10-02"}],
    },
)
def asked_to_come_afterwards(part: Meeting, _: Context) -> Iterator[Problem]:
    """Somebody was asked to come, or contacted about the meeting, after it was held.

    Usually the year is mistyped, or the day on which the notes were sent was
    put in.
    """
    for number, invitation in enumerate(part.invited if part.on else ()):
        if part.on and invitation.invited_on and invitation.invited_on > part.on:
            yield Problem(f"/invited/{number}/invitedOn", "This is after the meeting.")
        if part.on and invitation.contacted_on and invitation.contacted_on > part.on:
            yield Problem(f"/invited/{number}/contactedOn", "This is after the meeting.")


@rule("MTG-006", Severity.WARNING, cites=("G-093",))
@asks("Was this agency asked to take part or to send its views?")
@example(
    passes=_ORGANISED
    | {"meetingType": "taf", "involvements": [{"organisation": "o2"}], "invited": [{"who": "w2"}]},
    fails=_ORGANISED
    | {"meetingType": "taf", "involvements": [{"organisation": "o2"}], "invited": [{"who": "w1"}]},
)
def involved_agency_not_invited(part: Meeting, context: Context) -> Iterator[Problem]:
    """An agency that helps the family was not asked to the team around the family.

    Every partner gets a chance to contribute, in the room or in writing.
    """
    if part.meeting_type not in _TEAM or not part.invited:
        return
    asked = agencies(
        context, (invitation.organisation or invitation.who for invitation in part.invited)
    )
    for number, involvement in enumerate(part.involvements):
        agency = agencies(context, (involvement.organisation or involvement.practitioner,))
        ended = involvement.to and part.on and involvement.to < part.on
        if agency and agency.isdisjoint(asked) and not ended:
            yield Problem(f"/involvements/{number}", "Nobody from this agency was invited.")
