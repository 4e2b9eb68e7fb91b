"""How much of a partner's table a mapping reads, column by column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from eh_interop.core.errors import UnreadableInputError
from eh_interop.formats.partners.cells import MisreadError, text_or_blank
from eh_interop.formats.partners.headings import BoundColumn, bind, shown
from eh_interop.formats.partners.mapping_checks import compiled_or_refused
from eh_interop.formats.partners.mapping_table import MappingTable
from eh_interop.formats.partners.table_source import open_partner_table
from eh_interop.reading.streams import RefusedError
from eh_interop.reading.tabular import column_letters


@dataclass(slots=True)
class ColumnCoverage:
    """The cells of one column: how many hold something, and how many of them are read.

    ``mapped``: a row of the mapping reads it.
    """

    heading: str
    mapped: bool
    filled: int = 0
    read: int = 0


def coverage(path: Path, table: MappingTable) -> list[ColumnCoverage]:
    """Return what a mapping reads of each column of a table; nothing of XML and JSON.

    Raises:
        MappingError: the mapping is not right.
        UnreadableInputError: the file cannot be read.
    """
    if not table.tabular:
        return []
    compiled = compiled_or_refused(table)
    try:
        with open_partner_table(path, table, compiled) as opened:
            bound = {column.index: column for column in bind(compiled, opened.headings).bound}
            columns = [
                ColumnCoverage(shown(heading) or f"Column {column_letters(at)}", at in bound)
                for at, heading in enumerate(opened.headings)
            ]
            for row in opened.rows:
                for at, cell in enumerate(row.cells[: len(columns)]):
                    if text_or_blank(cell):
                        columns[at].filled += 1
                        columns[at].read += at in bound and _is_read(bound[at], cell)
    except RefusedError as error:
        raise UnreadableInputError(f"{path.name}: {error.message}") from None
    return columns


def _is_read(column: BoundColumn, cell: object) -> bool:
    row = column.field.row
    pieces: Iterator[object] | tuple[object] = (cell,)
    if row.split and isinstance(cell, str):
        pieces = (piece.strip() for piece in cell.split(row.split))
    try:
        for piece in pieces:
            column.field.read(piece)
    except MisreadError:
        return False
    return True
