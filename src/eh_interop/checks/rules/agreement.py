"""Agreement to a referral: asked first, and needed on some grounds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from eh_interop.checks.rules._help import PROTECTION, agreed_on, referral_of
from eh_interop.checks.rules.engine import Context, Problem, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Consent, Marf

_REASON: Final = {"goAheadReason": "The child's health is at risk."}
_ANSWER: Final = {"person": "p1", "capacity": "parent", "decision": "agreed", "on": "2026-10-19"}
_NO: Final = _ANSWER | {"decision": "refused"}
_REFUSED: Final[dict[str, Any]] = {"status": "refused", "givers": [_NO]}
_WENT_AHEAD: Final = _REFUSED | _REASON
_REFUSED_CONSENT: Final = _WENT_AHEAD | {
    "id": "cs1",
    "purposes": ["referral-to-social-care"],
    "children": ["c1"],
}
_DISABLED: Final[dict[str, Any]] = {
    "statutoryBasis": ["disability"],
    "childInNeedBasis": ["disabled"],
    "children": [{"id": "c1", "disability": "yes"}],
}


@rule(
    "RFL-101",
    looks_at=Consent,
    severity=Severity.ERROR,
    cites=("G-110",),
    ask="When was the family asked, and when was the referral made?",
    passes={"givers": [_ANSWER | {"on": "2026-10-20"}]},
    fails={"givers": [_ANSWER | {"on": "2026-10-21"}]},
)
def asked_after_referral(part: Consent, context: Context) -> Iterator[Problem]:
    """Consent to a referral came after the referral had been made.

    Consent comes before the front door is contacted, unless a child is at
    immediate risk. Say so if it was sought afterwards.
    """
    referral = referral_of(part, context)
    asked = agreed_on(part) or part.sought_on
    if (
        referral
        and referral.referred_on
        and asked
        and asked > referral.referred_on
        and not referral.immediate_risk
    ):
        yield Problem("/givers" if agreed_on(part) else "/soughtOn", "This came afterwards.")


@rule(
    "RFL-102",
    looks_at=Consent,
    severity=Severity.ERROR,
    cites=("S-016",),
    ask="The family did not agree. Why does the referral go ahead?",
    passes=_WENT_AHEAD,
    fails=_REFUSED,
)
def child_in_need_referral_without_agreement(part: Consent, context: Context) -> Iterator[Problem]:
    """A child in need referral goes ahead without agreement, and no reason is given.

    The two grounds of child in need rest on the family's agreement. Only the
    two grounds of child protection do not.
    """
    referral = referral_of(part, context)
    if (
        referral
        and referral.statutory_basis
        and part.status != "given"
        and PROTECTION.isdisjoint(referral.statutory_basis)
        and not part.go_ahead_reason
        and not any(
            "fabricated-or-induced-illness" in concern.types for concern in referral.concerns
        )
    ):
        message = "On these grounds the family's agreement is needed, or a reason."
        yield Problem("/status", message)


@rule(
    "RFL-103",
    looks_at=Marf,
    severity=Severity.ERROR,
    cites=("S-013",),
    ask="Does the family want this help?",
    passes=_DISABLED,
    fails=_DISABLED | {"consents": [_REFUSED_CONSENT]},
)
def help_for_disabled_child_without_agreement(part: Marf, _: Context) -> Iterator[Problem]:
    """A referral only because a child is disabled goes ahead without agreement.

    Help such as short breaks is voluntary. If there is another worry, it has
    to stand among the grounds.
    """
    if set(part.statutory_basis) == {"disability"}:
        for number, consent in enumerate(part.consents):
            if "referral-to-social-care" in consent.purposes and consent.status != "given":
                message = "On these grounds alone the family's agreement is needed."
                yield Problem(f"/consents/{number}/status", message)


@rule(
    "RFL-104",
    looks_at=Consent,
    severity=Severity.ERROR,
    cites=("S-016",),
    ask="On which grounds is the referral made?",
    passes=_WENT_AHEAD,
    fails=_WENT_AHEAD | {"exemption": "agreement-not-required"},
)
def agreement_not_required_on_wrong_grounds(part: Consent, context: Context) -> Iterator[Problem]:
    """Agreement is said not to be required, and the grounds are not child protection.

    Only where a child has suffered significant harm or is likely to, no
    agreement is needed.
    """
    referral = referral_of(part, context)
    if (
        referral
        and part.exemption == "agreement-not-required"
        and referral.statutory_basis
        and PROTECTION.isdisjoint(referral.statutory_basis)
    ):
        yield Problem("/exemption", "The grounds of the referral are not child protection.")
