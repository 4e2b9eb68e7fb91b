"""Which files of a folder hold records: JSON, and XML that is FHIR."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from eh_interop.core.errors import UnreadableInputError
from eh_interop.reading.json_streams import NDJSON_SUFFIXES

SUFFIXES: Final = (".json", *NDJSON_SUFFIXES)
_NAMESPACE: Final = b"http://hl7.org/fhir"
_BEGINNING: Final = 8192
"""Bytes in which the namespace of the first element stands; comments may come before it."""


def find_files(root: Path) -> tuple[list[Path], list[Path]]:
    """Find the files to read below ``root``, and those that are left out.

    Files are read if their name ends in one of ``SUFFIXES``, in capitals or not, or in
    ``.xml`` if they begin with the namespace of FHIR.
    Hidden files and folders (``.name``) are in neither list. Left out are other
    files, what is not a file (a pipe, a device), folders that cannot be opened,
    and links to folders: what they hold is read where it really is.

    Returns:
        Both lists sorted by path.

    Raises:
        UnreadableInputError: ``root`` is not a folder.
    """
    if not root.is_dir():
        raise UnreadableInputError("this is not a folder")
    to_read: list[Path] = []
    left_out: list[Path] = []
    for path, is_folder in _entries(root):
        wanted = not is_folder and _is_wanted(path)
        (to_read if wanted else left_out).append(path)
    return sorted(to_read, key=Path.as_posix), sorted(left_out, key=Path.as_posix)


def _entries(root: Path) -> Iterator[tuple[Path, bool]]:
    """Yield all files that are not hidden, and the folders that are not entered."""
    closed: list[OSError] = []
    for folder, folders, files in os.walk(root, onerror=closed.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        at = Path(folder)
        yield from ((at / name, False) for name in files if not name.startswith("."))
        yield from ((at / name, True) for name in folders if (at / name).is_symlink())
    yield from ((Path(error.filename), True) for error in closed)


def _is_wanted(path: Path) -> bool:
    name = path.name.lower()
    if name.endswith(SUFFIXES):
        return _can_be_read(path)
    return name.endswith(".xml") and _can_be_read(path) and _is_fhir(path)


def _is_fhir(path: Path) -> bool:
    """Say whether an XML file begins as FHIR. One that cannot be opened is left for reading."""
    try:
        with path.open("rb") as file:
            return _NAMESPACE in file.read(_BEGINNING)
    except OSError:
        return True


def _can_be_read(path: Path) -> bool:
    """Say whether opening it ends: a pipe would wait. What is not there may be tried."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return True
