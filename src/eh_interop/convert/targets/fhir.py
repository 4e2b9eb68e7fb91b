"""Records as FHIR R4 document Bundles, verified before they are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from eh_interop.convert.targets import Made, Settings
from eh_interop.core.findings import Finding, Severity
from eh_interop.reading.conversion import ConvertFault


@dataclass(frozen=True, slots=True)
class _Fhir:
    name: str
    suffix: str
    has_lines: bool
    shared: str = ""

    def make(self, record: Mapping[str, Any], number: int, settings: Settings) -> Made:
        """Make the Bundle. What a receiver would not accept is told and not written."""
        from eh_interop.formats.fhir.bundle import to_bundle

        bundle = to_bundle(record)
        wrong = tuple(_problems(bundle, number, settings.verify))
        if any(each.severity is Severity.ERROR for each in wrong):
            return Made(None, wrong)
        return Made(self._written(bundle), wrong)

    def _written(self, bundle: dict[str, Any]) -> bytes:
        if self.suffix == ".json":
            return orjson.dumps(bundle, option=orjson.OPT_APPEND_NEWLINE)
        from eh_interop.formats.fhir.files.xml_writing import to_xml

        return to_xml(bundle) + b"\n"


def _problems(bundle: dict[str, Any], number: int, which: str) -> list[Finding]:
    from eh_interop.formats.fhir.verification import how_thoroughly, verify

    return [
        ConvertFault.NOT_VALID_FHIR.finding(f"{each.message} In the FHIR: {each.path}.")
        for each in verify(bundle, how_thoroughly(which, number))
        if each.severity is Severity.ERROR
    ]


FHIR: Final = _Fhir("fhir", ".json", has_lines=True)
FHIR_XML: Final = _Fhir("fhir-xml", ".xml", has_lines=False)
