"""The files of a pack, in a folder or a zip file: checked by name and size before any is read.

No link is followed, nothing is unpacked here, and the sizes that a zip file states are
not believed.
"""

from __future__ import annotations

import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from eh_interop.packs.safety import (
    MAX_FILE_BYTES,
    MAX_FILES,
    MAX_LIST_BYTES,
    MAX_RATIO,
    MAX_TOTAL_BYTES,
    SMALL,
    check_name,
    check_no_twins,
    is_of_a_system,
    refuse,
)

_DEEPEST: Final = 16
_NO_LINK: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_END: Final = b"PK\x05\x06"
_END_SIZE: Final = 22
_LOCATOR: Final = b"PK\x06\x07"
_LOCATOR_SIZE: Final = 20
_LONGEST_COMMENT: Final = 65535
_LOCKED: Final = 0x1
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_MAC_FOLDER: Final = "__MACOSX"
_ONE_TOP: Final = "A zip file of a pack has one folder at the top, and all is in it."

Open = Callable[[str], AbstractContextManager[IO[bytes]]]


@dataclass(frozen=True, slots=True)
class PackFiles:
    """The files of a bag, by their path in it.

    Attributes:
        sizes: how large each file says that it is.
        passed_over: how many files were not looked at, since a computer's system made them.
        open: opens one of them. Whoever reads counts the bytes: a file can lie about its size.
    """

    sizes: Mapping[str, int]
    open: Open = field(repr=False)
    passed_over: int = 0


@contextmanager
def opened_files(path: Path) -> Iterator[PackFiles]:
    """Open a folder or a zip file.

    Raises:
        PackError: it is neither, or holds what a pack may not hold.
    """
    with ExitStack() as stack:
        yield _checked(*(_in_folder(path) if path.is_dir() else _in_zip(path, stack)))


def _checked(sizes: Mapping[str, int], open_one: Open, beside: int) -> PackFiles:
    largest = max(sizes.values(), default=0)
    if len(sizes) > MAX_FILES or sum(sizes.values()) > MAX_TOTAL_BYTES or largest > MAX_FILE_BYTES:
        refuse("PCK-005")
    for name in sizes:
        check_name(name)
    check_no_twins(sizes)
    kept = {name: size for name, size in sizes.items() if not is_of_a_system(name)}
    if "bagit.txt" not in kept:
        refuse("PCK-001", "This is not a pack: there is no bagit.txt in it.")
    return PackFiles(kept, open_one, len(sizes) - len(kept) + beside)


def _in_folder(root: Path) -> tuple[dict[str, int], Open, int]:
    """Return the files below a folder with their sizes, and what opens one of them."""
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

    return sizes, open_one, 0


def _walk(folder: Path, depth: int = 0) -> Iterator[tuple[Path, int]]:
    if depth > _DEEPEST:
        refuse("PCK-005")
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        refuse("PCK-001", "A folder of the pack cannot be opened.")
    for entry in entries:
        status = entry.stat(follow_symlinks=False)
        if stat.S_ISDIR(status.st_mode):
            yield from _walk(Path(entry.path), depth + 1)
        elif stat.S_ISREG(status.st_mode):
            yield Path(entry.path), status.st_size
        else:
            refuse("PCK-003")


def _in_zip(path: Path, stack: ExitStack) -> tuple[dict[str, int], Open, int]:
    """Return the sizes that a zip file states by path in the bag, and what opens one file."""
    try:
        file = stack.enter_context(path.open("rb"))
        _check_end(file)
        archive = stack.enter_context(zipfile.ZipFile(file))
    except OSError:
        refuse("PCK-001", "The pack cannot be opened, or not be read to its end.")
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, EOFError):
        refuse("PCK-001", "This is not a pack: it is not a zip file that can be read.")
    files, beside = _zip_entries(archive)
    sizes = {name: info.file_size for name, info in files.items()}
    if sum(sizes.values()) > MAX_RATIO * max(path.stat().st_size, SMALL):
        refuse("PCK-005", "The files in the pack would grow beyond measure when they are unpacked.")
    return sizes, lambda name: _opened(archive, files[name]), beside


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


def _zip_entries(archive: zipfile.ZipFile) -> tuple[dict[str, zipfile.ZipInfo], int]:
    """Return the files by their path below the one folder at the top, which is the bag.

    And how many stand beside it in a folder that a Mac makes.
    """
    files: dict[str, zipfile.ZipInfo] = {}
    tops: set[str] = set()
    beside = 0
    for info in archive.infolist():
        _check_entry(info)
        name = info.filename.removesuffix("/") if info.is_dir() else info.filename
        check_name(name)
        top, _, rest = name.partition("/")
        if top == _MAC_FOLDER:  # a Mac puts it beside the folder that was packed
            beside += not info.is_dir()
            continue
        tops.add(top)
        if info.is_dir():
            continue
        if not rest:
            refuse("PCK-001", _ONE_TOP)
        if rest in files:
            refuse("PCK-004")
        files[rest] = info
    if len(tops) != 1:
        refuse("PCK-001", _ONE_TOP)
    return files, beside


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
    check_local_header(archive, info)
    try:
        with archive.open(info) as file:
            yield file
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        refuse("PCK-008", "A file in the pack is damaged and cannot be read.")


_HEADER: Final = struct.Struct("<4s5H3I2H")
_SIGNATURE: Final = b"PK\x03\x04"
_SIZES_LATER: Final = 0x8
"""Flag: the sizes stand after the file, and before it there are zeros."""
_UTF8: Final = 0x800
_UNICODE_PATH: Final = 0x7075
"""A further name of the same file, which some programs use instead (Info-ZIP)."""
_PATH_BEGINS: Final = 5
_TWO_THINGS: Final = "The zip file says two different things about a file in it."


def check_local_header(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    """Refuse a file about which its own header says something else than the directory.

    Raises:
        PackError: the two do not agree, or a further name is given that is another one.
    """
    file = archive.fp
    if file is None:
        raise ValueError("the archive has to be open")
    file.seek(info.header_offset)
    head = file.read(_HEADER.size)
    if len(head) < _HEADER.size or not head.startswith(_SIGNATURE):
        refuse("PCK-008", "A file in the pack is damaged and cannot be read.")
    _, _, flags, method, _, _, crc, packed, size, name_length, extra_length = _HEADER.unpack(head)
    name, extra = file.read(name_length), file.read(extra_length)
    encoded = info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8 else "cp437")
    stated, meant = (crc, packed, size), (info.CRC, info.compress_size, info.file_size)
    later = flags & _SIZES_LATER and stated == (0, 0, 0)
    if name != encoded or method != info.compress_type or not (later or stated == meant):
        refuse("PCK-014", _TWO_THINGS)
    for other in (*_unicode_paths(extra), *_unicode_paths(info.extra)):
        if other != info.orig_filename.encode():
            refuse("PCK-014", "The zip file gives a file in it two different names.")


def _unicode_paths(extra: bytes) -> Iterator[bytes]:
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == _UNICODE_PATH:
            yield extra[at + 4 + _PATH_BEGINS : at + 4 + length]
        at += 4 + length
