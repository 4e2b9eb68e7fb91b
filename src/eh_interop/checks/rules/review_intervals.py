"""Review intervals: only those that an area's guidance gives, and only where it gives them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

from eh_interop.checks.rules._help import held, months_after
from eh_interop.checks.rules.engine import Context, Problem, asks, example, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Plan

_DECISIONS: Final = frozenset({"continue-level-3", "step-down-level-2", "step-up", "close"})
_BASE: Final[dict[str, Any]] = {
    "id": "r1",
    "held": True,
    "goals": [{"goal": "g1", "status": "open"}],
    "decision": "continue-level-3",
}
_SIX_WEEKS: Final = {"origin": "step-down-child-in-need", "nextReviewOn": None}
_SIX_MONTHS: Final = {"reviewBasis": "disabled-child-services", "nextReviewOn": None}


def is_six_weekly(part: Plan) -> bool:
    """Return whether a plan follows a child in need plan and has no other basis for reviews."""
    return part.review_basis == "step-down-child-in-need" or (
        part.origin == "step-down-child-in-need" and part.review_basis in {None, "ordinary"}
    )


def _days(part: Plan) -> list[tuple[str, date]]:
    """Return the start and the reviews held, with their places."""
    start = [("/startedOn", part.started_on)] if part.started_on else []
    return [*start, *((f"/reviews/{number}/on", review.on) for number, review in held(part))]


@rule("REV-101", Severity.ERROR, cites=("G-133",), needs=("cin-step-down-review-days",))
@asks("Please set the next review within the time that the guidance gives.")
@example(
    passes=_SIX_WEEKS
    | {"reviews": [_BASE | {"on": "2026-07-10"}, _BASE | {"id": "r2", "on": "2026-08-21"}]}
    | {"nextReviewOn": "2026-10-02", "status": "paused"},
    fails=_SIX_WEEKS
    | {"reviews": [_BASE | {"on": "2026-07-10"}, _BASE | {"id": "r2", "on": "2026-08-21"}]}
    | {"nextReviewOn": "2026-10-03", "status": "paused"},
)
def next_review_too_late_after_step_down(part: Plan, context: Context) -> Iterator[Problem]:
    """After a child in need plan, the next review is later than the guidance allows.

    Families are closest to needing social care again just after it has left.
    The days are counted from the last review, or from the start.
    """
    days = _days(part)
    limit = timedelta(days=context.settings["cin-step-down-review-days"])
    if (
        is_six_weekly(part)
        and part.status != "closed"
        and days
        and part.next_review_on
        and part.next_review_on - days[-1][1] > limit
    ):
        yield Problem("/nextReviewOn", "This is later than the guidance allows.")


@rule("REV-102", Severity.WARNING, cites=("G-133",), needs=("cin-step-down-review-days",))
@asks("Why was this review late?")
@example(
    passes=_SIX_WEEKS
    | {"reviews": [_BASE | {"on": "2026-07-13"}, _BASE | {"id": "r2", "on": "2026-08-24"}]},
    fails=_SIX_WEEKS
    | {"reviews": [_BASE | {"on": "2026-07-13"}, _BASE | {"id": "r2", "on": "2026-08-25"}]},
)
def review_held_late_after_step_down(part: Plan, context: Context) -> Iterator[Problem]:
    """After a child in need plan, a review was held later than the guidance allows.

    A good reason may explain it, such as a holiday that the family asked for.
    """
    limit = timedelta(days=context.settings["cin-step-down-review-days"])
    for (_, earlier), (place, later) in pairwise(_days(part) if is_six_weekly(part) else ()):
        if later - earlier > limit:
            yield Problem(place, "This review was held later than the guidance allows.")


@rule("REV-103", Severity.WARNING, cites=("G-135",), needs=("disabled-child-review-months",))
@asks("When will the plan be reviewed? Please keep to the time that the guidance gives.")
@example(
    passes=_SIX_MONTHS | {"reviews": [_BASE | {"on": "2026-08-31"}], "nextReviewOn": "2027-02-28"},
    fails=_SIX_MONTHS | {"reviews": [_BASE | {"on": "2026-08-31"}], "nextReviewOn": "2027-03-01"},
)
def review_too_late_for_disabled_child(part: Plan, context: Context) -> Iterator[Problem]:
    """A disabled child's services are reviewed later than the guidance allows.

    Children and their services change. Months are calendar months: six months
    after the last day of August is the last day of February.
    """
    months = context.settings["disabled-child-review-months"]
    if part.review_basis != "disabled-child-services":
        return
    days = _days(part)
    if part.next_review_on and part.status != "closed":
        days.append(("/nextReviewOn", part.next_review_on))
    for (_, earlier), (place, later) in pairwise(days):
        if later > months_after(earlier, months):
            yield Problem(place, "This is later than the guidance allows.")


@rule("REV-104", Severity.ERROR, cites=("G-134",))
@asks("Does help go on at level 3, or move to level 2?")
@example(
    passes=_SIX_WEEKS | {"reviews": [_BASE | {"on": "2026-07-10"}]},
    fails=_SIX_WEEKS | {"reviews": [_BASE | {"on": "2026-07-10", "decision": "continue"}]},
)
def review_after_step_down_does_not_say_at_which_level(part: Plan, _: Context) -> Iterator[Problem]:
    """After a child in need plan, a review only says that the plan goes on.

    Each review decides whether help stays at level 3 or moves to level 2.
    """
    for number, review in held(part) if is_six_weekly(part) else ():
        if review.decision and review.decision not in _DECISIONS:
            message = "The decision does not say whether help stays at level 3 or moves to level 2."
            yield Problem(f"/reviews/{number}/decision", message)
