"""Finding codes of source files: any file, and the tables of the standard."""

from __future__ import annotations

from typing import Literal

from eh_interop.standard.finding_codes import FindingName

Unit = Literal["file", "line"]
"""What a record fills: a whole file, or a line of it."""


class Fault(FindingName):
    """What can be wrong with a source file (``reading.csv`` and ``tables.csv`` of the codes)."""

    NOT_JSON = "RDG-001"
    TRUNCATED = "RDG-002"
    WRONG_ENCODING = "RDG-003"
    BYTE_ORDER_MARK = "RDG-004"
    DUPLICATE_FIELD = "RDG-005"
    NOT_A_NUMBER = "RDG-006"
    NUMBER_TOO_LARGE = "RDG-007"
    LONE_SURROGATE = "RDG-008"
    NESTED_TOO_DEEPLY = "RDG-009"
    TOO_LARGE = "RDG-010"
    EMPTY = "RDG-011"
    NOT_AN_OBJECT = "RDG-012"
    CANNOT_BE_OPENED = "RDG-013"
    UNKNOWN_RECORD_TYPE = "RDG-014"
    UNKNOWN_STANDARD_VERSION = "RDG-015"
    UNKNOWN_AREA = "RDG-016"
    OTHER_FORMAT = "RDG-017"
    ROW_WITHOUT_PARENT = "TAB-001"
    KEY_NOT_A_NUMBER = "TAB-002"
    SAME_KEYS = "TAB-003"
    WRONG_RECORD_ID = "TAB-004"
    UNKNOWN_COLUMN = "TAB-005"
    CELL_WITHOUT_HEADING = "TAB-006"
    UNREADABLE_CELL = "TAB-007"
