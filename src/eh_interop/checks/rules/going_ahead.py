"""Going ahead without agreement: who decided, approved and told the parent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from eh_interop.checks.rules._help import referral_of
from eh_interop.checks.rules.engine import Context, Problem, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Consent

_REASON: Final = {"goAheadReason": "The child's health is at risk."}
_ANSWER: Final = {"person": "p1", "capacity": "parent", "decision": "agreed", "on": "2026-10-19"}
_NO: Final = _ANSWER | {"decision": "refused"}
_REFUSED: Final[dict[str, Any]] = {"status": "refused", "givers": [_NO]}
_WENT_AHEAD: Final = _REFUSED | _REASON
_APPROVED: Final = {"by": "w2", "role": "manager", "on": "2026-10-20"}
_TOLD: Final = {"informed": "yes", "person": "p1", "on": "2026-10-20"}


@rule(
    "RFL-105",
    looks_at=Consent,
    severity=Severity.ERROR,
    cites=("S-051", "S-053"),
    ask="When did a senior person approve going ahead?",
    passes=_WENT_AHEAD | {"approval": _APPROVED},
    fails=_WENT_AHEAD | {"approval": _APPROVED | {"on": "2026-10-21"}},
)
def approved_after_referral(part: Consent, context: Context) -> Iterator[Problem]:
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
        yield Problem("/approval/on", "This is after the referral was made.")


@rule(
    "RFL-106",
    looks_at=Consent,
    severity=Severity.WARNING,
    cites=("S-054", "G-112", "N-001"),
    ask="When was it decided to go ahead?",
    passes=_WENT_AHEAD | {"decidedOn": "2026-10-20"},
    fails=_WENT_AHEAD | {"decidedOn": "2026-10-21"},
)
def decided_after_referral(part: Consent, context: Context) -> Iterator[Problem]:
    """It was decided to go ahead after the referral had been made, or before advice was taken.

    The decision and the reasons for it are recorded when it is made.
    """
    referral = referral_of(part, context)
    decided = part.decided_on
    if referral and decided and referral.referred_on and decided > referral.referred_on:
        yield Problem("/decidedOn", "This is after the referral was made.")
    advised = part.consultation.on if part.consultation else None
    if decided and advised and advised > decided:
        yield Problem("/consultation/on", "Advice was taken after the decision.")


@rule(
    "RFL-107",
    looks_at=Consent,
    severity=Severity.WARNING,
    cites=("S-057",),
    ask="Who told the parent that the referral was made?",
    passes=_WENT_AHEAD | {"parentInformed": _TOLD | {"by": "w1"}},
    fails=_WENT_AHEAD | {"parentInformed": _TOLD | {"by": "w2"}},
)
def parent_told_by_somebody_else(part: Consent, context: Context) -> Iterator[Problem]:
    """After a refusal, the parent was told of the referral by somebody other than the referrer.

    The referrer knows the family and tells it. There may be a reason of safety.
    """
    referral, told = referral_of(part, context), part.parent_informed
    if referral and referral.referrer and told and part.status == "refused":
        referrer = referral.referrer.practitioner
        if told.informed == "yes" and told.by and referrer and told.by != referrer:
            yield Problem("/parentInformed/by", "The referrer is somebody else.")


@rule(
    "RFL-108",
    looks_at=Consent,
    severity=Severity.WARNING,
    cites=("S-018",),
    ask="If no harm is expected without services, why does the referral go ahead?",
    passes=_WENT_AHEAD | {"harmDetermination": {"answer": "yes"}},
    fails=_WENT_AHEAD | {"harmDetermination": {"answer": "no"}},
)
def goes_ahead_although_no_harm_is_expected(part: Consent, context: Context) -> Iterator[Problem]:
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
        yield Problem("/harmDetermination/answer", "Then there is no reason to go ahead.")
