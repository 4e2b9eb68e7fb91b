"""Capacity: whether those who agreed could agree, and for whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from eh_interop.checks.rules.engine import Context, Problem, asks, example, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Consent, Giver

_YOUNG: Final = frozenset({"young-person", "child"})
_PARENTAL: Final = frozenset({"parent", "parental-responsibility-holder"})
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
@asks("Does this person have parental responsibility?")
@example(
    of="gloucestershire/marf",
    passes={
        "givers": [
            {"person": "p1", "capacity": "parent", "decision": "agreed", "on": "2026-10-09"},
            {
                "person": "p2",
                "capacity": "parental-responsibility-holder",
                "decision": "agreed",
                "on": "2026-10-09",
            },
        ]
    },
    fails={
        "givers": [
            {"person": "p1", "capacity": "parent", "decision": "agreed", "on": "2026-10-09"},
            {
                "person": "p3",
                "capacity": "parental-responsibility-holder",
                "decision": "agreed",
                "on": "2026-10-09",
            },
        ]
    },
)
def agreed_without_parental_responsibility(part: Consent, context: Context) -> Iterator[Problem]:
    """Somebody agreed as a holder of parental responsibility and is said not to have it.

    Their consent does not count for the child. A step-parent or relative is
    often taken to have parental responsibility.
    """
    for number, giver in enumerate(part.givers):
        if giver.capacity == "parental-responsibility-holder" and giver.decision == "agreed":
            answers = _holds(giver.person, part, context)
            if "no" in answers and "yes" not in answers:
                message = "This person is said elsewhere to have no parental responsibility."
                yield Problem(f"/givers/{number}/capacity", message)


@rule("CNS-105", Severity.WARNING, cites=("G-074", "G-110"))
@asks("Has somebody with parental responsibility been asked? If not, please say why.")
@example(
    passes={"giversMissing": [{"capacity": "child", "reason": "too-young"}]},
    fails={
        "givers": [_MOTHER | {"person": "p2", "capacity": "carer"}],
        "giversMissing": [{"capacity": "child", "reason": "too-young"}],
    },
)
def no_holder_of_parental_responsibility_agreed(
    part: Consent, context: Context
) -> Iterator[Problem]:
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
@example(
    passes={"givers": [_MOTHER, _MOTHER | {"person": "c1", "capacity": "child"}]},
    fails={"givers": [_MOTHER, _MOTHER | {"person": "p2", "capacity": "child"}]},
)
def young_person_not_covered(part: Consent, _: Context) -> Iterator[Problem]:
    """A child or young person decided, and the consent does not cover them.

    Nobody can agree for somebody else's information in this way. Often the
    child is missing from the list of those covered.
    """
    covered = {*part.children, *part.people}
    for number, giver in enumerate(part.givers if covered else ()):
        if giver.capacity in _YOUNG and giver.person and giver.person not in covered:
            message = "The consent does not cover this child or young person."
            yield Problem(f"/givers/{number}/person", message)


@rule("CNS-107", Severity.ERROR, cites=("E-037",))
@asks("Who decided for the child?")
@example(
    passes={"givers": [_MOTHER | {"person": "c1", "capacity": "young-person"}]},
    fails={"givers": [_MOTHER | {"person": "c1"}]},
)
def child_as_own_parent(part: Consent, _: Context) -> Iterator[Problem]:
    """A child is said to have decided as their own parent or carer.

    Nobody can tell who agreed. It happens when the wrong name is picked from
    a list. A young parent who decides for a baby is another matter.
    """
    for number, giver in enumerate(part.givers):
        if giver.capacity not in _YOUNG and part.children == (giver.person,):
            message = "This is the child whom the consent is about, not a parent or carer."
            yield Problem(f"/givers/{number}/capacity", message)


@rule("CNS-108", Severity.WARNING, cites=("S-017", "G-074"))
@asks("Is the young person able to decide? If not, please record them as a child.")
@example(
    passes={"person": "c1", "capacity": "young-person", "assessedCompetent": "yes"},
    fails={"person": "c1", "capacity": "young-person", "assessedCompetent": "no"},
)
def not_able_to_decide_but_decided(part: Giver, _: Context) -> Iterator[Problem]:
    """A young person decided, and was judged not able to decide.

    A child can agree beside a parent, but such an answer does not stand alone.
    """
    if part.capacity == "young-person" and part.assessed_competent == "no":
        yield Problem("/capacity", "This young person was judged not able to decide.")
