"""A FHIR file as it was read: the document, what was wrong with it, and where things stood."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from eh_interop.core.findings import Finding, Origin
from eh_interop.core.pointer import Steps
from eh_interop.reading import locate

Form = Literal["json", "xml"]


@dataclass(frozen=True, slots=True)
class FhirSource:
    """A FHIR file as it was read. Its ``repr`` shows nothing of the record.

    Attributes:
        source: where it came from: ``folder/file.xml``, or ``-`` for standard input.
        form: how it is written.
        document: the resource or Bundle in JSON form; nothing, if it cannot be used.
        text: its bytes, without byte order mark; empty if it was too large.
        findings: what was wrong with the source, all of layer ``READING``. The place of each
            is a JSON Pointer into ``document``.
    """

    source: str
    form: Form
    document: dict[str, Any] | None = field(repr=False)
    text: bytes = field(repr=False)
    findings: tuple[Finding, ...]

    def origins(self, places: Iterable[Steps]) -> dict[Steps, Origin]:
        """Find where elements stand in the source; the steps are those of ``document``.

        A place that does not exist gets the origin of its nearest parent that does. Each
        call reads the text once, so ask for all places at once. Empty if there is no document.
        """
        if self.document is None:
            return {}
        if self.form == "json":
            return locate(self.text.decode(), places)
        from eh_interop.formats.fhir.files import xml

        return xml.locate(xml.parse(self.text), places)

    def origins_of_paths(self, paths: Iterable[str]) -> dict[str, Origin]:
        """Find where elements stand, named as in ``Bundle.entry[2].resource.name[0]``.

        Raises:
            ValueError: a path is not FHIRPath in its simple form, or not of this document.
        """
        if self.document is None:
            return {}
        from eh_interop.formats.fhir.files.paths import steps_of_fhirpath

        steps = {path: steps_of_fhirpath(self.document, path) for path in paths}
        found = self.origins(steps.values())
        return {path: found[place] for path, place in steps.items()}

    def fhirpath(self, steps: Steps) -> str:
        """Write steps into ``document`` as FHIRPath; empty if there is no document."""
        if self.document is None:
            return ""
        from eh_interop.formats.fhir.files.paths import fhirpath

        return fhirpath(self.document, steps)
