"""Notifications: what the early help team is told about plans."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from eh_interop.checks.rules._help import LEVEL_3, before, in_social_care
from eh_interop.checks.rules.engine import Context, Problem, Problems, asks, fails, on, passes, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Plan, PlanNotification

_OPENED: Final = {"kind": "opening", "openedOn": "2026-09-01"}
_SCHOOL: Final = {"organisations": [{"id": "o1", "sector": "school"}], "leadOrganisation": "o1"}


@rule("NTF-001", Severity.WARNING, cites=("E-037", "O-008"))
@asks("When did the plan open, and when was the early help team told?")
@passes(_OPENED, notification={"on": "2026-09-01"})
@fails(_OPENED, notification={"on": "2026-08-31"})
def told_before_it_happened(part: PlanNotification, _: Context) -> Problems:
    """The early help team was told of a plan before it opened or closed.

    How many plans are open on a day is counted from these dates.
    """
    notified = part.notification.on if part.notification else None
    closes = part.kind == "closing"
    if before(notified, part.closed_on if closes else part.opened_on):
        yield Problem(
            "/notification/on",
            f"The early help team was told before the plan {'closed' if closes else 'opened'}.",
        )


@rule("NTF-002", Severity.ERROR, cites=("E-037",))
@asks("Is the plan opened, changed or closed?")
@passes(kind="closing", closedOn="2026-09-01")
@fails(kind="opening", closedOn="2026-09-01")
def kind_of_notice_disagrees(part: PlanNotification, _: Context) -> Problems:
    """A notice about an opening or a change says when or why the plan closed.

    The early help team would count the plan wrongly.
    """
    if part.kind in {"opening", "change"} and (part.closed_on or part.closure_reason):
        yield Problem(
            "/kind",
            "The notice is of an opening or a change, and says when or why the plan closed.",
        )


@rule("NTF-003", Severity.ERROR, cites=("E-037", "O-010"))
@asks("Which agency leads the plan, and to which sector does it belong?")
@passes(_SCHOOL, leadSector="school")
@fails(_SCHOOL, leadSector="health")
def sector_of_lead_disagrees(part: PlanNotification, _: Context) -> Problems:
    """The sector of the leading agency is not that of the agency named.

    Plans are counted by sector.
    """
    sectors = {organisation.id: organisation.sector for organisation in part.organisations}
    known = sectors.get(part.lead_organisation or "")
    if part.lead_sector and known and part.lead_sector != known:
        yield Problem("/leadSector", "The sector given is not that of the leading agency.")


@rule("NTF-004", Severity.WARNING, cites=("O-037",))
@on(needs=("plan-due-days",))
@asks("Has the plan been registered?")
@passes(openedOn="2026-10-18", notification={"status": "due-in-timescale"})
@fails(openedOn="2026-10-17", notification={"status": "due-in-timescale"})
def due_in_time_but_time_is_up(part: PlanNotification, context: Context) -> Problems:
    """A plan is said to be due for registration in time, and the time is up.

    The early help team has to know which plans are open.
    """
    limit = timedelta(days=context.settings["plan-due-days"])
    status = part.notification.status if part.notification else None
    if status == "due-in-timescale" and part.opened_on and context.today - part.opened_on > limit:
        yield Problem(
            "/notification/status",
            f"The plan opened more than {limit.days} days ago, and is said to be due in time.",
        )


@rule("NTF-005", Severity.ERROR, cites=("G-053", "G-054"))
@asks("Does a My Plan take over?")
@passes(kind="closing", closureReason="step-down-to-level-2", successor={"planType": "my-plan"})
@fails(kind="closing", closureReason="step-down-to-level-2", successor={"planType": "my-plan-plus"})
def step_down_disagrees(part: PlanNotification, _: Context) -> Problems:
    """A plan closed because help moves to level 2, and something else is said beside it.

    Then a My Plan takes over and the notice is about a step down.
    """
    if part.closure_reason == "step-down-to-level-2":
        if part.step_down is False:
            yield Problem(
                "/stepDown",
                "The plan closed for a move to level 2, and step down is said to be no.",
            )
        if part.successor and part.successor.plan_type not in {None, "my-plan"}:
            yield Problem(
                "/successor/planType",
                "The plan closed for a move to level 2, and the next plan is no My Plan.",
            )


@rule("NTF-006", Severity.ERROR, cites=("E-037", "O-036"))
@asks("Is the family open to social care?")
@passes(
    concurrentSocialCare=True,
    statutoryPlans=[{"id": "sp1", "type": "child-in-need-plan", "status": "current"}],
)
@fails(
    concurrentSocialCare=False,
    statutoryPlans=[{"id": "sp1", "type": "child-in-need-plan", "status": "current"}],
)
def social_care_answers_disagree(part: PlanNotification, context: Context) -> Problems:
    """A family is said not to be open to social care, and has a current plan there.

    Families who have both kinds of help are counted apart.
    """
    if part.concurrent_social_care is False and in_social_care(context):
        yield Problem(
            "/concurrentSocialCare",
            "The answer is no, and a social care plan is said to be current.",
        )


_FELL: Final[dict[str, Any]] = {
    "levels": [
        {
            "id": "l1",
            "level": 2,
            "children": ["c1"],
            "change": "decrease",
            "previousLevel": 3,
            "decidedOn": "2026-07-10",
            "needs": ["n1"],
        }
    ]
}
_CLOSED: Final[dict[str, Any]] = {
    "status": "closed",
    "goals": [{"id": "g1", "status": "met"}],
    "actions": [{"id": "ac1", "owner": "w1"}],
}


@rule("NTF-007", Severity.WARNING, cites=("G-054",), family="register")
@asks("Has the early help team been told that the level has fallen?")
@passes(_FELL, notification={"on": "2026-07-13"})
@fails(_FELL)
def fall_from_level_3_not_told(part: Plan, _: Context) -> Problems:
    """A level fell from 3, and the early help team has not been told since.

    Any step down from level 3 is told, so that the register is right.
    """
    notes = (part.notification, part.closure.notification if part.closure else None)
    notified = [note.on for note in notes if note and note.on]
    for number, decision in enumerate(part.levels):
        if (
            decision.previous_level == LEVEL_3
            and decision.level < LEVEL_3
            and decision.decided_on
            and not any(day >= decision.decided_on for day in notified)
        ):
            message = (
                "The level fell from 3, and no notice to the early help team since then is "
                "recorded."
            )
            yield Problem(f"/levels/{number}", message)


@rule("NTF-008", Severity.WARNING, cites=("G-039", "G-051", "E-037"), family="register")
@asks("When did the plan start or end, and when was the early help team told?")
@passes(_CLOSED, closure={"on": "2026-10-09", "notification": {"on": "2026-10-09"}})
@fails(_CLOSED, closure={"on": "2026-10-09", "notification": {"on": "2026-10-08"}})
def register_told_before_plan_closed(part: Plan, _: Context) -> Problems:
    """The early help team was told of the end of a plan before it ended.

    Usually the notice of the start was put in again.
    """
    closure = part.closure
    notified = closure.notification.on if closure and closure.notification else None
    if closure and closure.on and notified and notified < closure.on:
        yield Problem(
            "/closure/notification/on", "The notice of the end is dated before the plan ended."
        )
