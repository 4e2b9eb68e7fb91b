"""Numbers with the right form that belong to nobody."""

from __future__ import annotations

from typing import Final

from eh_interop.core.identifiers import UPN_LETTERS
from eh_interop.samples.dice import Dice

_NO_CHECK_DIGIT: Final = 10
_PAIRS: Final = 500_000
_NOT_USED: Final = "9999"
"""A school number that is not given out."""


def nhs_number(dice: Dice) -> str:
    """Return an NHS number of the range kept for tests (999), with its check digit.

    It belongs to one person of a seed alone (see :meth:`Dice.person`): records of two children
    must not look like records of one.
    """
    person = dice.person(_PAIRS)
    # Of two numbers that follow each other, at least one has a check digit.
    checked = (_checked(f"999{last:06}") for last in (2 * person, 2 * person + 1))
    return next(filter(None, checked))


def _checked(digits: str) -> str:
    """Add the check digit; return nothing if there is none for these digits."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1)))  # noqa: B905 (the last digit is the check)
    check = (11 - total % 11) % 11
    return "" if check == _NO_CHECK_DIGIT else f"{digits}{check}"


def la_child_id(dice: Dice) -> str:
    """Return a council's own number for a child, which no other child of the seed has."""
    return f"S{dice.person(10**8):08}"


def upn(dice: Dice, local_authority: str, year: int) -> str:
    """Return a unique pupil number with its check letter, of a school that there is not.

    Brothers and sisters have different ones; there are too few for everybody.
    """
    digits = f"{local_authority}{_NOT_USED}{year % 100:02}{dice.person(1000):03}"
    total = sum(place * int(digit) for place, digit in enumerate(digits, 2))
    return f"{UPN_LETTERS[total % len(UPN_LETTERS)]}{digits}"


def phone(dice: Dice) -> str:
    """Return a telephone number that Ofcom keeps for drama."""
    return f"01632 960{dice.number(0, 999):03}"


def mobile(dice: Dice) -> str:
    """Return a mobile number that Ofcom keeps for drama."""
    return f"07700 900{dice.number(0, 999):03}"


def postcode(dice: Dice, district: str) -> str:
    """Return a postcode of a district, in the right form."""
    return f"{district} {dice.number(1, 9)}Z{dice.pick('ABDEFGHJLNPQRSTUWXYZ')}"
