"""Rows of a partner's table: what is no record, what has slipped, and what is sent twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum, auto
from itertools import chain, islice, pairwise
from typing import Final

from eh_interop.formats.partners.draft_grammar import meanings
from eh_interop.reading.tabular import TableRow

_SAMPLE: Final = 50
"""Rows whose width is looked at before any is read."""
_MOST: Final = 0.8
_HEADINGS: Final = 2
"""So many headings at least begin a table."""


class RowWidths:
    """How wide the rows of a text file are: one that is wider than all others has slipped.

    Attributes:
        rows: the rows, those that were looked at too.
    """

    def __init__(self, rows: Iterator[TableRow], headings: int, *, delimited: bool) -> None:
        first = list(islice(rows, _SAMPLE)) if delimited else []
        self.rows = chain(first, rows)
        self._delimited = delimited
        widths = Counter(len(row.cells) for row in first if any(row.cells))
        usual, times = widths.most_common(1)[0] if widths else (headings, 0)
        is_usual = times > 1 and times >= _MOST * widths.total()
        self._usual = usual if is_usual else 0
        self._most = max(headings, self._usual)

    def is_too_wide(self, row: TableRow) -> bool:
        """Return whether a row has more cells than it should, blank ones too."""
        return self._delimited and len(row.cells) > self._most

    def is_too_narrow(self, row: TableRow) -> bool:
        """Return whether a row has fewer cells than nearly all others."""
        return self._delimited and len(row.cells) < self._usual


def slips_at(cells: Sequence[str]) -> int | None:
    """Return the column that holds the rest of a text that was cut in two; None if none does.

    Such a text goes on with a space: only people write one after a comma.
    """
    pairs = enumerate(pairwise(cells), 1)
    return next((at for at, (before, cell) in pairs if before and cell[:1] == " "), None)


def realigned(cells: Sequence[str], delimiter: str) -> list[str]:
    """Return the cells of a row in which a text was cut in two, with that text whole again."""
    at = slips_at(cells)
    if at is None:
        return list(cells)
    return [*cells[: at - 1], f"{cells[at - 1]}{delimiter}{cells[at]}", *cells[at + 1 :]]


def looks_like_headings(cells: Sequence[object]) -> bool:
    """Return whether every cell of a row is a heading: another table begins, or the same again."""
    filled = [cell.strip() for cell in cells if isinstance(cell, str) and cell.strip()]
    others = sum(cell not in {None, ""} and not isinstance(cell, str) for cell in cells)
    if others or len(filled) < _HEADINGS or any(map(str.isdigit, "".join(filled))):
        return False
    return all(one is not None for one in meanings(filled))


class Seen(Enum):
    """Whether an id was there before."""

    NEW = auto()
    SAME = auto()
    """With the same content: the rows were sent twice."""
    OTHER = auto()
    """With other content."""


class SeenIds:
    """The ids of a file. Of each only a number of 64 bits is kept, and one of what it stood for."""

    def __init__(self) -> None:
        self._contents: dict[int, int] = {}

    def see(self, record_id: str, rows: Iterable[tuple[str, ...]]) -> Seen:
        """Note an id and its rows, and return whether it was there before."""
        name, content = hash(record_id), hash(tuple(rows))
        before = self._contents.get(name)
        if before is None:
            self._contents[name] = content
            return Seen.NEW
        return Seen.SAME if before == content else Seen.OTHER
