"""Assessments and the plans that rest on them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from eh_interop.checks.across.identity import surely_others
from eh_interop.checks.across.records import ChildRecords, Seen
from eh_interop.checks.across.summary import Summary
from eh_interop.checks.rules.engine import Context, rule
from eh_interop.core.findings import Severity

_PLUS: Final = "gloucestershire/my-plan-plus"
_ASSESSMENT: Final = "gloucestershire/early-help-assessment"
_ANOTHER: Final = {
    "children": [
        {
            "id": "c1",
            "name": {"given": "Ottilie", "family": "Marchbanks"},
            "dateOfBirth": "2015-02-11",
        }
    ]
}


@rule(
    "ACR-006",
    looks_at=ChildRecords,
    severity=Severity.ERROR,
    cites=("G-032",),
    ask="Which assessment does the plan rest on?",
    passes={_PLUS: {}, _ASSESSMENT: {}},
    fails={_PLUS: {}, _ASSESSMENT: _ANOTHER},
)
def assessment_of_another_child(part: ChildRecords, _: Context) -> Iterator[Seen]:
    """The assessment that a plan rests on is about other children.

    A plan would be made for one child from the needs of another. Usually a
    number was mistyped, or a form was copied.
    """
    for plan, assessment in _resting(part):
        mine = next(
            mention.keys
            for record, mention in zip(part.records, part.mentions, strict=True)
            if record.number == plan.number
        )
        others = [surely_others(mine, child.keys) for child in assessment.children]
        if others and all(others):
            message = "The assessment given under this number is about other children."
            yield Seen("/assessment/recordId", message, plan, (assessment,))


@rule(
    "ACR-007",
    looks_at=ChildRecords,
    severity=Severity.WARNING,
    cites=("G-032",),
    ask="Was the assessment finished before the plan was made?",
    passes={_PLUS: {}, _ASSESSMENT: {}},
    fails={_PLUS: {}, _ASSESSMENT: {"completedOn": "2026-04-20", "updatedOn": "2026-09-28"}},
)
def assessment_finished_after_plan(part: ChildRecords, _: Context) -> Iterator[Seen]:
    """A My Plan+ started before its assessment was finished.

    The plan should come from what the assessment found. Often the day on which
    the assessment was last changed was put in.
    """
    for plan, assessment in _resting(part):
        message = ""
        if assessment.result == "not-completed":
            message = "The assessment given was not finished."
        elif plan.on and assessment.ended_on and assessment.ended_on > plan.on:
            message = "The assessment given was finished later."
        elif assessment.ended_on is None and plan.status in {"open", "closed"}:
            message = "The assessment given has no day of completion."
        if message:
            yield Seen("/assessment", message, plan, (assessment,))


def _resting(part: ChildRecords) -> Iterator[tuple[Summary, Summary]]:
    """Yield each My Plan+ with the assessment that it rests on, if that was given."""
    for plan in part.of_type("plan"):
        if plan.kind == "my-plan-plus":
            for _named, given in part.named(plan, "assessment"):
                if given.sound and given.record_type == "early-help-assessment":
                    yield plan, given
