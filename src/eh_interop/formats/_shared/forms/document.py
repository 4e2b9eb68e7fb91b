"""A form as a neutral document: headings, lines and tables, whoever read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from eh_interop.core.findings import Finding

_BLANK: Final = re.compile("[\\s\u2000-\u200b\u00a0_\u2026]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of text of one kind, or a tick box.

    Attributes:
        text: what it says; of a tick box nothing.
        ticked: whether a tick box is ticked; None for text.
        answer: it stands in a control or field, which is there to be filled in.
        struck: it is crossed out.
        bold: it is bold.
        faint: it is in italics or grey, as guidance is.
        marked: it is highlighted, underlined or ringed, as a choice is.
        tag: the tag of its control: what a form of our own says of its place.
        code: what the list of a drop-down calls the choice, or the day of a date control.
    """

    text: str = ""
    ticked: bool | None = None
    answer: bool = False
    struck: bool = False
    bold: bool = False
    faint: bool = False
    marked: bool = False
    tag: str = ""
    code: str = ""


Line: TypeAlias = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table. ``shaded``: its background is coloured, as that of a label is."""

    lines: tuple[Line, ...]
    span: int = 1
    shaded: bool = False

    @property
    def text(self) -> str:
        """What it says, struck-out words left out."""
        return text_of(self.lines)

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it, not even an empty box."""
        return not self.text and not any(piece.ticked is not None for piece in self.pieces())

    def pieces(self) -> Iterator[Piece]:
        """Yield its pieces."""
        return (piece for line in self.lines for piece in line)

    @property
    def is_fillable(self) -> bool:
        """Whether it holds a control, a field or a tick box."""
        return any(piece.answer or piece.ticked is not None for piece in self.pieces())


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line outside of tables. ``number`` counts the paragraphs."""

    line: Line
    number: int = 0
    page: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A table. ``number`` counts the tables; ``page`` is 0 where there are no pages."""

    rows: tuple[tuple[Cell, ...], ...]
    number: int = 0
    page: int = 0


Block: TypeAlias = Heading | Paragraph | Table


@dataclass(frozen=True, slots=True)
class FormDocument:
    """A form as a reader found it.

    Attributes:
        kind: what it is, for people: ``Word document``.
        title: its title.
        blocks: what stands on it, in order.
        year: the year in which it was last saved or sent; 0 if nobody knows.
        record_type: what the form says of itself; empty if it does not.
        findings: what is to be said of the file.
    """

    kind: str
    title: str
    blocks: tuple[Block, ...] = field(repr=False)
    year: int = 0
    record_type: str = ""
    findings: tuple[Finding, ...] = ()


def text_of(lines: tuple[Line, ...]) -> str:
    """Return lines as text, struck-out words and blank lines left out."""
    texts = (line_text(line) for line in lines)
    return "\n".join(text for text in texts if text)


def line_text(line: Line) -> str:
    """Return one line as text, struck-out words left out; empty if it has only blanks."""
    text = "".join(piece.text for piece in line if not piece.struck)
    text = "\n".join(" ".join(part.split()) for part in text.split("\n")).strip()
    return "" if _BLANK.fullmatch(text) else text
