"""Filled-in forms as sources: Word, PDF and mail, each read as what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from eh_interop.core.findings import Origin
from eh_interop.formats._shared.forms.covering import Covering, Paper
from eh_interop.formats._shared.forms.document import FormDocument, Paragraph, Piece
from eh_interop.formats._shared.forms.reading import record_of
from eh_interop.reading.faults import DocumentFault
from eh_interop.reading.probe import Probe
from eh_interop.reading.source_record import SourceRecord
from eh_interop.reading.streams import RefusedError
from eh_interop.sources.formats import Reader, SourceOptions, reader_of

if TYPE_CHECKING:
    from eh_interop.formats.mail import Message

_MAIL: Final = "an e-mail"
_TITLES: Final = {Reader.WORD: "a Word document", Reader.PDF: "a PDF", Reader.MAIL: _MAIL}
_PLAIN: Final = SourceOptions()
_CLOSING: Final = re.compile(
    r"^\W*(many |kind |best |warm )?"
    r"(thanks?( you)?|regards|wishes|yours( sincerely| faithfully)?)\W*$",
    re.IGNORECASE | re.MULTILINE,
)
"""Where a message is signed."""
_DEEPEST: Final = 3
"""How many messages may lie within each other."""


def read_form(path: Path, name: str, reader: Reader) -> Iterator[SourceRecord]:
    """Yield the records of a form, or of a message with what is attached to it.

    Args:
        path: the file.
        name: how reports call it.
        reader: what reads it.

    Raises:
        MissingExtraError: what reads it is not installed.
        RefusedError: it cannot be read.
    """
    if reader is Reader.MAIL:
        from eh_interop.formats import mail

        with _named(reader):
            message = mail.read(path)
        yield from _records_of(message, name, _DEEPEST)
    else:
        yield record_of(_document(path, reader), name)


@contextmanager
def _named(reader: Reader) -> Iterator[None]:
    """Say what kind of document it is that cannot be read."""
    try:
        yield
    except RefusedError as problem:
        message = f"This is {_TITLES[reader]}. {problem.message}"
        raise RefusedError(problem.fault, message) from None


def _document(source: Path | BinaryIO, reader: Reader) -> FormDocument:
    with _named(reader):
        return _read(source, reader)


def _read(source: Path | BinaryIO, reader: Reader) -> FormDocument:
    if reader is Reader.WORD:
        from eh_interop.formats import word

        return word.read(source)
    from eh_interop.formats import pdf

    return pdf.read(source)


def _records_of(message: Message, name: str, depth: int) -> Iterator[SourceRecord]:
    """Yield the records of the forms in a message; if it has none, the message itself as one."""
    forms: list[tuple[int, FormDocument]] = []
    refused: list[SourceRecord] = []
    papers: list[Paper] = []
    others: list[SourceRecord] = []
    for number, one in enumerate(message.attachments, 1):
        part = Origin(part=f"attachment {number}")
        probe = Probe(one.name, stream=BytesIO(one.data))
        reader = reader_of(probe, _PLAIN) if one.data else None
        if reader is Reader.MAIL and depth:
            from eh_interop.formats import mail

            inner = mail.of_bytes(one.data)
            others += (
                replace(record, position=part) for record in _records_of(inner, name, depth - 1)
            )
        elif reader in {Reader.WORD, Reader.PDF}:
            try:
                form = _document(BytesIO(one.data), reader)
            except RefusedError as problem:
                papers.append(Paper(one.name, one.media_type, len(one.data)))
                refused.append(_refused(name, problem, part))
                continue
            record = record_of(form, name)
            if record.document is not None:
                forms.append((number, form))
                continue
            papers.append(Paper(one.name, one.media_type, len(one.data)))
            if DocumentFault.NOT_A_FORM.code not in {finding.code for finding in record.findings}:
                refused.append(replace(record, position=part))
        else:
            papers.append(Paper(one.name, one.media_type, len(one.data)))
    covering = Covering(message.sender, message.address, message.sent, message.text, tuple(papers))
    if not forms and not others:
        yield record_of(_as_form(message), name, covering)
    for number, form in forms:
        yield replace(record_of(form, name, covering), position=Origin(part=f"attachment {number}"))
    yield from (*refused, *others)


def _as_form(message: Message) -> FormDocument:
    """Return a message as a form: its lines may be labels with their answers."""
    text = _CLOSING.split(message.text, maxsplit=1)[0]
    lines = [line for line in text.split("\n") if line.strip()]
    blocks = tuple(Paragraph((Piece(text=line),), at) for at, line in enumerate(lines, 1))
    year = message.sent.year if message.sent else 0
    return FormDocument(_MAIL, message.subject, blocks, year)


def _refused(name: str, problem: RefusedError, part: Origin) -> SourceRecord:
    finding = problem.fault.finding(problem.message, part)
    return SourceRecord(source=name, position=part, document=None, findings=(finding,))
