"""Plans of one child: one at a time, one after the other, what they rest on, who joined."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from eh_interop.checks.across.identity import certainly_different
from eh_interop.checks.across.records import ChildRecords, RelatedProblem, before
from eh_interop.checks.across.summary import Summary
from eh_interop.checks.rules.engine import Context, asks, fails, passes, rule
from eh_interop.core.findings import Severity

_LOCAL_PLANS: Final = frozenset({"my-plan", "my-plan-plus"})
"""Kinds of plan of which one takes over from the other, as a county has them."""
_TAKES_OVER: Final = {"step-down-to-level-2": "my-plan", "stepped-up": "my-plan-plus"}
_PLAN: Final = "gloucestershire/my-plan"
_PLUS: Final = "gloucestershire/my-plan-plus"
_NAMES_IT: Final[dict[str, Any]] = {
    "relatedRecords": [{"recordId": "plan-2025-00417", "relation": "predecessor"}]
}
_STILL_OPEN: Final[dict[str, Any]] = {"status": "open", "closure": None}


@rule("ACR-001", Severity.WARNING, cites=("G-036", "E-052"))
@asks("Two plans are open for this child. Which one goes on?")
@passes({_PLAN: {}, _PLUS: {}})
@fails({_PLAN: _STILL_OPEN, _PLUS: _NAMES_IT})
def two_plans_open(part: ChildRecords, _: Context) -> Iterator[RelatedProblem]:
    """Two plans are open for one child at the same time.

    The family has to tell its story twice, and two people lead. Usually the
    first plan went on at another agency, or was not closed when the second
    took over.
    """
    opened = [
        plan for plan in part.of_type("plan") if plan.kind != "my-profile" and plan.status == "open"
    ]
    opened.sort(key=lambda plan: (plan.on or 0, plan.number))
    # A newer record may know that a plan has closed: the plan's own copy is then only old.
    closed = {name.record_id for plan in opened for name in plan.names if name.status == "closed"}
    earlier: list[Summary] = []
    for plan in opened:
        if earlier:
            message = "Another plan for this child is open as well."
            yield RelatedProblem("/status", message, plan, tuple(earlier))
        if plan.record_id is None or plan.record_id not in closed:
            earlier.append(plan)


@rule("ACR-002", Severity.INFO, cites=("G-053", "E-052"))
@passes({_PLAN: {}, _PLUS: {}})
@fails({_PLAN: {}, "gloucestershire/early-help-assessment": {}})
def next_plan_not_given(part: ChildRecords, _: Context) -> Iterator[RelatedProblem]:
    """A closed plan names the plan that took over, and that plan is not among the records given.

    It may be kept elsewhere. If all records of the child should be here, the
    next plan was forgotten or its number is mistyped.
    """
    if len(part.records) > 1:
        for plan in _closed(part):
            for name in plan.named("closure"):
                if (
                    name.relation in {None, "successor"}
                    and name.record_id
                    and part.find(name.record_id) is None
                    and part.concerns(plan, name.children)
                ):
                    message = "The next plan is not among the records given."
                    yield RelatedProblem(f"{name.place}/recordId", message, plan)


@rule("ACR-003", Severity.WARNING, cites=("G-053", "E-052"))
@asks("When did the one plan end and the next one start?")
@passes({_PLAN: {}, _PLUS: {}})
@fails({_PLAN: {}, _PLUS: {"startedOn": "2026-03-09"}})
def next_plan_started_before_this_one_ended(
    part: ChildRecords, _: Context
) -> Iterator[RelatedProblem]:
    """The plan that takes over started before the first one ended.

    The next plan takes over when this one ends. Often the day when the form was
    typed was put in.
    """
    for plan in _closed(part):
        for _named, successor in part.named(plan, "closure"):
            if before(successor.on, plan.ended_on):
                message = (
                    "The closure is dated after the next plan, among the records given, had "
                    "started."
                )
                yield RelatedProblem("/closure/on", message, plan, (successor,))


@rule("ACR-004", Severity.WARNING, cites=("G-053", "G-057", "E-052"))
@asks("Which plan took over?")
@passes({_PLAN: {}, _PLUS: {}})
@fails({_PLAN: {}, _PLUS: {"planType": "my-plan"}})
def next_plan_of_another_kind(part: ChildRecords, _: Context) -> Iterator[RelatedProblem]:
    """The record that a closed plan names as the next one is not of that kind.

    A My Plan takes over at level 2, a My Plan+ at level 3. The wrong record was
    named, or the reason for closing is another one.
    """
    for plan in _closed(part):
        for named, successor in part.named(plan, "closure"):
            wanted = named.plan_type
            if plan.kind in _LOCAL_PLANS:
                wanted = _TAKES_OVER.get(plan.result or "", wanted)
            if (
                successor.record_type != (named.kind or "plan")
                or (wanted and successor.kind and successor.kind != wanted)
            ) and successor.sound:
                message = "The next record, which is among the records given, is of another kind."
                yield RelatedProblem("/closure/successor", message, plan, (successor,))


def _closed(part: ChildRecords) -> Iterator[Summary]:
    for plan in part.of_type("plan"):
        if plan.status == "closed":
            yield plan


@rule("ACR-005", Severity.INFO, cites=("G-013", "E-052"))
@asks("Did the new plan build on what the family had told before?")
@passes({_PLAN: {"closure": None}, _PLUS: {}})
@fails(
    {_PLAN: {"closure": {"successor": None}}, _PLUS: {"relatedRecords": None, "attachments": None}}
)
def earlier_plan_not_named(part: ChildRecords, _: Context) -> Iterator[RelatedProblem]:
    """A new plan names no earlier plan of the child, and one is among the records given.

    Families should not have to tell the same things again. The link also shows
    how help has changed.
    """
    plans = part.of_type("plan")
    for plan in plans:
        earlier = [other for other in plans if before(other.on, plan.on)]
        linked = any(
            plan.knows(other.record_id) or other.knows(plan.record_id) for other in earlier
        )
        if earlier and not linked:
            message = "An earlier plan is among the records given, and this one does not name it."
            yield RelatedProblem("/relatedRecords", message, plan, tuple(earlier))


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


@rule("ACR-006", Severity.ERROR, cites=("G-032", "E-055"))
@asks("Which assessment does the plan rest on?")
@passes({_PLUS: {}, _ASSESSMENT: {}})
@fails({_PLUS: {}, _ASSESSMENT: _ANOTHER})
def assessment_of_another_child(part: ChildRecords, _: Context) -> Iterator[RelatedProblem]:
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
        others = [certainly_different(mine, child.keys) for child in assessment.children]
        if others and all(others):
            message = "The assessment given under this number is about other children."
            yield RelatedProblem("/assessment/recordId", message, plan, (assessment,))


@rule("ACR-007", Severity.WARNING, cites=("G-032", "E-056"))
@asks("Was the assessment finished before the plan was made?")
@passes({_PLUS: {}, _ASSESSMENT: {}})
@fails({_PLUS: {}, _ASSESSMENT: {"completedOn": "2026-04-20", "updatedOn": "2026-09-28"}})
def assessment_finished_after_plan(part: ChildRecords, _: Context) -> Iterator[RelatedProblem]:
    """A plan started before its assessment was finished.

    The plan should come from what the assessment found. Often the day on which
    the assessment was last changed was put in.
    """
    for plan, assessment in _resting(part):
        message = ""
        if assessment.result == "not-completed":
            message = "The assessment among the records given was not completed."
        elif plan.on and assessment.ended_on and assessment.ended_on > plan.on:
            message = "The assessment among the records given was completed after the plan started."
        elif assessment.ended_on is None and plan.status in {"open", "closed"}:
            message = "The assessment among the records given has no day of completion."
        if message:
            yield RelatedProblem("/assessment", message, plan, (assessment,))


def _resting(part: ChildRecords) -> Iterator[tuple[Summary, Summary]]:
    """Yield each plan with the assessment that it rests on, if that was given."""
    for plan in part.of_type("plan"):
        for _named, given in part.named(plan, "assessment"):
            if given.sound and given.record_type == "early-help-assessment":
                yield plan, given


_CONSENT: Final = "gloucestershire/consent-record"


def _with_team(name: str) -> dict[str, Any]:
    """Return changes to a plan after which one agency of this name has joined its team."""
    return {
        "consents": None,
        "organisations": [{"id": "o1", "name": name, "sector": "school"}],
        "team": [{"organisation": "o1", "joinedOn": "2026-04-01"}],
    }


@rule("ACR-013", Severity.WARNING, cites=("G-018", "G-077", "E-051"))
@asks("Does the family agree that this agency is in the team?")
@passes({_PLUS: _with_team("Tansy Lane Primary School"), _CONSENT: {}})
@fails({_PLUS: _with_team("Reedmace Community Choir"), _CONSENT: {}})
def agency_joined_without_consent(part: ChildRecords, _: Context) -> Iterator[RelatedProblem]:
    """An agency is in the team of a plan, and the consent given names other agencies only.

    Others are brought in by consent, which is looked at again when a service
    joins. It is looked at only if the plan has no consents of its own and every
    recipient in the consent record is an agency by name.
    """
    given = part.of_type("consent-record")
    consents = [
        consent
        for record in given
        for consent in record.consents
        if part.concerns(record, consent.children)
    ]
    if not consents or not all(consent.whole for consent in consents):
        return
    for plan in part.of_type("plan"):
        if plan.own_consents:
            continue
        for member in plan.joined:
            covered = any(
                member.agency in consent.agencies
                and not (consent.until and member.on and consent.until <= member.on)
                for consent in consents
            )
            if not covered:
                message = "The consent among the records given does not name this agency."
                yield RelatedProblem(member.place, message, plan, given)
