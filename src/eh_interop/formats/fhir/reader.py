"""Read FHIR, JSON or XML, as a record of the standard: the reader that sources use.

A Bundle with our own form gives the record that the form holds. Somebody else's
gives what its typed resources say, as far as it goes. Either way findings are
about a record, and each says where in the FHIR it stands.

Nothing else of this package is imported before something is FHIR.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from eh_interop.core.findings import Origin
from eh_interop.core.pointer import Steps
from eh_interop.reading.source_record import SourceRecord

if TYPE_CHECKING:
    from eh_interop.formats.fhir.opening import OpenedFhir


@dataclass(frozen=True, slots=True)
class FhirLocator:
    """Finds where the values of a record stood in the FHIR that it was read from."""

    opened: OpenedFhir = field(repr=False)

    def values(self, places: Iterable[Steps]) -> Mapping[Steps, Origin]:
        """Return line, column and FHIRPath of values."""
        return self.opened.origins(places)

    def names(self, places: Iterable[Steps]) -> Mapping[Steps, Origin]:
        """Return where the resources stand that hold unknown names: FHIR has no names of ours."""
        return self.opened.origins(places)


def is_fhir(source: SourceRecord | Mapping[str, Any] | bytes) -> bool:
    """Return whether something is meant to be FHIR. Cheap for records of the standard.

    Args:
        source: a record as it was read, or its document, or its text.
    """
    if isinstance(source, SourceRecord):
        if source.document is not None:
            return is_fhir(source.document)
        if not source.text:
            return False
        from eh_interop.formats.fhir.files import broken_text_is_fhir

        return broken_text_is_fhir(source.text)
    if isinstance(source, Mapping):
        return isinstance(source.get("resourceType"), str)
    from eh_interop.formats.fhir.files import looks_like_fhir

    return looks_like_fhir(source)


def to_standard(source: SourceRecord) -> SourceRecord:
    """Turn what was read as FHIR into a record of the standard. JSON is not read again.

    Raises:
        MappingError: a mapping table of this installation is broken.
    """
    from eh_interop.formats.fhir.files import fhir_of
    from eh_interop.formats.fhir.opening import open_fhir

    opened = open_fhir(fhir_of(source))
    return replace(
        source,
        document=opened.record,
        findings=opened.findings(),
        locator=FhirLocator(opened),
    )
