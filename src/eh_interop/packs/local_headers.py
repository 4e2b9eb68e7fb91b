"""A zip file says everything twice: in its directory, and before each file. Both have to agree.

Programs differ in which of the two they believe, so a file that says two things shows one of them
to whoever checks it and the other to whoever opens it.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from typing import Final

from eh_interop.packs.safety import refuse

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
