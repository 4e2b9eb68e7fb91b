"""Chance that can be repeated: the same seed always gives the same records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Final, TypeVar

T = TypeVar("T")
DAYS_IN_YEAR = 365.25
PEOPLE: Final = 5
"""How many people of a record get numbers that nobody else of the same seed has."""

_STEP: Final = 31_337
_SHIFT: Final = 104_729
"""Primes, so that no two people meet."""


class Dice:
    """A source of chance with the few throws that samples need."""

    def __init__(self, seed: int, number: int) -> None:
        """Each record has dice of its own, so that one can be made without those before it."""
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
        """Tell whether something happens that does so in this share of cases."""
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
