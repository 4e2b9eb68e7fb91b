"""After a transfer: what is used again, what is left to do, and the first review."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from eh_interop.checks.rules.engine import Context, Problem, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import StepDown


@rule(
    "TRF-009",
    looks_at=StepDown,
    severity=Severity.WARNING,
    cites=("G-150",),
    needs=("assessment-currency-days",),
    ask="Is this assessment still current?",
    passes={
        "transferOn": "2026-09-01",
        "reusedAssessments": [{"stillCurrent": True, "completedOn": "2025-09-01"}],
    },
    fails={
        "transferOn": "2026-09-01",
        "reusedAssessments": [{"stillCurrent": True, "completedOn": "2025-08-31"}],
    },
)
def old_assessment_used_again(part: StepDown, context: Context) -> Iterator[Problem]:
    """An assessment is used again that is older than the area thinks current.

    Families change. Only assessments that still hold are used again.
    """
    limit = timedelta(days=context.settings["assessment-currency-days"])
    day = part.transfer_on or context.today
    for number, reused in enumerate(part.reused_assessments):
        if reused.still_current and reused.completed_on and day - reused.completed_on > limit:
            message = "This is older than the area thinks current."
            yield Problem(f"/reusedAssessments/{number}/completedOn", message)


@rule(
    "TRF-010",
    looks_at=StepDown,
    severity=Severity.ERROR,
    cites=("G-133",),
    needs=("cin-step-down-review-days",),
    ask="Please set the first review within the time that the guidance gives.",
    passes={
        "origin": "child-in-need",
        "transferOn": "2026-09-01",
        "firstReviewOn": "2026-10-13",
    },
    fails={
        "origin": "child-in-need",
        "transferOn": "2026-09-01",
        "firstReviewOn": "2026-10-14",
    },
)
def first_review_too_late(part: StepDown, context: Context) -> Iterator[Problem]:
    """After a child in need plan, the first review is later than the guidance allows.

    Families are closest to needing social care again just after it has left.
    """
    limit = timedelta(days=context.settings["cin-step-down-review-days"])
    ordinary = part.review_basis in {None, "ordinary", "step-down-child-in-need"}
    if (
        part.origin == "child-in-need"
        and ordinary
        and part.transfer_on
        and part.first_review_on
        and part.first_review_on - part.transfer_on > limit
    ):
        yield Problem("/firstReviewOn", "This is later than the guidance allows.")


@rule(
    "TRF-011",
    looks_at=StepDown,
    severity=Severity.ERROR,
    cites=("E-037", "G-055"),
    ask="Are there needs that still have to be met?",
    passes={"outstandingNeeds": [{"id": "n1"}]},
    fails={"outstandingNeeds": [{"id": "n1"}], "noOutstandingNeeds": "All needs are met."},
)
def no_needs_left_beside_needs(part: StepDown, _: Context) -> Iterator[Problem]:
    """A pack says that no needs are left, and lists some.

    The new plan picks up unmet needs from the old one.
    """
    if part.no_outstanding_needs and part.outstanding_needs:
        yield Problem("/noOutstandingNeeds", "There are needs in the list.")
