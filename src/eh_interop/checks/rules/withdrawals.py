"""Withdrawals and reviews of consent: what happens to it over time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from eh_interop.checks.rules._help import agreed_on, last_looked_at
from eh_interop.checks.rules.engine import Context, Problem, asks, example, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Consent, ConsentRecord, Plan

_DAY: Final = "2026-10-19"
_REASON: Final = {"goAheadReason": "The child's health is at risk."}
_WITHDRAWN: Final = {"status": "withdrawn", "withdrawnBy": "p1", **_REASON}


@rule("CNS-206", Severity.ERROR, cites=("G-091",))
@asks("Has consent been withdrawn?")
@example(passes=_WITHDRAWN | {"withdrawnOn": "2026-10-20"}, fails={"withdrawnOn": "2026-10-20"})
def withdrawn_but_status_says_otherwise(part: Consent, _: Context) -> Iterator[Problem]:
    """Consent has a date of withdrawal, and its status does not say withdrawn.

    Sharing may go on against the family's wish. It happens when the date is
    filled in and the status is not changed.
    """
    if part.withdrawn_on and part.status != "withdrawn":
        yield Problem("/status", "There is a date of withdrawal, so the status is withdrawn.")


@rule("CNS-207", Severity.ERROR, cites=("G-091", "E-037"))
@asks("When was consent given, and when was it withdrawn?")
@example(
    passes=_WITHDRAWN | {"withdrawnOn": "2026-10-20"},
    fails=_WITHDRAWN | {"withdrawnOn": "2026-10-18"},
)
def withdrawn_before_given(part: Consent, _: Context) -> Iterator[Problem]:
    """Consent was withdrawn before it was given.

    To say no from the start is a refusal, which is another status.
    """
    given = agreed_on(part)
    if part.withdrawn_on and given and part.withdrawn_on < given:
        yield Problem("/withdrawnOn", "This is before anybody agreed.")


@rule("CNS-208", Severity.WARNING, cites=("G-091",))
@asks("Who withdrew consent, and had they given it?")
@example(
    passes=_WITHDRAWN | {"withdrawnOn": "2026-10-20"},
    fails=_WITHDRAWN | {"withdrawnOn": "2026-10-20", "withdrawnBy": "p2"},
)
def withdrawn_by_somebody_else(part: Consent, _: Context) -> Iterator[Problem]:
    """Consent was withdrawn by somebody who had not given it.

    The person who gave it may still agree. Say what each person decided.
    """
    if (
        part.withdrawn_by
        and part.givers
        and part.withdrawn_by not in {giver.person for giver in part.givers}
    ):
        yield Problem("/withdrawnBy", "This person is not among those who gave consent.")


@rule("CNS-209", Severity.WARNING, cites=("G-076", "N-011"))
@asks("Was the form talked through before it was signed?")
@example(passes={"explainedOn": _DAY}, fails={"explainedOn": "2026-10-20"})
def explained_after_it_was_given(part: Consent, _: Context) -> Iterator[Problem]:
    """Consent was explained after somebody had agreed.

    People can only agree to what they understand. It happens when the form
    comes back by post and is talked about at the first visit.
    """
    given = agreed_on(part)
    if part.explained_on and given and part.explained_on > given:
        yield Problem("/explainedOn", "This is after somebody had agreed.")


@rule("CNS-210", Severity.ERROR, cites=("E-037",))
@asks("When was consent asked for, and when was it given?")
@example(passes={"soughtOn": _DAY}, fails={"soughtOn": "2026-10-20"})
def given_before_it_was_asked_for(part: Consent, _: Context) -> Iterator[Problem]:
    """Somebody agreed before consent was asked for.

    Usually an earlier consent for something else was taken over.
    """
    given = agreed_on(part)
    if part.sought_on and given and part.sought_on > given:
        yield Problem("/soughtOn", "This is after somebody had agreed.")


@rule("CNS-211", Severity.ERROR, cites=("E-037", "G-077"))
@asks("When was consent last looked at with the family?")
@example(
    passes={"lastReviewedOn": "2026-10-20", "reviews": [{"on": "2026-10-20"}]},
    fails={"lastReviewedOn": _DAY, "reviews": [{"on": "2026-10-20"}]},
)
def last_review_of_consent_disagrees(part: Consent, _: Context) -> Iterator[Problem]:
    """The date of the last review of consent is not that of the latest review, or too early.

    Whether consent still holds for a new service depends on it.
    """
    last, given = part.last_reviewed_on, agreed_on(part)
    latest = max((review.on for review in part.reviews), default=None)
    if last and latest and last < latest:
        yield Problem("/lastReviewedOn", "A later review of consent is recorded.")
    elif last and given and last < given:
        yield Problem("/lastReviewedOn", "This is before anybody agreed.")


@rule("CNS-212", Severity.WARNING, cites=("G-077",))
@asks("Does the family still agree? Please look at consent together again.")
@example(of="minimal/plan", passes={"reviewOn": "2026-11-01"}, fails={"reviewOn": "2026-10-31"})
def consent_not_looked_at_again(part: Consent, context: Context) -> Iterator[Problem]:
    """The day on which consent was to be looked at again has passed.

    Families change their minds and services come and go. Asking again keeps
    the family in charge.
    """
    record, looked = context.record, last_looked_at(part)
    lives = isinstance(record, ConsentRecord) or (
        isinstance(record, Plan) and record.status == "open"
    )
    if (
        lives
        and part.status == "given"
        and part.review_on
        and part.review_on < context.today
        and (not looked or looked < part.review_on)
    ):
        yield Problem("/reviewOn", "The day for looking at consent again has passed.")
