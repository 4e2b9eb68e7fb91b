"""Workbooks are zip archives: what is in one is measured before anything is unpacked."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Final

from eh_interop.core.errors import UnreadableInputError
from eh_interop.formats.tables.limits import (
    HARMLESS,
    MAX_PARTS,
    MAX_RATIO,
    MAX_STRINGS,
    MAX_UNPACKED,
    MEGABYTE,
)

_OLD: Final = b"\xd0\xcf\x11\xe0"
_DECLARED: Final = (b"<!DOCTYPE", b"<!ENTITY")
_HEAD: Final = 4096
_SHEETS: Final = "xl/worksheets/"


def check_archive(path: Path) -> None:
    """Refuse an archive that is no workbook, or would not fit into memory.

    The sizes that an archive states are enough to go by: unpacking stops there.

    Raises:
        UnreadableInputError: it is not a workbook, or is too large.
    """
    try:
        with path.open("rb") as file:
            start = file.read(len(_OLD))
        if start == _OLD:
            raise _refused(
                path, "it is an old workbook (.xls), or has a password. Save it as .xlsx"
            )
        with zipfile.ZipFile(path) as archive:
            _measure(path, archive.infolist())
            _look(path, archive)
    except OSError:
        raise _refused(path, "this file cannot be opened") from None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        raise _refused(path, "this is not a workbook (.xlsx), or it is damaged") from None


def _measure(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MAX_PARTS:
        raise _refused(path, f"there are more than {MAX_PARTS:,} parts in this workbook")
    if len({part.filename for part in parts}) < len(parts):
        raise _refused(path, "two parts of this workbook have the same name")
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise _refused(path, f"unpacked, it is larger than {MAX_UNPACKED // MEGABYTE:,} MB")
    for part in parts:
        if part.file_size > HARMLESS and part.file_size > MAX_RATIO * part.compress_size:
            raise _refused(path, "it is packed more tightly than a workbook ever is")
        if part.file_size > MAX_STRINGS and not part.filename.startswith(_SHEETS):
            raise _refused(path, f"its texts are larger than {MAX_STRINGS // MEGABYTE:,} MB")


def _look(path: Path, archive: zipfile.ZipFile) -> None:
    """Refuse XML that declares entities: they can grow without end."""
    for each in archive.infolist():
        if not each.filename.endswith((".xml", ".rels")):
            continue
        with archive.open(each) as part:
            head = part.read(_HEAD)
        if any(word in head for word in _DECLARED):
            raise _refused(path, "a part of this workbook declares entities, which none needs")


def _refused(path: Path, why: str) -> UnreadableInputError:
    return UnreadableInputError(f"{path.name}: {why}.")
