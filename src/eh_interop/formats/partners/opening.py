"""Opens a partner's table as its mapping declares it, also only to see its headings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from eh_interop.core.errors import MappingError, UnreadableInputError
from eh_interop.formats.partners.compiling import compile_table
from eh_interop.formats.partners.headings import match
from eh_interop.formats.partners.plan import Plan
from eh_interop.formats.partners.rejects import strip_rejects_columns
from eh_interop.formats.partners.tables import Table
from eh_interop.reading.refused import RefusedError
from eh_interop.reading.tabular import OpenTable, open_table


@contextmanager
def open_partner_table(
    source: Path | BinaryIO, table: Table, plan: Plan | None = None
) -> Iterator[OpenTable]:
    """Open the table that a mapping reads.

    Args:
        source: a path, or an open binary file.
        table: the mapping.
        plan: the same, compiled; its headings tell the delimiter.

    Raises:
        RefusedError: it cannot be read, or has no row of headings.
        MissingExtraError: a workbook needs the extra ``xlsx``.
    """
    with open_table(
        source,
        table.sheet,
        header_row=table.header_row,
        first_row=table.first_row,
        workbook=table.format != "csv",
        encoding=table.encoding,
        delimiter=table.delimiter,
        count_headings=_counter(plan) if plan else None,
    ) as opened:
        yield strip_rejects_columns(opened)


def _counter(plan: Plan) -> Callable[[Sequence[str]], int]:
    return lambda headings: len({bound.index for bound in match(plan, headings).bound})


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
        with open_partner_table(path, table, plan) as opened:
            return opened.headings
    except RefusedError as error:
        raise UnreadableInputError(f"{path.name}: {error.message}") from None
