"""The tables of ``mappings/returns``: what each return holds, in which order, and from where.

A table is data: headings, where a value stands in a record, which code map it
goes through, and what a return does not take. There are no conditions in it;
``README.md`` beside the tables lists the whole vocabulary. One table serves both
directions.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any

from eh_interop.core.errors import MappingError
from eh_interop.core.resources import folder


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table, or one element of a census.

    Attributes:
        heading: its exact name.
        aliases: other spellings that are met in real files.
        ours: pointers into the record, the best first; ``/children/*/`` begins one in the child.
        joined: pointers into the record that answers this one; ``@`` begins a word.
        via: name of a pair of functions in :mod:`eh_interop.formats.returns.ways`.
        covers: pointers that such a pair reads.
        form: ``text``, ``date``, ``number``, ``list``, ``flags`` or ``plans``.
        flags: names of the flags, in order.
        codes: name of the code map in ``mappings/codes/returns``.
        code_list: the code list of ours.
        missing: code map for a value that is missing with a reason.
        required: the receiver asks for a value in each row.
        unfilled: why nothing is written here.
    """

    heading: str
    aliases: tuple[str, ...] = ()
    ours: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    via: str = ""
    covers: tuple[str, ...] = ()
    form: str = "text"
    flags: tuple[str, ...] = ()
    codes: str = ""
    code_list: str = ""
    missing: str = ""
    required: bool = False
    unfilled: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """Which records make rows of a table.

    Attributes:
        record: the record type.
        on: pointers to the day of the event, the best first; empty if it needs none.
        until: pointers to its last day. With them it belongs if it was open in the window.
        constant: what some columns always say.
    """

    record: str
    on: tuple[str, ...] = ()
    until: tuple[str, ...] = ()
    constant: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Table:
    """One list or table of a return.

    Attributes:
        key: its name here.
        file: the name of its file, without the ending.
        sheet: the name of its sheet in a workbook.
        title: what people call it.
        events: which records make rows.
        columns: its columns, in order.
        reads: which type of record a row becomes; empty if a row is no event.
        per: ``child`` for one row for each child; empty for one for each child and record.
        partner: the table with the facts of the child, for reading.
        months: calendar months before the given day; 0 for no limit.
        counts: months over which events of a child are counted; 0 for no count.
    """

    key: str
    file: str
    sheet: str
    title: str
    events: tuple[Event, ...]
    columns: tuple[Column, ...]
    reads: str = ""
    per: str = ""
    partner: str = ""
    months: int = 0
    counts: int = 0


@dataclass(frozen=True, slots=True)
class Join:
    """A record that answers another: its type, which record it names, and when it was made."""

    record: str
    on: str
    at: str
    covers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Return:
    """A statutory return, or a set of tables that councils load.

    Attributes:
        name: as it is asked for.
        title: what people call it.
        edition: of whose columns and codes it is.
        system: the code system of that edition.
        dates: how days are written.
        file: the name of a file that holds the whole return, without the ending.
        formats: in which it can be written, the usual one first.
        notes: what who uses it has to know.
        tables: its tables, in order.
        join: records that answer others.
        lost: pointers that it does not take, each with the reason; the longest that fits counts.
    """

    name: str
    title: str
    edition: str
    system: str
    dates: str
    file: str
    formats: tuple[str, ...]
    notes: tuple[str, ...]
    tables: tuple[Table, ...]
    join: Join | None
    lost: Mapping[str, str]

    @property
    def records(self) -> frozenset[str]:
        """The types of the records that make rows."""
        return frozenset(event.record for table in self.tables for event in table.events)


def return_names() -> tuple[str, ...]:
    """Return the names of all returns: one for each table file."""
    return tuple(sorted(path.stem for path in (folder("mappings") / "returns").glob("*.toml")))


@cache
def load_return(name: str) -> Return:
    """Read the tables of a return.

    Raises:
        MappingError: there is no such return, or its file is not in the vocabulary.
    """
    if name not in return_names():
        raise MappingError(f"There is no such return. There are {', '.join(return_names())}.")
    path = folder("mappings") / "returns" / f"{name}.toml"
    try:
        given = tomllib.loads(path.read_text("utf-8"))
        common = tuple(_made(Column, each) for each in given.pop("column", ()))
        tables = tuple(_table(each, common) for each in given.pop("table"))
        join = _made(Join, given.pop("join")) if "join" in given else None
        lost = {each["ours"]: each["why"] for each in given.pop("lost")}
        return Return(
            name=name,
            tables=tables,
            join=join,
            lost=MappingProxyType(lost),
            formats=tuple(given.pop("formats")),
            notes=tuple(given.pop("notes")),
            **given,
        )
    except (tomllib.TOMLDecodeError, TypeError, KeyError) as error:
        raise MappingError(f"{path.name} is not written as a return has to be: {error}.") from None


def _table(given: Mapping[str, Any], common: tuple[Column, ...]) -> Table:
    known = {key: value for key, value in given.items() if key not in {"event", "column", "with"}}
    return Table(
        events=tuple(_made(Event, each) for each in given["event"]),
        columns=(*common, *(_made(Column, each) for each in given["column"])),
        partner=given.get("with", ""),
        **known,
    )


def _made(kind: Any, given: Mapping[str, Any]) -> Any:
    return kind(**{key: tuple(v) if isinstance(v, list) else v for key, v in given.items()})
