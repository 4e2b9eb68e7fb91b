"""Meetings: when they were held, who took part, and what each kind of them needs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from eh_interop.checks.rules._help import agencies, months_after, persons, role_of
from eh_interop.checks.rules.engine import Context, Problem, Problems, asks, fails, on, passes, rule
from eh_interop.core.findings import Severity
from eh_interop.core.uk_time import uk_day
from eh_interop.standard.model import Meeting

_TEAM: Final = frozenset({"taf", "taf-review"})
_WORKER: Final = {"id": "w1", "role": "social-worker", "organisation": "o1"}
_ORGANISED: Final[dict[str, Any]] = {
    "organisations": [{"id": "o1"}, {"id": "o2"}],
    "practitioners": [_WORKER, _WORKER | {"id": "w2", "organisation": "o2"}],
}


@rule("MTG-001", Severity.ERROR, cites=("E-037",))
@asks("On which day was the meeting?")
@passes(on="2026-10-01", startsAt="2026-10-01T15:30:00+01:00")
@fails(on="2026-10-01", startsAt="2026-10-02T15:30:00+01:00")
def starts_on_another_day(part: Meeting, _: Context) -> Problems:
    """The time at which a meeting starts is on another day than its date.

    People would come on the wrong day.
    """
    if part.on and part.starts_at and uk_day(part.starts_at) != part.on:
        yield Problem("/startsAt", "The start time is on another day than the date of the meeting.")


@rule("MTG-002", Severity.ERROR, cites=("E-037",))
@asks("When are the meetings before and after this one?")
@passes(previousOn="2026-09-01", on="2026-10-01", nextMeetingOn="2026-11-01")
@fails(previousOn="2026-09-01", on="2026-10-01", nextMeetingOn="2026-10-01")
def meetings_out_of_order(part: Meeting, _: Context) -> Problems:
    """The meeting before or after this one is on the wrong side of it.

    Usually a date was copied from the last meeting, or the year is mistyped.
    """
    if part.on and part.next_meeting_on and part.next_meeting_on <= part.on:
        yield Problem("/nextMeetingOn", "The next meeting is not dated after the meeting itself.")
    if part.on and part.previous_on and part.previous_on >= part.on:
        yield Problem("/previousOn", "The previous meeting is not dated before the meeting itself.")


@rule("MTG-003", Severity.ERROR, cites=("E-037",))
@asks("Did the meeting take place?")
@passes(held=True, on="2026-11-01")
@fails(held=True, on="2026-11-02")
def whether_it_was_held_disagrees(part: Meeting, context: Context) -> Problems:
    """A meeting is said to have been held in the future, or not held although people came.

    Whether anything was decided depends on it.
    """
    if part.held and part.on and part.on > context.today:
        yield Problem("/on", "The meeting is said to have been held, and its date is after today.")
    if part.held is False and any(
        invitation.attendance == "attended" for invitation in part.invited
    ):
        yield Problem(
            "/held",
            "The meeting is said not to have been held, and people are said to have attended.",
        )


@rule("MTG-004", Severity.ERROR, cites=("E-037", "E-033"))
@asks("Did this person take part?")
@passes(people=[{"id": "p1"}], invited=[{"who": "p1", "attendance": "attended"}])
@fails(
    people=[{"id": "p1"}],
    invited=[{"who": "p1", "attendance": "attended"}, {"who": "p1", "attendance": "apologies"}],
)
def two_answers_on_who_came(part: Meeting, _: Context) -> Problems:
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
@passes(on="2026-10-01", people=[{"id": "p1"}], invited=[{"who": "p1", "invitedOn": "2026-10-01"}])
@fails(on="2026-10-01", people=[{"id": "p1"}], invited=[{"who": "p1", "invitedOn": "2026-10-02"}])
def asked_to_come_afterwards(part: Meeting, _: Context) -> Problems:
    """Somebody was asked to come, or contacted about the meeting, after it was held.

    Usually the year is mistyped, or the day on which the notes were sent was
    put in.
    """
    for number, invitation in enumerate(part.invited if part.on else ()):
        if part.on and invitation.invited_on and invitation.invited_on > part.on:
            yield Problem(
                f"/invited/{number}/invitedOn", "The invitation is dated after the meeting."
            )
        if part.on and invitation.contacted_on and invitation.contacted_on > part.on:
            yield Problem(
                f"/invited/{number}/contactedOn",
                "The contact beforehand is dated after the meeting.",
            )


@rule("MTG-006", Severity.WARNING, cites=("G-093", "E-054"))
@asks("Was this agency asked to take part or to send its views?")
@passes(
    _ORGANISED, meetingType="taf", involvements=[{"organisation": "o2"}], invited=[{"who": "w2"}]
)
@fails(
    _ORGANISED, meetingType="taf", involvements=[{"organisation": "o2"}], invited=[{"who": "w1"}]
)
def involved_agency_not_invited(part: Meeting, context: Context) -> Problems:
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
            yield Problem(
                f"/involvements/{number}",
                "The agency helps the family, and nobody from it was invited.",
            )


_LEARNING: Final = frozenset(
    {"reflective-discussion", "team-around-the-school", "team-around-the-locality-cluster"}
)
_HEAD: Final = {"id": "w1", "role": "safeguarding-head-of-service", "organisation": "o1"}
_CONFERENCE: Final[dict[str, Any]] = {
    "meetingType": "family-group-conference",
    "on": "2026-10-01",
    "people": [{"id": "p1"}],
}


@rule("MTG-007", Severity.WARNING, cites=("G-125",), family="meeting_kinds")
@asks("Who was in the chair?")
@passes(
    {"meetingType": "locality-transfer", "practitioners": [_HEAD], "chair": "w1"},
    organisations=[{"id": "o1"}],
)
@fails(
    {"meetingType": "locality-transfer", "practitioners": [_WORKER], "chair": "w1"},
    organisations=[{"id": "o1"}],
)
def transfer_meeting_chaired_by_somebody_else(part: Meeting, context: Context) -> Problems:
    """The weekly transfer meeting was not chaired by the head of service for safeguarding.

    That person can commit social care to a handover. A deputy may have stood in.
    """
    if (
        part.meeting_type == "locality-transfer"
        and part.chair
        and role_of(context, part.chair) != "safeguarding-head-of-service"
    ):
        message = "The chair is not the head of service for safeguarding."
        yield Problem("/chair", message)


@rule("MTG-008", Severity.INFO, cites=("G-125",), family="meeting_kinds")
@on(needs=("locality-meeting-days",))
@passes(on="2026-10-08", transfers=[{"child": "c1", "decidedOn": "2026-10-01"}])
@fails(on="2026-10-09", transfers=[{"child": "c1", "decidedOn": "2026-10-01"}])
def transfer_waited_for_a_meeting(part: Meeting, context: Context) -> Problems:
    """A move to early help was talked about later than at the next transfer meeting.

    The meetings are held often so that families do not wait between services.
    """
    limit = timedelta(days=context.settings["locality-meeting-days"])
    for number, transfer in enumerate(part.transfers if part.on else ()):
        if part.on and transfer.decided_on and part.on - transfer.decided_on > limit:
            message = f"The decision was made more than {limit.days} days before the meeting."
            yield Problem(f"/transfers/{number}/decidedOn", message)


@rule("MTG-009", Severity.INFO, cites=("O-031",), family="meeting_kinds")
@on(needs=("fgc-preparation-days",))
@passes(_CONFERENCE, referredOn="2026-09-03")
@fails(_CONFERENCE, referredOn="2026-09-04")
def conference_prepared_unusually_fast_or_slowly(part: Meeting, context: Context) -> Problems:
    """A family group conference took much less or more time to prepare than is usual.

    Everybody who comes is spoken to beforehand, which takes some weeks. There
    may be a good reason.
    """
    least, most = context.settings["fgc-preparation-days"]
    if (
        part.meeting_type == "family-group-conference"
        and part.on
        and part.referred_on
        and not least <= (took := (part.on - part.referred_on).days) <= most
    ):
        yield Problem(
            "/referredOn",
            f"From referral to conference it took {took} days. Usual are {least} to {most}.",
        )


@rule("MTG-010", Severity.WARNING, cites=("O-031",), family="meeting_kinds")
@asks("Was this relative contacted directly before the conference?")
@passes(_CONFERENCE, invited=[{"who": "p1", "attendance": "attended", "contactedOn": "2026-09-20"}])
@fails(_CONFERENCE, invited=[{"who": "p1", "attendance": "attended"}])
def relative_not_contacted_before_conference(part: Meeting, context: Context) -> Problems:
    """A relative came to a family group conference and was not contacted beforehand.

    Each relative is spoken to directly, so that all come prepared and it is
    safe for everybody.
    """
    family = context.once(persons)
    for number, invitation in enumerate(part.invited):
        if part.meeting_type == "family-group-conference" and invitation.attendance == "attended":
            absent = "contactedOn" in (invitation.absent or {})
            if invitation.who in family and not invitation.contacted_on and not absent:
                message = "The relative attended, and no contact before the conference is recorded."
                yield Problem(f"/invited/{number}", message)


@rule("MTG-011", Severity.WARNING, cites=("O-018", "O-019", "N-004"), family="meeting_kinds")
@passes(meetingType="reflective-discussion", children=None)
@fails(meetingType="reflective-discussion")
def learning_session_about_a_child(part: Meeting, _: Context) -> Problems:
    """A session for practitioners or schools is kept as a record about a child.

    Such sessions are not about one family, and families have not agreed to it.
    Keep it apart, without names.
    """
    if part.meeting_type in _LEARNING and part.children:
        yield Problem(
            "/children",
            "A meeting of this kind is for practitioners, and the record names a child.",
        )


@rule("MTG-012", Severity.WARNING, cites=("E-037", "G-051"), family="meeting_kinds")
@asks("Did the meeting decide to close the plan?")
@passes(decision="close", closure={"on": "2026-10-01"})
@fails(decision="continue", closure={"on": "2026-10-01"})
def closed_although_it_goes_on(part: Meeting, _: Context) -> Problems:
    """A meeting closed the plan, and its decision is that help goes on.

    Nobody knows whether help goes on.
    """
    if part.closure and part.decision in {"continue", "continue-level-3"}:
        yield Problem(
            "/decision", "The decision is that help goes on, and the meeting has a closure."
        )


@rule("MTG-013", Severity.WARNING, cites=("G-019", "E-054"), family="meeting_kinds")
@asks("How far has each open goal come?")
@passes(goals=[{"id": "g1", "status": "open"}], goalProgress=None)
@fails(
    goals=[{"id": "g1", "status": "open"}, {"id": "g2", "status": "open"}],
    goalProgress=[{"goal": "g1", "status": "met"}],
)
def meeting_leaves_out_a_goal(part: Meeting, _: Context) -> Problems:
    """A review meeting says how far some goals have come and leaves out one that is open.

    A review asks of every goal whether it is met, and if not, why.
    """
    reported = {progress.goal for progress in part.goal_progress}
    for number, goal in enumerate(part.goals if reported else ()):
        if goal.status == "open" and goal.id not in reported:
            message = "The goal is open, and the meeting does not say how far it has come."
            yield Problem(f"/goals/{number}", message)


@rule("MTG-014", Severity.ERROR, cites=("E-037", "O-032"), family="meeting_kinds")
@asks("When did you look at how things went after the conference?")
@passes(_CONFERENCE, followUps=[{"on": "2026-10-20"}])
@fails(_CONFERENCE, followUps=[{"on": "2026-09-30"}])
def follow_up_before_conference(part: Meeting, _: Context) -> Problems:
    """How things went after a conference is dated before it.

    What conferences achieve is measured by it.
    """
    for number, follow_up in enumerate(part.follow_ups):
        if part.on and follow_up.on < part.on:
            yield Problem(
                f"/followUps/{number}/on", "The follow-up is dated before the conference."
            )


@rule("MTG-015", Severity.INFO, cites=("O-032",), family="conferences")
@on(example="gloucestershire/family-group-conference", needs=("fgc-follow-up-months",))
@passes(followUps=None, serviceEndedOn="2026-05-01")
@fails(followUps=None, serviceEndedOn="2026-04-30")
def conference_not_looked_at_again(part: Meeting, context: Context) -> Problems:
    """A conference service ended its work, and how things went since is not recorded in time.

    What conferences achieve is seen months later: who came home, and who needs
    less help. A follow-up counts from the day on which the service ended.
    """
    ended, months = part.service_ended_on, context.settings["fgc-follow-up-months"]
    if (
        ended
        and months_after(ended, months) < context.today
        and "followUps" not in (part.absent or {})
        and not any(follow_up.on >= ended for follow_up in part.follow_ups)
    ):
        yield Problem(
            "/followUps",
            f"More than {months} months have passed since the service ended, without a follow-up.",
        )
