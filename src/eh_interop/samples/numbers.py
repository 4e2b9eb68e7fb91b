"""Numbers with the right form that belong to nobody."""

from __future__ import annotations

from typing import Final

from eh_interop.identifiers import UPN_LETTERS
from eh_interop.samples.dice import Dice

_NO_CHECK_DIGIT: Final = 10
_NOT_USED: Final = "9999"
"""A school number that is not given out."""


def nhs_number(dice: Dice) -> str:
    """Return an NHS number of the range kept for tests (999), with its check digit."""
    while True:
        digits = f"999{dice.number(0, 999_999):06}"
        total = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1)))  # noqa: B905
        check = (11 - total % 11) % 11
        if check != _NO_CHECK_DIGIT:
            return f"{digits}{check}"


def upn(dice: Dice, local_authority: str, year: int) -> str:
    """Return a unique pupil number with its check letter, of a school that there is not."""
    digits = f"{local_authority}{_NOT_USED}{year % 100:02}{dice.number(0, 999):03}"
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
