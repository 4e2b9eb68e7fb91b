"""What can happen when a record is converted: the codes and what is said of each."""

from __future__ import annotations

from enum import Enum

from eh_interop.core.findings import Finding, Layer, Origin, Severity


class ConvertFault(Enum):
    """A code, its name in words, how much it matters, what it is and why that matters."""

    LEFT_OUT = (
        "CNV-001",
        "left-out",
        Severity.ERROR,
        "A value that does not fit the standard was not converted",
        "Other formats cannot hold it. It stays in the file that was given; the rest goes on.",
    )
    NO_RECORD = (
        "CNV-002",
        "nothing-to-convert",
        Severity.ERROR,
        "There is no record of the standard here, so nothing was converted",
        "The report says what could not be read.",
    )
    NOT_VALID_FHIR = (
        "CNV-003",
        "not-valid-fhir",
        Severity.ERROR,
        "The FHIR would not be accepted by a receiver, so it was not written",
        "The place says which field of the record leads to it. With --no-verify it is written.",
    )
    NO_ID = (
        "CNV-004",
        "no-record-id",
        Severity.ERROR,
        "The record has no id, so nothing can refer to what it would become",
        "Give it a recordId of letters, digits, hyphens and full stops.",
    )

    NOT_THE_SAME = (
        "CNV-005",
        "not-the-same-when-read-back",
        Severity.ERROR,
        "Some records are not the same when the tables are read back",
        "This is our fault, not yours. Do not use the tables; please report it.",
    )

    def __init__(self, code: str, words: str, severity: Severity, title: str, why: str) -> None:
        """Take the values of a member apart."""
        self.code = code
        self.words = words
        self.severity = severity
        self.title = title
        self.why = why

    def finding(self, message: str = "", place: str = "", origin: Origin | None = None) -> Finding:
        """Make a finding. ``message`` must be a fixed sentence, never text from the source."""
        return Finding(
            code=self.code,
            name=self.words,
            layer=Layer.READING,
            severity=self.severity,
            place=place,
            message=message or f"{self.title}.",
            origin=origin,
        )
