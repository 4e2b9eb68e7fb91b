"""Issues of FHIR data: where, what, how much it matters. Never a value from the data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from eh_interop.core.findings import Severity


class IssueKind(StrEnum):
    """The kind of a problem, by FHIR's own codes for issues (``OperationOutcome.issue.code``)."""

    STRUCTURE = "structure"
    """A field that FHIR R4 does not have, or in another form."""
    REQUIRED = "required"
    """A field that FHIR R4 requires is missing."""
    VALUE = "value"
    """A value that is empty or not in the form of its type."""
    CODE = "code-invalid"
    """A code that is not in the list that FHIR R4 or UK Core requires."""
    INVARIANT = "invariant"
    """Values that do not agree, as FHIR R4 or UK Core says they must."""
    REFERENCE = "not-found"
    """A reference to nothing, or to the wrong type of resource."""
    EXTENSION = "extension"
    """An extension or a profile of UK Core that does not exist, or does not belong here."""
    UNSAFE = "security"
    """A narrative that could do harm where it is shown."""
    UNCHECKED = "not-supported"
    """Something that was not checked."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that a receiver would reject, or that could not be checked.

    Attributes:
        path: where, as FHIRPath: ``Bundle.entry[3].resource.gender``.
        place: where, as a JSON Pointer into the same data.
        message: one plain-English sentence, without any value from the record.
        rule: what says so: the key of an invariant (``ppc-1``) or a keyword.
    """

    path: str
    place: str
    message: str
    severity: Severity
    kind: IssueKind
    rule: str


@dataclass(frozen=True, slots=True)
class LocalIssue:
    """A problem as a check sees it, before its place is written out.

    Attributes:
        steps: keys and indexes to the place, from the document or from what the check looks at.
        message, kind, rule, severity: as for :class:`Issue`.
    """

    steps: tuple[str | int, ...]
    message: str
    kind: IssueKind
    rule: str
    severity: Severity = Severity.ERROR

    def below(self, steps: tuple[str | int, ...]) -> LocalIssue:
        """Return the same, with the steps that lead to where its own begin."""
        return replace(self, steps=(*steps, *self.steps))


def sentence(says: str, rule: str) -> str:
    """Write what an invariant says, with the key by which FHIR people know it."""
    return f"{says[0].upper()}{says[1:]} ({rule})."
