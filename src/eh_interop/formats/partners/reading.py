"""Reads a partner's file: one record at a time, with lineage, findings and the raw rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

from eh_interop.core.errors import UnreadableInputError
from eh_interop.core.pointer import Steps
from eh_interop.formats.partners.checking import ready
from eh_interop.formats.partners.places import (
    Column,
    PartnerFinding,
    SourcePlace,
    Where,
    finding_at,
)
from eh_interop.formats.partners.plan import Plan
from eh_interop.formats.partners.tables import Table, load_table
from eh_interop.reading.refused import RefusedError
from eh_interop.standard.areas import Area


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as the partner wrote it, for a file of rejects in the partner's own columns.

    Attributes:
        number: the row as a spreadsheet counts it, or the number of the record.
        cells: its cells as text; of XML and JSON, one text with the whole record.
    """

    number: int
    cells: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class PartnerRecord:
    """A record of a partner's file. Its ``repr`` shows nothing of the record.

    Attributes:
        record: in the form of the standard; it may be half filled. None if there was
            nothing that the mapping reads.
        findings: what was wrong when it was read, with the place in the partner's file.
        rows: the partner's own rows.
        where: where each value stood, in short; see ``origins``.
    """

    record: dict[str, Any] | None = field(repr=False)
    findings: tuple[PartnerFinding, ...]
    rows: tuple[RawRow, ...]
    where: Mapping[Steps, Where] = field(repr=False, default_factory=dict)

    @cached_property
    def origins(self) -> Mapping[Steps, SourcePlace]:
        """The lineage: for each place in the record that came from the file, where from."""
        return {steps: where.place() for steps, where in self.where.items()}


@dataclass
class Summary:
    """What is known of a file; whole once all of it has been read.

    Attributes:
        file: its name.
        sheet: the sheet that was read.
        encoding: of a text file.
        delimiter: of a CSV file.
        headings: as the partner wrote them; empty for XML and JSON.
        unmapped: headings or paths that the mapping does not read.
        records: how many records were made.
        rows: how many rows of data there were.
        blank_rows: how many rows were skipped because nothing stood in them.
        complete: all of the file was read.
    """

    file: str
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    headings: tuple[str, ...] = ()
    unmapped: tuple[str, ...] = ()
    records: int = 0
    rows: int = 0
    blank_rows: int = 0
    complete: bool = False


class Reading(Iterator[PartnerRecord]):
    """The records of a file, one at a time.

    Attributes:
        findings: what is wrong with the file as a whole; it grows while records are read.
        summary: what is known of the file.
    """

    def __init__(self, source: Path | BinaryIO, plan: Plan, name: str) -> None:
        self.plan = plan
        self.findings: list[PartnerFinding] = []
        self.summary = Summary(name)
        self._records = self._all(source)

    def __next__(self) -> PartnerRecord:
        """Return the next record."""
        return next(self._records)

    def _all(self, source: Path | BinaryIO) -> Iterator[PartnerRecord]:
        try:
            yield from self._open(source)
        except RefusedError as error:
            at = error.origin
            column = Column(self.summary.file, at.sheet or self.summary.sheet)
            where = Where(column, at.row, at.line)
            self.findings.append(finding_at(error.fault, error.message, where))
        else:
            self.summary.complete = True

    def _open(self, source: Path | BinaryIO) -> Iterator[PartnerRecord]:
        form = self.plan.table.format
        # The libraries for workbooks and XML are imported only where they are needed.
        if form in {"csv", "xlsx", "ods"}:
            from eh_interop.formats.partners.sources.rows import read_rows

            return read_rows(source, self)
        from eh_interop.formats.partners.sources.trees import read_trees

        return read_trees(source, self)


def read_partner(
    source: str | Path | BinaryIO,
    mapping: Table | str | Path,
    *,
    area: Area | None = None,
    name: str = "",
) -> Reading:
    """Read a partner's file.

    The mapping is checked at once; the file is opened with the first record. A file that
    cannot be read, or not to its end, gives a finding in ``Reading.findings`` and no
    more records.

    Args:
        source: a path, or an open binary file.
        mapping: a mapping, the name of a shipped one, or a file of your own.
        area: the area of the records, instead of the one that the mapping names.
        name: what lineage and findings call the file; its own name if left out.

    Raises:
        MappingError: the mapping is not right.
        UnreadableInputError: there is no such file.
    """
    table = mapping if isinstance(mapping, Table) else load_table(mapping)
    plan = ready(table, area)
    if isinstance(source, str):
        source = Path(source)
    if isinstance(source, Path) and not source.is_file():
        raise UnreadableInputError(f"{source.name}: there is no such file.")
    called = name or (source.name if isinstance(source, Path) else "-")
    return Reading(source, plan, called)
