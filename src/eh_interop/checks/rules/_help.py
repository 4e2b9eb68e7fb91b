"""Questions that several rules ask of a record: people, consents, days and levels of need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Final

from dateutil.relativedelta import relativedelta

from eh_interop.checks.rules.engine import Context
from eh_interop.core.uk_time import uk_day
from eh_interop.standard.guidance import in_force_from
from eh_interop.standard.model import (
    Child,
    Consent,
    Giver,
    Lead,
    LevelDecision,
    Marf,
    Person,
    Plan,
    Practitioner,
    Recipient,
    Record,
    Review,
    SharingLogEntry,
    StatutoryPlan,
)

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
    return {practitioner.id: practitioner for practitioner in context.record.practitioners}


def consents(context: Context) -> Mapping[str, Consent]:
    """Return the consents by local id."""
    return {consent.id: consent for consent in context.record.consents}


def persons(context: Context) -> Mapping[str, Child | Person]:
    """Return the children and the other people by local id."""
    everybody: tuple[Child | Person, ...] = (*context.record.children, *context.record.people)
    return {person.id: person for person in everybody}


def _agency_of(context: Context) -> Mapping[str, str | None]:
    """Return the agency of every practitioner; an agency is its own."""
    own: dict[str, str | None] = {
        organisation.id: organisation.id for organisation in context.record.organisations
    }
    return own | {
        practitioner.id: practitioner.organisation for practitioner in context.record.practitioners
    }


def agencies(context: Context, who: Iterable[str | None]) -> set[str]:
    """Return the agencies that practitioners work for, or that are named themselves."""
    known = context.once(_agency_of)
    return {agency for local_id in who if local_id and (agency := known.get(local_id))}


def role_of(context: Context, who: str | None) -> str | None:
    """Return a practitioner's role."""
    worker = context.once(practitioners).get(who or "")
    return worker.role if worker else None


def record_day(context: Context) -> date:
    """Return the day on which the record was made, or today if it does not say."""
    made = context.record.created_at
    return uk_day(made) if made else context.today


def before(one: date | None, other: date | None) -> bool:
    """Return whether both days are known and one is before the other."""
    return one is not None and other is not None and one < other


def decided_on(giver: Giver) -> date | None:
    """Return the day on which somebody decided."""
    return giver.on or (uk_day(giver.at) if giver.at else None)


def agreed_on(consent: Consent) -> date | None:
    """Return the day on which the first person agreed; None if nobody did or it is not known."""
    days = (decided_on(giver) for giver in consent.givers if giver.decision == "agreed")
    return min((day for day in days if day), default=None)


def first_agreed(record: Record, purposes: frozenset[str]) -> date | None:
    """Return the day on which somebody first agreed to one of these purposes."""
    days = (
        agreed_on(consent) for consent in record.consents if purposes.intersection(consent.purposes)
    )
    return min((day for day in days if day), default=None)


def consents_about(record: Record, child: str, purposes: frozenset[str]) -> list[Consent]:
    """Return the consents to one of some purposes that cover a child; if none is named, all do."""
    return [
        consent
        for consent in record.consents
        if purposes.intersection(consent.purposes)
        and (not consent.children or child in consent.children)
    ]


def last_looked_at(consent: Consent) -> date | None:
    """Return the day on which a consent was given or last reviewed."""
    days = [
        agreed_on(consent),
        consent.last_reviewed_on,
        *(review.on for review in consent.reviews),
    ]
    return max((day for day in days if day), default=None)


def names(recipients: Iterable[Recipient]) -> set[str]:
    """Return the local ids that a list of recipients names."""
    return {
        who
        for recipient in recipients
        for who in (recipient.organisation, recipient.practitioner, recipient.person)
        if who
    }


def is_named(context: Context, recipient: Recipient, named: set[str]) -> bool:
    """Return whether somebody is on a list of names, by themselves or through their agency."""
    who = names((recipient,))
    return not named.isdisjoint(who | agencies(context, who))


def shared_on(context: Context) -> date:
    """Return the day by whose law sharing is judged: that of the referral, otherwise today."""
    record = context.record
    if isinstance(record, Marf):
        made = record.referred_at.date() if record.referred_at else None
        return record.referred_on or made or context.today
    return context.today


def duty_to_share(context: Context) -> bool:
    """Return whether the duty to share was in force on that day (Children Act 2004 s. 16LA)."""
    return shared_on(context) >= in_force_from("N-012")


def is_in_force(plan: StatutoryPlan) -> bool:
    """Return whether a statutory plan counts as being in force."""
    return plan.status == "current"


def may_be_in_force(plan: StatutoryPlan, child: str, today: date) -> bool:
    """Return whether nothing says that a child's statutory plan is over."""
    return (
        plan.status != "ended"
        and (plan.to is None or plan.to >= today)
        and (not plan.children or child in plan.children)
    )


def has_education_plan(record: Record, child: Child) -> bool:
    """Return whether a child has an education, health and care plan."""
    kind = "education-health-and-care-plan"
    needs = child.special_educational_needs
    return bool(needs and needs.status == kind) or any(
        statutory_plan.type == kind
        and is_in_force(statutory_plan)
        and child.id in statutory_plan.children
        for statutory_plan in record.statutory_plans
    )


def in_social_care(context: Context) -> bool:
    """Return whether a plan by a social worker is in force."""
    return any(is_in_force(plan) for plan in _social_care(context))


def _social_care(context: Context) -> Iterator[StatutoryPlan]:
    return (
        statutory_plan
        for statutory_plan in context.record.statutory_plans
        if statutory_plan.type in SOCIAL_CARE_PLANS
    )


def helpers(context: Context, plan: Plan) -> set[str]:
    """Return the agencies in the team or with something to do."""
    who = [member.organisation or member.practitioner for member in plan.team if not member.left_on]
    who += [action.provider or action.owner for action in plan.actions]
    return agencies(context, who)


def everybody(record: Record) -> Iterator[tuple[str, Child | Person]]:
    """Yield the children and the other people with their places."""
    for number, child in enumerate(record.children):
        yield f"/children/{number}", child
    for number, person in enumerate(record.people):
        yield f"/people/{number}", person


def held(part: Plan) -> list[tuple[int, Review]]:
    """Return the reviews of a plan that took place, in order, with their positions."""
    took_place = (review for review in enumerate(part.reviews) if review[1].held is not False)
    return sorted(took_place, key=lambda placed: placed[1].on)


def leads_now(part: Plan, today: date) -> list[tuple[int, Lead]]:
    """Return who leads a plan today. A lead who ends today hands over today."""
    return [
        (number, lead)
        for number, lead in enumerate(part.leads)
        if (lead.from_ or FAR_PAST) <= today and not (lead.to and lead.to <= today)
    ]


def consent_of(entry: SharingLogEntry, context: Context) -> Consent | None:
    """Return the consent that covers something that was shared."""
    return context.once(consents).get(entry.consent or "") if entry.shared else None


def referral_of(consent: Consent, context: Context) -> Marf | None:
    """Return the referral that a consent is about, if the record is one."""
    record = context.record
    about = "referral-to-social-care" in consent.purposes
    return record if isinstance(record, Marf) and about else None


MONTHS_IN_YEAR: Final = 12


def months_after(day: date, months: int) -> date:
    """Go on by calendar months: the same day of the month, or the last if there is none such.

    Six months after 31 August is 28 February, or 29 February in a leap year.
    """
    return day + relativedelta(months=months)


def age_on(born: date, day: date) -> int:
    """Return somebody's age in whole years.

    Who was born on 29 February has their birthday on 1 March in other years,
    as English law counts. ``relativedelta`` would have it a day too early.
    """
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


LEVEL_2: Final = 2
LEVEL_3: Final = 3
LEVEL_4: Final = 4


def levels(record: Record) -> tuple[LevelDecision, ...]:
    """Return the level decisions of a record, whatever its type."""
    decisions: tuple[LevelDecision, ...] = getattr(record, "levels", ())
    return decisions


Placed = tuple[int, LevelDecision]
"""A level decision with its position in the list."""


def histories(record: Record) -> Mapping[str, list[Placed]]:
    """Return each child's dated level decisions in order. One without children is for all."""
    by_child: dict[str, list[Placed]] = {child.id: [] for child in record.children}
    everybody = tuple(by_child)
    for number, decision in enumerate(levels(record)):
        for child in decision.children or everybody if decision.decided_on else ():
            by_child.setdefault(child, []).append((number, decision))
    for history in by_child.values():
        history.sort(key=lambda placed: placed[1].decided_on or FAR_PAST)
    return by_child


def levels_now(record: Record) -> dict[str, int]:
    """Return the level at which each child is now, as people decided."""
    return {child: history[-1][1].level for child, history in histories(record).items() if history}


def current_levels(record: Record) -> set[int]:
    """Return the levels at which the children are now, as people decided."""
    return set(levels_now(record).values())


def steps(record: Record) -> Iterator[tuple[Placed, Placed]]:
    """Yield each decision together with the one that came next for the same child, once."""
    seen = set()
    for history in histories(record).values():
        for earlier, later in pairwise(history):
            if (earlier[0], later[0]) not in seen:
                seen.add((earlier[0], later[0]))
                yield earlier, later
