"""People: who is who, where they live, how they are related, who has parental responsibility."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from eh_interop.checks.rules._help import before, everybody, persons
from eh_interop.checks.rules.engine import Context, Problem, Problems, asks, fails, passes, rule
from eh_interop.core.findings import Severity
from eh_interop.core.folding import letters_of
from eh_interop.standard.model import (
    ParentalResponsibility,
    Person,
    Record,
    Relationship,
)


@rule("FAM-103", Severity.WARNING, cites=("E-037",))
@asks("Are these the same person? If so, please list them once.")
@passes(
    people=[
        {"id": "p1"},
        {
            "id": "p2",
            "name": {"given": "Rowan", "family": "Pettigrew"},
            "dateOfBirth": "1990-06-14",
        },
    ]
)
@fails(
    people=[
        {"id": "p1"},
        {
            "id": "p2",
            "name": {"given": "Rowan", "family": "Pettigrew"},
            "dateOfBirth": "2019-06-14",
        },
    ],
    relationships=[{"person": "p1", "relatedTo": "c1", "type": "mother"}],
)
def same_person_twice(part: Record, _: Context) -> Problems:
    """Two people in the record have the same name and date of birth.

    What is said about one is missed by whoever looks at the other. It happens
    when a child is listed both as a child and as a member of the household.
    """
    seen = set()
    for place, person in everybody(part):
        if person.name and person.date_of_birth and (person.name.full or person.name.given):
            name = person.name.full or f"{person.name.given} {person.name.family}"
            who = (letters_of(name), person.date_of_birth)
            if who in seen:
                message = "Somebody else in the record has this name and date of birth."
                yield Problem(place, message)
            seen.add(who)


@rule("FAM-110", Severity.ERROR, cites=("E-037",))
@asks("Please check these facts about the person's birth and death.")
@passes(deceased=True, deceasedOn="2023-02-11")
@fails(deceased=False, deceasedOn="2023-02-11")
def birth_and_death_disagree(part: Person, context: Context) -> Problems:
    """What is said about a family member's birth and death cannot all be so.

    For example, the person is said to be alive and has a date of death. To
    write to somebody who has died, or about them as if they lived, hurts.
    """
    born, died = part.date_of_birth, part.deceased_on
    if died and part.deceased is False:
        yield Problem("/deceased", "The person is said to be alive, and there is a date of death.")
    if before(died, born):
        yield Problem("/deceasedOn", "The date of death is before the date of birth.")
    if born and part.unborn:
        yield Problem("/dateOfBirth", "The child is said to be unborn, so has no date of birth.")
    if born and born > context.today:
        yield Problem("/dateOfBirth", "The date of birth is after today.")


@rule("FAM-111", Severity.WARNING, cites=("E-006", "E-037"))
@asks("Where does this person live now? If there are two homes, please say which is the second.")
@passes(
    people=[
        {"id": "p1"},
        {
            "id": "p2",
            "addresses": [
                {"kind": "home", "postcode": "DE1 9ZZ"},
                {"kind": "second-home", "postcode": "DE1 9ZY"},
            ],
        },
    ]
)
@fails(
    people=[
        {"id": "p1"},
        {
            "id": "p2",
            "addresses": [
                {"kind": "home", "postcode": "DE1 9ZZ"},
                {"kind": "home", "postcode": "DE1 9ZY"},
            ],
        },
    ]
)
def two_homes_at_once(part: Record, context: Context) -> Problems:
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


_PARENTS: Final = frozenset({"parent", "mother", "father", "grandparent", "great-grandparent"})


@rule("FAM-104", Severity.ERROR, cites=("E-037",), family="relationships")
@asks("Please say to whom this person is related.")
@passes(relatedTo="c1")
@fails(relatedTo="p1")
def related_to_themselves(part: Relationship, _: Context) -> Problems:
    """Somebody is said to be related to themselves.

    The family cannot be drawn. It happens when the same person is picked
    twice from a list.
    """
    if part.person == part.related_to:
        yield Problem("/relatedTo", "The person is said to be related to themselves.")


@rule("FAM-105", Severity.ERROR, cites=("E-037",), family="relationships")
@asks("Please check the two dates of birth and who is whose parent.")
@passes(people=[{"id": "p1", "dateOfBirth": "1994-01-30"}, {"id": "p2"}])
@fails(people=[{"id": "p1", "dateOfBirth": "2019-06-14"}, {"id": "p2"}])
def parent_not_older_than_child(part: Record, context: Context) -> Problems:
    """A parent or grandparent was born on the same day as the child or later.

    Either a date of birth is wrong or the two people have changed places.
    """
    who = context.once(persons)
    for number, relationship in enumerate(part.relationships):
        if (
            relationship.type in _PARENTS
            and {relationship.person, relationship.related_to} <= who.keys()
        ):
            older, younger = (
                who[relationship.person].date_of_birth,
                who[relationship.related_to].date_of_birth,
            )
            if older and younger and older >= younger:
                message = "The parent or grandparent is not older than the child."
                yield Problem(f"/relationships/{number}", message)


@rule("FAM-106", Severity.ERROR, cites=("E-037",), family="relationships")
@asks("Please say who is the parent and who is the child.")
@passes(
    relationships=[
        {"person": "p1", "relatedTo": "c1", "type": "mother"},
        {"person": "c1", "relatedTo": "p1", "type": "child"},
    ]
)
@fails(
    relationships=[
        {"person": "p1", "relatedTo": "c1", "type": "mother"},
        {"person": "c1", "relatedTo": "p1", "type": "father"},
    ]
)
def each_the_parent_of_the_other(part: Record, _: Context) -> Problems:
    """Two people are each said to be the parent of the other.

    Person A is related to person B in one direction only: the mother of the
    child is A, the child is B. Some systems write the pair the other way round.
    """
    seen = set()
    for number, relationship in enumerate(part.relationships):
        if relationship.type in _PARENTS:
            if (
                relationship.related_to,
                relationship.person,
            ) in seen and relationship.person != relationship.related_to:
                message = "Another entry says that the child is the parent of the parent."
                yield Problem(f"/relationships/{number}", message)
            seen.add((relationship.person, relationship.related_to))


@rule("FAM-107", Severity.ERROR, cites=("E-007", "E-037"), family="relationships")
@asks("Please say whether this person has parental responsibility.")
@passes(
    parentalResponsibility=[
        {"holder": "p1", "child": "c1", "holds": "yes"},
        {"holder": "p2", "child": "c1", "holds": "no"},
    ]
)
@fails(
    parentalResponsibility=[
        {"holder": "p1", "child": "c1", "holds": "yes"},
        {"holder": "p1", "child": "c1", "holds": "no"},
    ]
)
def two_answers_on_parental_responsibility(part: Record, _: Context) -> Problems:
    """Two answers are given to whether somebody has parental responsibility for a child.

    It decides who can agree on the child's behalf and who has to be told.
    """
    seen: dict[tuple[str, str], str] = {}
    for number, responsible in enumerate(part.parental_responsibility):
        if (
            seen.setdefault((responsible.holder, responsible.child), responsible.holds)
            != responsible.holds
        ):
            message = "Another entry for the same person and child says something else."
            yield Problem(f"/parentalResponsibility/{number}/holds", message)


@rule("FAM-108", Severity.ERROR, cites=("E-037",), family="relationships")
@asks("Please say who gave birth to the child.")
@passes(
    parentalResponsibility=[
        {"holder": "p1", "child": "c1", "holds": "yes", "basis": "birth-mother"},
        {"holder": "p2", "child": "c1", "holds": "yes", "basis": "named-on-birth-certificate"},
    ]
)
@fails(
    parentalResponsibility=[
        {"holder": "p1", "child": "c1", "holds": "yes", "basis": "birth-mother"},
        {"holder": "p2", "child": "c1", "holds": "yes", "basis": "birth-mother"},
    ]
)
def two_birth_mothers(part: Record, _: Context) -> Problems:
    """Two people are each said to have parental responsibility because they gave birth.

    Only one person gave birth to a child. A second mother has parental
    responsibility on another basis, such as the birth certificate.
    """
    mothers: dict[str, set[str]] = defaultdict(set)
    for number, responsible in enumerate(part.parental_responsibility):
        if responsible.basis == "birth-mother":
            mothers[responsible.child].add(responsible.holder)
            if len(mothers[responsible.child]) > 1:
                message = "Somebody else is said to have given birth to this child."
                yield Problem(f"/parentalResponsibility/{number}/basis", message)


@rule("FAM-109", Severity.WARNING, cites=("E-007",), family="relationships")
@asks("Please say whether this person has parental responsibility.")
@passes(holds="yes", basis="birth-mother")
@fails(holds="no", basis="birth-mother")
def basis_without_parental_responsibility(
    part: ParentalResponsibility, context: Context
) -> Problems:
    """Somebody is said to have no parental responsibility, and it is said on what basis they do.

    It decides who can agree on the child's behalf. A parent loses it only
    through adoption, or has it only from the birth on.
    """
    child = context.once(persons).get(part.child)
    if part.holds == "no" and part.basis and not (child and child.unborn):
        yield Problem(
            "/holds", "The answer is no, and a basis for parental responsibility is given."
        )
