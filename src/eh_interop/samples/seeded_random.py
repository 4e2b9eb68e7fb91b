"""Seeded random choices, and numbers of the right form that belong to nobody.

The same seed always gives the same records.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Final, TypeVar

from eh_interop.core.identifiers import UPN_LETTERS, is_nhs_number

T = TypeVar("T")
DAYS_IN_YEAR: Final = 365.25
PEOPLE: Final = 5
"""How many people of a record get numbers that nobody else of the same seed has."""

_STEP: Final = 31_337
_SHIFT: Final = 104_729
"""Primes, so that no two people meet."""
_PAIRS: Final = 500_000
_NOT_USED: Final = "9999"
"""A school number that is not given out."""


class SeededRandom:
    """A source of random choices. Each record has its own: it can be made without those before."""

    def __init__(self, seed: int, number: int) -> None:
        # Random numbers for invented data; nothing here is a secret.
        self._random = Random(f"{seed}:{number}")  # noqa: S311 (invented data, not secrets)
        self._seed = seed
        self._first_person = number * PEOPLE
        self._people: Counter[int] = Counter()

    def person(self, size: int) -> int:
        """Return a number below ``size`` for somebody new, which this seed gives nobody else.

        That holds for the first ``size / PEOPLE`` records. ``size`` is a power of ten, or half of
        one, and is asked for again and again for one kind of number; numbers that follow each
        other in a family lie far apart.
        """
        person = self._first_person + self._people[size]
        self._people[size] += 1
        return (person * _STEP + self._seed * _SHIFT) % size

    def chance(self, share: float) -> bool:
        """Return whether something happens that does so in this share of cases."""
        return self._random.random() < share

    def pick(self, choices: Sequence[T]) -> T:
        """Take one."""
        return choices[int(self._random.random() * len(choices))]

    def weighted(self, choices: Sequence[tuple[T, int]]) -> T:
        """Take one; a heavier one more often."""
        left = self._random.random() * sum(weight for _, weight in choices)
        for choice, weight in choices:
            left -= weight
            if left < 0:
                return choice
        return choices[-1][0]

    def some(self, choices: Sequence[T], count: int) -> list[T]:
        """Take several different ones."""
        return self._random.sample(choices, min(count, len(choices)))

    def number(self, least: int, most: int) -> int:
        """Return a whole number; both ends can come."""
        return least + int(self._random.random() * (most - least + 1))

    def before(self, day: date, least: int, most: int) -> date:
        """Return a day so many days earlier."""
        return day - timedelta(days=self.number(least, most))

    def after(self, day: date, least: int, most: int) -> date:
        """Return a day so many days later."""
        return day + timedelta(days=self.number(least, most))

    def born(self, day: date, least: int, most: int) -> date:
        """Return the birthday of somebody who has this age in years."""
        years = least + self._random.random() * (most - least + 0.95)
        return day - timedelta(days=int(years * DAYS_IN_YEAR) + 5)


def nhs_number(random: SeededRandom) -> str:
    """Return an NHS number of the range kept for tests (999), with its check digit.

    It belongs to one person of a seed alone (see :meth:`SeededRandom.person`): records of two
    children must not look like records of one.
    """
    person = random.person(_PAIRS)
    # Of two numbers that follow each other, at least one has a check digit.
    numbers = (f"999{last:07}" for last in range(20 * person, 20 * person + 20))
    return next(filter(is_nhs_number, numbers))


def la_child_id(random: SeededRandom) -> str:
    """Return a council's own number for a child, which no other child of the seed has."""
    return f"S{random.person(10**8):08}"


def upn(random: SeededRandom, local_authority: str, year: int) -> str:
    """Return a unique pupil number with its check letter, of a school that does not exist.

    Brothers and sisters have different ones; there are too few for everybody.
    """
    digits = f"{local_authority}{_NOT_USED}{year % 100:02}{random.person(1000):03}"
    total = sum(place * int(digit) for place, digit in enumerate(digits, 2))
    return f"{UPN_LETTERS[total % len(UPN_LETTERS)]}{digits}"


def phone(random: SeededRandom) -> str:
    """Return a telephone number that Ofcom keeps for drama."""
    return f"01632 960{random.number(0, 999):03}"


def mobile(random: SeededRandom) -> str:
    """Return a mobile number that Ofcom keeps for drama."""
    return f"07700 900{random.number(0, 999):03}"


def postcode(random: SeededRandom, district: str) -> str:
    """Return a postcode of a district, in the right form."""
    return f"{district} {random.number(1, 9)}Z{random.pick('ABDEFGHJLNPQRSTUWXYZ')}"
