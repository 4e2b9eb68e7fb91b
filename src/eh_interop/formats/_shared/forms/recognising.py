"""Which record a form is, and which of the forms that were studied it is like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from eh_interop.core.resources import csv_rows, folder
from eh_interop.formats._shared.forms.document import Block, Heading, Paragraph, Table, line_text
from eh_interop.formats._shared.forms.vocabulary import plain
from eh_interop.standard.forms import load_forms
from eh_interop.standard.schemas import load_standard

USUAL: Final = "marf"
"""What a form is taken for that does not say what it is: most of what is sent is a referral."""
_ENOUGH: Final = 0.5
_FEWEST: Final = 6
_TITLES: Final = 6
_WELSH: Final = frozenset(
    [
        "y",
        "yr",
        "ac",
        "yn",
        "o'r",
        "enw",
        "dyddiad",
        "geni",
        "cyfeiriad",
        "plentyn",
        "rhieni",
        "ysgol",
        "ffurflen",
        "atgyfeirio",
        "rhif",
        "ffon",
        "pobl",
        "ifanc",
    ]
)
_WELSH_ENOUGH: Final = 12


@cache
def _types() -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = csv_rows(folder("mappings") / "forms" / "record-types.csv")
    return tuple((row["record"], re.compile(row["pattern"])) for row in rows)


def record_type_of(said: str, title: str, blocks: Sequence[Block], labels: Iterable[str]) -> str:
    """Return the record type of a form.

    Args:
        said: what the form says of itself.
        title: of the document.
        blocks: of the form.
        labels: that stand on it.
    """
    if said in load_standard().record_types:
        return said
    for text in (*_headings(blocks), title):
        record = _named(plain(text))
        if record:
            return record
    return _like(frozenset(map(plain, labels))) or USUAL


def _named(text: str) -> str:
    return next((record for record, pattern in _types() if pattern.search(text)), "")


def _headings(blocks: Sequence[Block]) -> list[str]:
    """Return the first lines of a form, where its title stands."""
    texts: list[str] = []
    for block in blocks[: _TITLES * 2]:
        match block:
            case Heading(text=text):
                texts.append(text)
            case Paragraph(line=line) if len(line_text(line)) < 100:  # noqa: PLR2004
                texts.append(line_text(line))
            case Table(rows=rows) if rows and len(rows[0]) == 1:
                texts.append(rows[0][0].text[:100])
    return [text for text in texts if text][:_TITLES]


def _like(labels: frozenset[str]) -> str:
    """Return the record type of the studied form that has most of these labels."""
    best, most = "", _FEWEST - 1
    for form in load_forms():
        shared = len(labels & {plain(label) for _, label in form.labels})
        if shared > most and shared >= _ENOUGH * len(labels):
            best, most = form.record, shared
    return best


def is_welsh(texts: Iterable[str]) -> bool:
    """Return whether a form seems to be in Welsh."""
    words = [word for text in texts for word in plain(text).split()]
    return sum(word in _WELSH for word in words) >= min(_WELSH_ENOUGH, max(4, len(words) // 4))
