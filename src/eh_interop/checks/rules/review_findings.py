"""Findings of reviews: every goal, and what follows when nothing gets better."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

from eh_interop.checks.rules._help import held
from eh_interop.checks.rules.engine import Context, Problem, asks, example, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Plan, Review

_HELD: Final[dict[str, Any]] = {
    "id": "r1",
    "on": "2026-07-10",
    "held": True,
    "goals": [{"goal": "g1", "status": "open"}],
    "nextReviewOn": "2026-11-20",
}
_STALLED: Final = _HELD | {
    "progress": "none",
    "stepUpConsidered": True,
    "assessmentUpdated": True,
    "consentReviewed": True,
}
_LATER: Final = {"id": "r2", "on": "2026-09-10"}


@rule("REV-005", Severity.WARNING, cites=("G-019",))
@asks("How far has each open goal come?")
@example(
    passes={"reviews": [_HELD]},
    fails={"goals": [{"id": "g1", "status": "open"}, {"id": "g2", "status": "open"}]},
)
def review_leaves_out_a_goal(part: Plan, _: Context) -> Iterator[Problem]:
    """The latest review says nothing about a goal that is still open.

    A review asks of every goal whether it is met, and if not, why. Goals that
    are left out are forgotten. A goal agreed since then can be passed over.
    """
    reviews = held(part)
    if part.status == "open" and reviews and reviews[-1][1].goals:
        number, latest = reviews[-1]
        open_goals = {goal.id for goal in part.goals if goal.status == "open"}
        if open_goals - {goal.goal for goal in latest.goals}:
            yield Problem(f"/reviews/{number}/goals", "A goal that is open is left out.")


@rule("REV-006", Severity.WARNING, cites=("G-096",))
@asks("Was it considered whether more help is needed?")
@example(
    passes={"reviews": [_STALLED, _STALLED | _LATER]},
    fails={"reviews": [_STALLED, _STALLED | _LATER | {"stepUpConsidered": False}]},
)
def stalled_twice_without_thought_of_more_help(part: Plan, context: Context) -> Iterator[Problem]:
    """Two reviews in a row found no progress, and more help was not considered.

    When nothing gets better, the next step is the multi-agency flowchart.
    Children wait too long when a plan only goes on.
    """
    del context
    reviews = held(part)
    for (_, earlier), (number, later) in pairwise(reviews):
        if earlier.progress == later.progress == "none" and not later.step_up_considered:
            message = "There was no progress twice, and more help was not considered."
            yield Problem(f"/reviews/{number}/stepUpConsidered", message)


@rule("REV-007", Severity.WARNING, cites=("G-058",))
@asks("Have the assessment and consent been looked at again since the plan stalled?")
@example(
    passes={"reviews": [_STALLED, _HELD | _LATER]},
    fails={"reviews": [_STALLED | {"assessmentUpdated": False}, _HELD | _LATER]},
)
def stalled_and_nothing_brought_up_to_date(part: Plan, context: Context) -> Iterator[Problem]:
    """A review found no progress, and by the next one nothing had been brought up to date.

    When a plan stalls, the assessment and the plan are updated, consent is
    looked at again and more help is drawn in.
    """
    del context
    reviews = held(part)
    for (number, earlier), (_, later) in pairwise(reviews):
        if earlier.progress == "none":
            assessed = earlier.assessment_updated or later.assessment_updated
            asked = earlier.consent_reviewed or later.consent_reviewed
            if not (assessed and asked):
                message = "There was no progress, and nothing was brought up to date afterwards."
                yield Problem(f"/reviews/{number}", message)


@rule("REV-008", Severity.ERROR, cites=("E-037", "G-019"))
@asks("Have all goals been reached?")
@example(
    passes={"progress": "outcomes-met", "goals": [{"goal": "g1", "status": "met"}]},
    fails={"progress": "outcomes-met", "goals": [{"goal": "g1", "status": "not-met"}]},
)
def all_reached_but_a_goal_is_not(part: Review, _: Context) -> Iterator[Problem]:
    """A review says that all outcomes were reached, and that a goal was not.

    Help may end too soon.
    """
    if part.progress == "outcomes-met":
        for number, goal in enumerate(part.goals):
            if goal.status in {"open", "not-met", "partly-met"}:
                message = "All outcomes are said to be reached, but this goal is not."
                yield Problem(f"/goals/{number}/status", message)


@rule("REV-010", Severity.WARNING, cites=("G-051", "E-037"))
@asks("Is the plan closed?")
@example(
    passes={"reviews": [_HELD | {"decision": "continue"}]},
    fails={"reviews": [_HELD | {"decision": "close"}]},
)
def closure_agreed_but_plan_open(part: Plan, _: Context) -> Iterator[Problem]:
    """The latest review decided to close the plan, and it is still open.

    The early help team goes on counting it as open.
    """
    reviews = held(part)
    if part.status == "open" and reviews and reviews[-1][1].decision == "close":
        yield Problem("/status", "The latest review decided to close the plan.")


@rule("REV-011", Severity.WARNING, cites=("G-077", "E-037"))
@asks("When was consent last looked at with the family?")
@example(
    of="gloucestershire/my-plan",
    passes={"consents": [{"id": "cs1", "purposes": ["start-plan"], "status": "given"}]},
    fails={
        "consents": [
            {
                "id": "cs1",
                "purposes": ["start-plan"],
                "status": "given",
                "children": ["c1", "c2", "c3"],
                "lastReviewedOn": "2025-11-17",
            }
        ]
    },
)
def consent_review_not_in_consent(part: Plan, _: Context) -> Iterator[Problem]:
    """A review says that consent was looked at, and no consent says so.

    Whether consent still holds cannot be seen from the consent itself.
    """
    looked = [consent.last_reviewed_on for consent in part.consents if consent.last_reviewed_on]
    looked += [review.on for consent in part.consents for review in consent.reviews]
    for number, review in held(part) if looked else ():
        if review.consent_reviewed and max(looked) < review.on:
            message = "No consent says that it was looked at on this day or later."
            yield Problem(f"/reviews/{number}/consentReviewed", message)
