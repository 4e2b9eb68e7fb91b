"""Referral outcomes: what social care decided, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

from eh_interop.checks.rules._help import agreed_on
from eh_interop.checks.rules.engine import Context, Problem, asks, example, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import ReferralOutcome

_DECIDED: Final[dict[str, Any]] = {
    "receivedAt": "2026-10-12T15:40:00+01:00",
    "decidedAt": "2026-10-13T11:00:00+01:00",
}
_CONSENT: Final[dict[str, Any]] = {
    "id": "cs1",
    "purposes": ["referral-to-social-care"],
    "status": "given",
    "children": ["c1"],
}


@rule("OUT-001", Severity.ERROR, cites=("E-037", "E-032"))
@asks("When did the referral arrive, and when was it decided?")
@example(passes=_DECIDED, fails=_DECIDED | {"decidedAt": "2026-10-11T11:00:00+01:00"})
def decided_before_it_arrived(part: ReferralOutcome, _: Context) -> Iterator[Problem]:
    """A referral was decided before it arrived, or people were told before it was decided.

    How long a child waited is counted from these dates.
    """
    decided = part.decided_at
    if decided is None:
        return
    if part.received_at and decided < part.received_at:
        yield Problem("/decidedAt", "This is before the referral arrived.")
    for name, day in (
        ("referrerToldOn", part.referrer_told_on),
        ("familyToldOn", part.family_told_on),
    ):
        if day and day < decided.date():
            yield Problem(f"/{name}", "This is before the decision was made.")


@rule("OUT-004", Severity.WARNING, cites=("G-114",))
@asks("Consent was sent with the referral. What is missing from it?")
@example(
    passes={"outcome": "consent-to-be-obtained", "consents": [_CONSENT | {"status": "not-sought"}]},
    fails={"outcome": "consent-to-be-obtained", "consents": [_CONSENT]},
)
def asked_for_consent_that_was_given(part: ReferralOutcome, _: Context) -> Iterator[Problem]:
    """The referrer was asked to get consent, and consent is recorded as given.

    The child waits for something that is there. Often the form was overlooked,
    or somebody else's consent was meant.
    """
    decided = part.decided_at.date() if part.decided_at else None
    for consent in part.consents if part.outcome == "consent-to-be-obtained" else ():
        agreed = agreed_on(consent)
        later = bool(agreed and decided and agreed > decided)
        if (
            "referral-to-social-care" in consent.purposes
            and consent.status == "given"
            and not later
        ):
            yield Problem("/outcome", "Consent to the referral is recorded as given.")


@rule("OUT-005", Severity.WARNING, cites=("G-114",))
@asks("Has consent come? If not, what happens now?")
@example(
    passes={"outcome": "consent-to-be-obtained", "consentRequestedBy": "2026-11-01"},
    fails={"outcome": "consent-to-be-obtained", "consentRequestedBy": "2026-10-31"},
)
def consent_did_not_come_in_time(part: ReferralOutcome, context: Context) -> Iterator[Problem]:
    """Consent was to come by a day that has passed, and nothing says what followed.

    The child waits, and nobody looks. There is a new referral, or a note says
    why there is none.
    """
    due, follows = part.consent_requested_by, part.follow_up_referral or part.closing_note
    if part.outcome == "consent-to-be-obtained" and due and due < context.today and not follows:
        yield Problem("/consentRequestedBy", "This day has passed, and nothing has followed.")


@rule("OUT-006", Severity.WARNING, cites=("G-116", "G-122"))
@example(
    passes=_DECIDED | {"informedOn": "2026-10-13"}, fails=_DECIDED | {"informedOn": "2026-10-12"}
)
def early_help_told_before_decision(part: ReferralOutcome, _: Context) -> Iterator[Problem]:
    """Early help was told of a decision before it was made.

    Usually an earlier talk about the child was put in.
    """
    if part.decided_at and part.informed_on and part.informed_on < part.decided_at.date():
        yield Problem("/informedOn", "This is before the decision was made.")


@rule("OUT-007", Severity.INFO, cites=("G-118",))
@example(
    passes={"outcome": "emergency-response", "immediateRisk": True},
    fails={"outcome": "emergency-response", "immediateRisk": False},
)
def emergency_without_immediate_risk(part: ReferralOutcome, _: Context) -> Iterator[Problem]:
    """Social care acted at once, and immediate risk is said not to be there.

    Worth a look: the risk may have come to light after the referral.
    """
    if part.outcome == "emergency-response" and part.immediate_risk is False:
        yield Problem("/immediateRisk", "Social care acted at once.")


@rule("OUT-012", Severity.ERROR, cites=("E-037",))
@asks("When was each step of the screening?")
@example(
    passes=_DECIDED | {"screenings": [{"at": "2026-10-12T16:00:00+01:00"}]},
    fails=_DECIDED | {"screenings": [{"at": "2026-10-12T15:00:00+01:00"}]},
)
def screening_out_of_order(part: ReferralOutcome, context: Context) -> Iterator[Problem]:
    """A step of the screening is dated before the referral arrived or after the next step.

    How long a child waited is counted from these times.
    """
    del context
    timed = [
        (number, screening.at) for number, screening in enumerate(part.screenings) if screening.at
    ]
    for number, at in timed:
        if part.received_at and at < part.received_at:
            yield Problem(f"/screenings/{number}/at", "This is before the referral arrived.")
        if part.decided_at and at > part.decided_at:
            yield Problem(f"/screenings/{number}/at", "This is after the decision was made.")
    for (_, earlier), (number, later) in pairwise(timed):
        if later < earlier:
            yield Problem(f"/screenings/{number}/at", "This is before the step that went before.")
