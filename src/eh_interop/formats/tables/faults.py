"""What can be wrong with a table: rows that cannot be used are named, and the rest is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from eh_interop.core.errors import UnreadableInputError
from eh_interop.core.findings import Finding
from eh_interop.reading.faults import Fault

_LETTERS: Final = 26


@dataclass(frozen=True, slots=True, order=True)
class CellOrigin:
    """Where a value stood in a table.

    Attributes:
        file: the name of the file.
        sheet: the name of the sheet; empty for CSV.
        row: the row as a spreadsheet counts it; the headings are row 1.
        column: the heading; empty for a whole row.
    """

    file: str
    sheet: str
    row: int
    column: str = ""

    def __str__(self) -> str:
        parts = [self.file]
        if self.sheet:
            parts.append(f"sheet {self.sheet}")
        if self.row:
            parts.append(f"row {self.row}")
        if self.column:
            parts.append(f"column {self.column}")
        return ", ".join(parts)


def finding(fault: Fault, origin: CellOrigin, message: str, place: str = "") -> Finding:
    """Make a finding of a fixed sentence; where it is stands in front."""
    return fault.finding(f"{origin}: {message}", place=place)


def unreadable(origin: CellOrigin, message: str) -> UnreadableInputError:
    """Make the error for a table that cannot be read any further."""
    return UnreadableInputError(f"{origin}: {message}")


def letters(index: int) -> str:
    """Return the letters by which a spreadsheet calls a column; the first has the index 0."""
    text, left = "", index + 1
    while left:
        left, digit = divmod(left - 1, _LETTERS)
        text = chr(ord("A") + digit) + text
    return text
