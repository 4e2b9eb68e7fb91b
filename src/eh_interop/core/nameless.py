"""Files without a name, for what must not be left behind if a process is killed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

_DESCRIPTORS: Final = "/dev/fd"


@contextmanager
def nameless_file() -> Iterator[tuple[IO[bytes], Path]]:
    """Give a file to write to, and a path at which it can be read as long as the block runs.

    Whoever writes has to flush before anybody reads. Where the system has no files without a name,
    it has one and is removed at the end.

    Raises:
        OSError: there is no room for it.
    """
    if Path(_DESCRIPTORS).is_dir():
        with tempfile.TemporaryFile() as file:
            yield file, Path(_DESCRIPTORS, str(file.fileno()))
    else:
        with tempfile.TemporaryDirectory(prefix="eh-interop-") as folder:
            path = Path(folder, "file")
            with path.open("wb") as file:
                yield file, path
