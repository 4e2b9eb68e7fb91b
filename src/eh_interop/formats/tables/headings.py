"""The first row of a table: which column is which.

Columns are known by their headings, so their order does not matter, and a column
that is not there is as if nobody had filled it. The keys have to be there. A
heading that is not known is never quoted: if the first row was lost, it is a
value.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from eh_interop.core.findings import Finding
from eh_interop.formats.tables.cells import Decode, decoder
from eh_interop.formats.tables.faults import CellOrigin, finding, letters, unreadable
from eh_interop.formats.tables.joined import BLANKS
from eh_interop.formats.tables.layout import RECORD_ID, Table
from eh_interop.formats.tables.limits import MAX_COLUMNS
from eh_interop.reading.faults import Fault


@dataclass(frozen=True, slots=True)
class Setter:
    """How the cells of a column get into a record.

    Attributes:
        heading: the heading of the column.
        way: the groups that do not repeat, from the row's own group to the value.
        name: the name of the value in its group.
        decode: what reads a cell.
    """

    heading: str
    way: tuple[str, ...]
    name: str
    decode: Decode


@dataclass(frozen=True, slots=True)
class Headings:
    """What each column of a file is for.

    Attributes:
        keys: the index of each key column.
        record_id: the index of the repeated record id; None if it is not there.
        setters: one for each column; None for keys and for columns that are not known.
        names: all headings that are known.
    """

    keys: tuple[int, ...]
    record_id: int | None
    setters: tuple[Setter | None, ...]
    names: frozenset[str]


def read_headings(
    cells: Iterable[str], table: Table, version: str, origin: CellOrigin
) -> tuple[Headings, list[Finding]]:
    """Read the first row.

    Raises:
        UnreadableInputError: a key is missing, a heading stands there twice, or
            there are too many columns.
    """
    names = [cell.strip(BLANKS) for cell in cells]
    while names and not names[-1]:
        names.pop()
    if len(names) > MAX_COLUMNS:
        raise unreadable(origin, f"there are more than {MAX_COLUMNS:,} columns.")
    known = frozenset(table.headings)
    _refuse(names, table, known, origin)
    columns = {each.name: each for each in table.columns}
    setters: list[Setter | None] = []
    found: list[Finding] = []
    for index, name in enumerate(names):
        column = columns.get(name)
        if column:
            *way, last = column.path
            setters.append(Setter(name, tuple(way), last, decoder(column.field, version)))
            continue
        setters.append(None)
        if name and name not in known:
            told = f"column {letters(index)} is not one of this table. It was not read."
            found.append(finding(Fault.UNKNOWN_COLUMN, origin, told))
    keys = tuple(names.index(key) for key in table.keys)
    record_id = names.index(RECORD_ID) if table.name and RECORD_ID in names else None
    return Headings(keys, record_id, tuple(setters), known & frozenset(names)), found


def _refuse(names: list[str], table: Table, known: frozenset[str], origin: CellOrigin) -> None:
    for key in table.keys:
        if key not in names:
            why = _other_separator(names)
            raise unreadable(origin, f"the column {key} is missing from the headings.{why}")
    seen: set[str] = set()
    for name in names:
        if name in seen and name in known:
            raise unreadable(origin, f"the heading {name} stands there twice.")
        seen.add(name)


def _other_separator(names: list[str]) -> str:
    text = "".join(names[:1])
    if ";" in text or "\t" in text:
        return " Columns have to be set apart by commas: save it as CSV UTF-8 (comma delimited)."
    return ""
