"""In which encoding a text file is: declared, or found by looking at all of it."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import BinaryIO, Final

from eh_interop.formats.partners.places import RefusedError
from eh_interop.formats.partners.sources.limits import MIB
from eh_interop.reading.encodings import wide_encoding
from eh_interop.reading.partner_faults import PartnerFault

_NOT_IN_CP1252: Final = b"\x81\x8d\x8f\x90\x9d"
_CODECS: Final = {"UTF-16 LE": "utf-16", "UTF-16 BE": "utf-16", "UTF-32": "utf-32"}
_WITHOUT_MARK: Final = {"UTF-16 LE": "utf-16-le", "UTF-16 BE": "utf-16-be"}


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding.

    Attributes:
        codec: Python's name.
        name: the name for people.
        found: it was found by looking, and somebody should know.
    """

    codec: str
    name: str
    found: bool = False


def detect(file: BinaryIO, declared: str) -> Encoding:
    """Tell the encoding of a file, which stands at its beginning afterwards.

    Without a byte order mark, a file is UTF-8 if all of it can be, otherwise
    Windows-1252 if all of it can be. Memory does not grow with the file.

    Raises:
        RefusedError: it can be neither, or not the declared one.
    """
    start = file.read(4)
    file.seek(0)
    marked = start.startswith(codecs.BOM_UTF8)
    if declared == "cp1252" and not marked:
        return Encoding("cp1252", "Windows-1252")
    wide = wide_encoding(start) or _wide_text(start)
    if wide is not None:
        return _wide(start, wide, declared)
    utf8, cp1252 = _possible(file)
    file.seek(0)
    if utf8:
        name = "UTF-8 with a byte order mark" if marked else "UTF-8"
        return Encoding("utf-8-sig", name, found=marked)
    if declared:
        raise RefusedError(
            PartnerFault.ENCODING_UNCLEAR, f"The file is not in the declared encoding, {declared}."
        )
    if not cp1252:
        raise RefusedError(
            PartnerFault.ENCODING_UNCLEAR,
            "The file is neither UTF-8 nor Windows-1252. Save it as UTF-8.",
        )
    return Encoding("cp1252", "Windows-1252", found=True)


def _wide_text(start: bytes) -> str | None:
    """Tell UTF-16 without a mark, of a text that begins with an ASCII letter."""
    if len(start) < len(b"a\0b\0"):
        return None
    if start[1] == 0 and start[0] and start[2]:
        return "UTF-16 LE"
    return "UTF-16 BE" if start[0] == 0 and start[1] and start[3] else None


def _wide(start: bytes, name: str, declared: str) -> Encoding:
    if declared == "utf-8":
        raise RefusedError(
            PartnerFault.ENCODING_UNCLEAR, "The file is not in the declared encoding, utf-8."
        )
    marked = start[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}
    codec = _CODECS[name] if marked else _WITHOUT_MARK.get(name, _CODECS[name])
    return Encoding(codec, name, found=not declared)


def _possible(file: BinaryIO) -> tuple[bool, bool]:
    """Tell whether all of a file can be UTF-8, and whether it can be Windows-1252."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    utf8 = cp1252 = True
    while (chunk := file.read(MIB)) and (utf8 or cp1252):
        if utf8:
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                utf8 = False
        if cp1252 and not chunk.isascii():
            cp1252 = not any(byte in chunk for byte in _NOT_IN_CP1252)
    if utf8:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            utf8 = False
    return utf8, cp1252
