"""The encoding of a text file: declared, told by a byte order mark, or found by looking."""

from __future__ import annotations

import codecs
import io
from typing import BinaryIO, Final, NamedTuple

from eh_interop.core.findings import Finding, Origin
from eh_interop.reading.faults import Fault, PartnerFault, Unit
from eh_interop.reading.json_positions import origin_of
from eh_interop.reading.streams import MIB, RefusedError

_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "UTF-32"),  # begins with the mark of UTF-16 LE
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16 LE"),
    (codecs.BOM_UTF16_BE, "UTF-16 BE"),
)
# A JSON object begins with two ASCII characters: where their empty bytes stand
# tells the encoding when there is no mark.
_EMPTY_BYTES: Final[dict[tuple[bool, ...], str]] = {
    (False, True, False, True): "UTF-16 LE",
    (True, False, True, False): "UTF-16 BE",
    (False, True, True, True): "UTF-32",
    (True, True, True, False): "UTF-32",
}
_BOMS_OF_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_PIECE: Final = 64 * 1024
_NOT_IN_CP1252: Final = b"\x81\x8d\x8f\x90\x9d"
_SURROGATES: Final = frozenset(bytes((0xED, second)) for second in range(0xA0, 0xC0))


def wide_encoding(data: bytes) -> str | None:
    """Name the UTF-16 or UTF-32 in which ``data`` is written, judging by its first bytes."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    return _EMPTY_BYTES.get(tuple(byte == 0 for byte in data[:4]))


def wide_finding(name: str, first_line: int) -> Finding:
    """Say that the file is in the encoding ``name``, one of those of :func:`wide_encoding`."""
    message = f"The file is {name}: save it as UTF-8."
    return Fault.WRONG_ENCODING.finding(message, Origin(first_line, 1))


def as_utf8(stream: BinaryIO) -> BinaryIO:
    """Give a stream in UTF-8, if it is UTF-16 with a byte order mark; any other as it is.

    Reading raises UnicodeDecodeError where the UTF-16 is damaged.
    """
    if isinstance(stream, io.BufferedReader):
        head = stream.peek(len(codecs.BOM_UTF32_LE))
    elif stream.seekable():
        head = stream.read(len(codecs.BOM_UTF32_LE))
        stream.seek(-len(head), io.SEEK_CUR)
    else:
        return stream
    is_wide = head.startswith(_BOMS_OF_UTF16) and not head.startswith(codecs.BOM_UTF32_LE)
    return io.BufferedReader(_Transcoded(stream)) if is_wide else stream


class _Transcoded(io.RawIOBase):
    """UTF-16 with a byte order mark, read as UTF-8."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-16")()
        self._left = b""

    def readable(self) -> bool:
        """Return whether it can be read: always."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill the buffer."""
        while not self._left:
            data = self._stream.read(_PIECE)
            self._left = self._decoder.decode(data, final=not data).encode(errors="surrogatepass")
            if not data:
                break
        size = min(len(buffer), len(self._left))
        buffer[:size], self._left = self._left[:size], self._left[size:]
        return size


def damaged_wide(first_line: int) -> Finding:
    """Say that UTF-16 stops being UTF-16 somewhere after a line."""
    message = "The file is UTF-16, but it is damaged from here on: save it as UTF-8."
    return Fault.WRONG_ENCODING.finding(message, Origin(first_line, 1))


def narrow_finding(data: bytes, first_line: int, unit: Unit) -> Finding | None:
    """Say what is wrong where ``data`` stops being UTF-8; nothing, if it never does."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        start, reason = error.start, error.reason
    else:
        return None
    before = data[:start].decode()
    origin = origin_of(before, len(before), first_line)
    if reason == "unexpected end of data":
        message = f"The {unit} ends before the record is complete."
        return Fault.TRUNCATED.finding(message, origin)
    if data[start : start + 2] in _SURROGATES:
        return lone_surrogate(origin)
    if data[start] in _NOT_IN_CP1252:
        message = f"The {unit} is not UTF-8: save it as UTF-8."
    else:
        message = f"The {unit} looks like Windows-1252: save it as UTF-8."
    return Fault.WRONG_ENCODING.finding(message, origin)


def lone_surrogate(origin: Origin) -> Finding:
    """Say that half a character stands at ``origin``."""
    message = "Half of a character (a lone surrogate) stands here: the text was cut or badly saved."
    return Fault.LONE_SURROGATE.finding(message, origin)


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
