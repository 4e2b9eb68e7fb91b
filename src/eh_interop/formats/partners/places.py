"""Where a value stood in a partner's file, and what was wrong there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from eh_interop.core.findings import Finding
from eh_interop.core.pointer import join
from eh_interop.standard.finding_codes import FindingName

AnyFault = FindingName


@dataclass(frozen=True, slots=True, order=True)
class SourcePlace:
    """Where something stood in a partner's file: lineage of a value, or place of a finding.

    Attributes:
        file: the file.
        sheet: the sheet of a workbook.
        row: the row as a spreadsheet counts it, or the number of the record in XML and JSON;
            0 for the whole file.
        line: the line of a text file, from 1; 0 if not known.
        column: the letter of the column.
        heading: its heading, as the partner wrote it.
        path: XPath or JSON Pointer.
        mapping: the mapping's file.
        mapping_line: the line of the mapping on which the row for this value begins; 0 for
            what the toolkit itself says.
    """

    file: str
    sheet: str = ""
    row: int = 0
    line: int = 0
    column: str = ""
    heading: str = ""
    path: str = ""
    mapping: str = ""
    mapping_line: int = 0


@dataclass(frozen=True, slots=True)
class PartnerFinding:
    """A finding of reading, with the partner's own words for the place."""

    finding: Finding
    at: SourcePlace


@dataclass(frozen=True, slots=True)
class Column:
    """What the values of one column have in common; in XML and JSON, of one path."""

    file: str
    sheet: str = ""
    letter: str = ""
    heading: str = ""
    mapping: str = ""
    mapping_line: int = 0


class Where(NamedTuple):
    """Where a value stood, kept small: there is one for each value."""

    column: Column
    row: int
    line: int = 0
    path: str = ""

    def place(self) -> SourcePlace:
        """Write it out."""
        column = self.column
        return SourcePlace(
            file=column.file,
            sheet=column.sheet,
            row=self.row,
            line=self.line,
            column=column.letter,
            heading=column.heading,
            path=self.path,
            mapping=column.mapping,
            mapping_line=column.mapping_line,
        )


def finding_at(
    fault: AnyFault, message: str, where: Where, steps: tuple[str | int, ...] = ()
) -> PartnerFinding:
    """Make a finding. ``message`` must never hold a value.

    Args:
        fault: what is wrong.
        message: in plain English.
        where: in the partner's file.
        steps: where the value would stand in the record.
    """
    return PartnerFinding(fault.finding(message, place=join(steps)), where.place())
