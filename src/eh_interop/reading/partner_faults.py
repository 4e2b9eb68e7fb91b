"""What can be wrong with a partner's file: tables, workbooks, XML and JSON that a mapping reads.

Faults that such a file shares with any other keep the codes of
:class:`eh_interop.reading.Fault`.
"""

from __future__ import annotations

from enum import Enum

from eh_interop.core.findings import Finding, Layer, Origin, Severity

_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


class PartnerFault(Enum):
    """A code, its name in words, how much it matters, what it is and why that matters."""

    NOT_READABLE = (
        "PTR-001",
        "not-readable-as-said",
        _ERROR,
        "The file is not what the mapping says it is",
        (
            "Nothing in it can be read. It may be of another kind, cut off, or protected by a "
            "password."
        ),
    )
    TOO_LARGE = (
        "PTR-002",
        "partner-file-too-large",
        _ERROR,
        "The file, or something in it, is larger than is read",
        (
            "A small file can be made to grow without end when it is unpacked. The limits are "
            "far above what real files need."
        ),
    )
    ENCODING_FOUND = (
        "PTR-003",
        "encoding-found",
        _INFO,
        "The encoding was found by looking at the file",
        (
            "Letters with accents come out wrong if it is another one. Say encoding in the "
            "mapping to be sure."
        ),
    )
    ENCODING_UNCLEAR = (
        "PTR-004",
        "encoding-unclear",
        _ERROR,
        "It cannot be told in which encoding the file is",
        "Names would come out wrong. Save it as UTF-8, or say encoding in the mapping.",
    )
    DELIMITER_FOUND = (
        "PTR-005",
        "delimiter-found",
        _INFO,
        "The character between the columns was found by looking at the file",
        "Say delimiter in the mapping to be sure.",
    )
    HEADING_MISSING = (
        "PTR-006",
        "heading-missing",
        _WARNING,
        "A column that the mapping reads is not in the file",
        (
            "What stands in that column is missing from every record. The heading may have "
            "been changed."
        ),
    )
    NO_HEADINGS = (
        "PTR-007",
        "no-headings",
        _ERROR,
        "None of the mapping's columns is in the row of headings",
        (
            "The headings may stand in another row, or the file is not the one that the "
            "mapping is for."
        ),
    )
    HEADING_TWICE = (
        "PTR-008",
        "heading-twice",
        _WARNING,
        "Two columns have the same heading",
        "It cannot be told which is meant. The first is read, and the other is kept as local data.",
    )
    COLUMN_NOT_MAPPED = (
        "PTR-009",
        "column-not-mapped",
        _INFO,
        "A column is not in the mapping",
        (
            "What stands in it is kept as local data, so that nothing is lost, but nobody "
            "looks for it there."
        ),
    )
    SHEET_NOT_READ = (
        "PTR-010",
        "sheet-not-read",
        _INFO,
        "A sheet of the workbook was not read",
        "Say sheet in the mapping to choose one. Hidden sheets are never chosen by themselves.",
    )
    BLANK_ROWS = (
        "PTR-011",
        "blank-rows-skipped",
        _INFO,
        "Rows without any content were skipped",
        "They say nothing. A gap in the middle of a table may be a sign of something deleted.",
    )
    ROW_SHIFTED = (
        "PTR-012",
        "row-of-wrong-length",
        _ERROR,
        "A row has more cells than there are headings",
        (
            "A delimiter inside a text that is not in quotation marks moves what follows to "
            "the wrong column."
        ),
    )
    DATE_ORDER = (
        "PTR-013",
        "date-order-not-declared",
        _ERROR,
        "It is not declared how dates are written",
        (
            '03/04/2015 is a day in March or in April. Say dates = "day-first" or another '
            "form in the mapping; it is never guessed."
        ),
    )
    NOT_A_DATE = (
        "PTR-014",
        "not-a-date-as-declared",
        _ERROR,
        "A date is not one, or is not written as the mapping declares",
        "A date that is read wrongly is worse than one that is missing.",
    )
    UNKNOWN_CODE = (
        "PTR-015",
        "unknown-word-for-code",
        _ERROR,
        "A word is not one that the code list, the aliases or the mapping knows",
        "Say under [codes] in the mapping which code is meant. It is never guessed.",
    )
    NOT_A_NUMBER = (
        "PTR-016",
        "not-a-number-in-cell",
        _ERROR,
        "A cell should hold a number and does not",
        "What it says cannot be counted or compared.",
    )
    NOT_YES_OR_NO = (
        "PTR-017",
        "not-yes-or-no",
        _ERROR,
        "A cell should say yes or no and does not",
        "An unclear answer must not become a clear one.",
    )
    DIGITS_LOST = (
        "PTR-018",
        "digits-lost",
        _ERROR,
        "A number was shortened by a spreadsheet and has lost digits",
        (
            "9.99E+09 no longer says which NHS number it was. Ask for the column to be "
            "exported as text."
        ),
    )
    ZERO_LOST = (
        "PTR-019",
        "leading-zero-lost",
        _WARNING,
        "A number seems to have lost the zero that it began with",
        (
            "Spreadsheets drop it from telephone numbers and references. The number is kept "
            "as it stands."
        ),
    )
    ERROR_CELL = (
        "PTR-020",
        "error-in-cell",
        _ERROR,
        "A cell holds an error of the spreadsheet",
        (
            "#REF! and the like stand where a formula could not be worked out. There is "
            "nothing to read."
        ),
    )
    MERGED_CELLS = (
        "PTR-021",
        "merged-cells",
        _WARNING,
        "Cells are merged among the rows that are read",
        "Only the first of them holds the content; the others count as empty.",
    )
    STRAY_CHARACTERS = (
        "PTR-022",
        "stray-characters",
        _WARNING,
        "Characters that are not text were left out",
        "A NUL or another control character is a sign of a faulty export.",
    )
    ROWS_DISAGREE = (
        "PTR-023",
        "rows-disagree",
        _ERROR,
        "Two rows of one record say different things of the same field",
        "Only one can be right. The first is kept.",
    )
    ROWS_APART = (
        "PTR-024",
        "rows-apart",
        _ERROR,
        "Rows of one record do not stand together",
        "They became two records with the same id. Sort the file by the key columns.",
    )
    KEY_MISSING = (
        "PTR-025",
        "key-missing",
        _ERROR,
        "The columns that tell records apart are empty",
        "It cannot be told to which record the row belongs.",
    )
    NOT_UNDERSTOOD = (
        "PTR-026",
        "value-not-understood",
        _ERROR,
        "A value is not in a form that its field can hold",
        "It is kept as local data. It may stand in the wrong column.",
    )
    DOCTYPE = (
        "PTR-027",
        "document-type-in-partner-xml",
        _ERROR,
        "The XML has a document type declaration",
        "It can make a small file huge or draw in other files. Nothing was expanded or fetched.",
    )
    SEVERAL_VALUES = (
        "PTR-028",
        "several-values-for-one",
        _ERROR,
        "There are several values where the field holds one",
        "The first is kept, the others as local data.",
    )
    LINE_BREAK = (
        "PTR-029",
        "line-break-in-line",
        _INFO,
        "A line break was replaced by a space",
        "The field holds one line.",
    )
    NO_RESULT = (
        "PTR-030",
        "formula-without-result",
        _ERROR,
        "A formula has no result in the file",
        (
            "The file was written by a program that does not calculate. Open it in a "
            "spreadsheet and save it."
        ),
    )
    NOTHING_IN_IT = (
        "PTR-031",
        "nothing-in-record",
        _WARNING,
        "A row, or an element, has no content for any field of the mapping",
        "No record was made of it.",
    )

    def __init__(self, code: str, words: str, severity: Severity, title: str, why: str) -> None:
        """Take the values of a member apart."""
        self.code = code
        self.words = words
        self.severity = severity
        self.title = title
        self.why = why

    def finding(self, message: str, origin: Origin | None = None, place: str = "") -> Finding:
        """Make a finding. ``message`` must never hold text from a record."""
        return Finding(
            code=self.code,
            name=self.words,
            layer=Layer.READING,
            severity=self.severity,
            place=place,
            message=message,
            origin=origin,
        )
