"""The files of a pack that is a zip file. Nothing is unpacked here, and sizes are not believed."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import IO, Final

from eh_interop.packs.faults import refuse
from eh_interop.packs.limits import MAX_FILES, MAX_LIST_BYTES, MAX_RATIO, MAX_TOTAL_BYTES, SMALL
from eh_interop.packs.names import check_name

_END: Final = b"PK\x05\x06"
_END_SIZE: Final = 22
_LOCATOR: Final = b"PK\x06\x07"
_LOCATOR_SIZE: Final = 20
_LONGEST_COMMENT: Final = 65535
_LOCKED: Final = 0x1
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})

Open = Callable[[str], AbstractContextManager[IO[bytes]]]


@contextmanager
def opened_zip(path: Path) -> Iterator[tuple[dict[str, int], Open]]:
    """Open a zip file: the sizes that it states by path in the bag, and what opens one file.

    Raises:
        PackError: it is not a zip file, or holds what a pack may not hold.
    """
    with ExitStack() as stack:
        try:
            file = stack.enter_context(path.open("rb"))
            _check_end(file)
            archive = stack.enter_context(zipfile.ZipFile(file))
        except OSError:
            refuse("PCK-001", "The pack cannot be opened, or not be read to its end.")
        except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, EOFError):
            refuse("PCK-001", "This is not a pack: it is not a zip file that can be read.")
        found = _files(archive)
        sizes = {name: info.file_size for name, info in found.items()}
        yield sizes, lambda name: _opened(archive, found[name])


def _check_end(file: IO[bytes]) -> None:
    """Look at the end record before the directory is read: a directory may be huge as well."""
    size = file.seek(0, 2)
    if size > MAX_TOTAL_BYTES:
        refuse("PCK-005")
    file.seek(max(0, size - _LONGEST_COMMENT - _END_SIZE - _LOCATOR_SIZE))
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_SIZE:
        refuse("PCK-001", "This is not a pack: it is neither a folder nor a zip file.")
    count, directory = struct.unpack_from("<HI", tail, at + 10)
    # No pack is so large that it needs the larger kind of zip file.
    large = tail[max(0, at - _LOCATOR_SIZE) : at].startswith(_LOCATOR)
    if large or count > 2 * MAX_FILES or directory > MAX_LIST_BYTES:
        refuse("PCK-005")
    file.seek(0)


def _files(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the files by their path below the one folder at the top, which is the bag."""
    found: dict[str, zipfile.ZipInfo] = {}
    tops: set[str] = set()
    for info in archive.infolist():
        _check_entry(info)
        name = info.filename.removesuffix("/") if info.is_dir() else info.filename
        check_name(name)
        top, _, rest = name.partition("/")
        tops.add(top)
        if info.is_dir():
            continue
        if not rest:
            refuse("PCK-001", "A zip file of a pack has one folder at the top, and all is in it.")
        if rest in found:
            refuse("PCK-004")
        found[rest] = info
    if len(tops) != 1:
        refuse("PCK-001", "A zip file of a pack has one folder at the top, and all is in it.")
    return found


def _check_entry(info: zipfile.ZipInfo) -> None:
    # The library cuts a name at a zero byte, and replaces the separators of the system.
    if info.orig_filename != info.filename:
        refuse("PCK-002")
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        refuse("PCK-003")
    if info.flag_bits & _LOCKED or info.compress_type not in _METHODS:
        refuse("PCK-001", "The zip file is packed or locked in a way that packs do not use.")
    if info.file_size > SMALL and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        refuse("PCK-005", "A file in the pack would grow beyond measure when it is unpacked.")


@contextmanager
def _opened(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
    try:
        with archive.open(info) as file:
            yield file
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        refuse("PCK-008", "A file in the pack is damaged and cannot be read.")
