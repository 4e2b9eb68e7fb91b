"""Local ids and what they point to, and numbers of other systems with their check digits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from eh_interop.checks.rules._fields import LISTS, fields, links
from eh_interop.checks.rules._help import everybody
from eh_interop.checks.rules.engine import Context, Problem, Problems, asks, fails, passes, rule
from eh_interop.core.findings import Severity
from eh_interop.core.identifiers import CHECKS
from eh_interop.standard.model import Child, Identifier, Part, Person, Record, RecordReference


def _loose(context: Context) -> list[tuple[str, bool]]:
    """Return the place of every loose reference, and whether something else has that id."""
    known = {kind: {part.id for part, _ in context.parts.get(kind, ())} for kind in LISTS.values()}
    allowed: dict[tuple[type[Part], ...], set[str | None]] = {}
    loose: list[tuple[str, str]] = []
    for kind, placed in context.parts.items():
        for name, many, targets, read in links(kind):
            ids = allowed.get(targets)
            if ids is None:
                ids = allowed[targets] = {None}.union(*(known[target] for target in targets))
            if many:
                for part, place in placed:
                    if not ids.issuperset(read(part)):
                        loose += _among(read(part), ids, f"{place}/{name}")
            else:
                loose += [
                    (f"{at}/{name}", read(part)) for part, at in placed if read(part) not in ids
                ]
    return [(place, any(value in entries for entries in known.values())) for place, value in loose]


def _among(held: tuple[str, ...], ids: set[str | None], place: str) -> list[tuple[str, str]]:
    return [(f"{place}/{number}", entry) for number, entry in enumerate(held) if entry not in ids]


@rule("REF-001", Severity.ERROR, cites=("E-037",))
@asks("Please say who or what is meant here.")
@passes(createdBy="w2")
@fails(createdBy="w99")
def points_nowhere(_: Record, context: Context) -> Problems:
    """A local id points to nothing in the record.

    Nobody can tell who or what is meant. It happens when a person or document
    is taken out of a record and what was said about them stays.
    """
    for place, elsewhere in context.once(_loose):
        if not elsewhere:
            yield Problem(place, "The local id is that of nothing in the record.")


@rule("REF-002", Severity.ERROR, cites=("E-037",))
@asks("Please say who or what is meant here.")
@passes(createdBy="w2")
@fails(createdBy="p1")
def points_to_another_kind(_: Record, context: Context) -> Problems:
    """A local id points to something of a kind that cannot stand here.

    For example, a family member is named where only a practitioner can act.
    It happens when somebody is both, and is listed in one place only.
    """
    for place, elsewhere in context.once(_loose):
        if elsewhere:
            yield Problem(
                place, "The local id is that of something of another kind than can stand here."
            )


@rule("REF-003", Severity.ERROR, cites=("E-037",))
@passes(households=[{"id": "h1", "members": ["p1", "c1"]}])
@fails(households=[{"id": "p1", "members": ["p1", "c1"]}])
def same_local_id_twice(_: Record, context: Context) -> Problems:
    """Two things in the record have the same local id.

    What is said about one is then said about the other. It happens when
    records are put together without new ids.
    """
    seen: set[str] = set()
    for kind, placed in context.parts.items():
        if "id" not in fields(kind):
            continue
        for part, place in placed:
            if part.id in seen:
                yield Problem(f"{place}/id", "Something else in the record has the same local id.")
            elif part.id is not None:
                seen.add(part.id)


@rule("REF-004", Severity.ERROR, cites=("E-037",))
@asks("Please say which other record is meant.")
@passes(recordId="marf-0000")
@fails(recordId="marf-0001")
def record_refers_to_itself(part: RecordReference, context: Context) -> Problems:
    """A reference to another record gives the number of this one.

    The other record cannot be found, and a program that follows it goes round
    in a circle.
    """
    if part.record_id == context.record.record_id:
        yield Problem(
            "/recordId", "The reference to another record gives the id of the record itself."
        )


_ONE_EACH: Final = frozenset(
    {
        "nhs-number",
        "upn",
        "uln",
        "national-insurance-number",
        "la-child-id",
        "home-office-reference",
    }
)
"""Identifiers of which a person has one, and no two people the same."""
_NHS: Final = {"type": "nhs-number", "value": "9990000018"}
_OTHER_NHS: Final = {"type": "nhs-number", "value": "9991045015"}


@rule("IDN-001", Severity.ERROR, cites=("E-036",), family="identifiers")
@asks("Please check this number: a digit or letter in it is wrong.")
@passes(type="nhs-number", value="9990000018")
@fails(type="nhs-number", value="9990000019")
def wrong_number(part: Identifier, _context: Context) -> Problems:
    """The number is not in the form of its type, or its check digit is wrong.

    One mistyped digit can lead to another child's records. The check digit
    finds nearly all such slips before anybody looks the number up.
    """
    check = CHECKS.get(part.type)
    if check and part.value is not None and not check(part.value):
        yield Problem(
            "/value", "The number is not in the form of its type, or its check digit is wrong."
        )


def _numbers(part: Child | Person) -> Iterator[tuple[int, Identifier]]:
    for number, identifier in enumerate(part.identifiers):
        current = identifier.status in {None, "current"}
        if identifier.type in _ONE_EACH and identifier.value and current:
            yield number, identifier


@rule("IDN-002", Severity.ERROR, cites=("E-037",), family="identifiers")
@asks("Two people have the same number. Please say whose it is.")
@passes(people=[{"id": "p1", "identifiers": [_NHS]}, {"id": "p2", "identifiers": [_OTHER_NHS]}])
@fails(people=[{"id": "p1", "identifiers": [_NHS]}, {"id": "p2", "identifiers": [_NHS]}])
def same_number_for_two_people(part: Record, _: Context) -> Problems:
    """Two people have the same number of a kind that only one person can have.

    One person's history would be added to another's. It happens when a form
    is copied for a brother or sister.
    """
    seen: dict[tuple[str, str | None], str] = {}
    for place, person in everybody(part):
        for number, identifier in _numbers(person):
            if seen.setdefault((identifier.type, identifier.value), place) != place:
                message = "Somebody else in the record has the same number."
                yield Problem(f"{place}/identifiers/{number}/value", message)


@rule("IDN-003", Severity.ERROR, cites=("E-037",), family="identifiers")
@asks("Please say which of these numbers is the right one.")
@passes(people=[{"id": "p1", "identifiers": [_NHS, _NHS]}, {"id": "p2"}])
@fails(people=[{"id": "p1", "identifiers": [_NHS, _OTHER_NHS]}, {"id": "p2"}])
def two_numbers_of_one_kind(part: Record, _: Context) -> Problems:
    """One person has two different numbers of a kind of which a person has one.

    One of them leads to somebody else's records. It happens when two records
    of different people are put together.
    """
    for place, person in everybody(part):
        seen: dict[str, str | None] = {}
        for number, identifier in _numbers(person):
            if seen.setdefault(identifier.type, identifier.value) != identifier.value:
                message = "The same person has another number of this kind."
                yield Problem(f"{place}/identifiers/{number}/value", message)
