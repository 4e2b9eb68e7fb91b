"""Transfers: step down from social care, decided and handed over in order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from eh_interop.checks.rules._help import agreed_on
from eh_interop.checks.rules.engine import Context, Problem, asks, example, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import StepDown

_BOTH: Final = ("continued-support", "information-sharing")
_PLAN_OF_ORIGIN: Final = {
    "child-in-need": "child-in-need-plan",
    "child-protection": "child-protection-plan",
    "in-care": "child-in-care-plan",
}
_PEOPLE: Final[dict[str, Any]] = {
    "people": [{"id": "p1"}],
    "organisations": [{"id": "o1"}, {"id": "o2"}],
    "practitioners": [
        {"id": "w1", "role": "social-worker", "organisation": "o1"},
        {"id": "w2", "role": "family-support-worker", "organisation": "o2"},
    ],
}
_YES: Final = {"person": "p1", "capacity": "parent", "decision": "agreed", "on": "2026-09-01"}
_CONSENT: Final[dict[str, Any]] = {
    "id": "cs1",
    "purposes": [*_BOTH],
    "status": "given",
    "children": ["c1"],
    "givers": [_YES],
}
_IN_NEED: Final = {"id": "sp1", "type": "child-in-need-plan", "status": "ended"}


@rule("TRF-001", Severity.ERROR, cites=("G-131",))
@asks("At which child in need review was the move decided?")
@example(
    passes={"origin": "child-in-need", "decisionMeeting": {"type": "child-in-need-review"}},
    fails={"origin": "child-in-need", "decisionMeeting": {"type": "taf"}},
)
def decided_at_another_meeting(part: StepDown, _: Context) -> Iterator[Problem]:
    """A move from a child in need plan was not decided at a child in need review.

    The family and everybody who helps take part in the decision there.
    """
    meeting = part.decision_meeting
    if (
        part.origin == "child-in-need"
        and meeting
        and meeting.type
        and meeting.type not in {"child-in-need-review", "child-in-need-final"}
    ):
        yield Problem("/decisionMeeting/type", "This is not a child in need review.")


@rule("TRF-002", Severity.WARNING, cites=("G-123", "E-034"))
@asks("Which social care plan does the family leave?")
@example(
    passes={"origin": "child-in-need", "statutoryPlans": [_IN_NEED]},
    fails={"origin": "child-protection", "statutoryPlans": [_IN_NEED]},
)
def origin_does_not_fit_plans(part: StepDown, _: Context) -> Iterator[Problem]:
    """The plan that the family is said to leave is not among its social care plans.

    Which meetings and reviews apply depends on where the family comes from.
    """
    wanted = _PLAN_OF_ORIGIN.get(part.origin or "")
    kinds = {statutory_plan.type for statutory_plan in part.statutory_plans}
    if wanted and kinds and wanted not in kinds:
        yield Problem("/origin", "No such plan is among the social care plans.")


@rule("TRF-003", Severity.ERROR, cites=("G-129",))
@asks("When was the move talked over with the family?")
@example(
    passes={"discussedWithFamilyOn": "2026-09-01", "transferOn": "2026-09-01"},
    fails={"discussedWithFamilyOn": "2026-09-02", "transferOn": "2026-09-01"},
)
def family_told_after_transfer(part: StepDown, _: Context) -> Iterator[Problem]:
    """A move to early help was talked over with the family after it had happened.

    The social worker raises it with the family first.
    """
    talked, moved = part.discussed_with_family_on, part.transfer_on
    if talked and moved and talked > moved:
        yield Problem("/discussedWithFamilyOn", "This is after the transfer.")


@rule("TRF-004", Severity.ERROR, cites=("G-128",))
@asks("Does the family agree to go on with support, and to information being shared?")
@example(
    passes=_PEOPLE | {"consents": [_CONSENT]},
    fails=_PEOPLE | {"consents": [_CONSENT | {"purposes": ["continued-support"]}]},
)
def one_of_two_consents_missing(part: StepDown, _: Context) -> Iterator[Problem]:
    """Consent to continued support or to sharing information was not given.

    They are two questions, and a transfer needs a yes to both.
    """
    given = {
        what for consent in part.consents if consent.status == "given" for what in consent.purposes
    }
    if part.consents and not given.issuperset(_BOTH):
        message = "Consent to both continued support and sharing information is needed."
        yield Problem("/consents", message)


@rule("TRF-005", Severity.ERROR, cites=("G-128",))
@asks("When did the family agree to the transfer?")
@example(
    passes=_PEOPLE | {"consents": [_CONSENT], "transferOn": "2026-09-01"},
    fails=_PEOPLE | {"consents": [_CONSENT], "transferOn": "2026-08-31"},
)
def consent_after_transfer(part: StepDown, _: Context) -> Iterator[Problem]:
    """Consent to a transfer was given after it.

    The family agrees first, and its information moves afterwards.
    """
    for number, consent in enumerate(part.consents):
        agreed = agreed_on(consent)
        if (
            agreed
            and part.transfer_on
            and agreed > part.transfer_on
            and not set(_BOTH).isdisjoint(consent.purposes)
        ):
            yield Problem(f"/consents/{number}/givers", "This is after the transfer.")


@rule("TRF-012", Severity.ERROR, cites=("E-037", "G-124"))
@asks("When was the move decided, and when did it happen?")
@example(
    passes={"decisionMeeting": {"on": "2026-09-01"}, "transferOn": "2026-09-01"},
    fails={"decisionMeeting": {"on": "2026-09-02"}, "transferOn": "2026-09-01"},
)
def transferred_before_it_was_decided(part: StepDown, _: Context) -> Iterator[Problem]:
    """A family was transferred before a meeting had decided it.

    A meeting names the lead practitioner and agrees the onward plan first.
    """
    moved = part.transfer_on
    for name, meeting in (
        ("decisionMeeting", part.decision_meeting),
        ("planningMeeting", part.planning_meeting),
    ):
        if moved and meeting and meeting.on and meeting.on > moved:
            yield Problem(f"/{name}/on", "This is after the transfer.")
