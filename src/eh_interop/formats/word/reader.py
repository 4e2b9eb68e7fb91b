"""Word documents as neutral forms: blocks in order, tables with their real cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Final

from eh_interop.core.findings import Finding
from eh_interop.formats._shared.forms.document import (
    Block,
    Cell,
    FormDocument,
    Heading,
    Line,
    Paragraph,
    Piece,
    Table,
    line_text,
)
from eh_interop.formats.word.lines import LineReader, control_of
from eh_interop.formats.word.numbering import number_rows
from eh_interop.formats.word.package import Element, Package, attribute, child, local, opened
from eh_interop.formats.word.styles import Styles
from eh_interop.formats.word.unlocking import unlocked
from eh_interop.reading.faults import DocumentFault
from eh_interop.reading.streams import RefusedError

KIND: Final = "a Word document"
_EXTRA: Final = re.compile(r"word/(header|footer|footnotes|endnotes)\d*\.xml")
_GROUPS: Final = frozenset(
    {"group", "docPartObj", "docPartList", "repeatingSection", "repeatingSectionItem"}
)
_THROUGH: Final = frozenset({"ins", "moveTo", "customXml", "smartTag", "sdtContent", "footnote"})
_DEEPEST: Final = 40
_RECORD_TYPE: Final = "eh-interop-record-type"
_WHITE: Final = frozenset({"", "auto", "ffffff", "clear"})


def read(source: Path | BinaryIO, password: str = "") -> FormDocument:
    """Read a Word document.

    Args:
        source: the file.
        password: opens it, if it is protected.

    Raises:
        MissingExtraError: it is protected, and the extra ``forms`` is not installed.
        RefusedError: it is damaged, protected, too large or no Word document.
    """
    with unlocked(source, password) as plain, opened(plain) as package:
        main = package.part(_main_part(package))
        body = child(main, "body")
        if body is None:
            raise RefusedError(DocumentFault.DAMAGED, "There is no text in this Word document.")
        number_rows(body)
        blocks = _Blocks(LineReader(Styles.of(package.part("word/styles.xml"))))
        read_blocks = list(blocks.of(body))
        for name in sorted(filter(_EXTRA.fullmatch, package.names)):
            part = package.part(name)
            beside = blocks.of(part) if part is not None else ()
            read_blocks += (
                replace(one, number=0) if isinstance(one, Paragraph) else one for one in beside
            )
        properties = _Properties.of(package)
        return FormDocument(
            kind=KIND,
            title=properties.title,
            blocks=tuple(read_blocks),
            year=properties.year,
            record_type=properties.record_type,
            findings=tuple(_findings(package, blocks)),
        )


def _main_part(package: Package) -> str:
    relations = package.part("_rels/.rels")
    for one in relations if relations is not None else ():
        if attribute(one, "Type").endswith("/officeDocument"):
            return attribute(one, "Target").lstrip("/")
    return "word/document.xml"


def _findings(package: Package, blocks: _Blocks) -> Iterator[Finding]:
    never = list(package.not_followed())
    if any(_leads_outside(package, name) for name in package.names):
        never.append("links to other files")
    if never:
        yield DocumentFault.NOT_FOLLOWED.finding(
            f"It holds {', '.join(never)}. They were not opened, and nothing was fetched."
        )
    if blocks.lines.deletions:
        yield DocumentFault.CHANGES_LEFT_OUT.finding()


def _leads_outside(package: Package, name: str) -> bool:
    """Return whether a part loads something from elsewhere. A link to click on loads nothing."""
    if not name.endswith(".rels"):
        return False
    part = package.part(name)
    return part is not None and any(
        attribute(one, "TargetMode") == "External"
        and not attribute(one, "Type").endswith("/hyperlink")
        for one in part
    )


@dataclass(frozen=True, slots=True)
class _Properties:
    title: str = ""
    year: int = 0
    record_type: str = ""

    @classmethod
    def of(cls, package: Package) -> _Properties:
        core, custom = package.part("docProps/core.xml"), package.part("docProps/custom.xml")
        texts = {local(one): one.text or "" for one in core} if core is not None else {}
        own = (
            [one for one in custom if attribute(one, "name") == _RECORD_TYPE]
            if custom is not None
            else []
        )
        saved = texts.get("modified", "")[:4]
        return cls(
            title=texts.get("title", ""),
            year=int(saved) if saved.isdigit() else 0,
            record_type="".join(map(str, own[0].itertext())).strip() if own else "",
        )


@dataclass(slots=True)
class _Blocks:
    """Walks through the body, a cell or a text box. It counts paragraphs and tables."""

    lines: LineReader
    paragraphs: int = 0
    tables: int = 0
    _depth: int = 0

    def of(self, element: Element, within: Piece | None = None) -> Iterator[Block]:
        """Yield the blocks of an element in order, text boxes after the block they lie in."""
        if self._depth > _DEEPEST:
            raise RefusedError(
                DocumentFault.TOO_LARGE, "Its tables lie too deep inside each other."
            )
        self._depth += 1
        for one in element:
            name = local(one)
            if name == "p":
                yield from self._paragraph(one, within)
            elif name == "tbl":
                yield from self._table(one)
            elif name == "sdt":
                yield from self._control(one, within)
            elif name in _THROUGH:
                yield from self.of(one, within)
            yield from self._text_boxes()
        self._depth -= 1

    def _text_boxes(self) -> Iterator[Block]:
        while self.lines.boxes:
            box = self.lines.boxes.pop(0)
            yield from self.of(box)

    def _paragraph(self, element: Element, within: Piece | None) -> Iterator[Block]:
        self.paragraphs += 1
        heading = self.lines.styles.is_heading(child(element, "pPr"))
        for line in self.lines.lines(element, within):
            if heading and line_text(line):
                yield Heading(line_text(line))
            else:
                yield Paragraph(line, self.paragraphs)

    def _control(self, element: Element, within: Piece | None) -> Iterator[Block]:
        content = child(element, "sdtContent")
        if content is None:
            return
        properties = child(element, "sdtPr")
        kinds = {local(one) for one in properties} if properties is not None else set()
        if kinds & _GROUPS or any(local(one) in {"tbl", "tr", "tc"} for one in content):
            yield from self.of(content)
            return
        control = control_of(element, within)
        if control.ticked is not None or not control.answer:
            yield Paragraph((control,), self.paragraphs)
        else:
            yield from self.of(content, control)

    def _table(self, element: Element) -> Iterator[Block]:
        self.tables += 1
        number = self.tables
        rows: list[tuple[Cell, ...]] = []
        above: dict[int, Cell] = {}
        for row in _rows(element):
            nested: list[Block] = []
            cells: list[Cell] = []
            column = 0
            for one in _cells(row):
                cell, inner = self._cell(one)
                if _continues(one):
                    cell = replace(above.get(column, cell), span=cell.span)
                above[column] = cell
                column += cell.span
                cells.append(cell)
                nested += inner
            rows.append(tuple(cells))
            if nested:
                yield Table(tuple(rows), number)
                yield from nested
                rows = []
        if rows:
            yield Table(tuple(rows), number)

    def _cell(self, element: Element) -> tuple[Cell, list[Block]]:
        """Read a cell. Tables and what lies after them are blocks of their own."""
        properties = child(element, "tcPr")
        lines: list[Line] = []
        nested: list[Block] = []
        for block in self.of(element):
            match block:
                case Paragraph(line=line) if not nested:
                    lines.append(line)
                case Heading(text=text) if not nested:
                    lines.append((Piece(text=text, bold=True),))
                case _:
                    nested.append(block)
        span = attribute(child(properties, "gridSpan"), "val", "1")
        fill = attribute(child(properties, "shd"), "fill").lower()
        cell = Cell(tuple(lines), int(span) if span.isdigit() else 1, shaded=fill not in _WHITE)
        return cell, [block for block in nested if not _is_blank(block)]


def _is_blank(block: Block) -> bool:
    return (
        isinstance(block, Paragraph)
        and not line_text(block.line)
        and not any(piece.ticked is not None for piece in block.line)
    )


def _rows(table: Element) -> Iterator[Element]:
    for one in table:
        name = local(one)
        if name == "tr" and child(child(one, "trPr"), "del") is None:
            yield one
        elif name == "sdt" and (content := child(one, "sdtContent")) is not None:
            yield from _rows(content)
        elif name in _THROUGH:
            yield from _rows(one)


def _cells(row: Element) -> Iterator[Element]:
    for one in row:
        name = local(one)
        if name == "tc":
            yield one
        elif name == "sdt" and (content := child(one, "sdtContent")) is not None:
            yield from _cells(content)
        elif name in _THROUGH:
            yield from _cells(one)


def _continues(cell: Element) -> bool:
    """Return whether a cell is a part of the one above it."""
    merge = child(child(cell, "tcPr"), "vMerge")
    return merge is not None and attribute(merge, "val", "continue") == "continue"
