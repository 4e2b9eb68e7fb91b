"""What a check saw: findings, and the few values that describe them.

All values are frozen and comparable, so two reports can be compared with
``==`` and a list of findings can be sorted. A finding points at a place; it
never quotes what stands there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters. The words of the cited guidance decide it."""

    ERROR = "error"
    """The guidance says must, or the record cannot be used without it."""
    WARNING = "warning"
    """The guidance says should or normally; a good reason may explain it."""
    INFO = "info"
    """Worth knowing. Nothing has to be done."""

    @property
    def rank(self) -> int:
        """0 for the most serious."""
        return _RANKS[self]


_RANKS = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


class Layer(StrEnum):
    """Which kind of check made a finding."""

    READING = "reading"
    """The source file: can it be read, and is anything lost when it is?"""
    SHAPE = "shape"
    """Types, codes and structure, as the JSON Schemas say."""
    COMPLETENESS = "completeness"
    """What has to be there, and when."""
    CONSISTENCY = "consistency"
    """What has to agree: dates, people, consent, check digits."""
    PACK = "pack"
    """A pack: whether it is whole, holds what it should, and may be shared with its recipient."""


class Disposition(StrEnum):
    """What a report says about a record. It never says accepted or rejected."""

    ACT_NOW = "act-now"
    """Somebody may be at immediate risk: act first, chase what is missing later."""
    READY = "ready"
    """Nothing is missing that the area asks for."""
    READY_WITH_GAPS = "ready-with-gaps"
    """It can be used; some questions are left to ask."""
    UNREADABLE = "unreadable"
    """It could not be read as a record of the standard."""


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """Where a value stood in its source file. Lines and columns count from 1.

    ``column`` counts characters, as editors do. For a value that is missing,
    the origin is that of the object in which it was expected. ``path`` says where in
    the words of the source, if these are other than the record's: FHIRPath in FHIR.
    """

    line: int
    column: int
    path: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Waiver:
    """An area lives with a fault for a time. The finding stays visible.

    Attributes:
        why: the area's reason.
        until: the last day on which it holds.
        ended: that day is over, so it has no effect.
    """

    why: str
    until: date
    ended: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Other:
    """Another record that a finding rests on.

    Attributes:
        source: the file it came from, as in its own report.
        line: the line of the source where it begins.
        record_id: its own id; None if it has none in the right form.
    """

    source: str
    line: int
    record_id: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the data, for the person who owns the data.

    Attributes:
        code: stable code, never reused (``MRF-112``).
        name: the same in words (``no-reason-for-going-ahead``).
        layer: which kind of check found it.
        severity: how much it matters.
        place: JSON Pointer into the record; empty for the whole record.
        message: one plain-English sentence, without any value from the record.
        cites: ids of guidance clauses, such as ``G-112``.
        origin: where it stood in the source file, when that is known.
        ask: the question to send back to whoever supplied the record.
        waiver: what the area says about living with it; see :class:`Waiver`.
        fingerprint: what tells it from others in the next run; None unless it was asked for.
        known: it stands in a baseline: still there, and not counted.
        others: the other records that show it, if it compares records; at most ten.
    """

    code: str
    name: str
    layer: Layer
    severity: Severity
    place: str
    message: str
    cites: tuple[str, ...] = ()
    origin: Origin | None = None
    ask: str | None = None
    waiver: Waiver | None = None
    fingerprint: str | None = None
    known: bool = False
    others: tuple[Other, ...] = ()


ACROSS = "across-records"
"""What is listed as not run if records were not compared with each other."""
NO_FIGURE = "The area's guidance gives no figure or fact for it."
"""Why a check was not made that needs a figure. It is so for every record of the area."""


@dataclass(frozen=True, slots=True, order=True)
class NotRun:
    """A check that was not made, and why. ``fault`` says that the reason is our own bug."""

    check: str
    why: str
    fault: bool = False
