"""Filled-in forms as sources: Word, PDF and mail, each read as what it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from eh_interop.formats._shared.forms.reading import record_of
from eh_interop.reading.source_record import SourceRecord


def read_word(path: Path, name: str) -> Iterator[SourceRecord]:
    """Yield the record that a Word form holds.

    Raises:
        RefusedError: it cannot be read.
    """
    from eh_interop.formats import word

    yield record_of(word.read(path), name)


def read_pdf(path: Path, name: str) -> Iterator[SourceRecord]:
    """Yield the record that a PDF form holds.

    Raises:
        MissingExtraError: the extra ``forms`` is not installed.
        RefusedError: it cannot be read.
    """
    from eh_interop.formats import pdf

    yield record_of(pdf.read(path), name)
