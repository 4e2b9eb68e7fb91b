"""What every report format does: begin, one record at a time, end.

Records are written as they are checked, so that a report on a million records
needs no more memory than a report on one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Protocol

from eh_interop.checks.record_report import RecordReport
from eh_interop.reports.totals import Totals
from eh_interop.standard.guidance import Clause, Document
from eh_interop.standard.schemas import CURRENT
from eh_interop.version import __version__


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The facts about one run.

    Attributes:
        area: the area that was asked for; None if each record names its own.
        as_of: the day on which things were judged.
        show_values: show what stands at each place. Only for a person's own screen.
        quiet: say nothing in the text report about records that are ready.
        clauses: clauses that only the area's own file has.
        documents: documents that only the area's own file has.
        tool: name and version of this toolkit.
        standard: version of the standard.
    """

    area: str | None
    as_of: date
    show_values: bool = False
    quiet: bool = False
    clauses: Mapping[str, Clause] = field(default_factory=lambda: MappingProxyType({}))
    documents: Mapping[str, Document] = field(default_factory=lambda: MappingProxyType({}))
    tool: str = f"eh-interop {__version__}"
    standard: str = CURRENT


class Writer(Protocol):
    """A report format. Each method yields pieces of text."""

    def __init__(self, run: Run) -> None: ...

    def begin(self) -> Iterator[str]:
        """Yield what comes before the first record."""
        ...

    def record(self, report: RecordReport) -> Iterator[str]:
        """Yield one record."""
        ...

    def end(self, totals: Totals) -> Iterator[str]:
        """Yield what comes after the last record."""
        ...
