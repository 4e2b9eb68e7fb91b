"""The summary of a record: what is kept of it until the end, so that records can be compared.

Kept are: the record's id, type, version and time of change; the day that it is about; dates of
start, end and latest review; status, kind of plan, closing reason, outcome; the
level decisions and stages of escalation; which other records and papers it names;
and who joined a team and whom a consent names, as keyed hashes. Of each child: its
local id and keyed hashes of its identifiers, name and date of birth (see
:mod:`eh_interop.checks.across.identity`). Of what is protected: places of addresses and keyed
hashes of four bytes (see :class:`Traces`). Nothing else is: no name, no number of a person,
no date of birth, no address, and no word that somebody wrote.

A day is kept as its number (``date.toordinal``), which takes half the room of a date.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.msgpack import Decoder, Encoder

from eh_interop.checks.across.identity import certainly_different, equal

Day = int
"""The number of a day."""


class Mention(Struct, frozen=True, array_like=True, gc=False):
    """A child in a record: its local id, and the hashes that tell who it is."""

    id: str
    keys: bytes


class Named(Struct, frozen=True, array_like=True, gc=False):
    """A record or paper that a record names, and where.

    ``kind`` is the type of the record, or of the attachment.
    """

    place: str
    record_id: str | None
    kind: str | None
    relation: str | None = None
    plan_type: str | None = None
    status: str | None = None
    on: Day | None = None
    children: tuple[str, ...] = ()


class Level(Struct, frozen=True, array_like=True, gc=False):
    """A level decision."""

    level: int
    previous: int | None
    route: str | None
    decided_on: Day | None
    children: tuple[str, ...]


class Joined(Struct, frozen=True, array_like=True, gc=False):
    """An agency that joined the team of a plan."""

    place: str
    agency: bytes
    on: Day | None


class Shared(Struct, frozen=True, array_like=True, gc=False):
    """A consent: the agencies that it names. ``whole`` says that every recipient is an agency."""

    agencies: tuple[bytes, ...]
    whole: bool
    until: Day | None
    children: tuple[str, ...]


class Stage(Struct, frozen=True, array_like=True, gc=False):
    """A stage of an escalation."""

    stage: int
    opened_on: Day | None


class Home(Struct, frozen=True, array_like=True, gc=False):
    """An address: hashes of what it is known by and of who lives there; whether it is protected."""

    place: str
    keys: bytes
    people: bytes
    shut: bool


class Recipient(Struct, frozen=True, array_like=True, gc=False):
    """A person who is a recipient of a consent, as hashes of the names."""

    place: str
    people: bytes


class Traces(Struct, frozen=True, array_like=True, omit_defaults=True, gc=False):
    """What a record protects and what it leaves open: runs of hashes, four bytes each.

    Attributes:
        homes: its addresses, each once.
        hidden: the people whose address nobody may learn.
        barred: the people from whom an address is kept.
        against: the people from whom anything is kept.
        recipients: the people among the recipients of its consents.
    """

    homes: tuple[Home, ...] = ()
    hidden: bytes = b""
    barred: bytes = b""
    against: bytes = b""
    recipients: tuple[Recipient, ...] = ()


class Summary(Struct, frozen=True, array_like=True, omit_defaults=True, kw_only=True, gc=False):
    """What is kept of one record.

    Attributes:
        record_id: the record's own id; None if it has none in the right form.
        record_type: such as ``plan``.
        at_risk: whether it speaks of immediate risk.
        sound: whether its shape is sound. If it is not, only the three above are known.
        children: the children that it is about.
        edition: what tells the newer of two copies of the same record.
        on: the day it is about: a start, a meeting, a decision, a referral.
        ended_on: when a plan closed, an assessment was completed, or a stage ended.
        status: of a plan or an escalation.
        kind: kind of plan, or of meeting.
        result: closing reason of a plan, outcome of an assessment or of a referral.
        reviewed_on: the latest review that a plan holds.
        held: False if a meeting did not take place.
        names: records and papers that it names.
        levels: its level decisions.
        joined: agencies that joined the team of a plan that carries no consents of its own.
        own_consents: whether a plan carries consents of its own.
        consents: the consents of a consent record.
        stages: the stages of an escalation.
        assessed: days on which a single assessment began and ended, and its result.
        explained: whether a referral says why there is no early help plan.
        traces: what it protects, and what it leaves open; None if nobody asked for that.
        number: the position of the record in the call.
    """

    record_id: str | None = None
    record_type: str | None = None
    at_risk: bool = False
    sound: bool = True
    children: tuple[Mention, ...] = ()
    edition: tuple[int, float] = (0, 0.0)
    on: Day | None = None
    ended_on: Day | None = None
    status: str | None = None
    kind: str | None = None
    result: str | None = None
    reviewed_on: Day | None = None
    held: bool = True
    names: tuple[Named, ...] = ()
    levels: tuple[Level, ...] = ()
    joined: tuple[Joined, ...] = ()
    own_consents: bool = False
    consents: tuple[Shared, ...] = ()
    stages: tuple[Stage, ...] = ()
    assessed: tuple[Day | None, Day | None, str | None] | None = None
    explained: bool = False
    traces: Traces | None = None
    number: int = 0

    def named(self, *places: str) -> tuple[Named, ...]:
        """Return what is named under some of the record's properties."""
        return tuple(name for name in self.names if name.place.split("/")[1] in places)

    def knows(self, record_id: str | None) -> bool:
        """Return whether it names a record."""
        return record_id is not None and any(name.record_id == record_id for name in self.names)


_ENCODER: Final = Encoder()
_DECODER: Final = Decoder(Summary)


def packed(summary: Summary) -> bytes:
    """Write a summary as bytes: a fifth of the memory, and quick to send to another process."""
    return _ENCODER.encode(summary)


def unpacked(data: bytes) -> Summary:
    """Read a summary again."""
    return _DECODER.decode(data)


_HASH_BYTES: Final = 8
_BITS: Final = 32


class SummaryStore:
    """Summaries in one run of bytes. They have numbers from 0, in the order of the call."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._ends = array("Q")

    def __len__(self) -> int:
        return len(self._ends)

    def add(self, packed: bytes) -> None:
        """Keep one more."""
        self._data += packed
        self._ends.append(len(self._data))

    def __getitem__(self, number: int) -> Summary:
        begin = self._ends[number - 1] if number else 0
        summary = unpacked(bytes(self._data[begin : self._ends[number]]))
        return msgspec.structs.replace(summary, number=number)

    def __iter__(self) -> Iterator[Summary]:
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
