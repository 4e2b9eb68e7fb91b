"""Identifiers: numbers that other systems gave, and their check digits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from eh_interop.checks.rules._help import everybody
from eh_interop.checks.rules.engine import Context, Problem, asks, example, rule
from eh_interop.core.findings import Severity
from eh_interop.core.identifiers import CHECKS
from eh_interop.standard.model import Child, Identifier, Person, Record

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


@rule("IDN-001", Severity.ERROR, cites=("E-036",))
@asks("Please check this number: a digit or letter in it is wrong.")
@example(
    passes={"type": "nhs-number", "value": "9990000018"},
    fails={"type": "nhs-number", "value": "9990000019"},
)
def wrong_number(part: Identifier, context: Context) -> Iterator[Problem]:
    """The number is not in the form of its type, or its check digit is wrong.

    One mistyped digit can lead to another child's records. The check digit
    finds nearly all such slips before anybody looks the number up.
    """
    del context
    check = CHECKS.get(part.type)
    if check and part.value is not None and not check(part.value):
        yield Problem("/value", "This number is not in the right form or its check digit is wrong.")


def _numbers(part: Child | Person) -> Iterator[tuple[int, Identifier]]:
    for number, identifier in enumerate(part.identifiers):
        if identifier.type in _ONE_EACH and identifier.value:
            yield number, identifier


@rule("IDN-002", Severity.ERROR, cites=("E-037",))
@asks("Two people have the same number. Please say whose it is.")
@example(
    passes={
        "people": [{"id": "p1", "identifiers": [_NHS]}, {"id": "p2", "identifiers": [_OTHER_NHS]}]
    },
    fails={"people": [{"id": "p1", "identifiers": [_NHS]}, {"id": "p2", "identifiers": [_NHS]}]},
)
def same_number_for_two_people(part: Record, _: Context) -> Iterator[Problem]:
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


@rule("IDN-003", Severity.ERROR, cites=("E-037",))
@asks("Please say which of these numbers is the right one.")
@example(
    passes={"people": [{"id": "p1", "identifiers": [_NHS, _NHS]}, {"id": "p2"}]},
    fails={"people": [{"id": "p1", "identifiers": [_NHS, _OTHER_NHS]}, {"id": "p2"}]},
)
def two_numbers_of_one_kind(part: Record, _: Context) -> Iterator[Problem]:
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
