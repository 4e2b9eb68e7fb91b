"""Kinds of meeting: conferences, transfer meetings and reviews each have their own rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from eh_interop.checks.rules._help import months_after, persons, role_of
from eh_interop.checks.rules.engine import Context, Problem, asks, example, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Meeting

_LEARNING: Final = frozenset(
    {"reflective-discussion", "team-around-the-school", "team-around-the-locality-cluster"}
)
_HEAD: Final = {"id": "w1", "role": "safeguarding-head-of-service", "organisation": "o1"}
_WORKER: Final = {"id": "w1", "role": "social-worker", "organisation": "o1"}
_CONFERENCE: Final[dict[str, Any]] = {
    "meetingType": "family-group-conference",
    "on": "2026-10-01",
    "people": [{"id": "p1"}],
}


@rule("MTG-007", Severity.WARNING, cites=("G-125",))
@asks("Who was in the chair?")
@example(
    passes={"meetingType": "locality-transfer", "practitioners": [_HEAD], "chair": "w1"}
    | {"organisations": [{"id": "o1"}]},
    fails={"meetingType": "locality-transfer", "practitioners": [_WORKER], "chair": "w1"}
    | {"organisations": [{"id": "o1"}]},
)
def transfer_meeting_chaired_by_somebody_else(part: Meeting, context: Context) -> Iterator[Problem]:
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


@rule("MTG-008", Severity.INFO, cites=("G-125",), needs=("locality-meeting-days",))
@example(
    passes={"on": "2026-10-08", "transfers": [{"child": "c1", "decidedOn": "2026-10-01"}]},
    fails={"on": "2026-10-09", "transfers": [{"child": "c1", "decidedOn": "2026-10-01"}]},
)
def transfer_waited_for_a_meeting(part: Meeting, context: Context) -> Iterator[Problem]:
    """A move to early help was talked about later than at the next transfer meeting.

    The meetings are held often so that families do not wait between services.
    """
    limit = timedelta(days=context.settings["locality-meeting-days"])
    for number, transfer in enumerate(part.transfers if part.on else ()):
        if part.on and transfer.decided_on and part.on - transfer.decided_on > limit:
            message = "This waited for longer than the time between two meetings."
            yield Problem(f"/transfers/{number}/decidedOn", message)


@rule("MTG-009", Severity.INFO, cites=("O-031",), needs=("fgc-preparation-days",))
@example(
    passes=_CONFERENCE | {"referredOn": "2026-09-03"},
    fails=_CONFERENCE | {"referredOn": "2026-09-04"},
)
def conference_prepared_unusually_fast_or_slowly(
    part: Meeting, context: Context
) -> Iterator[Problem]:
    """A family group conference took much less or more time to prepare than is usual.

    Everybody who comes is spoken to beforehand, which takes some weeks. There
    may be a good reason.
    """
    least, most = context.settings["fgc-preparation-days"]
    if (
        part.meeting_type == "family-group-conference"
        and part.on
        and part.referred_on
        and not least <= (part.on - part.referred_on).days <= most
    ):
        yield Problem("/referredOn", "The conference took an unusual time to prepare.")


@rule("MTG-010", Severity.WARNING, cites=("O-031",))
@asks("Was this relative contacted directly before the conference?")
@example(
    passes=_CONFERENCE
    | {"invited": [{"who": "p1", "attendance": "attended", "contactedOn": "2026-09-20"}]},
    fails=_CONFERENCE | {"invited": [{"who": "p1", "attendance": "attended"}]},
)
def relative_not_contacted_before_conference(part: Meeting, context: Context) -> Iterator[Problem]:
    """A relative came to a family group conference and was not contacted beforehand.

    Each relative is spoken to directly, so that all come prepared and it is
    safe for everybody.
    """
    family = context.once(persons)
    for number, invitation in enumerate(part.invited):
        if part.meeting_type == "family-group-conference" and invitation.attendance == "attended":
            absent = "contactedOn" in (invitation.absent or {})
            if invitation.who in family and not invitation.contacted_on and not absent:
                message = "This relative was not contacted before the conference."
                yield Problem(f"/invited/{number}", message)


@rule("MTG-011", Severity.WARNING, cites=("O-018", "O-019"))
@example(
    passes={"meetingType": "reflective-discussion", "children": None},
    fails={"meetingType": "reflective-discussion"},
)
def learning_session_about_a_child(part: Meeting, _: Context) -> Iterator[Problem]:
    """A session for practitioners or schools is kept as a record about a child.

    Such sessions are not about one family, and families have not agreed to it.
    Keep it apart, without names.
    """
    if part.meeting_type in _LEARNING and part.children:
        yield Problem("/children", "This kind of meeting is not part of a child's record.")


@rule("MTG-012", Severity.WARNING, cites=("E-037", "G-051"))
@asks("Did the meeting decide to close the plan?")
@example(
    passes={"decision": "close", "closure": {"on": "2026-10-01"}},
    fails={"decision": "continue", "closure": {"on": "2026-10-01"}},
)
def closed_although_it_goes_on(part: Meeting, _: Context) -> Iterator[Problem]:
    """A meeting closed the plan, and its decision is that help goes on.

    Nobody knows whether help goes on.
    """
    if part.closure and part.decision in {"continue", "continue-level-3"}:
        yield Problem("/decision", "The meeting closed the plan, so help does not go on.")


@rule("MTG-013", Severity.WARNING, cites=("G-019",))
@asks("How far has each open goal come?")
@example(
    passes={"goals": [{"id": "g1", "status": "open"}], "goalProgress": None},
    fails={
        "goals": [{"id": "g1", "status": "open"}, {"id": "g2", "status": "open"}],
        "goalProgress": [{"goal": "g1", "status": "met"}],
    },
)
def meeting_leaves_out_a_goal(part: Meeting, _: Context) -> Iterator[Problem]:
    """A review meeting says how far some goals have come and leaves out one that is open.

    A review asks of every goal whether it is met, and if not, why.
    """
    told = {progress.goal for progress in part.goal_progress}
    for number, goal in enumerate(part.goals if told else ()):
        if goal.status == "open" and goal.id not in told:
            message = "The meeting does not say how far this goal has come."
            yield Problem(f"/goals/{number}", message)


@rule("MTG-014", Severity.ERROR, cites=("E-037", "O-032"))
@asks("When did you look at how things went after the conference?")
@example(
    passes=_CONFERENCE | {"followUps": [{"on": "2026-10-20"}]},
    fails=_CONFERENCE | {"followUps": [{"on": "2026-09-30"}]},
)
def follow_up_before_conference(part: Meeting, _: Context) -> Iterator[Problem]:
    """How things went after a conference is dated before it.

    What conferences achieve is measured by it.
    """
    for number, follow_up in enumerate(part.follow_ups):
        if part.on and follow_up.on < part.on:
            yield Problem(f"/followUps/{number}/on", "This is before the conference.")


@rule(
    "MTG-015",
    Severity.INFO,
    cites=("O-032",),
    needs=("fgc-follow-up-months",),
    family="conferences",
)
@example(
    of="gloucestershire/family-group-conference",
    passes={"followUps": None, "serviceEndedOn": "2026-05-01"},
    fails={"followUps": None, "serviceEndedOn": "2026-04-30"},
)
def conference_not_looked_at_again(part: Meeting, context: Context) -> Iterator[Problem]:
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
        yield Problem("/followUps", "It is time to look at how things are for the family now.")
