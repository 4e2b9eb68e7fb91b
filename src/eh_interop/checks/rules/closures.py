"""Closures: how and when a plan ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from eh_interop.checks.rules._help import in_social_care
from eh_interop.checks.rules.engine import Context, Problem, asks, example, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Plan

_ENDED: Final[dict[str, Any]] = {
    "status": "closed",
    "goals": [{"id": "g1", "status": "met"}],
    "actions": [{"id": "ac1", "owner": "w1", "status": "done"}],
}
_CLOSURE: Final = {"on": "2026-10-09", "reason": "needs-met", "concurrentSocialCare": False}
_ENDINGS: Final = frozenset({"needs-met", "step-down-to-level-2"})


@rule("PLA-001", Severity.ERROR, cites=("E-025", "E-037"))
@asks("Is the plan open or closed?")
@example(
    passes=_ENDED | {"closure": _CLOSURE},
    fails={"closure": {"on": "2026-10-09", "reason": "moved-away"}},
)
def open_plan_with_closure(part: Plan, context: Context) -> Iterator[Problem]:
    """A plan is not closed and has a closure date that has come.

    Nobody knows whether help goes on. It happens when the closure form is
    filled in and the status is not changed.
    """
    closed = part.closure.on if part.closure else None
    if part.status in {"draft", "open", "paused"} and closed and closed <= context.today:
        yield Problem("/status", "The plan has a closure date, but is not closed.")


@rule("PLA-002", Severity.ERROR, cites=("E-037",))
@asks("When did the plan start, and when did it end?")
@example(
    passes=_ENDED | {"closure": _CLOSURE},
    fails=_ENDED | {"closure": {"on": "2026-05-31", "reason": "moved-away"}},
)
def closed_before_it_started(part: Plan, _: Context) -> Iterator[Problem]:
    """A plan ended before it started.

    How long help lasted cannot be told. Usually the year is mistyped.
    """
    closed = part.closure.on if part.closure else None
    if closed and part.started_on and closed < part.started_on:
        yield Problem("/closure/on", "The plan ended before it started.")


@rule("PLA-003", Severity.WARNING, cites=("G-020", "G-051", "G-052"))
@asks("At which review was it agreed to close the plan?")
@example(
    passes=_ENDED | {"closure": _CLOSURE}, fails=_ENDED | {"closure": _CLOSURE, "reviews": None}
)
def closed_without_any_review(part: Plan, _: Context) -> Iterator[Problem]:
    """A plan was closed because needs were met, and no review was held.

    Whether needs are met is agreed with the family at a review. It happens
    when plans are closed from the office at the end of a term.
    """
    closure = part.closure
    if part.status == "closed" and closure and closure.reason in _ENDINGS:
        held = (review for review in part.reviews if review.held is not False)
        if not any(closure.on is None or review.on <= closure.on for review in held):
            yield Problem("/reviews", "The plan was closed without any review.")


@rule("PLA-004", Severity.WARNING, cites=("G-051", "P-002", "E-025"))
@asks("Which goals were reached?")
@example(
    passes=_ENDED | {"closure": _CLOSURE},
    fails=_ENDED | {"closure": _CLOSURE, "goals": [{"id": "g1", "status": "not-met"}]},
)
def needs_met_but_goals_were_not(part: Plan, _: Context) -> Iterator[Problem]:
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


@rule("PLA-005", Severity.WARNING, cites=("P-002", "E-037"))
@asks("What became of the goals and actions that were still open?")
@example(
    passes=_ENDED | {"closure": _CLOSURE},
    fails=_ENDED
    | {
        "closure": _CLOSURE,
        "actions": [{"id": "ac1", "owner": "w1", "status": "in-progress"}],
    },
)
def work_still_open_in_closed_plan(part: Plan, _: Context) -> Iterator[Problem]:
    """A plan is closed, and some of its goals or actions are still open.

    Somebody may still wait for help that nobody gives. Say how each ended, or
    that it is no longer needed.
    """
    if part.status == "closed":
        for number, goal in enumerate(part.goals):
            if goal.status == "open":
                yield Problem(f"/goals/{number}/status", "This is open, but the plan is closed.")
        for number, action in enumerate(part.actions):
            if action.status in {"not-started", "in-progress"}:
                yield Problem(f"/actions/{number}/status", "This is open, but the plan is closed.")


@rule("PLA-016", Severity.ERROR, cites=("E-037", "O-039"))
@asks("Was the family open to social care when the plan ended?")
@example(
    passes=_ENDED | {"closure": _CLOSURE},
    fails=_ENDED | {"closure": _CLOSURE | {"laterSocialCareOn": "2026-10-08"}},
)
def later_social_care_before_closure(part: Plan, context: Context) -> Iterator[Problem]:
    """What is said about social care at and after the end of a plan cannot be so.

    Whether early help kept a family from needing social care is measured by it.
    """
    closure = part.closure
    if closure is None:
        return
    later = closure.later_social_care_on
    if later and closure.on and later < closure.on:
        yield Problem("/closure/laterSocialCareOn", "This is before the plan ended.")
    if part.later_statutory_on and part.started_on and part.later_statutory_on < part.started_on:
        yield Problem("/laterStatutoryOn", "This is before the plan started.")
    if closure.concurrent_social_care is False and in_social_care(context):
        yield Problem("/closure/concurrentSocialCare", "A social care plan is in force.")
