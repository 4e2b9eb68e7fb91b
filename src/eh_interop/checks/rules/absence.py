"""Absence, safety and deaths: what is missing, what protects people, who is alive no more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from eh_interop.checks.rules._fields import fields
from eh_interop.checks.rules._help import (
    MONTHS_IN_YEAR,
    decided_on,
    everybody,
    months_after,
    persons,
)
from eh_interop.checks.rules.engine import Context, Problem, Problems, asks, fails, passes, rule
from eh_interop.core.findings import Severity
from eh_interop.core.uk_time import uk_day
from eh_interop.standard.model import (
    Action,
    Address,
    Consent,
    ContactEvent,
    Giver,
    Informed,
    Meeting,
    Record,
    Review,
    SafetyWarning,
)


@rule("ABS-001", Severity.ERROR, cites=("E-029", "E-037"))
@passes(absent={"guidance": "not-known"})
@fails(absent={"consents": "not-obtained"})
def said_to_be_missing_but_given(_: Record, context: Context) -> Problems:
    """Something is said to be missing, and is given beside it.

    Nobody can tell which of the two to believe. It happens when the answer
    comes later and the reason for its absence is left standing.
    """
    for kind, placed in context.parts.items():
        known = fields(kind)
        if "absent" not in known:
            continue
        for part, place in placed:
            for name in part.absent or ():
                if name in known and getattr(part, known[name].attribute) not in (None, ()):
                    yield Problem(
                        f"{place}/absent/{name}",
                        "The field is given, and is also listed as missing.",
                    )


def _gives(address: Address | None) -> bool:
    return bool(
        address and not address.confidential and (address.lines or address.postcode or address.uprn)
    )


@rule("ABS-002", Severity.ERROR, cites=("N-005",))
@asks("Please say whether this address must be kept private. If so, take it out everywhere.")
@passes(
    people=[{"id": "p1", "absent": {"addresses": "withheld-for-safety"}}, {"id": "p2"}],
    households=[{"id": "h1", "members": ["c1"], "address": {"postcode": "DE1 9ZZ"}}],
)
@fails(
    people=[{"id": "p1", "absent": {"addresses": "withheld-for-safety"}}, {"id": "p2"}],
    households=[{"id": "h1", "members": ["p1"], "address": {"postcode": "DE1 9ZZ"}}],
)
def withheld_address_given_elsewhere(part: Record, context: Context) -> Problems:
    """An address is held back for somebody's safety and stands at their household.

    Whoever receives the record can find a person who must not be found. It
    happens when a system copies the address to every place that has one.
    """
    hidden = {
        who
        for who, person in context.once(persons).items()
        if (person.absent or {}).get("addresses") == "withheld-for-safety"
    }
    for number, household in enumerate(part.households if hidden else ()):
        if _gives(household.address) and hidden.intersection(household.members):
            message = (
                "This household has an address, and somebody in it has one that is held back "
                "for safety."
            )
            yield Problem(f"/households/{number}/address", message)


_WARNING = {"id": "sw1", "type": "violence"}


@rule("SAF-001", Severity.WARNING, cites=("E-028",), family="safety")
@asks("Please set a date within a year on which somebody looks at this warning again.")
@passes(_WARNING | {"from": "2026-01-10", "reviewOn": "2027-01-10"})
@fails(_WARNING | {"from": "2026-01-10", "reviewOn": "2027-01-11"})
def warning_stands_too_long(part: SafetyWarning, _: Context) -> Problems:
    """A safety warning is to be looked at again more than a year after it starts.

    A warning that nobody looks at follows a family for ever, also when the
    reason for it is long gone.
    """
    if part.from_ and part.review_on and part.review_on > months_after(part.from_, MONTHS_IN_YEAR):
        yield Problem(
            "/reviewOn",
            "The review date is more than a year after the day on which the warning starts.",
        )


@rule("SAF-002", Severity.WARNING, cites=("E-028",), family="safety")
@asks("Please say whether this warning still holds.")
@passes(_WARNING | {"from": "2026-01-10", "reviewOn": "2026-11-01"})
@fails(_WARNING | {"from": "2026-01-10", "reviewOn": "2026-10-31"})
def warning_not_looked_at_again(part: SafetyWarning, context: Context) -> Problems:
    """The day on which a safety warning was to be looked at again has passed.

    Workers need to know whether they can rely on it. Act on it until somebody
    has looked.
    """
    if part.review_on and part.review_on < context.today:
        yield Problem("/reviewOn", "The review date of the safety warning has passed.")


class _Act(NamedTuple):
    """Something that somebody is said to have done: who, on which day, where it stands, what."""

    who: str
    day: date | None
    place: str
    what: str


_DEAD: Final = {"id": "p1", "deceased": True, "deceasedOn": "2026-10-01"}
_AGREED: Final = {"person": "p1", "capacity": "parent", "decision": "agreed"}
_CONSENT: Final = {"id": "cs1", "purposes": ["start-plan"], "status": "given", "children": ["c1"]}


@rule("FAM-112", Severity.WARNING, cites=("E-057",), family="deaths")
@asks("Please check the date of death, and who took part.")
@passes(
    people=[_DEAD, {"id": "p2"}],
    consents=[_CONSENT | {"givers": [_AGREED | {"on": "2026-10-01"}]}],
)
@fails(
    people=[_DEAD, {"id": "p2"}],
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
        if person.deceased or (person.deceased_on and person.deceased is None)
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
    for informed, place in parts.get(Informed, ()):
        if informed.person and informed.informed == "yes":
            yield _Act(informed.person, informed.on, f"{place}/person", "being told")
    for action, place in parts.get(Action, ()):
        day = action.completed_on or action.started_on
        yield _Act(action.owner or "", day, f"{place}/owner", "the action")
    for place, person in everybody(part):
        for entry, view in enumerate(person.views):
            at = f"{place}/views/{entry}/gatheredOn"
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
