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
    ASK_FIRST = "ask-first"
    """It does not say whether anybody is at immediate risk: find out before anything else."""
    READY = "ready"
    """Nothing is missing that the area asks for."""
    READY_WITH_GAPS = "ready-with-gaps"
    """It can be used; some questions are left to ask."""
    UNREADABLE = "unreadable"
    """It could not be read as a record of the standard."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value stood in its source. Each kind of source has its own parts; the rest is empty.

    Numbers count from 1; 0 says that the source has no such thing.
    For a value that is missing, the origin is that of the object, row or table in which it was
    expected.

    Attributes:
        line: line of a text file.
        column: column of that line in characters, as editors count.
        path: where in the words of the source: JSON Pointer, XPath or FHIRPath.
        file: the file, where a source is several.
        sheet: the sheet of a workbook.
        row: the row of a table as the file counts it.
        heading: the heading of the column; its number or letter if it has no heading.
        label: the label of a form beside which it stood.
        page: the page of a document.
        paragraph: the paragraph of a page or document.
        part: the part of a message or document: ``attachment 2``, ``table 3``.
        confidence: between 0 and 1, for a value that was read by likeness; None if it was not.
    """

    line: int = 0
    column: int = 0
    path: str = ""
    file: str = ""
    sheet: str = ""
    row: int = 0
    heading: str = ""
    label: str = ""
    page: int = 0
    paragraph: int = 0
    part: str = ""
    confidence: float | None = None

    def __str__(self) -> str:
        """Say it for people: ``sheet Children, row 3, column Date of birth``."""
        parts = (
            self.file,
            self.part,
            f"page {self.page}" if self.page else "",
            f"paragraph {self.paragraph}" if self.paragraph else "",
            f"sheet {self.sheet}" if self.sheet else "",
            f"row {self.row}" if self.row else "",
            f"column {self.heading}" if self.heading else "",
            f"\N{LEFT SINGLE QUOTATION MARK}{self.label}\N{RIGHT SINGLE QUOTATION MARK}"
            if self.label
            else "",
            f"line {self.line}" if self.line else "",
            f"column {self.column}" if self.column else "",
            self.path,
        )
        return ", ".join(part for part in parts if part)

    def as_json(self) -> dict[str, str | int | float]:
        """Return what is known of it, for machines."""
        known = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in known.items() if value not in (None, "", 0)}


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
