"""Starts of plans: the register and the assessment come first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from eh_interop.checks.rules._help import LEVEL_3, current_levels, helpers
from eh_interop.checks.rules.engine import Context, Problem, asks, example, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Plan

_CHECK: Final = {"registrationCheck": {"covers": ["my-plan", "my-plan-plus"]}}
_AT_3: Final[dict[str, Any]] = {
    "levels": [
        {"id": "l1", "level": 3, "children": ["c1"], "decidedOn": "2026-05-22", "needs": ["n1"]}
    ],
    "actions": [{"id": "ac1", "owner": "w1"}, {"id": "ac2", "provider": "o2"}],
    "responseMode": "multi-agency",
}


@rule("PLA-006", Severity.ERROR, cites=("G-032",))
@asks("When was the assessment finished, and when did the plan start?")
@example(
    of="gloucestershire/my-plan-plus",
    passes={"assessment": {"date": "2026-03-16"}},
    fails={"assessment": {"date": "2026-03-17"}},
)
def assessment_after_my_plan_plus(part: Plan, _: Context) -> Iterator[Problem]:
    """A My Plan+ started before the assessment that it rests on was finished.

    The plan answers what the assessment found. It happens when the form is
    opened early, or the date of a later update is given.
    """
    assessed = part.assessment.date if part.assessment else None
    if (
        part.plan_type == "my-plan-plus"
        and assessed
        and part.started_on
        and assessed > part.started_on
    ):
        yield Problem("/assessment/date", "The assessment is dated after the plan started.")


@rule("PLA-007", Severity.WARNING, cites=("G-032", "G-078"))
@asks("Does the assessment cover this child too?")
@example(
    passes={"assessment": {"children": ["c1"]}},
    fails={
        "assessment": {"children": ["c1"]},
        "children": [{"id": "c1"}, {"id": "c2"}],
        "scope": "family",
        "consents": None,
        "team": [{"person": "p1"}],
    },
)
def assessment_leaves_out_a_child(part: Plan, _: Context) -> Iterator[Problem]:
    """A plan covers a child whom the assessment behind it does not cover.

    Nobody has looked at what this child needs. It happens when a baby is born
    or a brother or sister is added. A child who is not born yet may join later.
    """
    about = part.assessment.children if part.assessment else ()
    for number, child in enumerate(part.children if about else ()):
        if child.id not in about and not child.unborn:
            yield Problem(f"/children/{number}", "The assessment does not cover this child.")


@rule("PLA-008", Severity.WARNING, cites=("G-028", "G-078", "S-005"))
@asks("Which assessment is behind this plan?")
@example(passes=_AT_3, fails=_AT_3 | {"assessment": None})
def several_agencies_without_assessment(part: Plan, context: Context) -> Iterator[Problem]:
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


@rule("PLA-009", Severity.WARNING, cites=("G-035", "G-041"))
@asks("Was the early help team asked before the plan started?")
@example(
    passes={"registrationCheck": {"on": "2026-06-01"}},
    fails={"registrationCheck": {"on": "2026-06-02"}},
)
def register_asked_after_start(part: Plan, _: Context) -> Iterator[Problem]:
    """The early help team was asked about other plans only after this one had started.

    The question comes first, so that a family does not have two plans.
    """
    asked = part.registration_check.on if part.registration_check else None
    if asked and part.started_on and asked > part.started_on:
        yield Problem("/registrationCheck/on", "This is after the plan started.")


@rule("PLA-010", Severity.WARNING, cites=("G-041",))
@asks("Was the early help team asked about both a My Plan and a My Plan+?")
@example(
    of="gloucestershire/my-plan-plus",
    passes=_CHECK,
    fails={"registrationCheck": {"covers": ["my-plan-plus"]}},
)
def register_asked_about_one_kind_only(part: Plan, _: Context) -> Iterator[Problem]:
    """Before a My Plan+ the early help team was asked about one kind of plan only.

    An open My Plan would be missed. At level 3 the question is about both.
    """
    covers = part.registration_check.covers if part.registration_check else ()
    if part.plan_type == "my-plan-plus" and covers and not {"my-plan", "my-plan-plus"} <= {*covers}:
        yield Problem("/registrationCheck/covers", "The question was about one kind of plan only.")


@rule("PLA-011", Severity.WARNING, cites=("G-036",))
@asks("A plan was already registered. Why was a second one opened?")
@example(
    passes={"registrationCheck": {"result": "found"}, "origin": "step-up"},
    fails={"registrationCheck": {"result": "found"}, "origin": "new"},
)
def second_plan_opened(part: Plan, _: Context) -> Iterator[Problem]:
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
        and "predecessor"
        not in {related_record.relation for related_record in part.related_records}
    ):
        yield Problem("/registrationCheck/result", "Another plan was already registered.")
