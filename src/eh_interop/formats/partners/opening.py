"""Opens a table only to see its headings."""

from __future__ import annotations

from pathlib import Path

from eh_interop.core.errors import MappingError, UnreadableInputError
from eh_interop.formats.partners.compiling import compile_table
from eh_interop.formats.partners.places import RefusedError
from eh_interop.formats.partners.tables import Table


def headings_of(path: Path, table: Table) -> tuple[str, ...] | None:
    """Return the headings of a partner's file; None if the mapping reads no tables.

    Raises:
        MappingError: the mapping names no record type that exists.
        UnreadableInputError: the file cannot be read.
    """
    if not table.tabular:
        return None
    plan, problems = compile_table(table)
    if plan is None:
        raise MappingError(f"{table.origin}: {problems[0].message}")
    try:
        if table.format == "csv":
            from eh_interop.formats.partners.sources.delimited import open_csv

            with open_csv(path, plan) as grid:
                return grid.headings
        from eh_interop.formats.partners.sources.workbooks import open_workbook

        with open_workbook(path, table) as grid:
            return grid.headings
    except RefusedError as error:
        raise UnreadableInputError(f"{path.name}: {error.message}") from None
