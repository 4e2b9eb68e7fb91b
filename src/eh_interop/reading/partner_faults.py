"""Finding codes of a partner's file: tables, workbooks, XML and JSON that a mapping reads.

Faults that such a file shares with any other keep the codes of
:class:`eh_interop.reading.Fault`.
"""

from __future__ import annotations

from eh_interop.standard.finding_codes import FindingName


class PartnerFault(FindingName):
    """What can be wrong with a partner's file (``schemas/1.0/findings/partners.csv``)."""

    NOT_READABLE = "PTR-001"
    TOO_LARGE = "PTR-002"
    ENCODING_FOUND = "PTR-003"
    ENCODING_UNCLEAR = "PTR-004"
    DELIMITER_FOUND = "PTR-005"
    HEADING_MISSING = "PTR-006"
    NO_HEADINGS = "PTR-007"
    HEADING_TWICE = "PTR-008"
    COLUMN_NOT_MAPPED = "PTR-009"
    SHEET_NOT_READ = "PTR-010"
    BLANK_ROWS = "PTR-011"
    ROW_SHIFTED = "PTR-012"
    DATE_ORDER = "PTR-013"
    NOT_A_DATE = "PTR-014"
    UNKNOWN_CODE = "PTR-015"
    NOT_A_NUMBER = "PTR-016"
    NOT_YES_OR_NO = "PTR-017"
    DIGITS_LOST = "PTR-018"
    ZERO_LOST = "PTR-019"
    ERROR_CELL = "PTR-020"
    MERGED_CELLS = "PTR-021"
    STRAY_CHARACTERS = "PTR-022"
    ROWS_DISAGREE = "PTR-023"
    ROWS_APART = "PTR-024"
    KEY_MISSING = "PTR-025"
    NOT_UNDERSTOOD = "PTR-026"
    DOCTYPE = "PTR-027"
    SEVERAL_VALUES = "PTR-028"
    LINE_BREAK = "PTR-029"
    NO_RESULT = "PTR-030"
    NOTHING_IN_IT = "PTR-031"
