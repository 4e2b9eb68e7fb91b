"""The summary of a record: what is kept of it until the end, so that records can be compared.

Kept are: the record's id, type, version and time of change; the day that it is about; dates of
start, end and latest review; status, kind of plan, closing reason, outcome; the
level decisions and stages of escalation; which other records and papers it names;
and who joined a team and whom a consent names, as keyed hashes. Of each child: its
local id and keyed hashes of its identifiers, name and date of birth (see
:mod:`eh_interop.checks.across.identity`). Nothing else is: no name, no number of a person,
no date of birth, no address, and no word that somebody wrote.

A day is kept as its number (``date.toordinal``), which takes half the room of a date.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct
from msgspec.msgpack import Decoder, Encoder

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
