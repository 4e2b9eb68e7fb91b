"""The summaries of one call, kept close together, and found again by number or by id."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

import msgspec

from eh_interop.checks.across.identity import certainly_different, equal
from eh_interop.checks.across.summary import Summary, unpacked

_HASH_BYTES: Final = 8
_BITS: Final = 32


class SummaryStore:
    """Summaries in one run of bytes. They have numbers from 0, in the order of the call."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._ends = array("Q")

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._ends)

    def add(self, packed: bytes) -> None:
        """Keep one more."""
        self._data += packed
        self._ends.append(len(self._data))

    def __getitem__(self, number: int) -> Summary:
        """Return a summary."""
        begin = self._ends[number - 1] if number else 0
        summary = unpacked(bytes(self._data[begin : self._ends[number]]))
        return msgspec.structs.replace(summary, number=number)

    def __iter__(self) -> Iterator[Summary]:
        """Yield every summary, one at a time."""
        return map(self.__getitem__, range(len(self)))


class RecordIdIndex:
    """Which record has which id. Of copies of one record, only the newest counts.

    Of records that share an id and are not copies of one, none is found by it; each
    is still a record of its own.
    """

    def __init__(self, kept: SummaryStore) -> None:
        self._kept = kept
        self._older = bytearray(len(kept))
        left_out = bytearray(len(kept))
        hashes = ((_hash(summary.record_id), summary.number) for summary in kept)
        for first, others in equal(hashes):
            for copies in self._by_id((first, *others)):
                newest = self._newest(copies)
                for copy in copies:
                    left_out[copy] = copy != newest
                    self._older[copy] = newest is not None and copy != newest
        # The hash and the number in one whole number, so that sorting takes little memory.
        every = sorted(
            int.from_bytes(_hash(summary.record_id)) << _BITS | summary.number
            for summary in kept
            if summary.record_id and not left_out[summary.number]
        )
        self._hashes = array("Q", (entry >> _BITS for entry in every))
        self._numbers = array("I", (entry % (1 << _BITS) for entry in every))

    def is_older_copy(self, number: int) -> bool:
        """Return whether a newer copy of the record was given too."""
        return bool(self._older[number])

    def find(self, record_id: str) -> Summary | None:
        """Return the record that has an id; None if there is none or it cannot be told which."""
        hashed = int.from_bytes(_hash(record_id))
        at = bisect_left(self._hashes, hashed)
        while at < len(self._hashes) and self._hashes[at] == hashed:
            summary = self._kept[self._numbers[at]]
            if summary.record_id == record_id:
                return summary
            at += 1
        return None

    def _by_id(self, numbers: tuple[int, ...]) -> Iterator[list[int]]:
        """Tell records apart whose ids only have the same hash."""
        by_id: dict[str | None, list[int]] = {}
        for number in numbers:
            by_id.setdefault(self._kept[number].record_id, []).append(number)
        return (copies for copies in by_id.values() if len(copies) > 1)

    def _newest(self, copies: list[int]) -> int | None:
        newest = self._kept[copies[0]]
        for number in copies[1:]:
            other = self._kept[number]
            if other.record_type != newest.record_type or not _share_a_child(newest, other):
                return None
            newest = other if other.edition >= newest.edition else newest
        return newest.number


def _hash(record_id: str | None) -> bytes:
    """Return the hash of an id that this run of Python makes; nothing without an id."""
    return (hash(record_id) % (1 << 8 * _HASH_BYTES)).to_bytes(_HASH_BYTES) if record_id else b""


def _share_a_child(one: Summary, other: Summary) -> bool:
    return any(
        not certainly_different(mine.keys, theirs.keys)
        for mine in one.children
        for theirs in other.children
    )
