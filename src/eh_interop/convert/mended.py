"""A file of rows that went back to a partner, mended and sent again, as the partner's own file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from eh_interop.formats.tables.formulas import unguarded

REASONS: Final = "What to put right"
"""The heading of the column with the reasons. It tells that a file was written by us."""


class Mended:
    """Takes off what we put on: the column with reasons, and the guards against formulas."""

    def __init__(self, headings: Sequence[str]) -> None:
        """Look at the headings of a file.

        Args:
            headings: as they stand in the file.
        """
        self._at = headings.index(REASONS) if REASONS in headings else -1

    def row(self, cells: Sequence[str]) -> Sequence[str]:
        """Return a row as the partner wrote it; of any other file, as it stands."""
        if self._at < 0:
            return cells
        own = [*cells[: self._at], *cells[self._at + 1 :]]
        return [unguarded(cell) if cell else "" for cell in own]
