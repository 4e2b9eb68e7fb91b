"""Finding codes: everything that a check can say, read from ``schemas/1.0/findings/*.csv``.

Each file is one family: what a reader, a conversion, the schemas, a return or a pack
can show. ``rules.csv`` is made from the rules, so that their codes are known without
importing them. Requirements explain themselves and are not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from types import MappingProxyType
from typing import Final

from eh_interop.core.errors import StandardError
from eh_interop.core.findings import Finding, Layer, Origin, Severity
from eh_interop.core.resources import csv_rows, folder
from eh_interop.standard.schemas import CURRENT

RULES: Final = "rules"
"""The family that is made from the rules, of one record and across records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingCode:
    """One thing that a check can find.

    Attributes:
        code: stable code, never reused.
        name: the fault in words joined by hyphens.
        layer: which kind of check finds it.
        severity: how much it matters, where no area says otherwise.
        title: the fault in a sentence, without full stop.
        why: why it matters.
        ask: the question to send back, if there is one.
        cites: guidance clauses; none for what is about a format and applies everywhere.
        family: the name of the file that holds it.
    """

    code: str
    name: str
    layer: Layer
    severity: Severity
    title: str
    why: str
    ask: str | None = None
    cites: tuple[str, ...] = ()
    family: str

    def at(
        self,
        place: str = "",
        message: str = "",
        origin: Origin | None = None,
        severity: Severity | None = None,
    ) -> Finding:
        """Make a finding.

        Args:
            place: JSON Pointer into the record; empty for the whole record.
            message: a fixed sentence that says it more exactly, never text from the source.
                Without one it is the title.
            origin: where it stood in the source.
            severity: how much it matters here, if not as usual.
        """
        return Finding(
            code=self.code,
            name=self.name,
            layer=self.layer,
            severity=severity or self.severity,
            place=place,
            message=message or f"{self.title}.",
            cites=self.cites,
            origin=origin,
            ask=self.ask,
        )


class FindingName(Enum):
    """Codes under names that read well in the code: its members are what a format can find.

    What a code means stands in the data only.
    """

    @property
    def code(self) -> str:
        """The code itself."""
        return str(self.value)

    @property
    def data(self) -> FindingCode:
        """What the standard says of the code."""
        return finding_code(self.code)

    def finding(self, message: str = "", origin: Origin | None = None, place: str = "") -> Finding:
        """Make a finding. ``message`` must be a fixed sentence, never text from the source."""
        return self.data.at(place, message, origin)


@cache
def finding_codes() -> Mapping[str, FindingCode]:
    """Return every finding code of the standard, by code.

    Raises:
        StandardError: a file is missing or broken.
    """
    codes: dict[str, FindingCode] = {}
    for path in sorted((folder("schemas") / CURRENT / "findings").glob("*.csv")):
        try:
            codes.update((row["code"], _read(row, path.stem)) for row in csv_rows(path))
        except (OSError, ValueError, KeyError):
            raise StandardError(f"The finding codes in {path.name} cannot be read.") from None
    return MappingProxyType(codes)


def finding_code(code: str) -> FindingCode:
    """Return what the standard says of a code.

    Raises:
        KeyError: there is no such code.
    """
    return finding_codes()[code]


def _read(row: Mapping[str, str], family: str) -> FindingCode:
    return FindingCode(
        code=row["code"],
        name=row["name"],
        layer=Layer(row["layer"]),
        severity=Severity(row["severity"]),
        title=row["title"],
        why=row["why"],
        ask=row["ask"] or None,
        cites=tuple(row.get("cites", "").split()),
        family=family,
    )
