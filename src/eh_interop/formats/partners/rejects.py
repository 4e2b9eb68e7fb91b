"""Rejects files: rows that went back to a partner, corrected and sent again.

Such a file is the partner's own with one more column, which holds the reasons.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from eh_interop.formats._shared.csv_injection import unescape
from eh_interop.reading.tabular import OpenTable

REASONS: Final = "What to put right"
"""The heading of the column with the reasons. It tells that a file was written by us."""


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
