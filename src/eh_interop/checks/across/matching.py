"""Matching: which of many mentions are the same child. See :mod:`eh_interop.checks.across.identity`.

A call may mention a hundred thousand children, so what is known of them stands in flat arrays, and
equal hashes are found by sorting whole numbers: no object is kept for a child.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from eh_interop.checks.across.identity import BORN, NAME, NONE, SIZE, agree, part_of

_WIDTH: Final = SIZE * (BORN + 1)
_BITS: Final = 32
_LOW: Final = (1 << _BITS) - 1


class Children:
    """All mentions of children in a call, and which of them are the same child."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._keys = bytearray()
        self._parents = array("I")

    def add(self, keys: bytes) -> int:
        """Add a mention, and return its number."""
        self._keys += keys
        self._parents.append(len(self._parents))
        return len(self._parents) - 1

    def child(self, number: int) -> int:
        """Return the number that stands for the child of a mention: that of the first mention."""
        parents = self._parents
        while parents[number] != number:
            parents[number] = parents[parents[number]]
            number = parents[number]
        return number

    def children(self) -> array[int]:
        """Return for each mention the number that stands for its child."""
        return array("I", map(self.child, range(len(self._parents))))

    def join_by_numbers(self) -> None:
        """Find out which mentions are the same child by its numbers, the surest first."""
        for kind in range(NAME):
            known = (
                (part_of(self._of(mention), kind), mention) for mention in range(len(self._parents))
            )
            for first, others in equal(known):
                for other in others:
                    self._join(first, other, kind)

    def join_by_names(self) -> None:
        """Find out which of the others are the same child by name and date of birth."""
        known = ((self._name(number), number) for number in range(len(self._parents)))
        # Who is who by number is looked up for all of them before the first is joined by name.
        groups = [
            sorted({self.child(mention) for mention in (first, *others)})
            for first, others in equal(known)
        ]
        for first, *others in groups:
            if others and not self._contradict((first, *others)):
                for other in others:
                    self._join(first, other, NAME)

    def _of(self, number: int) -> bytes:
        return bytes(self._keys[number * _WIDTH : (number + 1) * _WIDTH])

    def _name(self, number: int) -> bytes:
        keys = self._of(number)
        name, born = part_of(keys, NAME), part_of(keys, BORN)
        return name + born if name and born else b""

    def _join(self, one: int, other: int, surer: int) -> None:
        """Join two children unless a surer number, or name and birth together, say otherwise."""
        left, right = self.child(one), self.child(other)
        if left == right:
            return
        known, more = self._of(left), self._of(right)
        if any(agree(known, more, number) is False for number in range(surer)):
            return
        if {agree(known, more, NAME), agree(known, more, BORN)} == {False}:
            return
        first, second = sorted((left, right))
        self._parents[second] = first
        self._keys[first * _WIDTH : (first + 1) * _WIDTH] = b"".join(
            part_of(self._of(first), part) or part_of(self._of(second), part) or NONE
            for part in range(BORN + 1)
        )

    def _contradict(self, children: Iterable[int]) -> bool:
        numbers: dict[int, set[bytes]] = defaultdict(set)
        for child in children:
            for kind in range(NAME):
                numbers[kind].add(part_of(self._of(self.child(child)), kind))
        return any(len(number - {b""}) > 1 for number in numbers.values())


def equal(known: Iterable[tuple[bytes, int]]) -> Iterator[tuple[int, list[int]]]:
    """Yield numbers whose bytes are the same: the first, and those after it.

    Groups come in the order of their first number, so that chance in hashes changes nothing. Empty
    bytes and bytes that stand alone are left out.
    """
    # The bytes and the number in one whole number: half the memory of a pair.
    every = sorted(int.from_bytes(data) << _BITS | number for data, number in known if data)
    pairs = array("Q")
    first = -1
    for entry in every:
        if entry >> _BITS != first >> _BITS or first < 0:
            first = entry
        else:
            pairs.append((first & _LOW) << _BITS | (entry & _LOW))
    del every
    group: tuple[int, list[int]] | None = None
    for pair in sorted(pairs):
        if group is None or group[0] != pair >> _BITS:
            if group:
                yield group
            group = pair >> _BITS, []
        group[1].append(pair & _LOW)
    if group:
        yield group
