"""What can be wrong with a source file: the codes, and how a finding is made of one."""

from __future__ import annotations

from enum import Enum
from typing import Literal

from eh_interop.core.findings import Finding, Layer, Origin, Severity

Unit = Literal["file", "line"]
"""What a record fills: a whole file, or a line of it."""


class Fault(Enum):
    """A code, its name in words, and how much it matters."""

    NOT_JSON = "RDG-001", "not-json", Severity.ERROR
    TRUNCATED = "RDG-002", "truncated", Severity.ERROR
    WRONG_ENCODING = "RDG-003", "wrong-encoding", Severity.ERROR
    BYTE_ORDER_MARK = "RDG-004", "byte-order-mark", Severity.INFO
    DUPLICATE_FIELD = "RDG-005", "duplicate-field", Severity.ERROR
    NOT_A_NUMBER = "RDG-006", "not-a-number", Severity.ERROR
    NUMBER_TOO_LARGE = "RDG-007", "number-too-large", Severity.ERROR
    LONE_SURROGATE = "RDG-008", "lone-surrogate", Severity.ERROR
    NESTED_TOO_DEEPLY = "RDG-009", "nested-too-deeply", Severity.ERROR
    TOO_LARGE = "RDG-010", "too-large", Severity.ERROR
    EMPTY = "RDG-011", "empty", Severity.ERROR
    NOT_AN_OBJECT = "RDG-012", "not-an-object", Severity.ERROR
    CANNOT_BE_OPENED = "RDG-013", "cannot-be-opened", Severity.ERROR
    ROW_WITHOUT_PARENT = "TAB-001", "row-without-parent", Severity.ERROR
    KEY_NOT_A_NUMBER = "TAB-002", "key-not-a-number", Severity.ERROR
    SAME_KEYS = "TAB-003", "same-keys", Severity.ERROR
    WRONG_RECORD_ID = "TAB-004", "wrong-record-id", Severity.ERROR
    UNKNOWN_COLUMN = "TAB-005", "unknown-column", Severity.WARNING
    CELL_WITHOUT_HEADING = "TAB-006", "cell-without-heading", Severity.WARNING
    UNREADABLE_CELL = "TAB-007", "unreadable-cell", Severity.ERROR

    def __init__(self, code: str, words: str, severity: Severity) -> None:
        """Take the three values of a member apart."""
        self.code = code
        self.words = words
        self.severity = severity

    def finding(self, message: str, origin: Origin | None = None, place: str = "") -> Finding:
        """Make a finding. ``message`` must be a fixed sentence, never text from the source."""
        return Finding(
            code=self.code,
            name=self.words,
            layer=Layer.READING,
            severity=self.severity,
            place=place,
            message=message,
            origin=origin,
        )
