"""Canonical tables: records as CSV files or as one workbook, and back without loss."""

from __future__ import annotations

from eh_interop.formats.tables.csv_writing import write_tables
from eh_interop.formats.tables.reader import read, read_tables, read_workbook
from eh_interop.formats.tables.round_trip import RoundTripCheck, RoundTripResult
from eh_interop.formats.tables.rows import TablesWritten
from eh_interop.formats.tables.xlsx_writing import write_workbook

__all__ = [
    "RoundTripCheck",
    "RoundTripResult",
    "TablesWritten",
    "read",
    "read_tables",
    "read_workbook",
    "write_tables",
    "write_workbook",
]
