"""What can be wrong with a FHIR file: the codes, what is said of each, and problems by place.

Faults that a FHIR file shares with any other (too large, cut off, not UTF-8, ...)
keep the codes of :class:`eh_interop.reading.Fault`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from eh_interop.core.findings import Finding, Layer, Origin, Severity
from eh_interop.core.pointer import Steps
from eh_interop.reading import Fault

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING


class FhirFault(Enum):
    """A code, its name in words, how much it matters, what it is and why that matters."""

    NOT_FHIR = (
        "FHR-001",
        "not-fhir",
        _ERROR,
        "The file is not FHIR",
        (
            "FHIR in JSON has a resourceType, and FHIR in XML has its namespace. Without it nobody "
            "can tell what the file is."
        ),
    )
    UNKNOWN_RESOURCE_TYPE = (
        "FHR-002",
        "unknown-resource-type",
        _ERROR,
        "There is a resource of a type that FHIR R4 does not have",
        "What it says cannot be read. The name may be misspelt.",
    )
    OTHER_VERSION = (
        "FHR-003",
        "other-fhir-version",
        _ERROR,
        "The file is of another version of FHIR than R4",
        "The same names mean other things there. Ask for FHIR R4 (4.0.1), which the NHS uses.",
    )
    NO_ENTRIES = (
        "FHR-004",
        "no-entries",
        _ERROR,
        "The Bundle holds nothing",
        "There is no record in it. The export failed or found nobody.",
    )
    TOO_MANY_ENTRIES = (
        "FHR-005",
        "too-many-entries",
        _ERROR,
        "The Bundle holds more entries than one record can need",
        "It is an export of many records. Each record travels in a Bundle of its own.",
    )
    COMPOSITION_NOT_FIRST = (
        "FHR-006",
        "composition-not-first",
        _ERROR,
        "A document Bundle does not begin with a Composition",
        "The Composition says what the document is, whom it is about and who signed it.",
    )
    DUPLICATE_FULL_URL = (
        "FHR-007",
        "duplicate-full-url",
        _ERROR,
        "Two entries of a Bundle have the same fullUrl",
        "A reference to it could mean either of them, so facts may be read of the wrong person.",
    )
    DANGLING_REFERENCE = (
        "FHR-008",
        "dangling-reference",
        _WARNING,
        "A reference points to a resource that is not in the file",
        (
            "What it points to (a person, an organisation, a plan) cannot be read. It may be on "
            "the sender's server, which is never asked."
        ),
    )
    UNKNOWN_ELEMENT = (
        "FHR-009",
        "unknown-element",
        _ERROR,
        "There is something that FHIR R4 does not have in this place",
        "It is not read. It may be misspelt, in the wrong place, or of another version of FHIR.",
    )
    WRONG_KIND = (
        "FHR-010",
        "wrong-kind-in-fhir",
        _ERROR,
        "A value is of another kind than FHIR says, such as text instead of a number",
        "A program that expects the right kind stops, or reads something else.",
    )
    WRONG_DATE = (
        "FHR-011",
        "wrong-date-in-fhir",
        _ERROR,
        "A date or time is not one, or is not written as FHIR writes it",
        "FHIR writes YYYY-MM-DD, and a time of day only with its time zone.",
    )
    NUMBER_CHANGED = (
        "FHR-012",
        "number-changed",
        _WARNING,
        "A decimal number has more digits than can be kept",
        "The nearest number that a computer holds exactly is read in its place.",
    )
    NOT_XML = (
        "FHR-013",
        "not-xml",
        _ERROR,
        "The file begins like XML and is not XML",
        "Nothing in it can be read until the character at the place that is named is put right.",
    )
    DOCUMENT_TYPE = (
        "FHR-014",
        "document-type-in-xml",
        _ERROR,
        "The XML has a document type declaration or uses an entity",
        (
            "These can make a small file huge or draw in other files, so FHIR forbids them. "
            "Nothing was expanded or fetched."
        ),
    )
    INCLUSION = (
        "FHR-015",
        "inclusion-in-xml",
        _ERROR,
        "The XML asks for another file to be included (XInclude)",
        "A record has to be whole in one file. Nothing was fetched.",
    )
    NO_RECORD = (
        "FHR-016",
        "no-record-in-fhir",
        _ERROR,
        "Nothing in the FHIR says which record it is",
        (
            "It has no form of this standard, and no referral (ServiceRequest), plan (CarePlan), "
            "consent or observations from which a record could be made."
        ),
    )
    FORM_UNREADABLE = (
        "FHR-017",
        "form-unreadable",
        _ERROR,
        "The form in the FHIR is not as the standard writes it",
        (
            "The QuestionnaireResponse holds the whole record. Somebody changed its questions, "
            "or it was written by another version."
        ),
    )
    DISAGREEMENT = (
        "FHR-018",
        "typed-resource-disagrees",
        _WARNING,
        "A typed resource disagrees with the form in the same Bundle",
        (
            "Readers of typed resources and readers of the form would learn different facts. "
            "The form was used; ask the sender which is right."
        ),
    )
    NOT_READ = (
        "FHR-019",
        "not-read-from-fhir",
        Severity.INFO,
        "Something in the FHIR has no place in a record",
        "It stays in the file that was sent. Nothing is lost, and nothing of it was checked.",
    )

    GUESSED = (
        "FHR-020",
        "record-type-guessed",
        Severity.INFO,
        "The FHIR does not say which record it is, so that was guessed",
        (
            "It was judged by what the Bundle turns on: a referral, a plan, a consent. The checks "
            "ask for what such a record needs. If it is another, say which."
        ),
    )
    SECOND_FORM = (
        "FHR-021",
        "second-form",
        _WARNING,
        "There are two forms of the standard in one Bundle",
        (
            "Each form is a whole record, and a Bundle is one record. Ask the sender for a Bundle "
            "for each."
        ),
    )

    def __init__(self, code: str, words: str, severity: Severity, title: str, why: str) -> None:
        """Take the values of a member apart."""
        self.code = code
        self.words = words
        self.severity = severity
        self.title = title
        self.why = why

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


@dataclass(frozen=True, slots=True)
class FileProblem:
    """A fault at a place of a FHIR document, before its line and column are looked up.

    Attributes:
        fault: what is wrong.
        message: a fixed sentence.
        at: the place that is told; every name in it is one that R4 has.
        within: the steps from there to what is wrong, which may have any name; never told.
        fatal: the document cannot be used.
        strange: a type that R4 does not have, or a type of R4 and an element that it does not
            have there; another version of FHIR may have it.
    """

    fault: Fault | FhirFault
    message: str
    at: Steps
    within: Steps = ()
    fatal: bool = False
    strange: tuple[str, str | None] | None = field(default=None, repr=False)

    @property
    def steps(self) -> Steps:
        """Where to look for its line and column."""
        return self.at + self.within
