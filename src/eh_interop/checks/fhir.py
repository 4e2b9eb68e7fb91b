"""FHIR as a source of records: what is FHIR becomes a record of the standard."""

from __future__ import annotations

from eh_interop.reading import SourceRecord


def is_fhir(raw: SourceRecord) -> bool:
    """Return whether what was read is meant to be FHIR. Cheap for records of the standard."""
    if raw.document is not None:
        return isinstance(raw.document.get("resourceType"), str)
    if not raw.text:
        return False
    from eh_interop.formats.fhir import reader  # noqa: PLC0415 (only broken text)

    return reader.is_fhir(raw)


def from_fhir(raw: SourceRecord) -> SourceRecord:
    """Turn what was read as FHIR into a record of the standard."""
    from eh_interop.formats.fhir.reader import to_standard  # noqa: PLC0415 (only FHIR needs it)

    return to_standard(raw)
