"""A file or stream opened so that it can be read twice: once to look, once to read."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, cast

from eh_interop.reading.faults import Fault
from eh_interop.reading.refused import RefusedError

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
