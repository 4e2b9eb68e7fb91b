"""What can be wrong with a FHIR file: the codes, what is said of each, and problems by place.

Faults that a FHIR file shares with any other (too large, cut off, not UTF-8, ...)
keep the codes of :class:`eh_interop.reading.Fault`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from eh_interop.core.pointer import Steps
from eh_interop.reading import Fault
from eh_interop.standard.finding_codes import FindingName


class FhirFault(FindingName):
    """What can be wrong with a FHIR file (``schemas/1.0/findings/fhir.csv``)."""

    NOT_FHIR = "FHR-001"
    UNKNOWN_RESOURCE_TYPE = "FHR-002"
    OTHER_VERSION = "FHR-003"
    NO_ENTRIES = "FHR-004"
    TOO_MANY_ENTRIES = "FHR-005"
    COMPOSITION_NOT_FIRST = "FHR-006"
    DUPLICATE_FULL_URL = "FHR-007"
    DANGLING_REFERENCE = "FHR-008"
    UNKNOWN_ELEMENT = "FHR-009"
    WRONG_KIND = "FHR-010"
    WRONG_DATE = "FHR-011"
    NUMBER_CHANGED = "FHR-012"
    NOT_XML = "FHR-013"
    DOCUMENT_TYPE = "FHR-014"
    INCLUSION = "FHR-015"
    NO_RECORD = "FHR-016"
    FORM_UNREADABLE = "FHR-017"
    DISAGREEMENT = "FHR-018"
    NOT_READ = "FHR-019"
    GUESSED = "FHR-020"
    SECOND_FORM = "FHR-021"
    RESTRICTED = "FHR-022"
    MODIFIED = "FHR-023"


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
