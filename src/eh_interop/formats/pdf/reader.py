"""PDF files as neutral forms."""

from __future__ import annotations

import logging
import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

from eh_interop.core.errors import optional_library
from eh_interop.core.findings import Finding
from eh_interop.formats._shared.forms.document import Block, FormDocument, Paragraph, Piece
from eh_interop.formats.pdf.fields import PdfField, fields_on, xfa_values
from eh_interop.formats.pdf.layout import PageReader
from eh_interop.reading.faults import DocumentFault
from eh_interop.reading.streams import RefusedError

KIND: Final = "a PDF"
MOST_PAGES: Final = 200
_FEWEST_LETTERS: Final = 40
_PROTECTED: Final = "It is protected by a password."
_OF_DAMAGE: Final = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, NotImplementedError,
    RecursionError, TypeError, ValueError, struct.error, zlib.error,
)  # fmt: skip
"""What parsers of PDF raise for a damaged file, beside errors of their own."""
_RECORD_TYPE: Final = "/eh-interop-record-type"
_YEAR: Final = re.compile(r"D:(\d{4})")


def read(source: Path | BinaryIO, password: str = "") -> FormDocument:
    """Read a PDF.

    Args:
        source: the file.
        password: opens it, if it is protected.

    Raises:
        MissingExtraError: the extra ``forms`` is not installed.
        RefusedError: it is damaged, protected, too long, or a scan.
    """
    pypdf = optional_library("pypdf", "forms", "PDF forms need")
    pdfplumber = optional_library("pdfplumber", "forms", "PDF forms need")
    for name in ("pypdf", "pdfminer"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # they quote what they cannot read
    with _refusing():
        reader = pypdf.PdfReader(source)
        if reader.is_encrypted and not reader.decrypt(password):
            raise RefusedError(DocumentFault.PASSWORD, _PROTECTED)
        pages = len(reader.pages)
        if pages > MOST_PAGES:
            raise RefusedError(
                DocumentFault.TOO_LARGE, f"It has more than {MOST_PAGES} pages: no form has."
            )
        fields = [list(fields_on(page)) for page in reader.pages]
        about: Any = reader.metadata or {}
        packets = _xfa(reader)
    with _refusing(), pdfplumber.open(source, password=password) as opened:
        blocks, letters, pictures = _blocks(opened, fields)
    if not letters and not any(fields) and packets:
        blocks = [
            Paragraph((Piece(text=f"{name}: ", bold=True), Piece(text=value, answer=True)), at)
            for at, (name, value) in enumerate(packets, 1)
        ]
    elif letters < _FEWEST_LETTERS and not any(fields):
        raise RefusedError(
            DocumentFault.SCAN if pictures else DocumentFault.EMPTY_FORM,
            "It is a picture of a form: a scan or a photograph." if pictures else "It has no text.",
        )
    return FormDocument(
        kind=KIND,
        title=str(about.get("/Title") or ""),
        blocks=tuple(blocks),
        year=_year(about),
        record_type=str(about.get(_RECORD_TYPE) or ""),
        findings=tuple(_findings(reader)),
    )


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn what the libraries raise for a damaged file into a finding, without their words."""
    try:
        yield
    except _damages() as problem:
        name = type(problem).__name__.lower()
        if "password" in name or "decrypt" in name:
            raise RefusedError(DocumentFault.PASSWORD, _PROTECTED) from None
        message = "It is damaged or was cut off. Ask for it to be sent again."
        raise RefusedError(DocumentFault.DAMAGED, message) from None


def _damages() -> tuple[type[Exception], ...]:
    from pdfminer.pdfexceptions import PDFException
    from pdfplumber.utils.exceptions import PdfminerException
    from pypdf.errors import PyPdfError

    return (PyPdfError, PDFException, PdfminerException, *_OF_DAMAGE)


def _blocks(opened: Any, fields: list[list[PdfField]]) -> tuple[list[Block], int, bool]:
    pages = PageReader()
    blocks: list[Block] = []
    letters, pictures = 0, False
    for page, own in zip(opened.pages, fields, strict=False):
        letters += len(page.chars)
        pictures = pictures or bool(page.images)
        blocks += pages.blocks(page, own)
        page.close()
    return blocks, letters, pictures


def _xfa(reader: Any) -> list[tuple[str, str]]:
    packets = reader.xfa
    return [pair for pair in xfa_values(packets) if pair[1]] if packets else []


def _year(about: Any) -> int:
    match = _YEAR.match(str(about.get("/ModDate") or about.get("/CreationDate") or ""))
    return int(match[1]) if match else 0


def _findings(reader: Any) -> Iterator[Finding]:
    names = reader.trailer["/Root"].get("/Names", {})
    never = [
        what
        for key, what in (("/JavaScript", "scripts"), ("/EmbeddedFiles", "embedded files"))
        if key in names
    ]
    if never:
        yield DocumentFault.NOT_FOLLOWED.finding(
            f"It holds {' and '.join(never)}. They were not opened, and nothing was fetched."
        )
