"""Deaths: nothing that somebody is said to have done after their death is passed over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from eh_interop.checks.rules._help import decided_on, everybody
from eh_interop.checks.rules.engine import Context, Problem, Problems, asks, fails, passes, rule
from eh_interop.core.findings import Severity
from eh_interop.core.uk_time import uk_day
from eh_interop.standard.model import (
    Action,
    Consent,
    ContactEvent,
    Giver,
    Informed,
    Meeting,
    Person,
    Record,
    Review,
)


class _Act(NamedTuple):
    """Something that somebody is said to have done: who, on which day, where it stands, what."""

    who: str
    day: date | None
    place: str
    what: str


_MOTHER: Final = {"id": "p1", "deceased": True, "deceasedOn": "2026-10-01"}
_AGREED: Final = {"person": "p1", "capacity": "parent", "decision": "agreed"}
_CONSENT: Final = {"id": "cs1", "purposes": ["start-plan"], "status": "given", "children": ["c1"]}


@rule("FAM-112", Severity.WARNING, cites=("E-057",))
@asks("Please check the date of death, and who took part.")
@passes(
    people=[_MOTHER, {"id": "p2"}],
    consents=[_CONSENT | {"givers": [_AGREED | {"on": "2026-10-01"}]}],
)
@fails(
    people=[_MOTHER, {"id": "p2"}],
    consents=[_CONSENT | {"givers": [_AGREED | {"on": "2026-10-02"}]}],
)
def took_part_after_death(part: Record, context: Context) -> Problems:
    """Somebody is said to have decided, met or acted after the day of their death.

    Consent of somebody who has died is worth nothing, and somebody else may not
    have been asked. Often the date of death is mistyped, or an old form was used
    again. Without a date of death nobody can tell which of the two came first.
    """
    died = {
        person.id: person.deceased_on
        for _, person in everybody(part)
        if isinstance(person, Person)
        and (person.deceased or (person.deceased_on and person.deceased is None))
    }
    for act in _acts(part, context) if died else ():
        if act.who not in died or act.day is None:
            continue
        death = died[act.who]
        if death is None:
            message = (
                f"The person has died, and no date of death is given to set beside {act.what}."
            )
            yield Problem(act.place, message)
        elif death < act.day:
            yield Problem(act.place, f"The date of death is before the day of {act.what}.")


def _acts(part: Record, context: Context) -> Iterator[_Act]:
    """Yield what people are said to have done on a day."""
    parts = context.parts
    for giver, place in parts.get(Giver, ()):
        if giver.person:
            yield _Act(giver.person, decided_on(giver), f"{place}/person", "the decision")
    for consent, place in parts.get(Consent, ()):
        if consent.withdrawn_by:
            at = f"{place}/withdrawnBy"
            yield _Act(consent.withdrawn_by, consent.withdrawn_on, at, "the withdrawal")
    for told, place in parts.get(Informed, ()):
        if told.person and told.informed == "yes":
            yield _Act(told.person, told.on, f"{place}/person", "being told")
    for action, place in parts.get(Action, ()):
        day = action.completed_on or action.started_on
        yield _Act(action.owner or "", day, f"{place}/owner", "the action")
    for number, person in enumerate(part.people):
        for entry, view in enumerate(person.views):
            at = f"/people/{number}/views/{entry}/gatheredOn"
            yield _Act(person.id, view.gathered_on if view.text else None, at, "giving views")
    yield from _met(part, context)


def _met(part: Record, context: Context) -> Iterator[_Act]:
    """Yield who is said to have been seen, or to have been at a meeting."""
    for contact, place in context.parts.get(ContactEvent, ()):
        for number, who in enumerate(contact.with_):
            yield _Act(who, uk_day(contact.at), f"{place}/with/{number}", "the contact")
    for review, place in context.parts.get(Review, ()):
        for number, who in enumerate(review.attendees):
            yield _Act(who, review.on, f"{place}/attendees/{number}", "the review")
    for number, invited in enumerate(part.invited if isinstance(part, Meeting) else ()):
        if isinstance(part, Meeting) and invited.attendance == "attended":
            yield _Act(invited.who, part.on, f"/invited/{number}/who", "the meeting")
