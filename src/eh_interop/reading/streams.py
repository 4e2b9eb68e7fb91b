"""A file that is opened to be looked at and then read, and the error if it cannot be."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Final, cast

from eh_interop.core.errors import UnreadableInputError
from eh_interop.core.findings import Origin
from eh_interop.reading.faults import Fault
from eh_interop.standard.finding_codes import FindingName

MIB: Final = 1024 * 1024


@contextmanager
def seekable(source: Path | BinaryIO) -> Iterator[BinaryIO]:
    """Open a path, or make a stream seekable: a pipe is copied to a file that is deleted again.

    Raises:
        RefusedError: it cannot be opened or read.
    """
    try:
        if isinstance(source, Path):
            with source.open("rb") as file:
                yield file
        elif source.seekable():
            yield source
        else:
            with tempfile.SpooledTemporaryFile(max_size=32 * MIB) as copy:
                shutil.copyfileobj(source, copy, MIB)
                copy.seek(0)
                yield cast("BinaryIO", copy)
    except OSError as error:
        reason = error.strerror or "the reason is not known"
        name = source.name if isinstance(source, Path) else ""
        message = f"The file cannot be opened or read: {reason}."
        raise RefusedError(Fault.CANNOT_BE_OPENED, message, file=name) from None


def size_of(file: BinaryIO) -> int:
    """Return the size of an open file in bytes; it stands at its beginning afterwards."""
    size = file.seek(0, 2)
    file.seek(0)
    return size


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
