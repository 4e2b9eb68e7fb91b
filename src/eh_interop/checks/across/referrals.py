"""Referrals to social care, what goes with them, and disagreements that go on after them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from eh_interop.checks.across.records import ChildRecords, RelatedProblem, before, latest
from eh_interop.checks.across.summary import Summary
from eh_interop.checks.rules.engine import Context, asks, fails, passes, rule
from eh_interop.core.findings import Severity

_LEVEL_4: Final = 4
_MINUTES: Final = "taf-review-minutes"
_PLANS: Final = frozenset(
    {"plan", "my-profile", "my-plan", "my-plan-plus", "early-help-action-plan", "agreed-plan"}
)
_ASSESSMENT: Final = "early-help-assessment"
_MARF: Final = "gloucestershire/marf"
_PLUS: Final = "gloucestershire/my-plan-plus"
_MEETING: Final = "gloucestershire/taf-review"
_ASSESSED: Final = "gloucestershire/early-help-assessment"
_OUTCOME: Final = "gloucestershire/referral-outcome"
_NOT_EARLY_HELP_S_CHOICE: Final = frozenset(
    {"aged-out", "consent-withdrawn", "died", "moved-away", "opened-in-error", "transferred"}
)
_OLD_MINUTES: Final[dict[str, Any]] = {
    "latestReviewOn": None,
    "attachments": [
        {"id": "a5", "type": _MINUTES, "status": "attached", "date": "2026-06-08"},
    ],
}
_ONE_PAPER: Final[dict[str, Any]] = {
    "earlyHelpPlans": None,
    "attachments": [
        {"id": "a2", "type": _ASSESSMENT, "status": "attached", "recordId": "eha-2026-00038"},
    ],
}
_RISE: Final[dict[str, Any]] = {
    "levels": [
        {
            "id": "l4",
            "level": 4,
            "children": ["c1", "c2", "c3"],
            "change": "increase",
            "previousLevel": 3,
            "route": "social-care",
            "decidedOn": "2026-09-21",
        }
    ],
    "referral": None,
}
_ENDED: Final[dict[str, Any]] = {
    "status": "closed",
    "closure": {"on": "2026-10-20", "reason": "needs-met"},
}
_GIVEN_UP: Final[dict[str, Any]] = {
    "status": "closed",
    "closure": {"on": "2026-10-20", "reason": "moved-to-statutory"},
}


@rule("ACR-008", Severity.WARNING, cites=("G-108", "E-055"))
@asks("Please send the minutes of the most recent review.")
@passes({_MARF: {}, _MEETING: {}})
@fails({_MARF: _OLD_MINUTES, _MEETING: {}})
def minutes_older_than_meeting_given(part: ChildRecords, _: Context) -> Iterator[RelatedProblem]:
    """The minutes with a referral are older than a review that is among the records given.

    Social care would judge by an older picture.
    """
    reviews = [
        (meeting.on, meeting)
        for meeting in part.of_type("meeting")
        if meeting.kind == "taf-review" and meeting.held and meeting.on
    ]
    reviews += [(plan.reviewed_on, plan) for plan in part.of_type("plan") if plan.reviewed_on]
    for marf in part.of_type("marf"):
        sent = [paper for paper in marf.named("attachments") if paper.kind == _MINUTES and paper.on]
        past = [(day, record) for day, record in reviews if marf.on and day <= marf.on]
        newest = max(sent, key=lambda paper: (paper.on is not None, paper.on), default=None)
        later = tuple(record for day, record in past if newest and before(newest.on, day))
        if newest and later:
            message = "The minutes are older than a review that is among the records given."
            yield RelatedProblem(f"{newest.place}/date", message, marf, later)


@rule("ACR-009", Severity.WARNING, cites=("G-101",))
@asks("Which help was planned and tried? Please send the plan, or say why there is none.")
@passes({_MARF: {}, _ASSESSED: {}})
@fails({_MARF: _ONE_PAPER, _ASSESSED: {"relatedRecords": None}})
def referral_rests_on_assessment_alone(part: ChildRecords, _: Context) -> Iterator[RelatedProblem]:
    """A referral at level 4 brings an assessment and no plan, and none is among the records given.

    The assessment is a way to work with the family and not a form of referral.
    What was planned and tried has to be seen as well, or a reason why nothing was.
    """
    assessed, plans = part.of_type("early-help-assessment"), part.of_type("plan")
    for marf in part.of_type("marf"):
        kinds = {name.kind for name in marf.names}
        if (
            assessed
            and not plans
            and not marf.explained
            and _ASSESSMENT in kinds
            and not _PLANS & kinds
            and any(level.level == _LEVEL_4 for level in marf.levels)
        ):
            message = (
                "The referral brings an assessment and no plan, and none is among the records "
                "given."
            )
            yield RelatedProblem("/earlyHelpPlans", message, marf, assessed)


@rule("ACR-010", Severity.WARNING, cites=("G-104", "E-056"))
@asks("Has a referral been sent to the multi-agency safeguarding hub?")
@passes({_MEETING: _RISE, _MARF: {}})
@fails({_MEETING: _RISE, _PLUS: {}})
def rise_to_level_4_without_referral(part: ChildRecords, _: Context) -> Iterator[RelatedProblem]:
    """A level rose from 3 to 4 for social care, and no referral is among the records given.

    Such a decision means a referral to the multi-agency safeguarding hub. It may
    be kept elsewhere; if it was never sent, the child waits.
    """
    known = any(name.kind == "marf" for record in part.records for name in record.names)
    if part.of_type("marf", "referral-outcome") or known or len(part.records) < 2:  # noqa: PLR2004 (one record alone shows nothing)
        return
    for record in part.records:
        for number, decision in enumerate(record.levels):
            if (
                decision.level == _LEVEL_4
                and decision.previous == _LEVEL_4 - 1
                and decision.route == "social-care"
                and part.concerns(record, decision.children)
            ):
                message = "No referral of this child is among the records given."
                yield RelatedProblem(f"/levels/{number}", message, record)


@rule("ACR-011", Severity.WARNING, cites=("G-117",))
@asks("Who helps the family while the social worker's assessment is made?")
@passes({_PLUS: {}, _OUTCOME: {}})
@fails({_PLUS: _ENDED, _OUTCOME: {}})
def plan_closed_while_social_worker_assesses(
    part: ChildRecords, _: Context
) -> Iterator[RelatedProblem]:
    """A plan was closed while a social worker was assessing the family.

    Early help stays open meanwhile, so that the family is not left alone. What
    the family or its move decided is another matter.
    """
    for outcome in part.of_type("referral-outcome"):
        if outcome.result != "single-assessment":
            continue
        began, ended, _result = outcome.assessed or (None, None, None)
        began = began or outcome.on
        for plan in part.of_type("plan"):
            closed = plan.ended_on if plan.status == "closed" else None
            taken_over = plan.result in _NOT_EARLY_HELP_S_CHOICE or plan.named("closure")
            meanwhile = began and closed and began <= closed and (not ended or closed < ended)
            if meanwhile and not taken_over:
                message = (
                    "The plan closed while a social worker's assessment, among the records given, "
                    "went on."
                )
                yield RelatedProblem("/closure/on", message, plan, (outcome,))


@rule("ACR-012", Severity.WARNING, cites=("G-047", "E-054"))
@asks("Please hand over every assessment, plan and review to social care.")
@passes({_MARF: {}, _PLUS: _GIVEN_UP, _ASSESSED: {}})
@fails(
    {
        _MARF: {"earlyHelpPlans": None, "relatedRecords": None, "attachments": None},
        _PLUS: _GIVEN_UP,
        _MEETING: {"referral": None},
    }
)
def not_handed_over_to_social_care(part: ChildRecords, _: Context) -> Iterator[RelatedProblem]:
    """Social care took the lead, and the referral leaves out a plan, assessment or review.

    When social care leads, it needs what early help has found out and done.
    Otherwise the family is asked everything again.
    """
    marf = latest(part.of_type("marf"))
    if marf is None or not _social_care_leads(part):
        return
    handed = part.of_type("marf", "referral-outcome")
    missing = tuple(
        other
        for other in part.of_type("plan", "early-help-assessment", "meeting")
        if before(other.on, marf.on)
        and (other.record_type != "meeting" or (other.kind == "taf-review" and other.held))
        and not any(_hands_over(record, other) for record in handed)
    )
    if missing:
        message = "A plan, assessment or review among the records given is not handed over."
        yield RelatedProblem("/attachments", message, marf, missing)


def _social_care_leads(part: ChildRecords) -> bool:
    return any(
        plan.result == "moved-to-statutory" for plan in part.of_type("plan") if plan.ended_on
    ) or any(
        outcome.assessed and outcome.assessed[2] == "statutory-intervention"
        for outcome in part.of_type("referral-outcome")
    )


def _hands_over(record: Summary, other: Summary) -> bool:
    """Return whether a record names another one, or has a paper without a number of its kind."""
    kinds = {other.kind if other.record_type == "plan" else other.record_type}
    if other.record_type == "meeting":
        kinds = {_MINUTES}
    return record.knows(other.record_id) or any(
        name.kind in kinds and not name.record_id for name in record.names
    )


_FIRST: Final = "gloucestershire/escalation"
_NEXT: Final = "gloucestershire/escalation#2"
_MOVED: Final = {
    "status": "moved-to-next-stage",
    "resolution": None,
    "resolvedOn": None,
    "stages": [{"stage": 1, "openedOn": "2026-10-13", "closedOn": "2026-10-14"}],
}


def _goes_on(stage: int) -> dict[str, object]:
    """Return changes to an escalation after which it goes on from the first one at a stage."""
    return {
        "recordId": "escalation-2026-00020",
        "raisedOn": "2026-10-15",
        "relatedRecords": [
            {
                "recordId": "escalation-2026-00019",
                "recordType": "escalation",
                "relation": "predecessor",
            }
        ],
        "stages": [{"stage": stage, "openedOn": "2026-10-15", "closedOn": "2026-10-16"}],
    }


@rule("ACR-014", Severity.WARNING, cites=("P-011", "E-037"))
@asks("Which stage comes next in this disagreement?")
@passes({_FIRST: _MOVED, _NEXT: _goes_on(2)})
@fails({_FIRST: _MOVED, _NEXT: _goes_on(3)})
def next_stage_not_in_order(part: ChildRecords, _: Context) -> Iterator[RelatedProblem]:
    """A disagreement moved to the next stage, and the record that goes on begins at another one.

    Each stage brings in more senior people. A stage that is left out or done
    again costs the child time.
    """
    for later in part.of_type("escalation"):
        for named, earlier in part.named(later, "relatedRecords"):
            goes_on = named.relation == "predecessor" and earlier.status == "moved-to-next-stage"
            reached, begins = _reached(earlier), min(_stages(later), default=None)
            if goes_on and reached and begins and begins != reached + 1:
                message = (
                    "The stages do not begin at the one after the last stage of the earlier record."
                )
                yield RelatedProblem("/stages", message, later, (earlier,))


def _stages(record: Summary) -> list[int]:
    return [stage.stage for stage in record.stages]


def _reached(record: Summary) -> int | None:
    return max(_stages(record), default=None)
