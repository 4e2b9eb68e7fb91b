"""Guidance: what to write in each column of a template, and the code lists to choose from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any, Final

from eh_interop.formats.tables.cells import LABEL_SEPARATOR
from eh_interop.formats.tables.layout import (
    RECORD,
    RECORD_ID,
    CanonicalTable,
    TableColumn,
    TableLayout,
)
from eh_interop.formats.tables.table_reader import GUIDANCE
from eh_interop.reading.tabular import column_letters
from eh_interop.standard.areas import Area
from eh_interop.standard.fields import Field, Kind
from eh_interop.standard.schemas import Standard

CODE_SHEET: Final = "codeLists"
"""The sheet of a workbook that holds the lists to choose from."""
_FEW: Final = 8
"""Code lists up to this length are written out."""
_FORMS: Final[Mapping[Kind, str]] = {
    Kind.DATE: "A date: YYYY-MM-DD.",
    Kind.DATE_TIME: "A date and time with its zone: YYYY-MM-DDThh:mm:ssZ.",
    Kind.BOOLEAN: "true or false.",
    Kind.INTEGER: "A whole number.",
    Kind.DECIMAL: "A number.",
    Kind.REASONS: "Fields that are missing, and why: field=not-known; other-field=refused.",
    Kind.LOCAL: "Your own fields, as JSON.",
}


class ColumnGuide:
    """Explains the columns of tables, in the words of an area."""

    def __init__(
        self, standard: Standard, area: Area | None = None, needed: frozenset[str] = frozenset()
    ) -> None:
        """Take the standard, an area with its labels, and the columns that have to be filled."""
        self._standard = standard
        self._area = area
        self._needed = needed

    def row(self, table: CanonicalTable) -> list[str]:
        """Return a row that explains each column. Reading knows it by its first cell."""
        keys = [self._key(name, table) for name in table.lead]
        return [*keys, *(self.column(column) for column in table.columns)]

    def _key(self, name: str, table: CanonicalTable) -> str:
        if name == RECORD:
            return GUIDANCE
        if name == RECORD_ID:
            return "The id of the record again. It may stay empty."
        if name == table.name:
            return "Number of this row within what it belongs to: 1, 2, 3."
        return f"Number of the row in {name} that this belongs to."

    def column(self, column: TableColumn) -> str:
        """Say what to write in a column."""
        field = column.field
        many = "Several: set them apart by a semicolon." if field.repeats else ""
        must = "Needed." if column.required or column.name in self._needed else ""
        parts = (f"{field.title}.", must, self._form(field), many, self._labels(field))
        return " ".join(filter(None, parts))

    def _form(self, field: Field) -> str:
        if field.refers_to:
            return f"The id of a row in {' or '.join(field.refers_to)}."
        if field.kind is Kind.CODE:
            choices = self.choices(field.code_list)
            few = len(choices) <= _FEW
            return f"One of {'; '.join(choices)}." if few else f"A code of {field.code_list}."
        return _FORMS.get(field.kind, "")

    def _labels(self, field: Field) -> str:
        """Say what an area calls the numbers of a field, such as its levels."""
        labels = self._area.labels.get(field.name, {}) if self._area else {}
        if field.kind is not Kind.INTEGER or not labels:
            return ""
        return f"{'; '.join(f'{number} {label}' for number, label in labels.items())}."

    def choices(self, code_list: str) -> tuple[str, ...]:
        """Return what to choose from: codes, followed by the label if there is an area."""
        rows = self._standard.codes(code_list)
        if self._area is None:
            return tuple(row.code for row in rows)
        labels = self._area.labels.get(code_list, {})
        return tuple(
            f"{row.code}{LABEL_SEPARATOR}{labels.get(row.code, row.title)}" for row in rows
        )

    def titles(self, code_list: str) -> tuple[str, ...]:
        """Return what the codes of a list are called."""
        return tuple(row.title for row in self._standard.codes(code_list))


class CodeSheet:
    """Two columns for each list that a record type uses: the codes, and what they are called."""

    def __init__(self, layout: TableLayout, guide: ColumnGuide) -> None:
        fields = (column.field for table in layout.tables for column in table.columns)
        self._lists = sorted({field.code_list for field in fields if field.kind is Kind.CODE})
        self._guide = guide

    def range(self, code_list: str) -> str:
        """Return where the codes of a list stand, as a spreadsheet says it."""
        column = column_letters(2 * self._lists.index(code_list))
        last = 1 + len(self._guide.choices(code_list))
        return f"={CODE_SHEET}!${column}$2:${column}${last}"

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
