"""Probe: what a file is, judged by its content and never by its name alone.

Nothing is read twice: each fact is found when somebody asks for it, and kept. Formats look at the
facts (:class:`Probe`) and say whether a file is theirs; what no format knows is described in the
words of the person who sent it ("a picture").
"""

from __future__ import annotations

import io
import shutil
import tomllib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, Final
from xml.parsers import expat

from eh_interop.core.atomic import nameless_file
from eh_interop.core.errors import UnreadableInputError

HEAD_BYTES: Final = 64 * 1024
"""How much of the beginning of a file is looked at."""
MOST_IN_MEMORY: Final = 256 * 1024 * 1024
"""The most that is kept of standard input when it has to be read from several places."""
MOST_NAMES: Final = 10_000
"""How many names of an archive are looked at."""


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file that is known, but not read.

    Attributes:
        title: what it is, in the words of the person who has it: ``a picture``.
        advice: what to do with it.
    """

    title: str
    advice: str


_DATA: Final = tomllib.loads(Path(__file__).with_name("file_kinds.toml").read_text("utf-8"))
_KINDS: Final = {
    name: FileKind(kind["title"], _DATA["advice"][kind["advice"]])
    for name, kind in _DATA["kind"].items()
}
ARCHIVE: Final = _KINDS["archive"]
TABLE: Final = _KINDS["table"]
TEXT: Final = _KINDS["text"]
UNKNOWN: Final = _KINDS["unknown"]

_SIGNATURES: Final[tuple[tuple[int, bytes, FileKind], ...]] = tuple(
    (offset, mark.encode("latin-1"), _KINDS[kind])
    for offset, mark, kind in _DATA["signatures"]["at"]
)
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How files of old Office, Outlook and password-protected Office begin."""
_MAIL_HEADERS: Final = tuple(map(str.encode, _DATA["signatures"]["mail-headers"]))
_ENOUGH_HEADERS: Final = 3
_AGE: Final = (b"age-encryption.org/", b"-----BEGIN AGE ENCRYPTED FILE-----")
_WIDE: Final = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class Probe:
    """The facts about one file or stream, each found once, when asked for.

    Attributes:
        name: how the person named it; ``-`` for standard input.
        path: where it is; None for a stream.
    """

    def __init__(self, name: str, path: Path | None = None, stream: BinaryIO | None = None) -> None:
        """Look at a file, or at a stream that has not been read yet."""
        self.name, self.path = name, path
        self._stream = stream
        self._kept: bytes | None = None

    @cached_property
    def head(self) -> bytes:
        """The first bytes.

        Raises:
            OSError: it cannot be opened.
        """
        if self.path is not None:
            with self.path.open("rb") as file:
                return file.read(HEAD_BYTES)
        return self._read(HEAD_BYTES)

    def _read(self, size: int) -> bytes:
        """Read from the stream until there are so many bytes, or no more."""
        pieces, left = [], size
        while self._stream is not None and left and (piece := self._stream.read(left)):
            pieces.append(piece)
            left -= len(piece)
        return b"".join(pieces)

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """Give the content from its beginning. A stream can be opened only once.

        Raises:
            OSError: it cannot be opened.
        """
        if self.path is not None:
            with self.path.open("rb") as file:
                yield file
        elif self._kept is not None:
            yield io.BytesIO(self._kept)
        else:
            yield io.BufferedReader(_HeadFirst(self.head, self._stream))

    @contextmanager
    def seekable(self) -> Iterator[BinaryIO]:
        """Give the content so that it can be read at any place.

        Raises:
            OSError: it cannot be opened.
            UnreadableInputError: standard input holds more than is kept in memory.
        """
        if self.path is None and self._kept is None:
            rest = self._read(MOST_IN_MEMORY)
            if len(rest) == MOST_IN_MEMORY:
                megabytes = MOST_IN_MEMORY // 1024 // 1024
                raise UnreadableInputError(
                    f"This is larger than {megabytes} MiB. Give it as a file."
                )
            self._kept = self.head + rest
        with self.opened() as file:
            yield file

    @contextmanager
    def at_a_path(self) -> Iterator[Path]:
        """Give a path at which the content can be read.

        A stream is kept in a file that has no name, so that nothing is left behind if this process
        is killed; where the system has no such files, in one that is removed at the end.

        Raises:
            OSError: it cannot be read.
        """
        if self.path is not None:
            yield self.path
        else:
            with nameless_file() as (copy, path), self.opened() as stream:
                shutil.copyfileobj(stream, copy)
                copy.flush()
                yield path

    @cached_property
    def is_zip(self) -> bool:
        """Whether it is a zip file: also a workbook, a Word document or a pack is one."""
        return self.head.startswith((b"PK\x03\x04", b"PK\x05\x06"))

    @cached_property
    def zip_names(self) -> tuple[str, ...]:
        """The names of the files in a zip file; empty if it is not one, or is damaged."""
        if not self.is_zip:
            return ()
        try:
            with self.seekable() as file, zipfile.ZipFile(file) as archive:
                return tuple(archive.namelist()[:MOST_NAMES])
        except (zipfile.BadZipFile, NotImplementedError, ValueError, UnreadableInputError):
            return ()

    @property
    def is_workbook(self) -> bool:
        """Whether it is an XLSX or ODS workbook."""
        return "xl/workbook.xml" in self.zip_names or (
            "content.xml" in self.zip_names and b"opendocument.spreadsheet" in self.head[:256]
        )

    @property
    def is_word(self) -> bool:
        """Whether it is a Word document of today: .docx, .docm or a template of them."""
        return any(name.startswith("word/") for name in self.zip_names)

    @property
    def is_locked(self) -> bool:
        """Whether it is an Office document that opens only with its password."""
        return self.head.startswith(_COMPOUND) and self.kind is _KINDS["locked"]

    @property
    def is_pdf(self) -> bool:
        """Whether it is a PDF: something may stand before its first line."""
        return b"%PDF-" in self.head[:1024]

    @property
    def is_encrypted_pack(self) -> bool:
        """Whether it was encrypted with age."""
        return self.head.startswith(_AGE)

    @cached_property
    def text(self) -> str | None:
        """The beginning as text, blanks before it left out; None if it is not text."""
        encoding = _WIDE.get(self.head[:2], "utf-8-sig")
        if encoding == "utf-8-sig" and b"\0" in self.head:
            return None
        return self.head.decode(encoding, errors="replace").lstrip()

    @property
    def looks_like_json(self) -> bool:
        """Whether it begins as a JSON object or list does. RTF, which begins so too, does not."""
        return self.text is not None and self.text[:1] in {"{", "["} and self._signature is None

    @cached_property
    def root_element(self) -> tuple[str, str] | None:
        """The namespace and name of the first element; None if it is not _KINDS["xml"]."""
        if self.text is None or not self.text.startswith("<"):
            return None
        elements: list[str] = []
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = lambda name, _attributes: elements.append(name)
        with suppress(expat.ExpatError):  # what comes before the error may be enough
            parser.Parse(self.head)
        if not elements:
            return None
        namespace, _, name = elements[0].rpartition(" ")
        return namespace, name

    @property
    def _signature(self) -> FileKind | None:
        return next(
            (
                kind
                for offset, mark, kind in _SIGNATURES
                if self.head.startswith(mark, offset) and not (mark == b"BM" and self.text)
            ),
            None,
        )

    @cached_property
    def kind(self) -> FileKind:
        """What it is, for people, if no format takes it."""
        if self.is_zip:
            return self._zip_kind()
        if self.head.startswith(_COMPOUND):
            return self._compound_kind()
        return self._signature or self._text_kind()

    def _text_kind(self) -> FileKind:
        if self.text is None:
            return UNKNOWN
        if self.root_element is not None or self.text.startswith("<"):
            is_page = self.root_element is None or self.root_element[1].lower() == "html"
            return _KINDS["web-page"] if is_page else _KINDS["xml"]
        if self.is_mail:
            return _KINDS["email"]
        is_table = self.name.lower().endswith((".csv", ".tsv")) or _looks_like_table(self.text)
        return TABLE if is_table else TEXT

    def _zip_kind(self) -> FileKind:
        names = self.zip_names
        if self.is_word:
            return _KINDS["word"]
        if self.is_workbook:
            return _KINDS["workbook"]
        if any(name.startswith("ppt/") for name in names):
            return _KINDS["presentation"]
        return _KINDS["open-document"] if b"opendocument.text" in self.head[:256] else ARCHIVE

    def _compound_kind(self) -> FileKind:
        with self.opened() as file:
            content = file.read(MOST_IN_MEMORY)
        for name, kind in _DATA["signatures"]["streams"]:
            if name.encode("utf-16-le") in content:
                return _KINDS[kind]
        return UNKNOWN

    @cached_property
    def is_mail(self) -> bool:
        """Whether it is a message, of the internet or of Outlook."""
        if self.head.startswith(_COMPOUND):
            return self.kind is _KINDS["outlook"]
        lines = self.head.split(b"\n\n")[0].split(b"\r\n\r\n")[0].lower().splitlines()
        return sum(line.startswith(_MAIL_HEADERS) for line in lines) >= _ENOUGH_HEADERS


def _looks_like_table(text: str) -> bool:
    """Return whether the first lines have the same number of delimiters, and at least one."""
    lines = [line for line in text.splitlines()[:3] if line.strip()]
    for delimiter in ",;\t|":
        counts = {line.count(delimiter) for line in lines}
        if len(counts) == 1 and counts != {0} and len(lines) > 1:
            return True
    return False


class _HeadFirst(io.RawIOBase):
    """A stream whose beginning has been read already, from its beginning."""

    def __init__(self, head: bytes, rest: BinaryIO | None) -> None:
        self._head, self._rest = memoryview(head), rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        if self._head:
            size = min(len(buffer), len(self._head))
            buffer[:size] = self._head[:size]
            self._head = self._head[size:]
            return size
        data = self._rest.read(len(buffer)) if self._rest is not None else b""
        buffer[: len(data)] = data
        return len(data)
