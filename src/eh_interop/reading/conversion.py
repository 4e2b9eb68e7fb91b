"""Finding codes of conversion: what can happen when a record is converted."""

from __future__ import annotations

from eh_interop.standard.finding_codes import FindingName


class ConvertFault(FindingName):
    """What can happen when a record is converted (``schemas/1.0/findings/conversion.csv``)."""

    LEFT_OUT = "CNV-001"
    AS_WRITTEN = "CNV-006"
    NO_RECORD = "CNV-002"
    NOT_VALID_FHIR = "CNV-003"
    NO_ID = "CNV-004"
    NOT_THE_SAME = "CNV-005"
