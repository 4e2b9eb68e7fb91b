"""How large a table may be. What is beyond a limit is refused in a sentence, and never read.

Real files stay far below. Sizes of workbooks are those that the package states and that
unpacking holds it to.
"""

from __future__ import annotations

from typing import Final

from eh_interop.reading.json_records import MAX_RECORD_BYTES
from eh_interop.reading.streams import MIB

MAX_ROW: Final = MAX_RECORD_BYTES
"""Characters of one row of a text file: no record is larger."""

MAX_CELL: Final = 2 * MIB
"""Characters of a cell where quotation marks need not be right: one that is missing is noticed."""

MAX_COLUMNS: Final = 2_000
"""Columns of a table."""

MAX_SHEET_ROWS: Final = 1_048_576
"""No spreadsheet program holds more rows in a sheet."""

MAX_SHEETS: Final = 500
"""Sheets of a workbook."""

MAX_CELLS: Final = 12_000_000
"""Cells in the rectangles around everything in the sheets that are open: all are in memory."""

MAX_WORKBOOK: Final = 64 * MIB
"""Bytes of a workbook as it is sent (packed)."""

MAX_UNPACKED: Final = 768 * MIB
"""Bytes of a workbook when it is unpacked."""

MAX_TEXTS: Final = 256 * MIB
"""Bytes of one part of a workbook that is not a sheet: shared texts and styles are in memory."""

MAX_RATIO: Final = 200
"""How many times its packed size a part of a workbook may be, if it is not harmless anyway."""

HARMLESS: Final = 16 * MIB
"""Unpacked, this takes neither time nor room, however tightly it was packed."""

MAX_PARTS: Final = 2_000
"""Files inside a workbook, which is a zip archive."""
