"""How large a partner's file may be. Real files stay far below."""

from __future__ import annotations

from typing import Final

MIB: Final = 1024 * 1024

MAX_COLUMNS: Final = 2_000
"""Columns of a table."""

MAX_CELL: Final = 2 * MIB
"""Characters of one cell of a CSV file."""

MAX_WORKBOOK: Final = 64 * MIB
"""Bytes of a workbook as it is sent (packed)."""

MAX_UNPACKED: Final = 768 * MIB
"""Bytes of a workbook when it is unpacked."""

MAX_RATIO: Final = 200
"""How many times larger one part of a workbook may be when it is unpacked; 1 MiB is always fine."""

MAX_ENTRIES: Final = 5_000
"""Files inside a workbook."""

MAX_CELLS: Final = 12_000_000
"""Cells in the rectangle around everything that a sheet holds: all of it is in memory."""

MAX_JSON: Final = 64 * MIB
"""Bytes of a JSON file that is no NDJSON: all of it is in memory."""

MAX_RECORD: Final = 32 * MIB
"""Bytes of one record of an NDJSON file."""

MAX_DEPTH: Final = 100
"""Elements or members inside each other."""
