"""A FHIR file as a source of records: what it says in the standard's own words, and where.

A Bundle with our own form gives the record that the form holds. Somebody else's
gives what its typed resources say, as far as it goes. Either way the report is
about a record, and each finding says where in the FHIR it stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from eh_interop.core.findings import Origin
from eh_interop.core.pointer import Steps
from eh_interop.reading import Raw

if TYPE_CHECKING:
    from eh_interop.formats.fhir.opening import Opened


@dataclass(frozen=True, slots=True)
class FhirRaw(Raw):
    """A record that was read from FHIR. Places in it are looked up in the FHIR."""

    opened: Opened = field(repr=False)

    def origins(self, places: Iterable[Steps]) -> dict[Steps, Origin]:
        """Find where values stand in the source: line, column and FHIRPath."""
        return self.opened.origins(places, self.line)

    def key_origins(self, places: Iterable[Steps]) -> dict[Steps, Origin]:
        """Find where the resources stand that hold unknown names: FHIR has no names of ours."""
        return self.origins(places)


def is_fhir(raw: Raw) -> bool:
    """Tell whether what was read is meant to be FHIR. Cheap for records of the standard."""
    if raw.document is not None:
        return isinstance(raw.document.get("resourceType"), str)
    if not raw.text:
        return False
    from eh_interop.formats.fhir.files import looks_like_fhir  # noqa: PLC0415 (only broken text)

    return looks_like_fhir(raw.text)


def from_fhir(raw: Raw) -> Raw:
    """Turn what was read as FHIR into a record of the standard."""
    from eh_interop.formats.fhir.files import read_fhir  # noqa: PLC0415 (only FHIR needs it)
    from eh_interop.formats.fhir.opening import open_fhir  # noqa: PLC0415 (same)

    opened = open_fhir(read_fhir(raw.text, raw.source))
    return FhirRaw(
        source=raw.source,
        line=raw.line,
        document=opened.record,
        text=raw.text,
        findings=opened.findings(raw.line),
        opened=opened,
    )
