"""Pages of a PDF as blocks of a form: headings, tables with ruling lines, labels beside answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any, Final

from eh_interop.formats._shared.forms.document import (
    Block,
    Cell,
    Heading,
    Line,
    Paragraph,
    Piece,
    Table,
)
from eh_interop.formats.pdf.fields import PdfField, name_as_label
from eh_interop.formats.pdf.rows import VisualRow, Word, is_furniture, line_of, rows_of, words_of

_HEADING: Final = 1.12
_NEAR: Final = 3.0
_FEWEST: Final = 3
_LONGEST_LABEL: Final = 160


@dataclass(slots=True)
class PageReader:
    """Turns pages into blocks. It counts paragraphs and tables over all pages."""

    paragraphs: int = 0
    tables: int = 0

    def blocks(self, page: Any, fields: Sequence[PdfField]) -> Iterator[Block]:
        """Yield the blocks of a page of pdfplumber."""
        number = int(page.page_number)
        words = words_of(page)
        ruled = (
            []
            if fields
            else [
                one
                for one in page.find_tables()
                if len(one.rows) > 1 and len(one.rows[0].cells) > 1
            ]
        )
        inside = [one.bbox for one in ruled]
        free = [word for word in words if not any(_lies_in(word, box) for box in inside)]
        rows = [row for row in rows_of(free, fields) if not is_furniture(row, float(page.height))]
        size = median([word.size for word in words]) if words else 0.0
        placed: list[tuple[float, Block]] = [
            (table.bbox[1], self._ruled(table, words, number, size)) for table in ruled
        ]
        grids = _field_grids(rows)
        used = {id(row) for grid in grids for row in grid}
        placed += ((grid[0].top, self._field_grid(grid, number)) for grid in grids)
        rest = [row for row in rows if id(row) not in used]
        split = _split_of(rest) if not fields else 0.0
        rules = [float(one["top"]) for one in (*page.rects, *page.lines) if one["height"] < _NEAR]
        placed += self._free(rest, number, size, split, rules)
        yield from (block for _, block in sorted(placed, key=lambda one: one[0]))

    def _free(
        self,
        rows: Sequence[VisualRow],
        page: int,
        size: float,
        split: float,
        rules: Sequence[float],
    ) -> Iterator[tuple[float, Block]]:
        """Yield what stands outside of tables."""
        group: list[VisualRow] = []
        has_fields, above = any(row.fields for row in rows), ""
        for row in rows:
            is_heading = not row.fields and row.size >= size * _HEADING and row.is_bold
            fits = bool(split) and not any(
                word.left < split - 1 < word.right - 1 for word in row.words
            )
            if group and (is_heading or not fits or _begins(group, row, split, rules)):
                yield group[0].top, self._beside(group, page, size, split)
                group = []
            if is_heading:
                yield row.top, Heading(row.text)
            elif fits:
                group.append(row)
            else:
                self.paragraphs += 1
                yield (
                    row.top,
                    Paragraph(
                        _labelled(row, size, above, has_fields=has_fields), self.paragraphs, page
                    ),
                )
            above = row.text if not row.fields else ""
        if group:
            yield group[0].top, self._beside(group, page, size, split)

    def _beside(self, group: Sequence[VisualRow], page: int, size: float, split: float) -> Block:
        """Make a label and the answer beside it, each of one or several lines."""
        self.paragraphs += 1
        left = [[word for word in row.words if word.left < split - 1] for row in group]
        right = [[word for word in row.words if word.left >= split - 1] for row in group]
        label = tuple(piece for words in left for piece in line_of(words, size=size))
        answer = tuple(line_of(words, size=0) for words in right if words)
        answer = tuple(tuple(replace(piece, bold=False) for piece in line) for line in answer)
        if not label:
            return Table(((Cell(answer),),), 0, page)
        return Table(((Cell((label,), shaded=True), Cell(_joined(answer, right))),), 0, page)

    def _ruled(self, table: Any, words: Sequence[Word], page: int, size: float) -> Table:
        self.tables += 1
        rows: list[tuple[Cell, ...]] = []
        for row in table.rows:
            cells: list[Cell] = []
            for box in row.cells:
                if box is None:
                    if cells:
                        cells[-1] = replace(cells[-1], span=cells[-1].span + 1)
                    continue
                own = [word for word in words if _lies_in(word, box)]
                lines = tuple(line_of(one.words, size=size) for one in rows_of(own))
                cells.append(Cell(lines))
            rows.append(tuple(cells))
        return Table(tuple(rows), self.tables, page)

    def _field_grid(self, grid: Sequence[VisualRow], page: int) -> Table:
        """Make a table of fields in rows, below a line of words that are their headings."""
        self.tables += 1
        head, *rows = grid
        starts = [one.left for one in rows[0].fields]
        heads: list[Line] = []
        for at, start in enumerate(starts):
            end = starts[at + 1] if at + 1 < len(starts) else float("inf")
            words = [word for word in head.words if start - _NEAR <= word.left < end - _NEAR]
            heads.append((Piece(text=" ".join(word.text for word in words), bold=True),))
        cells = [tuple(Cell((line,), shaded=True) for line in heads)]
        cells += [tuple(Cell((line_of((), (one,)),)) for one in row.fields) for row in rows]
        return Table(tuple(cells), self.tables, page)


def _lies_in(word: Word, box: tuple[float, float, float, float]) -> bool:
    x0, top, x1, bottom = box
    return x0 - 1 <= (word.left + word.right) / 2 <= x1 + 1 and top - 1 <= word.middle <= bottom + 1


def _field_grids(rows: Sequence[VisualRow]) -> list[list[VisualRow]]:
    """Return rows of fields that lie below each other, each with the row of headings above them."""
    grids: list[list[VisualRow]] = []
    at = 1
    while at < len(rows):
        end = at
        while (
            end < len(rows) and _is_field_row(rows[end]) and _starts(rows[end]) == _starts(rows[at])
        ):
            end += 1
        if end - at > 1 and rows[at - 1].words and not rows[at - 1].fields:
            grids.append(list(rows[at - 1 : end]))
        at = max(end, at + 1)
    return grids


def _is_field_row(row: VisualRow) -> bool:
    return not row.words and len([one for one in row.fields if one.ticked is None]) > 1


def _starts(row: VisualRow) -> tuple[int, ...]:
    return tuple(round(one.left / 4) for one in row.fields)


def _labelled(row: VisualRow, size: float, above: str, *, has_fields: bool) -> Line:
    """Return a row as a line; a field with nothing printed beside or above it says its own label.

    On a form with fields what is printed is a label, whatever it looks like.
    """
    line = line_of(row.words, row.fields, size)
    if has_fields and not row.fields:
        is_label = len(row.text) <= _LONGEST_LABEL
        line = tuple(replace(piece, bold=is_label, faint=not is_label) for piece in line)
    if not row.words and row.fields and row.fields[0].ticked is None:
        first = row.fields[0]
        is_below_label = bool(above) and len(above) <= _LONGEST_LABEL
        label = first.hint or ("" if is_below_label else name_as_label(first.name))
        label = "" if label == above else label
        return (Piece(text=f"{label}: ", bold=True), *line) if label else line
    return line


def _split_of(rows: Sequence[VisualRow]) -> float:
    """Return where the answers begin on a page of labels and answers; 0 if nowhere."""
    starts = Counter(
        round(segments[1][0].left)
        for row in rows
        if len(segments := row.segments()) == 2  # noqa: PLR2004
    )
    start, count = max(starts.items(), key=lambda one: one[1], default=(0, 0))
    return float(start) if count >= _FEWEST else 0.0


def _begins(
    group: Sequence[VisualRow], row: VisualRow, split: float, rules: Sequence[float]
) -> bool:
    """Return whether a row begins the next label: a line is drawn above it, or it has a label."""
    above, below = group[-1].bottom, row.top
    if any(above - _NEAR <= rule <= below + _NEAR for rule in rules):
        return True
    has_label = any(word.left < split - 1 for word in row.words)
    has_answer = any(word.left >= split - 1 for word in row.words)
    if not has_label:
        return False
    label = " ".join(word.text for one in group for word in one.words if word.left < split - 1)
    wraps = not has_answer and not label.endswith(("?", ":")) and below - above < row.size * 0.4
    return not wraps


def _joined(answer: tuple[Line, ...], right: Sequence[Sequence[Word]]) -> tuple[Line, ...]:
    """Join lines of an answer that were only broken because the column was full."""
    shown = [words for words in right if words]
    if len(shown) < 2:  # noqa: PLR2004
        return answer
    edge = max(words[-1].right for words in shown)
    lines: list[Line] = []
    full = False
    for words, line in zip(shown, answer, strict=True):
        if full and lines:
            lines[-1] = (*lines[-1], *line)
        else:
            lines.append(line)
        full = words[-1].right > edge - 6 * words[-1].size
    return tuple(lines)
