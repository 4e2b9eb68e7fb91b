"""The rows that one sees on a page of a PDF: words and fields beside each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Final

from eh_interop.formats._shared.forms.document import Line, Piece
from eh_interop.formats._shared.forms.marks import with_boxes
from eh_interop.formats.pdf.fields import PdfField

_BOLD: Final = re.compile("bold|black|heavy|semib|demi", re.IGNORECASE)
_SLANTED: Final = re.compile("italic|oblique", re.IGNORECASE)
_SMALL: Final = 0.86
_GAP: Final = 1.1
"""A gap of so many letters' height sets two texts apart."""
_FURNITURE: Final = re.compile(
    r"https?://|^\W*(page )?\d+ ?(/|of) ?\d+\W*$|\bpage \d+( of \d+)?$", re.IGNORECASE
)
_MARGIN: Final = 0.06


@dataclass(frozen=True, slots=True)
class Word:
    """A word on a page."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    font: str

    @property
    def is_bold(self) -> bool:
        """Whether its font is a bold one."""
        return bool(_BOLD.search(self.font))

    @property
    def middle(self) -> float:
        """The middle of its height."""
        return (self.top + self.bottom) / 2


@dataclass(slots=True)
class VisualRow:
    """What stands beside each other on a page."""

    words: list[Word] = field(default_factory=list)
    fields: list[PdfField] = field(default_factory=list)

    @property
    def top(self) -> float:
        """Where it begins."""
        return min([word.top for word in self.words] + [one.top for one in self.fields])

    @property
    def bottom(self) -> float:
        """Where its words end."""
        return max([word.bottom for word in self.words] or [one.top + 12 for one in self.fields])

    @property
    def text(self) -> str:
        """Its words."""
        return " ".join(word.text for word in self.words)

    @property
    def is_bold(self) -> bool:
        """Whether all its words are bold."""
        return bool(self.words) and all(word.is_bold for word in self.words)

    @property
    def size(self) -> float:
        """The height of its letters."""
        return median(word.size for word in self.words) if self.words else 0.0

    def segments(self) -> list[list[Word]]:
        """Return its words, apart where there is a wide gap."""
        segments: list[list[Word]] = []
        for word in self.words:
            if segments and word.left - segments[-1][-1].right < _GAP * word.size:
                segments[-1].append(word)
            else:
                segments.append([word])
        return segments


def words_of(page: Any) -> list[Word]:
    """Return the words of a page of pdfplumber."""
    segments = page.extract_words(
        extra_attrs=["fontname", "size"], x_tolerance_ratio=0.15, use_text_flow=False
    )
    return [
        Word(
            one["text"],
            one["x0"],
            one["x1"],
            one["top"],
            one["bottom"],
            one["size"],
            one["fontname"],
        )
        for one in segments
    ]


def rows_of(words: Iterable[Word], fields: Iterable[PdfField] = ()) -> list[VisualRow]:
    """Return the rows of a page, from the top; a field belongs to the first line beside it."""
    rows: list[VisualRow] = []
    for word in sorted(words, key=lambda one: (one.middle, one.left)):
        row = next((one for one in rows[-3:] if _beside(one, word)), None)
        if row is None:
            row = VisualRow()
            rows.append(row)
        row.words.append(word)
    for one in sorted(fields, key=lambda one: (round(one.top), one.left)):
        row = next((row for row in rows if _is_beside(row, one)), None)
        if row is None:
            row = VisualRow()
            rows.append(row)
        row.fields.append(one)
    for row in rows:
        row.words.sort(key=lambda word: word.left)
        row.fields.sort(key=lambda one: one.left)
    return sorted(rows, key=lambda row: row.top)


def _beside(row: VisualRow, word: Word) -> bool:
    last = row.words[-1]
    return min(last.bottom, word.bottom) - max(last.top, word.top) > 0.5 * min(last.size, word.size)


def _is_beside(row: VisualRow, one: PdfField) -> bool:
    if not row.words:
        return abs(row.top - one.top) < 4  # noqa: PLR2004
    middle = (min(w.top for w in row.words) + max(w.bottom for w in row.words)) / 2
    return one.top - 2 <= middle <= min(one.bottom, one.top + 20) + 2


def is_furniture(row: VisualRow, height: float) -> bool:
    """Return whether a row is what a browser or printer puts around a page."""
    if row.fields:
        return False
    at_edge = row.top < height * _MARGIN or row.bottom > height * (1 - _MARGIN)
    return at_edge and bool(_FURNITURE.search(row.text) or row.size < 9)  # noqa: PLR2004


def line_of(words: Sequence[Word], fields: Sequence[PdfField] = (), size: float = 0.0) -> Line:
    """Return words and fields as a line of pieces, from left to right."""
    pieces: list[Piece] = []
    items: list[Word | PdfField] = sorted([*words, *fields], key=lambda one: one.left)
    for one in items:
        if isinstance(one, PdfField):
            tag = one.name if one.name.startswith("eh:") else ""
            pieces.append(
                Piece(text=one.value, ticked=one.ticked, answer=one.ticked is None, tag=tag)
            )
            continue
        faint = bool(_SLANTED.search(one.font)) or bool(size and one.size < size * _SMALL)
        look = Piece(text=f"{one.text} ", bold=one.is_bold, faint=faint)
        last = pieces[-1] if pieces else None
        if (
            last is not None
            and last.ticked is None
            and not last.answer
            and (last.bold, last.faint) == (look.bold, look.faint)
        ):
            pieces[-1] = Piece(text=last.text + look.text, bold=look.bold, faint=look.faint)
        else:
            pieces.append(look)
    return tuple(
        part
        for piece in pieces
        for part in (with_boxes(piece) if piece.text and not piece.answer else (piece,))
    )
