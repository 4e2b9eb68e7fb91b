"""Givers: who agreed, refused or changed their mind, and whether they could."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from eh_interop.checks.rules._help import age_on, agreed_on, decided_on, persons, record_day
from eh_interop.checks.rules.engine import Context, Problem, asks, example, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Consent, Giver, Record

_ADULT_AGE: Final = 18
_DAY: Final = "2026-10-19"
_MOTHER: Final = {"person": "p1", "capacity": "parent", "decision": "agreed", "on": _DAY}
_NO: Final = _MOTHER | {"decision": "refused"}
_REASON: Final = {"goAheadReason": "The child's health is at risk."}


@rule("CNS-101", Severity.ERROR, cites=("E-018", "G-076", "S-052"))
@asks("Who agreed? If nobody did, please change the status.")
@example(passes={"givers": [_MOTHER]}, fails={"givers": [_NO]})
def given_by_nobody(part: Consent, _: Context) -> Iterator[Problem]:
    """Consent is said to be given, and nobody who was asked agreed.

    Information may be shared against the family's wish. It happens when the
    status is set before the answer comes.
    """
    if (
        part.status == "given"
        and part.givers
        and all(giver.decision != "agreed" for giver in part.givers)
    ):
        yield Problem("/status", "Consent is said to be given, but nobody agreed.")


@rule("CNS-102", Severity.ERROR, cites=("E-018",))
@asks("Who refused? If nobody did, please change the status.")
@example(
    passes={"status": "refused", "givers": [_NO], **_REASON}, fails={"status": "refused", **_REASON}
)
def refused_by_nobody(part: Consent, _: Context) -> Iterator[Problem]:
    """Consent is said to be refused, and everybody who was asked agreed.

    The family may go without help that it wants, or be overruled in something
    it never refused.
    """
    if (
        part.status == "refused"
        and part.givers
        and all(giver.decision == "agreed" for giver in part.givers)
    ):
        yield Problem("/status", "Consent is said to be refused, but everybody agreed.")


@rule("CNS-103", Severity.WARNING, cites=("E-018", "G-074", "S-017"))
@asks("One person agreed and another did not. Please say how you went on from there.")
@example(passes={"givers": [_MOTHER]}, fails={"givers": [_MOTHER, _NO | {"person": "p2"}]})
def given_although_somebody_said_no(part: Consent, _: Context) -> Iterator[Problem]:
    """Consent is said to be given, and one of those who were asked said no.

    A young person and each parent can answer differently. Whoever receives
    the record should know what was agreed and by whom.
    """
    decisions = {giver.decision for giver in part.givers}
    if part.status == "given" and "agreed" in decisions and len(decisions) > 1:
        yield Problem("/givers", "Somebody who was asked did not agree.")


@rule("CNS-109", Severity.WARNING, cites=("S-017", "E-037"))
@example(passes={"assessedOn": _DAY}, fails={"assessedOn": "2026-10-20"})
def judged_able_after_deciding(part: Giver, _: Context) -> Iterator[Problem]:
    """A person was judged able to decide after they had decided.

    At the time of the decision nobody knew whether it would count.
    """
    decided = decided_on(part)
    if part.assessed_on and decided and part.assessed_on > decided:
        yield Problem("/assessedOn", "This is after the decision was made.")


@rule("CNS-110", Severity.ERROR, cites=("E-037",))
@asks("On which day was this decided?")
@example(passes={"at": "2026-10-19T11:05:00+01:00"}, fails={"at": "2026-10-18T11:05:00+01:00"})
def two_days_for_one_decision(part: Giver, _: Context) -> Iterator[Problem]:
    """The date of a decision about consent and its time are on different days.

    Whether sharing came before or after it cannot be told.
    """
    if part.on and part.at and part.at.date() != part.on:
        yield Problem("/at", "This is on another day than the date of the decision.")


@rule("CNS-111", Severity.ERROR, cites=("E-037",))
@example(
    passes={"giversMissing": [{"capacity": "child", "reason": "too-young"}]},
    fails={"giversMissing": [{"capacity": "child", "reason": "unborn"}]},
)
def missing_as_unborn_but_born(part: Consent, context: Context) -> Iterator[Problem]:
    """A child was not asked because it is unborn, and every child covered is born.

    The real reason is not known. It happens when the same form is used before
    and after the birth.
    """
    unborn = any(child.unborn for child in context.record.children if child.id in part.children)
    for number, missing in enumerate(part.givers_missing if part.children else ()):
        if missing.reason == "unborn" and not unborn:
            message = "No child that the consent covers is unborn."
            yield Problem(f"/giversMissing/{number}/reason", message)


@rule("CNS-112", Severity.WARNING, cites=("E-019",))
@asks("Did this adult agree themselves that information about them is shared?")
@example(
    passes={
        "people": [{"id": "p1"}, {"id": "p2", "dateOfBirth": "2012-10-21"}],
        "consents": [
            {
                "id": "cs1",
                "purposes": ["referral-to-social-care"],
                "status": "given",
                "children": ["c1"],
                "people": ["p1", "p2"],
                "givers": [_MOTHER],
            }
        ],
    },
    fails={
        "people": [{"id": "p1"}, {"id": "p2", "dateOfBirth": "1988-10-21"}],
        "consents": [
            {
                "id": "cs1",
                "purposes": ["referral-to-social-care"],
                "status": "given",
                "children": ["c1"],
                "people": ["p1", "p2"],
                "givers": [_MOTHER],
            }
        ],
    },
)
def adult_covered_who_did_not_decide(part: Record, context: Context) -> Iterator[Problem]:
    """A consent covers an adult who was not asked.

    One person cannot agree for another adult. Often a parent signs for the
    whole household.
    """
    who, day = context.once(persons), record_day(context)
    for number, consent in enumerate(part.consents):
        asked = {giver.person for giver in consent.givers}
        for place, person in enumerate(consent.people if agreed_on(consent) else ()):
            born = who[person].date_of_birth if person in who else None
            if person not in asked and born and age_on(born, day) >= _ADULT_AGE:
                message = "This adult is covered by the consent and did not decide."
                yield Problem(f"/consents/{number}/people/{place}", message)
