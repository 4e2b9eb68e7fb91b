"""The tables of partners: opened as a mapping declares, and rejects files that came back.

A rejects file is the partner's own with one more column, which holds the reasons why its
rows were not converted. It is corrected and sent again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from eh_interop.formats._shared.csv_injection import unescape
from eh_interop.formats.partners.compiled import CompiledMapping
from eh_interop.formats.partners.headings import heading_counter
from eh_interop.formats.partners.mapping_table import MappingTable
from eh_interop.reading.tabular import OpenTable, open_table

REASONS: Final = "What to put right"
"""The heading of the column with the reasons. It tells that a file was written by us."""


@contextmanager
def open_partner_table(
    source: Path | BinaryIO, table: MappingTable, mapping: CompiledMapping | None = None
) -> Iterator[OpenTable]:
    """Open the table that a mapping reads.

    Args:
        source: a path, or an open binary file.
        table: the mapping, as its file says it.
        mapping: the same, compiled; its headings help to choose the delimiter.

    Raises:
        RefusedError: it cannot be read, or has no row of headings.
        MissingExtraError: a workbook needs the extra ``xlsx``.
    """
    with open_table(
        source,
        table.sheet,
        header_row=table.header_row,
        first_row=table.first_row,
        workbook=table.format != "csv",
        encoding=table.encoding,
        delimiter=table.delimiter,
        count_headings=heading_counter(mapping) if mapping else None,
    ) as opened:
        yield strip_rejects_columns(opened)


def strip_rejects_columns(table: OpenTable) -> OpenTable:
    """Return a table as the partner wrote it, if it is one of our rejects; any other as it is.

    The column of reasons goes, and the guards against CSV injection.
    """
    if REASONS not in table.headings or table.sheet:
        return table
    at = table.headings.index(REASONS)

    def own(cells: Sequence[str]) -> list[str]:
        return [unescape(cell) for cell in (*cells[:at], *cells[at + 1 :])]

    rows = table.rows
    table.headings = tuple(own(table.headings))
    table.rows = (row._replace(cells=own(row.cells)) for row in rows)
    return table
