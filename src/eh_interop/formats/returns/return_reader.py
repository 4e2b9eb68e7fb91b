"""Reading a return: its rows as records of the standard, as far as they go."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from eh_interop.core.errors import UnreadableInputError
from eh_interop.formats.returns.census_reading import Cells, Details, read_census
from eh_interop.formats.returns.draft import Draft
from eh_interop.formats.returns.grids import Grid, grids
from eh_interop.formats.returns.remarks import Remark, Say
from eh_interop.formats.returns.tables import Return, Table, load_return
from eh_interop.formats.returns.understanding import understand

_STEP_DOWN = "RC9"
"""The one reason for closure that means early help: after an assessment, referred to early help."""


@dataclass(frozen=True, slots=True)
class Read:
    """A record that was read from a row.

    Attributes:
        record: the record; often a part of one, so check it.
        file: the file, sheet or table.
        row: the row or line in it, from 1.
        origins: the column of each place that was filled from the row.
    """

    record: Mapping[str, Any]
    file: str
    row: int
    origins: Mapping[str, str]


def read_return(name: str, path: Path, say: Say) -> Iterator[Read]:
    """Yield a record for each event in a return: one child, one event.

    Args:
        name: ``annex-a``, ``ssd`` or ``cin``.
        path: a CSV, XLSX or XML file, or a folder of them.
        say: takes what could not be read, with file, row and column.

    Raises:
        MappingError: there is no such return.
        UnreadableInputError: nothing of the return can be found there.
    """
    whole = load_return(name)
    if not path.exists():
        raise UnreadableInputError("There is no such file or folder.")
    if "xml" in whole.formats:
        files = sorted(path.glob("*.xml")) if path.is_dir() else [path]
        nothing = True
        for file in files:
            for each in read_census(whole, file):
                nothing = False
                yield from _of_details(whole, file.name, each, say)
        if nothing:
            raise UnreadableInputError("No child with CINdetails is there.")
    else:
        yield from _of_tables(whole, path, say)


def _of_tables(whole: Return, path: Path, say: Say) -> Iterator[Read]:
    people = _people(whole, path)
    nothing = True
    for grid in grids(whole, path):
        if isinstance(grid, str):
            say(Remark("RET-027", grid))
            continue
        nothing = False
        _headings(grid, say)
        if grid.table.reads:
            for row in grid.rows:
                if found := _record(whole, grid, row, people, say):
                    yield found
    if nothing:
        raise UnreadableInputError(f"Nothing there has the columns of {whole.title}.")


def _people(whole: Return, path: Path) -> Mapping[str, Cells]:
    """Read the table of children, if the return has one: what the rows of others refer to."""
    people: dict[str, Cells] = {}
    if any(table.per for table in whole.tables):
        for grid in grids(whole, path):
            if isinstance(grid, Grid) and grid.table.per:
                for _, cells in grid.rows:
                    by_column = _by_column(grid, cells)
                    people.setdefault(_number(grid.table, by_column), by_column)
    return people


def _by_column(grid: Grid, cells: Mapping[str, Any]) -> Cells:
    columns = grid.columns
    return {
        column.heading: value
        for heading, value in cells.items()
        if (column := columns.get(heading))
    }


def _number(table: Table, cells: Cells) -> str:
    """Return the child's number in a row; empty if it has none."""
    column = next(each for each in table.columns if each.via == "child-id")
    return str(cells.get(column.heading, "")).strip()


def _headings(grid: Grid, say: Say) -> None:
    for heading, column in grid.columns.items():
        if column is None:
            say(Remark("RET-020", grid.file, heading))
    for column in grid.missing:
        if column.required:
            say(Remark("RET-021", grid.file, column.heading))


def _record(
    whole: Return,
    grid: Grid,
    row: tuple[int, Mapping[str, Any]],
    people: Mapping[str, Cells],
    say: Say,
) -> Read | None:
    number, given = row
    cells = _by_column(grid, given)
    child = _number(grid.table, cells)

    def remark(code: str, heading: str) -> None:
        say(Remark(code, grid.file, heading, row=number))

    if not child:
        remark("RET-024", "")
        return None
    draft = _draft(whole, grid.table, grid.table.reads, number)
    if grid.table.partner and child not in people:
        remark("RET-026", "")
    _understand(_partner(whole, grid.table), people.get(child, {}), draft)
    _understand(grid.table, cells, draft)
    for heading, column in grid.columns.items():
        if column is None and heading in given:
            draft.heading = heading
            draft.keep(given[heading])
    return _finished(draft, grid.file, number, remark)


def _draft(whole: Return, table: Table, record_type: str, number: int) -> Draft:
    record_id = f"{whole.name}-{table.key}-{number}".replace("_", "-")
    return Draft.of(record_type, record_id, whole.name)


def _partner(whole: Return, table: Table) -> Table | None:
    return next((each for each in whole.tables if each.key == table.partner), None)


def _understand(table: Table | None, cells: Mapping[str, Any], draft: Draft) -> None:
    for column in table.columns if table else ():
        if (value := cells.get(column.heading)) not in (None, "", []):
            understand(column, value, draft)


def _finished(draft: Draft, file: str, row: int, remark: Callable[[str, str], None]) -> Read:
    record = draft.record
    if record["recordType"] == "plan":
        # The return leaves the end blank while the help goes on.
        record["status"] = "closed" if "on" in record.get("closure", {}) else "open"
    if "expectedDateOfBirth" in draft.child and "dateOfBirth" not in draft.child:
        draft.child["unborn"] = True
    for code, heading in draft.said:
        remark(code, heading)
    return Read(record, file, row, MappingProxyType(draft.origins))


def _of_details(whole: Return, file: str, given: Details, say: Say) -> Iterator[Read]:
    children, details = whole.tables

    def remark(code: str, heading: str) -> None:
        say(Remark(code, file, heading, row=given.line))

    if not _number(children, given.child):
        remark("RET-024", "")
        return
    for path in given.unread:
        remark("RET-027", path)
    for record_type in _types(given):
        draft = _draft(whole, details, record_type, given.line)
        if record_type != details.reads:
            draft.record["recordId"] += f"-{record_type}"
        _understand(children, given.child, draft)
        _understand(details, _cells_for(record_type, details, given), draft)
        yield _finished(draft, file, given.line, remark)


def _types(given: Details) -> tuple[str, ...]:
    """Say which records one CINdetails is: a referral, and a step-down if it ended with one."""
    step_down = given.cells.get("ReasonForClosure", "").upper() == _STEP_DOWN
    return ("marf", "step-down") if step_down else ("marf",)


def _cells_for(record_type: str, table: Table, given: Details) -> Cells:
    """Take for a step-down only what a MARF has no field for, so that nothing is kept twice."""
    closing = {"CINclosureDate", "ReasonForClosure", "CINPlanDates"}
    splits = len(_types(given)) > 1
    return {
        column.heading: given.cells[column.heading]
        for column in table.columns
        if column.heading in given.cells
        and (not splits or (column.heading in closing) == (record_type == "step-down"))
    }
