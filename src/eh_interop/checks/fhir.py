"""A FHIR file as a source of records: what it says in the standard's own words, and where.

A Bundle with our own form gives the record that the form holds. Somebody else's
gives what its typed resources say, as far as it goes. Either way the report is
about a record, and each finding says where in the FHIR it stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from eh_interop.core.findings import Origin
from eh_interop.core.pointer import Steps
from eh_interop.reading import SourceRecord

if TYPE_CHECKING:
    from eh_interop.formats.fhir.opening import Opened


@dataclass(frozen=True, slots=True)
class FhirLocator:
    """Finds where the values of a record stood in the FHIR that it was read from."""

    opened: Opened = field(repr=False)
    first_line: int

    def values(self, places: Iterable[Steps]) -> dict[Steps, Origin]:
        """Find values: line, column and FHIRPath."""
        return self.opened.origins(places, self.first_line)

    def names(self, places: Iterable[Steps]) -> dict[Steps, Origin]:
        """Find the resources that hold unknown names: FHIR has no names of ours."""
        return self.values(places)


def is_fhir(raw: SourceRecord) -> bool:
    """Return whether what was read is meant to be FHIR. Cheap for records of the standard."""
    if raw.document is not None:
        return isinstance(raw.document.get("resourceType"), str)
    if not raw.text:
        return False
    from eh_interop.formats.fhir.files.reading import looks_like_fhir  # noqa: PLC0415 (only broken text)

    return looks_like_fhir(raw.text)


def from_fhir(raw: SourceRecord) -> SourceRecord:
    """Turn what was read as FHIR into a record of the standard."""
    from eh_interop.formats.fhir.files.reading import read_fhir  # noqa: PLC0415 (only FHIR needs it)
    from eh_interop.formats.fhir.opening import open_fhir  # noqa: PLC0415 (same)

    opened = open_fhir(read_fhir(raw.text, raw.source))
    return replace(
        raw,
        document=opened.record,
        findings=opened.findings(raw.line),
        locator=FhirLocator(opened, raw.line),
    )
