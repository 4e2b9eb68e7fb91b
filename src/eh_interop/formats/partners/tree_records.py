"""Records from XML and JSON: what both have in common."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final, Protocol

from eh_interop.core.findings import Finding, Origin
from eh_interop.formats._shared.cells import MisreadError, cell_text
from eh_interop.formats._shared.code_maps import fold_label
from eh_interop.formats._shared.signals import may_speak
from eh_interop.formats.partners.compiled import CompiledField, CompiledMapping
from eh_interop.formats.partners.entry_values import (
    FileSummary,
    SourceColumn,
    ValueLocator,
    ValueSource,
)
from eh_interop.formats.partners.mapping_table import MappedPart
from eh_interop.formats.partners.record_builder import RecordBuilder
from eh_interop.reading.faults import PartnerFault
from eh_interop.reading.source_record import OriginalRows, SourceRecord, read_or_tell
from eh_interop.reading.streams import RefusedError
from eh_interop.standard.quotable import known_path

MOST_LISTED: Final = 200
"""Paths that are named one by one."""


@dataclass(frozen=True, slots=True)
class TreeValue:
    """A value in a tree. ``path`` and ``line`` say where; ``name`` what it is called there."""

    value: Any = field(repr=False)
    path: str
    line: int = 0
    name: str = ""


class TreeItem(Protocol):
    """One record of a file, or one entry in it."""

    @property
    def path(self) -> str:
        """Where it is in the file."""

    def values(self, path: str) -> list[TreeValue]:
        """Return what stands at a path."""

    def items(self, path: str) -> Sequence[TreeItem]:
        """Return the entries at a path."""

    def holds(self, path: str, words: Collection[str]) -> bool:
        """Return whether one of some folded words stands at a path; it is not read by that."""

    def unread(self, dropped: tuple[str, ...]) -> Iterator[TreeValue]:
        """Yield every value that nobody has asked for, and that is not at a dropped path."""

    def raw(self) -> str:
        """Return the whole record as text."""

    def notes(self) -> tuple[Finding, ...]:
        """Return what was wrong with the text of the record."""

    @property
    def line(self) -> int:
        """Where it begins."""


class TreeRecords:
    """The records of one XML or JSON file.

    Attributes:
        summary: what is known of the file so far.
        findings: what is wrong with the file as a whole, as far as it was read.
    """

    def __init__(self, items: Iterable[TreeItem], mapping: CompiledMapping, file: str) -> None:
        self._items, self._mapping, self._file = items, mapping, file
        self.summary = FileSummary(file)
        self.findings: list[Finding] = []
        self._fields: dict[int, list[CompiledField]] = {}
        for compiled in mapping.fields:
            self._fields.setdefault(compiled.part, []).append(compiled)
        self._columns: dict[tuple[str, int], SourceColumn] = {}
        self._dropped = tuple(row.theirs for row in mapping.table.lost)
        self._unmapped: dict[str, str] = {}

    def records(self) -> Iterator[SourceRecord]:
        """Yield the records.

        Raises:
            RefusedError: the file cannot be read, or not any further.
        """
        for item in self._items:
            record = read_or_tell(
                partial(self._record, item), self._file, Origin(file=self._file, line=item.line)
            )
            yield record
            del item, record  # or two records would be in memory while the next is read
        if not self.summary.rows:
            at = self._mapping.table.record_at or "the file"
            message = f"There is no record at {at}: nothing was read."
            raise RefusedError(PartnerFault.NO_HEADINGS, message)
        self.summary.unmapped = tuple(dict.fromkeys(self._unmapped.values()))

    def _record(self, item: TreeItem) -> SourceRecord:
        self.summary.rows += 1
        builder = RecordBuilder(self._mapping)
        here = ValueSource(SourceColumn(self._file), 0, item.line, item.path)
        raw = item.raw()
        builder.watchful = may_speak(raw)
        for note in item.notes():
            origin = Origin(file=self._file, line=item.line, path=note.place)
            builder.findings.append(replace(note, place="", origin=origin))
        self._take(builder, item, -1, 1)
        for number, part in enumerate(self._mapping.parts):
            entries = item.items(part.row.theirs) if part.row.theirs else [item]
            filled = (entry for entry in entries if _applies(part.row, entry))
            for index, entry in enumerate(filled, 1):
                self._take(builder, entry, number, index)
        for value in item.unread(self._dropped):
            self._keep_unmapped(builder, value)
        identity = self._identity(item)
        document, locator = None, None
        if builder.is_empty:
            message = "No field of the mapping has anything in this record. None was made of it."
            builder.report(PartnerFault.NOTHING_IN_IT, message, here)
        else:
            document, sources = builder.build(identity or (raw,))
            locator = ValueLocator(sources, here.origin)
            self.summary.records += 1
        return SourceRecord(
            source=self._file,
            position=here.origin,
            document=document,
            findings=tuple(builder.findings),
            locator=locator,
            original=OriginalRows((), ((raw,),)),
        )

    def _take(self, builder: RecordBuilder, item: TreeItem, part: int, key: int) -> None:
        for compiled in self._fields.get(part, ()):
            row = compiled.row
            for value in item.values(row.theirs):
                source = self._source(value, row.theirs, row.line)
                builder.take(compiled, key, value.value, source)

    def _source(self, value: TreeValue, name: str, line: int) -> ValueSource:
        column = self._columns.get((name, line))
        if column is None:
            origin = self._mapping.table.origin
            column = self._columns[name, line] = SourceColumn(
                self._file, heading=name, mapping=origin, mapping_line=line
            )
        return ValueSource(column, 0, value.line, value.path)

    def _identity(self, item: TreeItem) -> tuple[str, ...]:
        texts: list[str] = []
        for path in self._mapping.table.id:
            for value in item.values(path):
                with suppress(MisreadError):
                    texts.append(cell_text(value.value))
        return tuple(texts) if any(texts) else ()

    def _keep_unmapped(self, builder: RecordBuilder, value: TreeValue) -> None:
        builder.keep_local(self._source(value, value.name, 0), value.value)
        name = known_path(value.name)
        if value.name not in self._unmapped and len(self._unmapped) < MOST_LISTED:
            self._unmapped[value.name] = name
            message = "This is not in the mapping. It is kept as local data."
            origin = Origin(file=self._file, line=value.line, path=name)
            fault = PartnerFault.COLUMN_NOT_MAPPED
            self.findings.append(fault.finding(message, origin))


def _applies(part: MappedPart, entry: TreeItem) -> bool:
    """Return whether an entry is one of a part, by the words that have to stand in it."""
    return all(
        entry.holds(path, frozenset(map(fold_label, words))) is wanted
        for stated, wanted in ((part.where, True), (part.where_not, False))
        for path, words in stated.items()
    )
