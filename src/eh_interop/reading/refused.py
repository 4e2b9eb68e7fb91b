"""RefusedError: a file that cannot be read, or not any further, with the code of the finding."""

from __future__ import annotations

from dataclasses import replace

from eh_interop.core.errors import UnreadableInputError
from eh_interop.core.findings import Origin
from eh_interop.standard.finding_codes import FindingName


class RefusedError(UnreadableInputError):
    """The file cannot be read, or not any further.

    Who reads for other people makes a finding of it; anybody else may let it pass as the
    sentence that it is.

    Attributes:
        fault: the code of the finding.
        message: a sentence that says why. It never holds anything from the file.
        origin: where the reading stopped.
    """

    def __init__(
        self,
        fault: FindingName,
        message: str,
        *,
        file: str = "",
        sheet: str = "",
        row: int = 0,
        line: int = 0,
    ) -> None:
        self.fault = fault
        self.message = message
        self.origin = Origin(line=line, file=file, sheet=sheet, row=row)
        super().__init__(message)

    def in_file(self, name: str) -> RefusedError:
        """Return the same with the name of the file, unless it has one."""
        if not self.origin.file:
            self.origin = replace(self.origin, file=name)
        return self

    def __str__(self) -> str:
        """Say where, and then why: ``tables.xlsx, sheet marf, row 3: a cell ...``."""
        # A row says it better than the line on which it begins.
        at = self.origin
        place = str(Origin(file=at.file, sheet=at.sheet, row=at.row, line=0 if at.row else at.line))
        return f"{place}: {self.message[:1].lower()}{self.message[1:]}" if place else self.message
