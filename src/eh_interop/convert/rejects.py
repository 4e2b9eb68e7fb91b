"""Rows that could not be converted, in the partner's own columns, each with the reasons."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Final

from eh_interop.convert.tables.formulas import guarded

REJECTS: Final = "not-converted.csv"
"""The file that goes back to the partner."""
REASONS: Final = "What to put right"
"""The heading of the last column."""


def csv_row(cells: Iterable[str]) -> bytes:
    """Write one row of CSV (RFC 4180, UTF-8) that is safe to open in a spreadsheet."""
    text = io.StringIO(newline="")
    csv.writer(text).writerow([guarded(each) if each else "" for each in cells])
    return text.getvalue().encode()
