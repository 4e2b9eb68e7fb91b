"""Finding codes of source files: any file, the tables of the standard, and partners' files."""

from __future__ import annotations

from typing import Final, Literal

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
    OURS = "RDG-018"
    ROW_WITHOUT_PARENT = "TAB-001"
    KEY_NOT_A_NUMBER = "TAB-002"
    SAME_KEYS = "TAB-003"
    WRONG_RECORD_ID = "TAB-004"
    UNKNOWN_COLUMN = "TAB-005"
    CELL_WITHOUT_HEADING = "TAB-006"
    UNREADABLE_CELL = "TAB-007"


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
    RISK_SEEN = "PTR-032"
    PROTECTION_SEEN = "PTR-033"
    SENT_TWICE = "PTR-034"
    SAME_ID = "PTR-035"
    ROW_WIDTH = "PTR-036"
    ROW_LEFT_OUT = "PTR-037"
    ZERO_RESTORED = "PTR-038"
    OUTSIDE_TABLE = "PTR-039"
    NO_ROWS = "PTR-040"
    OTHER_TABLE = "PTR-041"


TO_LOOK_AT: Final = frozenset({
    PartnerFault.ROW_WIDTH,
    PartnerFault.DATE_ORDER,
    PartnerFault.NOT_A_DATE,
    PartnerFault.UNKNOWN_CODE,
    PartnerFault.NOT_A_NUMBER,
    PartnerFault.NOT_YES_OR_NO,
    PartnerFault.DIGITS_LOST,
    PartnerFault.ERROR_CELL,
    PartnerFault.ROWS_DISAGREE,
    PartnerFault.ROWS_APART,
    PartnerFault.NOT_UNDERSTOOD,
    PartnerFault.SEVERAL_VALUES,
    PartnerFault.NO_RESULT,
    PartnerFault.RISK_SEEN,
    PartnerFault.PROTECTION_SEEN,
    PartnerFault.SAME_ID,
})  # fmt: skip
"""What a person has to look at, although the row was converted."""


class DocumentFault(FindingName):
    """What can be said of a filled-in form (``schemas/1.0/findings/forms.csv``)."""

    DAMAGED = "FRM-001"
    TOO_LARGE = "FRM-002"
    PASSWORD = "FRM-003"  # noqa: S105 (the name of a finding)
    NOT_FOLLOWED = "FRM-004"
    SCAN = "FRM-005"
    EMPTY_FORM = "FRM-006"
    NOT_A_FORM = "FRM-007"
    WELSH = "FRM-008"
    FEW_LABELS = "FRM-009"
    ANSWER_NOT_READ = "FRM-010"
    VALUE_NOT_READ = "FRM-011"
    BY_LIKENESS = "FRM-012"
    RISK_SEEN = "FRM-013"
    BOTH_TICKED = "FRM-014"
    PROTECTION_SEEN = "FRM-015"
    ATTACHMENT_NOT_READ = "FRM-016"
    CHANGES_LEFT_OUT = "FRM-017"
