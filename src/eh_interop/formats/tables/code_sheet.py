"""The sheet that holds the lists to choose from."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any, Final

from eh_interop.formats.tables.faults import letters
from eh_interop.formats.tables.guidance import Guide
from eh_interop.formats.tables.layout import Layout
from eh_interop.standard.fields import Kind

SHEET: Final = "codeLists"


class CodeSheet:
    """Two columns for each list that a record type uses: the codes, and what they are called."""

    def __init__(self, layout: Layout, guide: Guide) -> None:
        """Find the lists."""
        fields = (column.field for table in layout.tables for column in table.columns)
        self._lists = sorted({field.code_list for field in fields if field.kind is Kind.CODE})
        self._guide = guide

    def range(self, code_list: str) -> str:
        """Return where the codes of a list stand, as a spreadsheet says it."""
        column = letters(2 * self._lists.index(code_list))
        last = 1 + len(self._guide.choices(code_list))
        return f"={SHEET}!${column}$2:${column}${last}"

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """Yield each code: its list, what to write, and what it is called."""
        for name in self._lists:
            for choice, title in zip(
                self._guide.choices(name), self._guide.titles(name), strict=True
            ):
                yield name, choice, title

    def write(self, sheet: Any) -> None:
        """Write the lists side by side."""
        columns: list[tuple[str, ...]] = []
        for name in self._lists:
            columns.append((name, *self._guide.choices(name)))
            columns.append(("", *self._guide.titles(name)))
        for row, cells in enumerate(zip_longest(*columns, fillvalue="")):
            for at, text in enumerate(cells):
                if text:
                    sheet.write_string(row, at, text)
        sheet.freeze_panes(1, 0)
