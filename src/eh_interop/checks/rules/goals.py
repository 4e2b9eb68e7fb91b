"""Goals, actions and scores: what was to be done, and what came of it."""

from __future__ import annotations

from typing import Final

from eh_interop.checks.rules._help import months_after
from eh_interop.checks.rules.engine import Context, Problem, Problems, asks, fails, passes, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Action, Goal, OutcomeMeasure, Plan

_ACTION: Final = {"dueOn": None, "status": "not-started", "completedOn": None}
_MEASURE: Final = {"id": "om1", "direction": "lower-is-better"}
_SCORE: Final = {"on": "2026-05-22", "value": 19, "stage": "before"}


@rule("PLA-101", Severity.ERROR, cites=("E-037", "P-002"))
@asks("Was this goal reached?")
@passes(status="met", judgedOn="2026-10-01")
@fails(status="open", judgedOn="2026-10-01", result="18 of 20 days.")
def judged_goal_still_open(part: Goal, _: Context) -> Problems:
    """A goal has a result and a day on which it was judged, and is said to be open.

    What help achieves is counted by the status. Goals that were reached are
    missed.
    """
    if part.status == "open" and part.result and part.judged_on:
        yield Problem(
            "/status", "The goal has a result and a day of judging, and its status is open."
        )


@rule("PLA-102", Severity.WARNING, cites=("O-038", "E-053"))
@asks("From when to when was the change kept up?")
@passes(sustainedFrom="2026-01-31", sustainedTo="2026-07-31", sustainMonths=6)
@fails(sustainedFrom="2026-01-31", sustainedTo="2026-07-30", sustainMonths=6)
def kept_up_for_a_shorter_time(part: Goal, _: Context) -> Problems:
    """A change was kept up for fewer months than the goal asks for.

    The programme pays only for change that lasts for the set time. Months are
    calendar months.
    """
    begun, ended, wanted = part.sustained_from, part.sustained_to, part.sustain_months
    if begun and ended and wanted and ended < months_after(begun, wanted):
        yield Problem(
            "/sustainedTo",
            f"The time from start to end is less than {wanted} months, as the goal asks.",
        )


@rule("PLA-103", Severity.ERROR, cites=("E-037",))
@asks("Has this action been finished?")
@passes(_ACTION, status="done", completedOn="2026-10-01")
@fails(_ACTION, completedOn="2026-10-01")
def finished_action_still_open(part: Action, _: Context) -> Problems:
    """An action has a day on which it was finished, and its status says otherwise.

    Somebody may do it again, or nobody may notice that it is done.
    """
    if part.completed_on and part.status in {"not-started", "in-progress"}:
        yield Problem(
            "/status",
            "The action has a day of completion, and its status says that it is not done.",
        )


@rule("PLA-104", Severity.ERROR, cites=("E-037",))
@passes(_ACTION, startedOn="2026-09-01", dueOn="2026-12-01")
@fails(_ACTION, startedOn="2026-09-01", dueOn="2026-08-31", status="done")
def due_before_it_started(part: Action, _: Context) -> Problems:
    """An action was due before it started, or accepted before it was referred.

    Usually the year is mistyped, or the dates have changed places.
    """
    if part.due_on and part.started_on and part.due_on < part.started_on:
        yield Problem("/dueOn", "The due date is before the action started.")
    if part.accepted_on and part.referred_on and part.accepted_on < part.referred_on:
        yield Problem(
            "/acceptedOn", "The referral is said to have been accepted before it was made."
        )


@rule("PLA-105", Severity.INFO, cites=("E-023", "G-016"))
@asks("What became of the actions that were due?")
@passes(actions=[{"id": "ac1", "owner": "w1", "dueOn": "2026-11-01"}, {"id": "a2"}])
@fails(
    responseMode=None,
    team=None,
    levels=None,
    actions=[{"id": "ac1", "owner": "w1", "dueOn": "2026-10-31", "status": "in-progress"}],
)
def action_overdue(part: Plan, context: Context) -> Problems:
    """An action of an open plan was to be done by a day that has passed.

    Worth asking about at the next review. It may be done and not yet recorded.
    """
    for number, action in enumerate(part.actions if part.status == "open" else ()):
        if (
            action.due_on
            and action.due_on < context.today
            and action.status in {"not-started", "in-progress"}
        ):
            yield Problem(
                f"/actions/{number}/dueOn",
                "The due date has passed, and the action is not said to be done.",
            )


@rule("PLA-106", Severity.WARNING, cites=("G-015", "E-037"))
@asks("By when is this goal to be reached?")
@passes(goals=[{"id": "g1", "targetDate": "2026-06-01"}])
@fails(goals=[{"id": "g1", "targetDate": "2026-05-31"}])
def target_date_before_start_of_plan(part: Plan, _: Context) -> Problems:
    """A goal was to be reached before the plan started.

    A goal has a time. Often it was copied from an earlier plan.
    """
    for number, goal in enumerate(part.goals if part.started_on else ()):
        if goal.target_date and part.started_on and goal.target_date < part.started_on:
            message = "The target date of the goal is before the plan started."
            yield Problem(f"/goals/{number}/targetDate", message)


@rule("PLA-107", Severity.ERROR, cites=("E-037", "O-024"))
@asks("When was each score taken?")
@passes(_MEASURE, scores=[_SCORE, _SCORE | {"on": "2026-09-01", "stage": "after"}])
@fails(_MEASURE, scores=[_SCORE, _SCORE | {"on": "2026-05-21", "stage": "after"}])
def score_after_help_dated_before_the_first(part: OutcomeMeasure, _: Context) -> Problems:
    """A score taken after help is dated before the one taken before help.

    Change would be counted the wrong way round.
    """
    before = [score.on for score in part.scores if score.stage == "before" and score.on]
    for number, score in enumerate(part.scores if before else ()):
        if score.stage in {"during", "after"} and score.on and score.on < max(before):
            yield Problem(
                f"/scores/{number}/on",
                "The score from during or after help is dated before the one from before help.",
            )
