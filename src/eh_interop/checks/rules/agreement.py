"""Agreement to a referral: asked first, needed on some grounds, and going ahead without it."""

from __future__ import annotations

from typing import Any, Final

from eh_interop.checks.rules._help import PROTECTION, agreed_on, before, referral_of
from eh_interop.checks.rules.engine import Context, Problem, Problems, asks, fails, passes, rule
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


@rule("RFL-101", Severity.WARNING, cites=("G-110", "E-050"))
@asks("When was the family asked, and when was the referral made?")
@passes(givers=[_ANSWER | {"on": "2026-10-20"}])
@fails(givers=[_ANSWER | {"on": "2026-10-21"}])
def asked_after_referral(part: Consent, context: Context) -> Problems:
    """Consent to a referral came after the referral had been made.

    Consent comes before the front door is contacted, unless a child is at
    immediate risk. Say so if it was sought afterwards.
    """
    referral = referral_of(part, context)
    asked = agreed_on(part) or part.sought_on
    if referral and before(referral.referred_on, asked) and not referral.immediate_risk:
        if agreed_on(part):
            yield Problem("/givers", "The referral is dated before anybody agreed to it.")
        else:
            yield Problem("/soughtOn", "The referral is dated before the family was asked.")


@rule("RFL-102", Severity.ERROR, cites=("S-016",))
@asks("The family did not agree. Why does the referral go ahead?")
@passes(_WENT_AHEAD)
@fails(_REFUSED)
def child_in_need_referral_without_agreement(part: Consent, context: Context) -> Problems:
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


@rule("RFL-103", Severity.ERROR, cites=("S-013",))
@asks("Does the family want this help?")
@passes(_DISABLED)
@fails(_DISABLED, consents=[_REFUSED_CONSENT])
def help_for_disabled_child_without_agreement(part: Marf, _: Context) -> Problems:
    """A referral only because a child is disabled goes ahead without agreement.

    Help such as short breaks is voluntary. If there is another worry, it has
    to stand among the grounds.
    """
    if set(part.statutory_basis) == {"disability"}:
        for number, consent in enumerate(part.consents):
            if "referral-to-social-care" in consent.purposes and consent.status != "given":
                message = "On these grounds alone the family's agreement is needed."
                yield Problem(f"/consents/{number}/status", message)


@rule("RFL-104", Severity.ERROR, cites=("S-016",))
@asks("On which grounds is the referral made?")
@passes(_WENT_AHEAD)
@fails(_WENT_AHEAD, exemption="agreement-not-required")
def agreement_not_required_on_wrong_grounds(part: Consent, context: Context) -> Problems:
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


_APPROVED: Final = {"by": "w2", "role": "manager", "on": "2026-10-20"}
_TOLD: Final = {"informed": "yes", "person": "p1", "on": "2026-10-20"}


@rule("RFL-105", Severity.WARNING, cites=("S-051", "S-053", "E-056"), family="going_ahead")
@asks("When did a senior person approve going ahead?")
@passes(_WENT_AHEAD, approval=_APPROVED)
@fails(_WENT_AHEAD, approval=_APPROVED | {"on": "2026-10-21"})
def approved_after_referral(part: Consent, context: Context) -> Problems:
    """Going ahead without agreement was approved after the referral had been made.

    A senior person advises and approves first, unless that would delay help
    unduly.
    """
    referral = referral_of(part, context)
    if (
        referral
        and referral.referred_on
        and part.approval
        and not part.undue_delay
        and part.approval.on > referral.referred_on
        and not referral.immediate_risk
    ):
        yield Problem("/approval/on", "The approval is dated after the referral.")


@rule("RFL-106", Severity.WARNING, cites=("S-054", "G-112", "N-001"), family="going_ahead")
@asks("When was it decided to go ahead?")
@passes(_WENT_AHEAD, decidedOn="2026-10-20")
@fails(_WENT_AHEAD, decidedOn="2026-10-21")
def decided_after_referral(part: Consent, context: Context) -> Problems:
    """It was decided to go ahead after the referral had been made, or before advice was taken.

    The decision and the reasons for it are recorded when it is made.
    """
    referral = referral_of(part, context)
    decided = part.decided_on
    if referral and before(referral.referred_on, decided):
        yield Problem("/decidedOn", "The decision to go ahead is dated after the referral.")
    advised = part.consultation.on if part.consultation else None
    if before(decided, advised):
        yield Problem("/consultation/on", "The advice is dated after the decision to go ahead.")


@rule("RFL-107", Severity.WARNING, cites=("S-057",), family="going_ahead")
@asks("Who told the parent that the referral was made?")
@passes(_WENT_AHEAD, parentInformed=_TOLD | {"by": "w1"})
@fails(_WENT_AHEAD, parentInformed=_TOLD | {"by": "w2"})
def parent_told_by_somebody_else(part: Consent, context: Context) -> Problems:
    """After a refusal, the parent was told of the referral by somebody other than the referrer.

    The referrer knows the family and tells it. There may be a reason of safety.
    """
    referral, informed = referral_of(part, context), part.parent_informed
    if referral and referral.referrer and informed and part.status == "refused":
        referrer = referral.referrer.practitioner
        if informed.informed == "yes" and informed.by and referrer and informed.by != referrer:
            yield Problem(
                "/parentInformed/by", "The parent was told by somebody who is not the referrer."
            )


@rule("RFL-108", Severity.WARNING, cites=("S-018", "E-056"), family="going_ahead")
@asks("If no harm is expected without services, why does the referral go ahead?")
@passes(_WENT_AHEAD, harmDetermination={"answer": "yes"})
@fails(_WENT_AHEAD, harmDetermination={"answer": "no"})
def goes_ahead_although_no_harm_is_expected(part: Consent, context: Context) -> Problems:
    """A referral goes ahead without agreement, and no harm is expected without services.

    If agreement cannot be had, it is decided whether harm may follow. If not,
    early help can go on being offered.
    """
    determined = part.harm_determination
    if (
        referral_of(part, context)
        and determined
        and determined.answer == "no"
        and part.status != "given"
    ):
        yield Problem(
            "/harmDetermination/answer",
            "No harm is expected, and the referral goes ahead without agreement.",
        )
