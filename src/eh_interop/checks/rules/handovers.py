"""Handovers: from the social worker to a lead practitioner, and what follows a transfer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from eh_interop.checks.rules._help import agencies, role_of
from eh_interop.checks.rules.engine import Context, Problem, asks, example, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import StepDown

_SOCIAL_WORKERS: Final = frozenset(
    {"social-worker", "safeguarding-team-manager", "safeguarding-head-of-service"}
)
_PEOPLE: Final[dict[str, Any]] = {
    "people": [{"id": "p1"}],
    "organisations": [{"id": "o1"}, {"id": "o2"}],
    "practitioners": [
        {"id": "w1", "role": "social-worker", "organisation": "o1"},
        {"id": "w2", "role": "family-support-worker", "organisation": "o2"},
    ],
}
_LEAD: Final = {"practitioner": "w2", "from": "2026-09-01"}


@rule("TRF-006", Severity.ERROR, cites=("G-132",))
@asks("Which social worker handed over?")
@example(
    passes=_PEOPLE | {"handedOverBy": "w1", "origin": "child-in-need"},
    fails=_PEOPLE | {"handedOverBy": "w2", "origin": "child-in-need"},
)
def not_handed_over_by_social_worker(part: StepDown, context: Context) -> Iterator[Problem]:
    """A child in need plan was handed over by somebody who is not a social worker.

    The social worker passes the agreed plan and the single assessment to the
    new lead.
    """
    role = role_of(context, part.handed_over_by)
    if part.origin == "child-in-need" and role and role not in _SOCIAL_WORKERS:
        yield Problem("/handedOverBy", "This person is not a social worker.")


@rule("TRF-007", Severity.ERROR, cites=("G-132",))
@asks("Who is the new lead practitioner?")
@example(
    passes=_PEOPLE | {"receivedBy": "w2", "lead": _LEAD},
    fails=_PEOPLE | {"receivedBy": "w1", "lead": _LEAD},
)
def received_by_somebody_else(part: StepDown, _: Context) -> Iterator[Problem]:
    """The papers were handed to somebody other than the new lead practitioner.

    The lead has to know what was agreed. Nothing may be lost on the way.
    """
    if part.lead and part.received_by and part.received_by != part.lead.practitioner:
        yield Problem("/receivedBy", "The new lead practitioner is somebody else.")


@rule("TRF-008", Severity.WARNING, cites=("G-130",))
@asks("Why does an agency lead that was not involved before?")
@example(
    passes=_PEOPLE | {"priorAgencies": ["o2"], "lead": _LEAD},
    fails=_PEOPLE | {"priorAgencies": ["o1"], "lead": _LEAD},
)
def lead_from_an_agency_new_to_the_family(part: StepDown, context: Context) -> Iterator[Problem]:
    """The new lead comes from an agency that was not involved before.

    The lead comes from an agency that knows the family, unless one agency is
    enough. There may be a good reason.
    """
    if part.lead and part.prior_agencies and part.response_mode != "single-agency":
        agency = agencies(context, (part.lead.practitioner,))
        if agency.isdisjoint(part.prior_agencies) and agency and not part.lead.selection_reason:
            yield Problem("/lead/practitioner", "This agency was not involved before.")


@rule("TRF-013", Severity.WARNING, cites=("E-034", "G-124"))
@asks("Do both managers agree to the transfer?")
@example(
    passes={"transferOn": "2026-09-01", "managerDecisions": [{"decision": "agreed"}]},
    fails={"transferOn": "2026-09-01", "managerDecisions": [{"decision": "not-agreed"}]},
)
def transferred_although_manager_did_not_agree(
    part: StepDown, context: Context
) -> Iterator[Problem]:
    """A family was transferred although the latest decision of a manager was not to agree.

    The receiving service may not be ready for it.
    """
    latest = part.manager_decisions[-1] if part.manager_decisions else None
    if (
        latest
        and latest.decision != "agreed"
        and part.transfer_on
        and part.transfer_on <= context.today
    ):
        number = len(part.manager_decisions) - 1
        yield Problem(f"/managerDecisions/{number}/decision", "This manager did not agree.")


@rule("TRF-014", Severity.WARNING, cites=("G-124", "G-055"))
@asks("Who leads from the day of the transfer?")
@example(
    passes=_PEOPLE | {"transferOn": "2026-09-01", "lead": _LEAD},
    fails=_PEOPLE | {"transferOn": "2026-08-31", "lead": _LEAD},
)
def lead_starts_after_transfer(part: StepDown, _: Context) -> Iterator[Problem]:
    """The new lead practitioner starts after the transfer.

    In between the family has nobody to turn to.
    """
    begins = part.lead.from_ if part.lead else None
    if begins and part.transfer_on and begins > part.transfer_on:
        yield Problem("/lead/from", "This is after the transfer.")


@rule(
    "TRF-009",
    Severity.WARNING,
    cites=("G-150",),
    needs=("assessment-currency-days",),
    family="after_transfer",
)
@asks("Is this assessment still current?")
@example(
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
    Severity.ERROR,
    cites=("G-133",),
    needs=("cin-step-down-review-days",),
    family="after_transfer",
)
@asks("Please set the first review within the time that the guidance gives.")
@example(
    passes={"origin": "child-in-need", "transferOn": "2026-09-01", "firstReviewOn": "2026-10-13"},
    fails={"origin": "child-in-need", "transferOn": "2026-09-01", "firstReviewOn": "2026-10-14"},
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


@rule("TRF-011", Severity.ERROR, cites=("E-037", "G-055"), family="after_transfer")
@asks("Are there needs that still have to be met?")
@example(
    passes={"outstandingNeeds": [{"id": "n1"}]},
    fails={"outstandingNeeds": [{"id": "n1"}], "noOutstandingNeeds": "All needs are met."},
)
def no_needs_left_beside_needs(part: StepDown, _: Context) -> Iterator[Problem]:
    """A pack says that no needs are left, and lists some.

    The new plan picks up unmet needs from the old one.
    """
    if part.no_outstanding_needs and part.outstanding_needs:
        yield Problem("/noOutstandingNeeds", "There are needs in the list.")
