"""Givers of consent: who agreed or refused, for whom, and whether they could."""

from __future__ import annotations

from typing import Final

from eh_interop.checks.rules._help import age_on, agreed_on, before, decided_on, persons, record_day
from eh_interop.checks.rules.engine import Context, Problem, Problems, asks, fails, on, passes, rule
from eh_interop.core.findings import Severity
from eh_interop.core.uk_time import uk_day
from eh_interop.standard.model import Child, Consent, Giver, Record

_YOUNG: Final = frozenset({"young-person", "child"})
_PARENTAL: Final = frozenset({"parent", "parental-responsibility-holder"})
_FOR_THE_SMALL: Final = frozenset({"too-young", "unborn"})
_DAY: Final = "2026-10-19"
_MOTHER: Final = {"person": "p1", "capacity": "parent", "decision": "agreed", "on": _DAY}


def _holds(person: str | None, part: Consent, context: Context) -> set[str]:
    return {
        responsible.holds
        for responsible in context.record.parental_responsibility
        if responsible.holder == person
        and (not part.children or responsible.child in part.children)
    }


@rule("CNS-104", Severity.ERROR, cites=("E-037", "G-110"))
@on(example="gloucestershire/marf")
@asks("Does this person have parental responsibility?")
@passes(
    givers=[
        {"person": "p1", "capacity": "parent", "decision": "agreed", "on": "2026-10-09"},
        {
            "person": "p2",
            "capacity": "parental-responsibility-holder",
            "decision": "agreed",
            "on": "2026-10-09",
        },
    ]
)
@fails(
    givers=[
        {"person": "p1", "capacity": "parent", "decision": "agreed", "on": "2026-10-09"},
        {
            "person": "p3",
            "capacity": "parental-responsibility-holder",
            "decision": "agreed",
            "on": "2026-10-09",
        },
    ]
)
def agreed_without_parental_responsibility(part: Consent, context: Context) -> Problems:
    """Somebody agreed as a holder of parental responsibility and is said not to have it.

    Their consent does not count for the child. A step-parent or relative is
    often taken to have parental responsibility.
    """
    for number, giver in enumerate(part.givers):
        if giver.capacity == "parental-responsibility-holder" and giver.decision == "agreed":
            answers = _holds(giver.person, part, context)
            if "no" in answers and "yes" not in answers:
                message = "Under parental responsibility, this person is said to have none."
                yield Problem(f"/givers/{number}/capacity", message)


@rule("CNS-105", Severity.WARNING, cites=("G-074", "G-110", "E-051"))
@asks("Has somebody with parental responsibility been asked? If not, please say why.")
@passes(giversMissing=[{"capacity": "child", "reason": "too-young"}])
@fails(
    givers=[_MOTHER | {"person": "p2", "capacity": "carer"}],
    giversMissing=[{"capacity": "child", "reason": "too-young"}],
)
def no_holder_of_parental_responsibility_agreed(part: Consent, context: Context) -> Problems:
    """Consent is given for a child, and nobody with parental responsibility agreed.

    A carer cannot agree in law. Somebody with parental responsibility is
    known, did not agree, and no reason is given; nor did a young person who
    is able to decide.
    """
    agreed = {giver.person: giver for giver in part.givers if giver.decision == "agreed"}
    explained = any(missing.capacity in _PARENTAL for missing in part.givers_missing)
    adults = any(giver.capacity not in _YOUNG for giver in part.givers)
    if part.status != "given" or not agreed or not adults or explained:
        return
    for child in part.children:
        holders = {
            responsible.holder
            for responsible in context.record.parental_responsibility
            if responsible.child == child and responsible.holds == "yes"
        }
        own = agreed.get(child)
        decides = own is not None and own.capacity == "young-person"
        if holders and holders.isdisjoint(agreed) and not decides:
            yield Problem("/givers", "Nobody with parental responsibility for a child agreed.")
            return


@rule("CNS-106", Severity.ERROR, cites=("E-019",))
@asks("Whose information does this consent cover?")
@passes(givers=[_MOTHER, _MOTHER | {"person": "c1", "capacity": "child"}])
@fails(givers=[_MOTHER, _MOTHER | {"person": "p2", "capacity": "child"}])
def young_person_not_covered(part: Consent, _: Context) -> Problems:
    """A child or young person decided, and the consent does not cover them.

    Nobody can agree for somebody else's information in this way. Often the
    child is missing from the list of those covered.
    """
    covered = {*part.children, *part.people}
    for number, giver in enumerate(part.givers if covered else ()):
        if giver.capacity in _YOUNG and giver.person and giver.person not in covered:
            message = "A child or young person decided whom the consent does not name as covered."
            yield Problem(f"/givers/{number}/person", message)


@rule("CNS-107", Severity.ERROR, cites=("E-037",))
@asks("Who decided for the child?")
@passes(givers=[_MOTHER | {"person": "c1", "capacity": "young-person"}])
@fails(givers=[_MOTHER | {"person": "c1"}])
def child_as_own_parent(part: Consent, _: Context) -> Problems:
    """A child is said to have decided as their own parent or carer.

    Nobody can tell who agreed. It happens when the wrong name is picked from
    a list. A young parent who decides for a baby is another matter.
    """
    for number, giver in enumerate(part.givers):
        if giver.capacity not in _YOUNG and part.children == (giver.person,):
            message = "The child whom the consent is about is named as a parent or carer."
            yield Problem(f"/givers/{number}/capacity", message)


@rule("CNS-108", Severity.WARNING, cites=("S-017", "G-074", "E-051"))
@asks("Is the young person able to decide? If not, please record them as a child.")
@passes(person="c1", capacity="young-person", assessedCompetent="yes")
@fails(person="c1", capacity="young-person", assessedCompetent="no")
def not_able_to_decide_but_decided(part: Giver, _: Context) -> Problems:
    """A young person decided, and was judged not able to decide.

    A child can agree beside a parent, but such an answer does not stand alone.
    """
    if part.capacity == "young-person" and part.assessed_competent == "no":
        yield Problem(
            "/capacity",
            "The young person was judged not able to decide, and is named as deciding alone.",
        )


_ADULT_AGE: Final = 18
_NO: Final = _MOTHER | {"decision": "refused"}
_REASON: Final = {"goAheadReason": "The child's health is at risk."}


@rule("CNS-101", Severity.ERROR, cites=("E-018", "G-076", "S-052"), family="givers")
@asks("Who agreed? If nobody did, please change the status.")
@passes(givers=[_MOTHER])
@fails(givers=[_NO])
def given_by_nobody(part: Consent, _: Context) -> Problems:
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


@rule("CNS-102", Severity.ERROR, cites=("E-018",), family="givers")
@asks("Who refused? If nobody did, please change the status.")
@passes(status="refused", givers=[_NO], **_REASON)
@fails(status="refused", **_REASON)
def refused_by_nobody(part: Consent, _: Context) -> Problems:
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


@rule("CNS-103", Severity.WARNING, cites=("E-018", "G-074", "S-017"), family="givers")
@asks("One person agreed and another did not. Please say how you went on from there.")
@passes(givers=[_MOTHER])
@fails(givers=[_MOTHER, _NO | {"person": "p2"}])
def given_although_somebody_said_no(part: Consent, _: Context) -> Problems:
    """Consent is said to be given, and one of those who were asked said no.

    A young person and each parent can answer differently. Whoever receives
    the record should know what was agreed and by whom.
    """
    decisions = {giver.decision for giver in part.givers}
    explained = part.rationale or part.go_ahead_reason
    if part.status == "given" and "agreed" in decisions and len(decisions) > 1 and not explained:
        yield Problem("/givers", "Somebody who was asked did not agree.")


@rule("CNS-109", Severity.WARNING, cites=("S-017", "E-037"), family="givers")
@passes(assessedOn=_DAY)
@fails(assessedOn="2026-10-20")
def judged_able_after_deciding(part: Giver, _: Context) -> Problems:
    """A person was judged able to decide after they had decided.

    At the time of the decision nobody knew whether it would count.
    """
    if before(decided_on(part), part.assessed_on):
        yield Problem(
            "/assessedOn", "The judgement that the person can decide is dated after the decision."
        )


@rule("CNS-110", Severity.ERROR, cites=("E-037",), family="givers")
@asks("On which day was this decided?")
@passes(at="2026-10-19T11:05:00+01:00")
@fails(at="2026-10-18T11:05:00+01:00")
def two_days_for_one_decision(part: Giver, _: Context) -> Problems:
    """The date of a decision about consent and its time are on different days.

    Whether sharing came before or after it cannot be told.
    """
    if part.on and part.at and uk_day(part.at) != part.on:
        yield Problem("/at", "The date and the time of the decision are on different days.")


@rule("CNS-111", Severity.ERROR, cites=("E-037",), family="givers")
@passes(giversMissing=[{"capacity": "child", "reason": "too-young"}])
@fails(giversMissing=[{"capacity": "child", "reason": "unborn"}])
def missing_as_unborn_but_born(part: Consent, context: Context) -> Problems:
    """A child was not asked because it is unborn, and every child covered is born.

    The real reason is not known. It happens when the same form is used before
    and after the birth.
    """
    unborn = any(child.unborn for child in context.record.children if child.id in part.children)
    for number, missing in enumerate(part.givers_missing if part.children else ()):
        if missing.reason == "unborn" and not unborn:
            message = "No child that the consent covers is unborn."
            yield Problem(f"/giversMissing/{number}/reason", message)


_DECIDES_AGE: Final = 16
"""The age from which somebody is taken to be able to decide, unless it is shown otherwise."""
_YOUNG_CHILD: Final = {"id": "c1", "dateOfBirth": "2019-06-14"}
_BOTH: Final = {
    "id": "cs1",
    "purposes": ["referral-to-social-care"],
    "status": "given",
    "children": ["c1", "c2"],
    "givers": [_MOTHER],
    "giversMissing": [{"capacity": "child", "reason": "too-young"}],
}


@rule("CNS-113", Severity.WARNING, cites=("E-054", "S-017", "G-074"), family="givers")
@asks("What does this young person say? If nobody asked them, please say why.")
@passes(children=[_YOUNG_CHILD, {"id": "c2", "dateOfBirth": "2010-10-20"}], consents=[_BOTH])
@fails(children=[_YOUNG_CHILD, {"id": "c2", "dateOfBirth": "2010-10-19"}], consents=[_BOTH])
def young_person_not_asked(part: Record, context: Context) -> Problems:
    """A consent covers somebody of 16 or 17 who did not decide, and nothing says why.

    At 16 people are taken to be able to decide for themselves. That a little
    brother is too young to be asked says nothing about an older sister.
    """
    for number, consent in enumerate(part.consents):
        answered = _accounted_for(consent)
        if consent.status != "given" or not consent.givers or _explains_all(consent):
            continue
        for place, child in enumerate(part.children):
            covered = not consent.children or child.id in consent.children
            if covered and child.id not in answered and _can_decide(child, consent, context):
                message = f"At {_DECIDES_AGE} or older, this child is covered and did not decide."
                at = f"/children/{place}"
                if consent.children:
                    at = f"/consents/{number}/children/{consent.children.index(child.id)}"
                yield Problem(at, message)


def _accounted_for(consent: Consent) -> set[str | None]:
    """Return who decided, and of whom it is said why they did not."""
    return {giver.person for giver in consent.givers} | {
        missing.person for missing in consent.givers_missing
    }


def _explains_all(consent: Consent) -> bool:
    """Return whether it is said why the young were not asked, by more than their age."""
    return any(
        missing.capacity in _YOUNG
        and missing.person is None
        and missing.reason not in _FOR_THE_SMALL
        for missing in consent.givers_missing
    )


def _can_decide(child: Child, consent: Consent, context: Context) -> bool:
    day = agreed_on(consent) or record_day(context)
    return bool(child.date_of_birth and age_on(child.date_of_birth, day) >= _DECIDES_AGE)


@rule("CNS-112", Severity.WARNING, cites=("E-019",), family="givers")
@asks("Did this adult agree themselves that information about them is shared?")
@passes(
    people=[{"id": "p1"}, {"id": "p2", "dateOfBirth": "2012-10-21"}],
    consents=[
        {
            "id": "cs1",
            "purposes": ["referral-to-social-care"],
            "status": "given",
            "children": ["c1"],
            "people": ["p1", "p2"],
            "givers": [_MOTHER],
        }
    ],
)
@fails(
    people=[{"id": "p1"}, {"id": "p2", "dateOfBirth": "1988-10-21"}],
    consents=[
        {
            "id": "cs1",
            "purposes": ["referral-to-social-care"],
            "status": "given",
            "children": ["c1"],
            "people": ["p1", "p2"],
            "givers": [_MOTHER],
        }
    ],
)
def adult_covered_who_did_not_decide(part: Record, context: Context) -> Problems:
    """A consent covers an adult who was not asked.

    One person cannot agree for another adult. Often a parent signs for the
    whole household.
    """
    who, day = context.once(persons), record_day(context)
    for number, consent in enumerate(part.consents):
        asked = _accounted_for(consent)
        for place, person in enumerate(consent.people if agreed_on(consent) else ()):
            born = who[person].date_of_birth if person in who else None
            if person not in asked and born and age_on(born, day) >= _ADULT_AGE:
                message = "The consent covers this adult, who is not among those who decided."
                yield Problem(f"/consents/{number}/people/{place}", message)
