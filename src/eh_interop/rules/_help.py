"""Questions that several rules ask of a record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Final

from eh_interop.model import (
    Child,
    Consent,
    Giver,
    LevelDecision,
    Person,
    Plan,
    Practitioner,
    Recipient,
    Record,
    StatutoryPlan,
)
from eh_interop.rules.engine import Context

LEVEL_2: Final = 2
LEVEL_3: Final = 3
LEVEL_4: Final = 4
PROTECTION: Final = frozenset({"suffered-significant-harm", "likely-significant-harm"})
"""Grounds on which social care has to look into a child's safety: no agreement is needed."""
SOCIAL_CARE_PLANS: Final = frozenset(
    {"child-in-need-plan", "child-protection-plan", "child-in-care-plan"}
)
UNSHARED: Final = frozenset({"refused", "not-sought", "not-obtained"})
"""Consent that nobody ever gave."""
FAR_PAST: Final = date.min


def practitioners(context: Context) -> Mapping[str, Practitioner]:
    """Return the practitioners by local id."""
    return {each.id: each for each in context.record.practitioners}


def consents(context: Context) -> Mapping[str, Consent]:
    """Return the consents by local id."""
    return {each.id: each for each in context.record.consents}


def persons(context: Context) -> Mapping[str, Child | Person]:
    """Return the children and the other people by local id."""
    everybody: tuple[Child | Person, ...] = (*context.record.children, *context.record.people)
    return {each.id: each for each in everybody}


def agencies(context: Context, who: Iterable[str | None]) -> set[str]:
    """Return the agencies that practitioners work for, or that are named themselves."""
    workers = context.once(practitioners)
    named = {each.id for each in context.record.organisations}
    found = set()
    for each in who:
        if each in named:
            found.add(each)
        elif each in workers:
            found.add(workers[each].organisation)
    return {each for each in found if each}


def role_of(context: Context, who: str | None) -> str | None:
    """Return a practitioner's role."""
    worker = context.once(practitioners).get(who or "")
    return worker.role if worker else None


def record_day(context: Context) -> date:
    """Return the day on which the record was made, or today if it does not say."""
    made = context.record.created_at
    return made.date() if made else context.today


def decided_on(giver: Giver) -> date | None:
    """Return the day on which somebody decided."""
    return giver.on or (giver.at.date() if giver.at else None)


def agreed_on(consent: Consent) -> date | None:
    """Return the day on which the first person agreed; None if nobody did or it is not known."""
    days = (decided_on(each) for each in consent.givers if each.decision == "agreed")
    return min((day for day in days if day), default=None)


def first_agreed(record: Record, purposes: frozenset[str]) -> date | None:
    """Return the day on which somebody first agreed to one of these purposes."""
    days = (agreed_on(each) for each in record.consents if purposes.intersection(each.purposes))
    return min((day for day in days if day), default=None)


def last_looked_at(consent: Consent) -> date | None:
    """Return the day on which a consent was given or last reviewed."""
    days = [agreed_on(consent), consent.last_reviewed_on, *(each.on for each in consent.reviews)]
    return max((day for day in days if day), default=None)


def names(recipients: Iterable[Recipient]) -> set[str]:
    """Return the local ids that a list of recipients names."""
    return {
        who
        for each in recipients
        for who in (each.organisation, each.practitioner, each.person)
        if who
    }


def is_named(context: Context, recipient: Recipient, named: set[str]) -> bool:
    """Tell whether somebody is on a list of names, by themselves or through their agency."""
    who = names((recipient,))
    return not named.isdisjoint(who | agencies(context, who))


def is_in_force(plan: StatutoryPlan) -> bool:
    """Tell whether a statutory plan counts as being in force."""
    return plan.status == "current"


def has_education_plan(record: Record, child: Child) -> bool:
    """Tell whether a child has an education, health and care plan."""
    kind = "education-health-and-care-plan"
    needs = child.special_educational_needs
    return bool(needs and needs.status == kind) or any(
        each.type == kind and is_in_force(each) and child.id in each.children
        for each in record.statutory_plans
    )


def has_social_worker(context: Context) -> bool:
    """Tell whether a social worker is among the practitioners, or holds a statutory plan."""
    roles = {each.role for each in context.record.practitioners}
    return "social-worker" in roles or any(each.practitioner for each in _social_care(context))


def in_social_care(context: Context) -> bool:
    """Tell whether a plan by a social worker is in force."""
    return any(is_in_force(each) for each in _social_care(context))


def _social_care(context: Context) -> Iterator[StatutoryPlan]:
    return (each for each in context.record.statutory_plans if each.type in SOCIAL_CARE_PLANS)


def levels(record: Record) -> tuple[LevelDecision, ...]:
    """Return the level decisions of a record, whatever its type."""
    found: tuple[LevelDecision, ...] = getattr(record, "levels", ())
    return found


Placed = tuple[int, LevelDecision]
"""A level decision with its position in the list."""


def histories(record: Record) -> Mapping[str, list[Placed]]:
    """Return each child's dated level decisions in order. One without children is for all."""
    found: dict[str, list[Placed]] = {each.id: [] for each in record.children}
    everybody = tuple(found)
    for number, each in enumerate(levels(record)):
        for child in each.children or everybody if each.decided_on else ():
            found.setdefault(child, []).append((number, each))
    for history in found.values():
        history.sort(key=lambda placed: placed[1].decided_on or FAR_PAST)
    return found


def current_levels(record: Record) -> set[int]:
    """Return the levels at which the children are now, as people decided."""
    return {history[-1][1].level for history in histories(record).values() if history}


def steps(record: Record) -> Iterator[tuple[Placed, Placed]]:
    """Yield each decision together with the one that came next for the same child, once."""
    seen = set()
    for history in histories(record).values():
        for earlier, later in pairwise(history):
            if (earlier[0], later[0]) not in seen:
                seen.add((earlier[0], later[0]))
                yield earlier, later


def helpers(context: Context, plan: Plan) -> set[str]:
    """Return the agencies in the team or with something to do."""
    who = [each.organisation or each.practitioner for each in plan.team if not each.left_on]
    who += [each.provider or each.owner for each in plan.actions]
    return agencies(context, who)
