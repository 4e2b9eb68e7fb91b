"""Canonical tables: records as CSV files or as one workbook, and back without loss."""

from __future__ import annotations

from eh_interop.formats.tables.batches import Written
from eh_interop.formats.tables.csv_reading import read_tables
from eh_interop.formats.tables.csv_writing import write_tables
from eh_interop.formats.tables.faults import CellOrigin
from eh_interop.formats.tables.merging import Origins, ReadRecord
from eh_interop.formats.tables.proof import Proof, Proved
from eh_interop.formats.tables.xlsx_reading import read_workbook
from eh_interop.formats.tables.xlsx_writing import write_workbook

__all__ = [
    "CellOrigin",
    "Origins",
    "Proof",
    "Proved",
    "ReadRecord",
    "Written",
    "read_tables",
    "read_workbook",
    "write_tables",
    "write_workbook",
]
