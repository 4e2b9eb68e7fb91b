"""A source record: one record as it was read, from whatever source, and where its values stood.

Every reader gives these, and everything that takes a record takes these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from eh_interop.core.fence import fenced
from eh_interop.core.findings import Finding, Origin
from eh_interop.core.pointer import Steps
from eh_interop.reading.faults import Fault
from eh_interop.reading.json_positions import locate, locate_keys
from eh_interop.reading.whole_numbers import parse


class Locator(Protocol):
    """Finds where values and names stood in a source. It works only when somebody asks."""

    def values(self, places: Iterable[Steps]) -> Mapping[Steps, Origin]:
        """Return where values stood: for what is missing, where it was expected."""
        ...

    def names(self, places: Iterable[Steps]) -> Mapping[Steps, Origin]:
        """Return where the names of properties stood."""
        ...


@dataclass(frozen=True, slots=True)
class JsonLocator:
    """Finds where the values and names of a record stood in its JSON text.

    Attributes:
        text: JSON in UTF-8, without byte order mark.
        first_line: the line of the source on which it begins.
    """

    text: bytes = field(repr=False)
    first_line: int

    def values(self, places: Iterable[Steps]) -> dict[Steps, Origin]:
        """Find values, as :func:`~eh_interop.reading.json_positions.locate` does."""
        return locate(self.text.decode(), places, first_line=self.first_line)

    def names(self, places: Iterable[Steps]) -> dict[Steps, Origin]:
        """Find names, as :func:`~eh_interop.reading.json_positions.locate_keys` does."""
        return locate_keys(self.text.decode(), places, first_line=self.first_line)


REJECTS: Final = "not-converted"
"""The beginning of the names of files with rows that go back to a partner."""


@dataclass(frozen=True, slots=True)
class OriginalRows:
    """The rows of a table from which a record was made, as somebody else wrote them.

    Attributes:
        headings: the headings of the table.
        rows: the cells of each row.
    """

    headings: tuple[str, ...] = field(repr=False)
    rows: tuple[tuple[str, ...], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Restriction:
    """A restriction that stood in the source: a neutral fact, for the room ``protection``.

    Attributes:
        kind: which restriction, such as ``restricted`` or ``very-restricted``.
        place: JSON Pointer to what it is about; empty for the whole record.
    """

    kind: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class ReadPlace:
    """Where on a form a value stood, or an answer that was not read.

    Attributes:
        place: JSON Pointer to the value; of an answer that was not read, to where it may belong;
            empty if nobody knows.
        origin: where it stood, and how sure the reading is.
    """

    place: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class FormReading:
    """What was read of a filled-in form, and what was not.

    Attributes:
        kind: what the form is, for people: ``Word document``.
        labels: how many labels stand on it.
        known: how many of them are known.
        values: the values that were read.
        unread: the answers that were not, or not whole.
    """

    kind: str
    labels: int
    known: int
    values: tuple[ReadPlace, ...] = field(default=(), repr=False)
    unread: tuple[ReadPlace, ...] = ()


BEGINNING: Final = Origin(line=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecord:
    """One record as it stood in its source. Its ``repr`` shows nothing of the record.

    Attributes:
        source: where it came from: ``folder/file.json``, or ``-`` for standard input.
        position: where in the source the record begins.
        document: the record, as far as it could be read; None if it could not be.
        text: the bytes that hold this record and nothing else, without a byte order mark; empty
            where there are none, as in a table, or where they were too many.
        findings: what was wrong with the source.
        locator: finds where values stood; None if that is not known.
        original: the rows of somebody else's table that the record was made of.
        restrictions: restrictions that stood in the source beside the record.
        is_record: False for what is found of a file as a whole.
        form: what was read of a form, and what was not; None if it is no form.
    """

    source: str
    position: Origin = BEGINNING
    document: dict[str, Any] | None = field(repr=False)
    text: bytes = field(default=b"", repr=False)
    findings: tuple[Finding, ...] = ()
    locator: Locator | None = field(default=None, repr=False)
    original: OriginalRows | None = field(default=None, repr=False)
    restrictions: tuple[Restriction, ...] = ()
    is_record: bool = True
    form: FormReading | None = None

    @property
    def line(self) -> int:
        """The line, or else the row, of the source on which the record begins."""
        return self.position.line or self.position.row or 1

    def locate(self, places: Iterable[Steps]) -> Mapping[Steps, Origin]:
        """Return where values stood in the source; nothing if that is not known."""
        return self.locator.values(places) if self.locator and self.document is not None else {}

    def locate_names(self, places: Iterable[Steps]) -> Mapping[Steps, Origin]:
        """Return where names of properties stood in the source; nothing if that is not known."""
        return self.locator.names(places) if self.locator and self.document is not None else {}

    def __reduce__(self) -> tuple[Any, ...]:
        """Send only the text to another process: reading it again is quicker than sending both."""
        is_in_text = self.document is not None and isinstance(self.locator, JsonLocator)
        state = {name: getattr(self, name) for name in self.__slots__}
        if is_in_text:
            state["document"] = None
        return _restored, (state, is_in_text)


def _restored(state: dict[str, Any], is_in_text: bool) -> SourceRecord:
    if is_in_text:
        state["document"] = parse(state["text"])
    return SourceRecord(**state)


def read_or_tell(
    read: Callable[[], SourceRecord],
    source: str,
    position: Origin = BEGINNING,
    original: Callable[[], OriginalRows] | None = None,
) -> SourceRecord:
    """Read one record. If our own code fails, return one without a document that says so.

    Args:
        read: reads it.
        source: what it comes from.
        position: where it begins.
        original: gives the rows of somebody else's table that it was to be made of.
    """
    failed: list[str] = []
    with fenced(failed.append):
        return read()
    return failed_record(source, position, *failed, original=original() if original else None)


def failed_record(
    source: str, position: Origin, why: str, *, original: OriginalRows | None = None
) -> SourceRecord:
    """Return what stands for a record that our own code could not read; ``why`` says where."""
    return SourceRecord(
        source=source,
        position=position,
        document=None,
        findings=(Fault.OURS.finding(why, position),),
        original=original,
    )
