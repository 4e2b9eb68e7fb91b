"""How large a table may be. What is beyond it is refused in a sentence, and never read."""

from __future__ import annotations

from typing import Final

from eh_interop.reading import MAX_RECORD_BYTES

MEGABYTE: Final = 1024 * 1024
MAX_LINE: Final = MAX_RECORD_BYTES
"""Characters of one row of a CSV file, and of all rows of one record."""
MAX_COLUMNS: Final = 1_000
MAX_RECORD_ROWS: Final = 100_000
"""Rows of all tables that belong to one record."""
SHEET_ROWS: Final = 1_048_576
"""No spreadsheet program holds more rows in a sheet."""
MAX_SHEETS: Final = 500
MAX_PARTS: Final = 2_000
"""Files inside a workbook, which is a zip archive."""
MAX_UNPACKED: Final = 4096 * MEGABYTE
"""What a workbook may hold when it is unpacked. Its sheets are never in memory as a whole."""
MAX_STRINGS: Final = 256 * MEGABYTE
"""The part of a workbook that is kept in memory: its shared texts and its styles."""
MAX_RATIO: Final = 200
"""How many times its packed size a part of a workbook may be, if it is not harmless anyway."""
HARMLESS: Final = 16 * MEGABYTE
"""Unpacked, this takes neither time nor room, however tightly it was packed."""
