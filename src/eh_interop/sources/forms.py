"""Filled-in forms as sources: Word and PDF, each read as what it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from eh_interop.formats._shared.forms.document import FormDocument
from eh_interop.reading.streams import RefusedError
from eh_interop.sources.formats import Reader, SourceOptions

FORMS: Final = {Reader.WORD: "a Word document", Reader.PDF: "a PDF"}
"""What reads forms, and what each reads in the words of the person who has it."""


def read_form(source: Path | BinaryIO, reader: Reader, options: SourceOptions) -> FormDocument:
    """Read a form.

    Args:
        source: the file.
        reader: what reads it: one of :data:`FORMS`.
        options: how it is to be read.

    Raises:
        MissingExtraError: what reads it is not installed.
        RefusedError: it cannot be read.
    """
    with named(FORMS[reader]):
        if reader is Reader.WORD:
            from eh_interop.formats import word

            return word.read(source, options.password)
        from eh_interop.formats import pdf

        return pdf.read(source, options.password)


@contextmanager
def named(kind: str) -> Iterator[None]:
    """Say what kind of document it is that cannot be read.

    Raises:
        RefusedError: it cannot be read.
    """
    try:
        yield
    except RefusedError as problem:
        raise RefusedError(problem.fault, f"This is {kind}. {problem.message}") from None
