"""What is said of a return while it is written or read: what was left out, and what was not clear.

A remark names a column and a place, never what stands there. The kinds of remark
stand in ``schemas/1.0/findings/returns.csv``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from eh_interop.core.findings import Severity
from eh_interop.standard.finding_codes import FindingCode, finding_code


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that whoever sends or receives a return has to know.

    Attributes:
        code: stable code, such as ``RET-001``.
        file: the file, sheet or table of the return.
        column: the heading of the column, or the path of the element; empty for a whole row.
        row: the row in a file that was read, from 1; 0 while writing.
        record: which record of the run it is about, from 1; 0 while reading.
        place: JSON Pointer into the record; empty for the whole record.
    """

    code: str
    file: str
    column: str = ""
    row: int = 0
    record: int = 0
    place: str = ""

    @property
    def kind(self) -> FindingCode:
        """What kind of remark it is."""
        return finding_code(self.code)

    @property
    def severity(self) -> Severity:
        """How much it matters."""
        return self.kind.severity

    @property
    def message(self) -> str:
        """The remark in plain English, without any value."""
        return f"{self.kind.title}. {self.kind.why}"


Say = Callable[[Remark], object]
"""Takes a remark. ``list.append`` keeps them all; something else may count them."""
