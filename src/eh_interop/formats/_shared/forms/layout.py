"""The layout of forms: which cell is a label, and which the answer to it.

Forms put a label beside its answer, above it, in the same cell, or at the head of a column; boxes
stand in the cell of their label or in a grid below it. Nothing here knows what a label means, only
whether it is one that is known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from eh_interop.core.findings import Origin
from eh_interop.formats._shared.forms.answers import (
    NOWHERE,
    FormAnswer,
    Found,
    Row,
    content_of,
    is_choice,
)
from eh_interop.formats._shared.forms.document import (
    Block,
    Cell,
    Heading,
    Line,
    Paragraph,
    Table,
    line_text,
    text_of,
)
from eh_interop.formats._shared.forms.labels_in_cells import is_bold, label_text, pairs_in
from eh_interop.standard.quotable import quoted_or

Cells: TypeAlias = tuple[Cell, ...]
_LONGEST_LABEL: Final = 300
_SOMEBODY: Final = re.compile(
    r"(child|young person|parent|carer|parent/carer|adult|person|sibling|mother"
    r"|father|baby)\W*(\d|one|two|three|four)?",
    re.IGNORECASE,
)
_DETAILS: Final = re.compile(
    r"detail|comment|note|reason|why|explain|information|evidence", re.IGNORECASE
)
_ASIDE: Final = re.compile(r"(?<=[:?])\s*\([^()\d]*\)\s*$")
"""What stands behind a label in brackets: *(delete as appropriate)*."""
_HAS_ANSWER: Final = re.compile(r"[:?]\s*[^\s)]")
"""A label and its answer stand in one cell."""


def found_in(blocks: Sequence[Block], knows: Callable[[str], bool]) -> Iterator[Found]:
    """Yield the answers of a form in order, and the rows of its tables.

    Args:
        blocks: of the form.
        knows: whether a text is a label that is known.
    """
    layout = _Layout(knows)
    for block in blocks:
        yield from layout.of(block)
    yield from layout.end()


@dataclass(slots=True)
class _Layout:
    knows: Callable[[str], bool]
    section: str = ""
    _waiting: str = ""
    """A label whose answer is still to come."""
    _lines: list[Line] = field(default_factory=list)
    _origin: Origin = NOWHERE
    _labels: dict[int, str] = field(default_factory=dict)
    """Labels of the row before, by their column."""
    _entry: int = 0
    _begun: bool = False
    """A label has been met: before it, a form only says what it is."""

    def of(self, block: Block) -> Iterator[Found]:
        """Yield what is found in one block."""
        match block:
            case Heading(text=text):
                yield from self.end()
                self.section = text
            case Paragraph():
                yield from self._paragraph(block)
            case Table():
                yield from self._table(block)

    def end(self) -> Iterator[Found]:
        """Yield the answer that was being gathered."""
        if self._waiting or self._lines:
            lines = tuple(self._lines)
            label, self._waiting, self._lines = self._waiting, "", []
            if label or text_of(lines):
                yield self._answer(label, lines, self._origin)

    def _answer(
        self, label: str, lines: tuple[Line, ...], origin: Origin, entry: int = 0
    ) -> FormAnswer:
        content = content_of(lines)
        label = label or content.before
        return FormAnswer(
            label=label,
            section=self.section,
            text=content.text,
            options=content.options,
            origin=replace(origin, label=quoted_or(label, "")),
            entry=entry,
            code=content.code,
        )

    # Lines outside of tables

    def _paragraph(self, block: Paragraph) -> Iterator[Found]:
        origin = Origin(page=block.page, paragraph=block.number)
        if not line_text(block.line) and not any(p.ticked is not None for p in block.line):
            return
        for label, lines in pairs_in((block.line,), self.knows):
            if label:
                yield from self.end()
                self._waiting, self._lines, self._origin = label, list(lines), origin
                self._begun = True
            elif self._waiting or (block.number and self._begun and not is_bold(block.line)):
                if not self._waiting and not self._lines:
                    self._origin = origin
                self._lines += lines

    # Tables

    def _table(self, table: Table) -> Iterator[Found]:
        rows = table.rows
        at = 0
        self._begun = True
        self._labels, self._entry = {}, 0
        formatted = _is_formatted(rows)
        while at < len(rows):
            cells = rows[at]
            origin = Origin(
                part=f"table {table.number}" if table.number else "", row=at + 1, page=table.page
            )
            shown = [cell for cell in cells if not cell.is_blank]
            if not shown:
                at += 1
            elif end := self._grid_end(rows, at, formatted=formatted):
                yield from self._drop_waiting()
                yield from self._grid(rows[at:end], origin)
                at = end
            elif all(_is_option(cell) for cell in shown):
                end = _end_of_options(rows, at)
                yield from self._option_grid(rows[at:end], origin)
                at = end
            elif len(cells) == 1:
                yield from self._whole_width(cells[0], origin, rows[at + 1 : at + 2], formatted)
                at += 1
            else:
                yield from self._drop_waiting()
                yield from self._beside(cells, origin, formatted=formatted)
                at += 1
        yield from self.end()

    def _drop_waiting(self) -> Iterator[Found]:
        """Take a label that waits above a row of labels for the heading of a section."""
        if self._waiting and not self._lines:
            self.section, self._waiting = self._waiting, ""
        yield from self.end()

    def is_label(self, cell: Cell, *, formatted: bool) -> bool:
        """Return whether a cell holds a label and nothing else."""
        text = _ASIDE.sub("", cell.text)
        if cell.is_fillable or not text or len(text) > _LONGEST_LABEL:
            return False
        shown = [line for line in cell.lines if line_text(line)]
        if cell.shaded or all(is_bold(line) for line in shown):
            return True
        if is_bold(shown[0]) and all(_is_aside(line) for line in shown[1:]):
            return True
        if text.endswith((":", "?")) and len(shown) == 1:
            return True
        return not formatted and not _HAS_ANSWER.search(text) and self.knows(text)

    def _grid_end(self, rows: Sequence[Cells], at: int, *, formatted: bool) -> int:
        """Return where a table with a heading row ends that begins here; 0 if none does."""
        head = rows[at]
        if at + 1 >= len(rows) or len(head) < 2 or len(rows[at + 1]) != len(head):  # noqa: PLR2004
            return 0
        blanks = sum(cell.is_blank for cell in head)
        if blanks > 1 or (blanks and not head[0].is_blank):
            return 0
        if not all(cell.is_blank or self.is_label(cell, formatted=formatted) for cell in head):
            return 0
        if all(self.is_label(cell, formatted=formatted) for cell in rows[at + 1]):
            return 0
        if not blanks and self._stand_beside(rows[at + 1 :], len(head), formatted=formatted):
            return 0
        end = at + 1
        while end < len(rows) and len(rows[end]) == len(head):
            row = rows[end]
            is_head = all(self.is_label(cell, formatted=formatted) for cell in row)
            if is_head or _spans(row) != _spans(head):
                break
            end += 1
        return end if end > at + 1 else 0

    def _stand_beside(self, rows: Sequence[Cells], width: int, *, formatted: bool) -> bool:
        """Return whether labels stand beside their answers in rows: every other cell is a label.

        An answer may be a word that is a label elsewhere: *Agency*, *School*.
        """
        if width % 2 or (width > 2 and formatted):  # noqa: PLR2004
            return False
        alike = [row for row in rows if len(row) == width and not row[0].is_blank]
        beside = sum(
            all(self.is_label(cell, formatted=formatted) for cell in row[::2] if not cell.is_blank)
            for row in alike
        )
        return bool(alike) and (beside == len(alike) if formatted else beside * 2 >= len(alike))

    def _grid(self, rows: Sequence[Cells], origin: Origin) -> Iterator[Found]:
        heads = [label_text(cell) for cell in rows[0]]
        choices = [at for at, head in enumerate(heads) if is_choice(head)]
        if len(choices) > 1:
            yield from self._matrix(rows[1:], heads, origin)
        elif len(heads) > 2 and all(map(_SOMEBODY.fullmatch, heads[1:])):  # noqa: PLR2004
            for column in range(1, len(heads)):
                cells = [(label_text(row[0]), row[column]) for row in rows[1:]]
                yield self._row(cells, origin, column, heads[column])
        else:
            for number, row in enumerate(rows[1:], 1):
                cells = list(zip(heads, row, strict=True))
                yield self._row(cells, replace(origin, row=origin.row + number), number)

    def _row(
        self, cells: list[tuple[str, Cell]], origin: Origin, number: int, who: str = ""
    ) -> Row:
        answers = [self._answer(head, cell.lines, origin) for head, cell in cells]
        section = f"{self.section}: {who}" if who else self.section
        return Row(section, tuple(answers), number)

    def _matrix(
        self, rows: Sequence[Cells], heads: Sequence[str], origin: Origin
    ) -> Iterator[Found]:
        """Read a table of questions with a column for each answer: a mark says which."""
        for number, row in enumerate(rows, 1):
            label = next((label_text(cell) for cell in row if not cell.is_blank), "")
            options, texts = list[tuple[str, bool]](), list[str]()
            for head, cell in zip(heads, row, strict=True):
                if is_choice(head):
                    ticked = [piece.ticked for piece in cell.pieces() if piece.ticked is not None]
                    options.append((head, any(ticked) if ticked else bool(cell.text)))
                elif _DETAILS.search(head) and cell.text != label:
                    texts.append(content_of(cell.lines).text)
            at = replace(origin, row=origin.row + number, label=quoted_or(label, ""))
            text = "\n".join(filter(None, texts))
            yield FormAnswer(
                label=label, section=self.section, text=text, options=tuple(options), origin=at
            )

    def _option_grid(self, rows: Sequence[Cells], origin: Origin) -> Iterator[Found]:
        lines = tuple(line for row in rows for cell in row for line in cell.lines)
        label = self._waiting or self.section
        self._waiting = ""
        yield self._answer(label, (*self._lines, *lines), origin)
        self._lines = []

    def _whole_width(
        self, cell: Cell, origin: Origin, following: Sequence[Cells], formatted: bool
    ) -> Iterator[Found]:
        if self.is_label(cell, formatted=formatted) and (
            not self._waiting or cell.shaded or formatted
        ):
            yield from self._drop_waiting()
            self._waiting, self._origin = label_text(cell).rstrip(":"), origin
            if following and len(following[0]) > 1 and not _all_options(following[0]):
                yield from self._drop_waiting()
            return
        for label, lines in pairs_in(cell.lines, self.knows):
            if label and not self._waiting:
                yield self._answer(label, lines, origin)
            elif label:
                yield from self._drop_waiting() if not self.knows(self._waiting) else self.end()
                yield self._answer(label, lines, origin)
            else:
                waiting, self._waiting = self._waiting, ""
                yield self._answer(waiting, (*self._lines, *lines), origin)
                self._lines = []

    def _beside(self, cells: Cells, origin: Origin, *, formatted: bool) -> Iterator[Found]:
        """Read a row of labels with their answers beside them."""
        labels: dict[int, str] = {}
        answers: dict[int, list[Line]] = {}
        column, owner = 0, -1
        continues = all(not self.is_label(cell, formatted=formatted) for cell in cells) and any(
            (cell.is_blank and cell.shaded) or cell.is_blank for cell in cells[:1]
        )
        for at, cell in enumerate(cells):
            previous = cells[at - 1] if at else None
            is_label = self.is_label(cell, formatted=formatted) and not (
                owner >= 0 and not answers[owner] and not cell.shaded and _unlike(previous, cell)
            )
            if is_label:
                owner = column
                labels[owner], answers[owner] = label_text(cell).rstrip(":"), []
            elif continues and cell.is_blank and column in self._labels:
                owner = column
                labels[owner], answers[owner] = self._labels[column], []
            elif owner >= 0:
                answers[owner] += cell.lines
            elif not cell.is_blank:
                yield from self._in_one_cell(cell, origin)
            column += cell.span
        self._entry = self._entry + 1 if continues else 0
        if not continues:
            self._labels = labels
        for start, label in labels.items():
            lines = tuple(answers[start])
            yield self._answer(label, lines, origin, self._entry)

    def _in_one_cell(self, cell: Cell, origin: Origin) -> Iterator[Found]:
        for label, lines in pairs_in(cell.lines, self.knows):
            yield self._answer(label, lines, origin)


def _is_aside(line: Line) -> bool:
    shown = [piece for piece in line if piece.text.strip()]
    return all(piece.faint for piece in shown)


def _unlike(label: Cell | None, cell: Cell) -> bool:
    """Return whether a cell looks otherwise than the label before it: then it is the answer."""
    if label is None:
        return False
    return (label.shaded, _bold(label)) != (cell.shaded, _bold(cell)) or not _bold(cell)


def _bold(cell: Cell) -> bool:
    shown = [line for line in cell.lines if line_text(line)]
    return bool(shown) and is_bold(shown[0])


def _is_formatted(rows: Sequence[Cells]) -> bool:
    """Return whether a table tells labels from answers by how they look."""
    looks = {cell.shaded or _bold(cell) for row in rows for cell in row if not cell.is_blank}
    return True in looks


def _is_option(cell: Cell) -> bool:
    """Return whether a cell holds a box with its words, and no label."""
    boxes = [piece for piece in cell.pieces() if piece.ticked is not None]
    if not boxes:
        return False
    content = content_of(cell.lines)
    return not content.before and not any(is_choice(words) for words, _ in content.options)


def _all_options(cells: Cells) -> bool:
    return all(cell.is_blank or _is_option(cell) for cell in cells)


def _end_of_options(rows: Sequence[Cells], at: int) -> int:
    while at < len(rows) and _all_options(rows[at]):
        at += 1
    return at


def _spans(row: Cells) -> tuple[int, ...]:
    return tuple(cell.span for cell in row)
