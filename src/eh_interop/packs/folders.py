"""The files of a pack that is a folder. No link is ever followed."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Final

from eh_interop.packs.faults import refuse
from eh_interop.packs.limits import MAX_FILES

_DEEPEST: Final = 16
_NO_LINK: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def folder_files(
    root: Path,
) -> tuple[dict[str, int], Callable[[str], AbstractContextManager[IO[bytes]]]]:
    """Return the files below a folder with their sizes, and what opens one of them.

    Raises:
        PackError: there is a link, a pipe or a device, or too much of everything.
    """
    sizes: dict[str, int] = {}
    for path, size in _walk(root):
        sizes[path.relative_to(root).as_posix()] = size
        if len(sizes) > MAX_FILES:
            refuse("PCK-005")

    @contextmanager
    def open_one(name: str) -> Iterator[IO[bytes]]:
        try:
            handle = os.open(root / name, os.O_RDONLY | _NO_LINK)
        except OSError:
            refuse("PCK-003", "A file in the pack cannot be opened, or has become a link.")
        with os.fdopen(handle, "rb") as file:
            yield file

    return sizes, open_one


def _walk(folder: Path, depth: int = 0) -> Iterator[tuple[Path, int]]:
    if depth > _DEEPEST:
        refuse("PCK-005")
    try:
        entries = sorted(os.scandir(folder), key=lambda each: each.name)
    except OSError:
        refuse("PCK-001", "A folder of the pack cannot be opened.")
    for entry in entries:
        held = entry.stat(follow_symlinks=False)
        if stat.S_ISDIR(held.st_mode):
            yield from _walk(Path(entry.path), depth + 1)
        elif stat.S_ISREG(held.st_mode):
            yield Path(entry.path), held.st_size
        else:
            refuse("PCK-003")
