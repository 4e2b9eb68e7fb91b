"""Children: facts that have to fit with one another across the record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from eh_interop.checks.rules._help import SOCIAL_CARE_PLANS, is_in_force
from eh_interop.checks.rules.engine import Context, Problem, asks, example, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Child, Record, View

_PLAN: Final = {"id": "sp1", "children": ["c1"]}


@rule("FAM-012", Severity.ERROR, cites=("E-037",))
@asks("Please check the date of birth and this date.")
@example(
    passes={"education": [{"from": "2023-09-01"}]}, fails={"education": [{"from": "2018-09-01"}]}
)
def happened_before_birth(part: Child, _: Context) -> Iterator[Problem]:
    """A child went to school, was seen or said something before being born.

    Either the date of birth or the other date is wrong, or facts about a
    brother or sister stand with this child.
    """
    born = part.date_of_birth
    if not born:
        return
    placed = [(f"/education/{n}/from", entry.from_) for n, entry in enumerate(part.education)]
    placed += [(f"/views/{n}/gatheredOn", view.gathered_on) for n, view in enumerate(part.views)]
    if part.seen:
        placed.append(("/seen/lastSeenOn", part.seen.last_seen_on))
    for place, day in placed if born else ():
        if day and day < born:
            yield Problem(place, "This is dated before the child was born.")


@rule("FAM-013", Severity.WARNING, cites=("G-022", "E-016"))
@example(
    passes={"text": None, "notCapturedReason": "declined"}, fails={"notCapturedReason": "declined"}
)
def views_given_and_said_to_be_missing(part: View, _: Context) -> Iterator[Problem]:
    """Somebody's views are given beside a reason why there are none.

    A reader may think that the child was never asked. It happens when views
    come later and the reason is left standing.
    """
    if part.text and part.not_captured_reason:
        yield Problem("/notCapturedReason", "Views are given, so no reason is needed.")


@rule("FAM-014", Severity.ERROR, cites=("E-037",))
@asks("Does the child have an education, health and care plan?")
@example(
    passes={
        "statutoryPlans": [
            _PLAN | {"type": "education-health-and-care-plan", "status": "considered"}
        ],
        "absent": {"statutoryPlans": None},
    },
    fails={
        "statutoryPlans": [_PLAN | {"type": "education-health-and-care-plan", "status": "current"}],
        "absent": {"statutoryPlans": None},
    },
)
def no_special_needs_but_a_plan_for_them(part: Record, _: Context) -> Iterator[Problem]:
    """A child with an education, health and care plan is said to have no special needs.

    Support at school and early help have to fit together. One of the two
    answers is out of date.
    """
    with_plan = {
        child
        for statutory_plan in part.statutory_plans
        if statutory_plan.type == "education-health-and-care-plan" and is_in_force(statutory_plan)
        for child in statutory_plan.children
    }
    for number, child in enumerate(part.children):
        needs = child.special_educational_needs
        if child.id in with_plan and needs and needs.status == "none":
            message = "The child has an education, health and care plan, so has special needs."
            yield Problem(f"/children/{number}/specialEducationalNeeds/status", message)


@rule("FAM-015", Severity.ERROR, cites=("E-037",))
@asks("Is the child open to children's social care?")
@example(
    passes={
        "statutoryPlans": [_PLAN | {"type": "child-in-need-plan", "status": "considered"}],
        "absent": {"statutoryPlans": None},
    },
    fails={
        "statutoryPlans": [_PLAN | {"type": "child-in-need-plan", "status": "current"}],
        "absent": {"statutoryPlans": None},
    },
)
def unknown_to_social_care_but_has_its_plan(part: Record, _: Context) -> Iterator[Problem]:
    """A child with a current social care plan is said to be closed or not known to social care.

    The child's social worker would not be told. One of the two answers is out
    of date.
    """
    with_plan = {
        child
        for statutory_plan in part.statutory_plans
        if statutory_plan.type in SOCIAL_CARE_PLANS and is_in_force(statutory_plan)
        for child in statutory_plan.children
    }
    for number, child in enumerate(part.children):
        if child.id in with_plan and child.social_care_status in {"not-known", "closed"}:
            message = "The child has a current social care plan, so is open to social care."
            yield Problem(f"/children/{number}/socialCareStatus", message)
