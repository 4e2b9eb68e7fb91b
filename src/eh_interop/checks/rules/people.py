"""People: who is who, and where they live."""

from __future__ import annotations

from collections.abc import Iterator

from eh_interop.checks.rules._help import everybody
from eh_interop.checks.rules.engine import Context, Problem, asks, example, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import (
    Person,
    Record,
)


@rule("FAM-103", Severity.WARNING, cites=("E-037",))
@asks("Are these the same person? If so, please list them once.")
@example(
    passes={
        "people": [
            {"id": "p1"},
            {
                "id": "p2",
                "name": {"given": "Rowan", "family": "Pettigrew"},
                "dateOfBirth": "1990-06-14",
            },
        ]
    },
    fails={
        "people": [
            {"id": "p1"},
            {
                "id": "p2",
                "name": {"given": "Rowan", "family": "Pettigrew"},
                "dateOfBirth": "2019-06-14",
            },
        ],
        "relationships": [{"person": "p1", "relatedTo": "c1", "type": "mother"}],
    },
)
def same_person_twice(part: Record, _: Context) -> Iterator[Problem]:
    """Two people in the record have the same name and date of birth.

    What is said about one is missed by whoever looks at the other. It happens
    when a child is listed both as a child and as a member of the household.
    """
    seen = set()
    for place, person in everybody(part):
        if person.name and person.date_of_birth and (person.name.full or person.name.given):
            name = person.name.full or f"{person.name.given} {person.name.family}"
            who = (name.casefold(), person.date_of_birth)
            if who in seen:
                message = "Somebody else in the record has this name and date of birth."
                yield Problem(place, message)
            seen.add(who)


@rule("FAM-110", Severity.ERROR, cites=("E-037",))
@asks("Please check these facts about the person's birth and death.")
@example(
    passes={"deceased": True, "deceasedOn": "2023-02-11"},
    fails={"deceased": False, "deceasedOn": "2023-02-11"},
)
def birth_and_death_disagree(part: Person, context: Context) -> Iterator[Problem]:
    """What is said about a family member's birth and death cannot all be so.

    For example, the person is said to be alive and has a date of death. To
    write to somebody who has died, or about them as if they lived, hurts.
    """
    born, died = part.date_of_birth, part.deceased_on
    if died and part.deceased is False:
        yield Problem("/deceased", "There is a date of death, so this cannot be so.")
    if died and born and died < born:
        yield Problem("/deceasedOn", "This is before the person was born.")
    if born and part.unborn:
        yield Problem("/dateOfBirth", "The child is said to be unborn, so has no date of birth.")
    if born and born > context.today:
        yield Problem("/dateOfBirth", "This date of birth has not come yet.")


@rule("FAM-111", Severity.WARNING, cites=("E-006", "E-037"))
@asks("Where does this person live now? If there are two homes, please say which is the second.")
@example(
    passes={
        "people": [
            {"id": "p1"},
            {
                "id": "p2",
                "addresses": [
                    {"kind": "home", "postcode": "DE1 9ZZ"},
                    {"kind": "second-home", "postcode": "DE1 9ZY"},
                ],
            },
        ]
    },
    fails={
        "people": [
            {"id": "p1"},
            {
                "id": "p2",
                "addresses": [
                    {"kind": "home", "postcode": "DE1 9ZZ"},
                    {"kind": "home", "postcode": "DE1 9ZY"},
                ],
            },
        ]
    },
)
def two_homes_at_once(part: Record, context: Context) -> Iterator[Problem]:
    """Somebody has two current home addresses.

    A visit or a letter may go to the wrong one. After a move the old address
    needs an end date; a second home has a kind of its own.
    """
    for place, person in everybody(part):
        homes = [
            number
            for number, address in enumerate(person.addresses)
            if address.kind == "home"
            and not (address.to and address.to <= context.today)
            and not (address.from_ and address.from_ > context.today)
        ]
        for number in homes[1:]:
            message = "This person has another current home address."
            yield Problem(f"{place}/addresses/{number}", message)
