"""The encoding of a text file: declared, told by a byte order mark, or found by looking."""

from __future__ import annotations

import codecs
from typing import BinaryIO, Final, NamedTuple

from eh_interop.reading.encodings import wide_encoding
from eh_interop.reading.partner_faults import PartnerFault
from eh_interop.reading.refused import RefusedError
from eh_interop.reading.streams import MIB

_NOT_IN_CP1252: Final = b"\x81\x8d\x8f\x90\x9d"
_CODECS: Final = {"UTF-16 LE": "utf-16", "UTF-16 BE": "utf-16", "UTF-32": "utf-32"}
_WITHOUT_MARK: Final = {"UTF-16 LE": "utf-16-le", "UTF-16 BE": "utf-16-be"}


class TextEncoding(NamedTuple):
    """An encoding.

    Attributes:
        codec: Python's name.
        name: the name for people.
        detected: it was found by looking, and somebody should know.
    """

    codec: str
    name: str
    detected: bool = False


def detect_encoding(file: BinaryIO, declared: str = "", *, guess: bool = True) -> TextEncoding:
    """Return the encoding of a file, which stands at its beginning afterwards.

    Without a byte order mark, a file is UTF-8 if all of it can be, otherwise
    Windows-1252 if all of it can be. Memory does not grow with the file.

    Args:
        file: an open file at its beginning.
        declared: ``utf-8`` or ``cp1252``, if somebody has said so.
        guess: look through a file without a mark; otherwise it is taken for UTF-8.

    Raises:
        RefusedError: it can be neither, or not the declared one.
    """
    start = file.read(4)
    file.seek(0)
    marked = start.startswith(codecs.BOM_UTF8)
    if declared == "cp1252" and not marked:
        return TextEncoding("cp1252", "Windows-1252")
    wide = wide_encoding(start) or _wide_text(start)
    if wide is not None and declared != "utf-8":
        has_mark = start[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}
        codec = _CODECS[wide] if has_mark else _WITHOUT_MARK.get(wide, _CODECS[wide])
        return TextEncoding(codec, wide, detected=not declared)
    utf8, cp1252 = _possible(file) if guess else (True, False)
    if utf8 and wide is None:
        name = "UTF-8 with a byte order mark" if marked else "UTF-8"
        return TextEncoding("utf-8-sig", name, detected=marked)
    if declared:
        message = f"The file is not in the declared encoding, {declared}."
        raise RefusedError(PartnerFault.ENCODING_UNCLEAR, message)
    if not cp1252:
        message = "The file is neither UTF-8 nor Windows-1252. Save it as UTF-8."
        raise RefusedError(PartnerFault.ENCODING_UNCLEAR, message)
    return TextEncoding("cp1252", "Windows-1252", detected=True)


def not_decoded(byte: int) -> str:
    """Return the sentence for a file that stops being UTF-8 at a byte."""
    looks = "is not UTF-8" if byte in _NOT_IN_CP1252 else "looks like Windows-1252"
    return f"The file {looks}: save it as CSV UTF-8."


def _wide_text(start: bytes) -> str | None:
    """Recognise UTF-16 without a mark, of a text that begins with an ASCII letter."""
    if len(start) < len(b"a\0b\0"):
        return None
    if start[1] == 0 and start[0] and start[2]:
        return "UTF-16 LE"
    return "UTF-16 BE" if start[0] == 0 and start[1] and start[3] else None


def _possible(file: BinaryIO) -> tuple[bool, bool]:
    """Return whether all of a file can be UTF-8, and whether it can be Windows-1252."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    utf8 = cp1252 = True
    while utf8 or cp1252:
        chunk = file.read(MIB)
        if utf8:
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError:
                utf8 = False
        if not chunk:
            break
        if cp1252 and not chunk.isascii():
            cp1252 = not any(byte in chunk for byte in _NOT_IN_CP1252)
    file.seek(0)
    return utf8, cp1252
