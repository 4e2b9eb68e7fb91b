"""A table as it is read: headings, then rows of cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from eh_interop.reading.partner_faults import PartnerFault


class GridRow(NamedTuple):
    """One row.

    Attributes:
        number: as a spreadsheet counts it, from 1.
        line: the line of a text file on which it begins, from 1; 0 for workbooks.
        cells: what stands in it.
    """

    number: int
    line: int
    cells: Sequence[Any]


@dataclass
class Grid:
    """A table.

    Attributes:
        headings: the row of headings.
        rows: the rows of data, blank ones too.
        sheet: the sheet of a workbook.
        encoding: of a text file.
        delimiter: of a CSV file.
        notes: faults of the whole file: what is wrong, and in which sheet and row.
        faults: faults of cells that the library shows as blank, by row, each with its column.
    """

    headings: tuple[str, ...]
    rows: Iterator[GridRow] = field(repr=False)
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    notes: list[tuple[PartnerFault, str, str, int]] = field(default_factory=list)
    faults: Mapping[int, Sequence[tuple[int, PartnerFault, str]]] = field(default_factory=dict)
