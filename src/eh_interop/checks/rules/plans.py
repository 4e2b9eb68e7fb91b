"""Plans: what they rest on, how they start, their kind and scope, and how they end."""

from __future__ import annotations

from typing import Any, Final

from eh_interop.checks.rules._help import (
    LEVEL_3,
    before,
    current_levels,
    helpers,
    histories,
    in_social_care,
)
from eh_interop.checks.rules.engine import Context, Problem, Problems, asks, fails, on, passes, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Plan, StatutoryPlan

_STATUTORY: Final = {"id": "sp1", "type": "pathway-plan"}


@rule("PLA-012", Severity.WARNING, cites=("G-031",))
@on(example="gloucestershire/my-plan")
@asks("At which level did the My Plan start?")
@passes(levels=[{"id": "l1", "level": 2, "decidedOn": "2025-09-22"}])
@fails(levels=[{"id": "l1", "level": 3, "decidedOn": "2025-09-22"}])
def my_plan_not_for_level_2(part: Plan, context: Context) -> Problems:
    """A My Plan started with another level than 2.

    A My Plan is made for level 2 and a My Plan+ for level 3. Either the kind
    of plan or the level was picked by mistake. The level is for people to
    judge.
    """
    if part.plan_type == "my-plan":
        first = {history[0] for history in histories(context.record).values() if history}
        for number, entry in sorted(first, key=lambda placed: placed[0]):
            if entry.level + 1 != LEVEL_3:
                message = (
                    "The first level of the My Plan is not 2, the level that a My Plan is made for."
                )
                yield Problem(f"/levels/{number}/level", message)


@rule("PLA-013", Severity.WARNING, cites=("S-003", "E-037"))
@asks("Does one agency help, or several?")
@passes(responseMode="single-agency")
@fails(responseMode="multi-agency")
def number_of_agencies_disagrees(part: Plan, context: Context) -> Problems:
    """A plan of one agency names several, or a plan of several agencies names one.

    Who has to be invited and told depends on it. Often a service has left or
    joined since.
    """
    count = len(helpers(context, part))
    if part.response_mode == "single-agency" and count > 1:
        yield Problem("/responseMode", "The plan is said to be of one agency, and names several.")
    if part.response_mode == "multi-agency" and count == 1 and part.team:
        yield Problem("/responseMode", "The plan is said to be of several agencies, and names one.")


@rule("PLA-014", Severity.WARNING, cites=("E-037", "O-035"))
@asks("Is the plan for one child or for the whole family?")
@passes(scope="family")
@fails(scope="unborn")
def scope_disagrees_with_children(part: Plan, _: Context) -> Problems:
    """A plan is said to be for one child or an unborn baby, and its children say otherwise.

    Children, families and plans are counted apart.
    """
    if part.scope == "child" and len(part.children) > 1:
        yield Problem("/scope", "The plan is said to be for one child, but names several.")
    if part.scope == "unborn" and part.children and not any(x.unborn for x in part.children):
        yield Problem("/scope", "The plan is said to be for an unborn baby, but names none.")


@rule("PLA-015", Severity.ERROR, cites=("E-037",))
@asks("Is the plan on hold?")
@passes(status="paused", pausedOn="2026-09-01")
@fails(status="paused", pausedOn="2026-09-01", resumedOn="2026-10-01")
def pause_disagrees_with_status(part: Plan, _: Context) -> Problems:
    """A plan is said to be on hold and has started again, or the other way round.

    Nobody knows whether help goes on.
    """
    paused, again = part.paused_on, part.resumed_on
    goes_on = bool(again and (not paused or again >= paused))
    if part.status == "paused" and goes_on:
        yield Problem("/status", "The plan is said to be on hold, but it has started again.")
    if part.status == "open" and paused and not goes_on:
        yield Problem(
            "/status", "The plan is said to be open, and was put on hold without starting again."
        )


@rule("PLA-018", Severity.ERROR, cites=("E-037",))
@asks("Is this plan still in force?")
@passes(_STATUTORY, status="ended", to="2026-08-30")
@fails(_STATUTORY, status="current", to="2026-08-30")
def statutory_plan_status_disagrees(part: StatutoryPlan, context: Context) -> Problems:
    """A statutory plan is said to be in force and has ended, or the other way round.

    Who is responsible for the child depends on it. Often the end date came
    later and the status was not changed.
    """
    if part.to and part.status == "current" and part.to < context.today:
        yield Problem("/status", "The plan is said to be current, and its end date has passed.")
    if part.to and part.status == "ended" and part.to > context.today:
        yield Problem("/status", "The plan is said to have ended, and its end date is after today.")


_CHECK: Final = {"registrationCheck": {"covers": ["my-plan", "my-plan-plus"]}}
_AT_3: Final[dict[str, Any]] = {
    "levels": [
        {"id": "l1", "level": 3, "children": ["c1"], "decidedOn": "2026-05-22", "needs": ["n1"]}
    ],
    "actions": [{"id": "ac1", "owner": "w1"}, {"id": "ac2", "provider": "o2"}],
    "responseMode": "multi-agency",
}


@rule("PLA-006", Severity.ERROR, cites=("G-032", "E-056"), family="plan_starts")
@on(example="gloucestershire/my-plan-plus")
@asks("When was the assessment finished, and when did the plan start?")
@passes(assessment={"date": "2026-03-16"})
@fails(assessment={"date": "2026-03-17"})
def assessment_after_my_plan_plus(part: Plan, _: Context) -> Problems:
    """A My Plan+ started before the assessment that it rests on was finished.

    The plan answers what the assessment found. It happens when the form is
    opened early, or the date of a later update is given.
    """
    assessed = part.assessment.date if part.assessment else None
    if part.plan_type == "my-plan-plus" and before(part.started_on, assessed):
        yield Problem("/assessment/date", "The assessment is dated after the plan started.")


@rule("PLA-007", Severity.WARNING, cites=("G-032", "G-078", "E-054"), family="plan_starts")
@asks("Does the assessment cover this child too?")
@passes(assessment={"children": ["c1"]})
@fails(
    assessment={"children": ["c1"]},
    children=[{"id": "c1"}, {"id": "c2"}],
    scope="family",
    consents=None,
    team=[{"person": "p1"}],
)
def assessment_leaves_out_a_child(part: Plan, _: Context) -> Problems:
    """A plan covers a child whom the assessment behind it does not cover.

    Nobody has looked at what this child needs. It happens when a baby is born
    or a brother or sister is added. A child who is not born yet may join later.
    """
    about = part.assessment.children if part.assessment else ()
    for number, child in enumerate(part.children if about else ()):
        if child.id not in about and not child.unborn:
            yield Problem(
                f"/children/{number}",
                "The plan is for this child, and the assessment behind it does not name them.",
            )


@rule("PLA-008", Severity.WARNING, cites=("G-028", "G-078", "S-005", "E-056"), family="plan_starts")
@asks("Which assessment is behind this plan?")
@passes(_AT_3)
@fails(_AT_3, assessment=None)
def several_agencies_without_assessment(part: Plan, context: Context) -> Problems:
    """Several agencies help at level 3, and no assessment is behind their plan.

    Co-ordinating several agencies calls for one assessment that all of them
    share, so that the family tells its story once.
    """
    if (
        part.assessment is None
        and part.plan_type != "my-plan-plus"  # which has to have one at any level
        and part.status in {"open", "paused"}
        and LEVEL_3 in current_levels(context.record)
        and len(helpers(context, part)) > 1
        and "assessment" not in (part.absent or {})
    ):
        yield Problem("/assessment", "Several agencies help at level 3 without an assessment.")


@rule("PLA-009", Severity.WARNING, cites=("G-035", "G-041", "E-056"), family="plan_starts")
@asks("Was the early help team asked before the plan started?")
@passes(registrationCheck={"on": "2026-06-01"})
@fails(registrationCheck={"on": "2026-06-02"})
def register_asked_after_start(part: Plan, _: Context) -> Problems:
    """The early help team was asked about other plans only after this one had started.

    The question comes first, so that a family does not have two plans.
    """
    asked = part.registration_check.on if part.registration_check else None
    if before(part.started_on, asked):
        yield Problem(
            "/registrationCheck/on", "The early help team was asked after the plan had started."
        )


@rule("PLA-010", Severity.WARNING, cites=("G-041",), family="plan_starts")
@on(example="gloucestershire/my-plan-plus")
@asks("Was the early help team asked about both a My Plan and a My Plan+?")
@passes(_CHECK)
@fails(registrationCheck={"covers": ["my-plan-plus"]})
def register_asked_about_one_kind_only(part: Plan, _: Context) -> Problems:
    """Before a My Plan+ the early help team was asked about one kind of plan only.

    An open My Plan would be missed. At level 3 the question is about both.
    """
    covers = part.registration_check.covers if part.registration_check else ()
    if part.plan_type == "my-plan-plus" and covers and not {"my-plan", "my-plan-plus"} <= {*covers}:
        yield Problem(
            "/registrationCheck/covers",
            "The early help team was asked about one kind of plan, and not about both.",
        )


@rule("PLA-011", Severity.WARNING, cites=("G-036", "E-052"), family="plan_starts")
@asks("A plan was already registered. Why was a second one opened?")
@passes(registrationCheck={"result": "found"}, origin="step-up")
@fails(registrationCheck={"result": "found"}, origin="new")
def second_plan_opened(part: Plan, _: Context) -> Problems:
    """A new plan was opened although a plan was already registered for the child.

    Two plans make the family repeat itself. The lead practitioner of the
    first one is the person to talk to.
    """
    check = part.registration_check
    if (
        check
        and check.result == "found"
        and part.origin == "new"
        and part.status == "open"
        and not check.reason_not_joined
        and "predecessor"
        not in {related_record.relation for related_record in part.related_records}
    ):
        yield Problem(
            "/registrationCheck/result",
            "A plan was found, and a new one was opened without a reason for not joining it.",
        )


_ENDED: Final[dict[str, Any]] = {
    "status": "closed",
    "goals": [{"id": "g1", "status": "met"}],
    "actions": [{"id": "ac1", "owner": "w1", "status": "done"}],
}
_CLOSURE: Final = {"on": "2026-10-09", "reason": "needs-met", "concurrentSocialCare": False}
_ENDINGS: Final = frozenset({"needs-met", "step-down-to-level-2"})


@rule("PLA-001", Severity.ERROR, cites=("E-025", "E-037"), family="closures")
@asks("Is the plan open or closed?")
@passes(_ENDED, closure=_CLOSURE)
@fails(closure={"on": "2026-10-09", "reason": "moved-away"})
def open_plan_with_closure(part: Plan, context: Context) -> Problems:
    """A plan is not closed and has a closure date that has come.

    Nobody knows whether help goes on. It happens when the closure form is
    filled in and the status is not changed.
    """
    closed = part.closure.on if part.closure else None
    if part.status in {"draft", "open", "paused"} and closed and closed <= context.today:
        yield Problem("/status", "The closure date has come, and the status is not 'closed'.")


@rule("PLA-002", Severity.ERROR, cites=("E-037",), family="closures")
@asks("When did the plan start, and when did it end?")
@passes(_ENDED, closure=_CLOSURE)
@fails(_ENDED, closure={"on": "2026-05-31", "reason": "moved-away"})
def closed_before_it_started(part: Plan, _: Context) -> Problems:
    """A plan ended before it started.

    How long help lasted cannot be told. Usually the year is mistyped.
    """
    closed = part.closure.on if part.closure else None
    if before(closed, part.started_on):
        yield Problem("/closure/on", "The closure is dated before the start of the plan.")


@rule("PLA-003", Severity.WARNING, cites=("G-020", "G-051", "G-052", "E-056"), family="closures")
@asks("At which review was it agreed to close the plan?")
@passes(_ENDED, closure=_CLOSURE)
@fails(_ENDED, closure=_CLOSURE, reviews=None)
def closed_without_any_review(part: Plan, _: Context) -> Problems:
    """A plan was closed because needs were met, and no review was held.

    Whether needs are met is agreed with the family at a review. It happens
    when plans are closed from the office at the end of a term.
    """
    closure = part.closure
    if part.status == "closed" and closure and closure.reason in _ENDINGS:
        held = (review for review in part.reviews if review.held is not False)
        if not any(closure.on is None or review.on <= closure.on for review in held):
            yield Problem(
                "/reviews",
                "The plan closed because needs were met, and no review was held by then.",
            )


@rule("PLA-004", Severity.WARNING, cites=("G-051", "P-002", "E-025"), family="closures")
@asks("Which goals were reached?")
@passes(_ENDED, closure=_CLOSURE)
@fails(_ENDED, closure=_CLOSURE, goals=[{"id": "g1", "status": "not-met"}])
def needs_met_but_goals_were_not(part: Plan, _: Context) -> Problems:
    """A plan was closed because needs were met, and no goal was reached even in part.

    Counts of what helps rest on the reason for closing.
    """
    closure = part.closure
    states = {goal.status for goal in part.goals if goal.status}
    if (
        closure
        and closure.reason == "needs-met"
        and states
        and part.status == "closed"
        and states <= {"open", "not-met"}
    ):
        yield Problem("/closure/reason", "Needs are said to be met, but no goal was reached.")


@rule("PLA-005", Severity.WARNING, cites=("P-002", "E-037"), family="closures")
@asks("What became of the goals and actions that were still open?")
@passes(_ENDED, closure=_CLOSURE)
@fails(_ENDED, closure=_CLOSURE, actions=[{"id": "ac1", "owner": "w1", "status": "in-progress"}])
def work_still_open_in_closed_plan(part: Plan, _: Context) -> Problems:
    """A plan is closed, and some of its goals or actions are still open.

    Somebody may still wait for help that nobody gives. Say how each ended, or
    that it is no longer needed.
    """
    if part.status == "closed":
        for number, goal in enumerate(part.goals):
            if goal.status == "open":
                yield Problem(
                    f"/goals/{number}/status", "The goal is open, and the plan is closed."
                )
        for number, action in enumerate(part.actions):
            if action.status in {"not-started", "in-progress"}:
                yield Problem(
                    f"/actions/{number}/status", "The action is not done, and the plan is closed."
                )


@rule("PLA-016", Severity.ERROR, cites=("E-037", "O-039"), family="closures")
@asks("Was the family open to social care when the plan ended?")
@passes(_ENDED, closure=_CLOSURE)
@fails(_ENDED, closure=_CLOSURE | {"laterSocialCareOn": "2026-10-08"})
def later_social_care_before_closure(part: Plan, context: Context) -> Problems:
    """What is said about social care at and after the end of a plan cannot be so.

    Whether early help kept a family from needing social care is measured by it.
    """
    closure = part.closure
    if closure is None:
        return
    if before(closure.later_social_care_on, closure.on):
        yield Problem(
            "/closure/laterSocialCareOn", "Later social care is dated before the plan ended."
        )
    if before(part.later_statutory_on, part.started_on):
        yield Problem("/laterStatutoryOn", "Later statutory help is dated before the plan started.")
    if closure.concurrent_social_care is False and in_social_care(context):
        yield Problem(
            "/closure/concurrentSocialCare",
            "The answer is no, and a social care plan is said to be current.",
        )
