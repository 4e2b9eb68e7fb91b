"""The return specification files of ``mappings/returns``: columns, their order, and their fields.

A file is data: headings, where a value stands in a record, which code map it
goes through, and what a return does not carry. There are no conditions in it;
``README.md`` beside the files lists the whole vocabulary. One file serves both
directions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from eh_interop.core.errors import MappingError
from eh_interop.core.pointer import join
from eh_interop.core.resources import folder
from eh_interop.formats._shared.mapping_file import make_row, read_mapping_file

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class ReturnColumn:
    """One column of a table, or one element of a census.

    Attributes:
        heading: its exact name.
        aliases: other spellings that are met in real files.
        ours: pointers into the record, the best first; ``/children/*/`` begins one in the child.
        joined: pointers into the record that answers this one; ``@`` begins the name of a function.
        via: name of a converter in :mod:`eh_interop.formats.returns.converters`.
        covers: pointers that such a converter reads.
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
class ReturnEvent:
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
class ReturnTable:
    """One list or table of a return.

    Attributes:
        key: its name here.
        file: the name of its file, without the ending.
        sheet: the name of its sheet in a workbook.
        reads: which type of record a row becomes; empty if a row is no event.
        per: ``child`` for one row for each child; empty for one for each child and record.
        partner: the table of children that its rows refer to, for reading.
        months: calendar months before the given day; 0 for no limit.
        counts: months over which events of a child are counted; 0 for no count.
    """

    key: str
    file: str
    sheet: str
    title: str
    events: tuple[ReturnEvent, ...]
    columns: tuple[ReturnColumn, ...]
    reads: str = ""
    per: str = ""
    partner: str = ""
    months: int = 0
    counts: int = 0


@dataclass(frozen=True, slots=True)
class ReturnJoin:
    """A record that answers another: its type, which record it names, and when it was made."""

    record: str
    on: str
    at: str
    covers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReturnSpec:
    """A statutory return, or a set of tables that councils load.

    Attributes:
        name: the name that users give it, such as ``annex-a``.
        edition: the publication that its columns and codes are from.
        system: the code system of that edition.
        dates: how days are written.
        file: the name of a file that holds the whole return, without the ending.
        formats: the file formats that it can be written in, the usual one first.
        notes: what anybody who uses it has to know.
        join: records that answer others.
        lost: pointers that it does not carry, each with the reason; the longest that fits counts.
    """

    name: str
    title: str
    edition: str
    system: str
    dates: str
    file: str
    formats: tuple[str, ...]
    notes: tuple[str, ...]
    tables: tuple[ReturnTable, ...]
    join: ReturnJoin | None
    lost: Mapping[str, str]

    @property
    def records(self) -> frozenset[str]:
        """The types of the records that make rows."""
        return frozenset(event.record for table in self.tables for event in table.events)


@dataclass(frozen=True, slots=True)
class _Lost:
    ours: str
    why: str


def return_names() -> tuple[str, ...]:
    """Return the names of all returns: one for each file."""
    return tuple(sorted(path.stem for path in (folder("mappings") / "returns").glob("*.toml")))


@cache
def load_return(name: str) -> ReturnSpec:
    """Read the specification of a return.

    Raises:
        MappingError: there is no such return, or its file is not in the vocabulary.
    """
    if name not in return_names():
        raise MappingError(f"There is no such return. There are {', '.join(return_names())}.")
    return read_spec(folder("mappings") / "returns" / f"{name}.toml")


def read_spec(path: Path) -> ReturnSpec:
    """Read a specification file.

    Raises:
        MappingError: it is not in the vocabulary.
    """
    words = read_mapping_file(path).content
    common = _rows(ReturnColumn, words.pop("column", ()), path)
    answers = _rows(ReturnJoin, [words.pop("join")] if "join" in words else (), path)
    return make_row(
        ReturnSpec,
        words,
        path.name,
        name=path.stem,
        tables=tuple(_table(table, common, path) for table in _required(words, "table", path)),
        join=answers[0] if answers else None,
        lost={row.ours: row.why for row in _rows(_Lost, _required(words, "lost", path), path)},
    )


def _table(words: dict[str, Any], common: tuple[ReturnColumn, ...], path: Path) -> ReturnTable:
    events = _rows(ReturnEvent, _required(words, "event", path), path)
    columns = (*common, *_rows(ReturnColumn, _required(words, "column", path), path))
    partner = words.pop("with", "")
    return make_row(ReturnTable, words, path.name, events=events, columns=columns, partner=partner)


def _required(words: dict[str, Any], name: str, path: Path) -> Any:
    if name not in words:
        raise MappingError(f"{path.name}: there is no [[{name}]] where there has to be one.")
    return words.pop(name)


def _rows(kind: type[Row], tables: Iterable[Mapping[str, Any]], path: Path) -> tuple[Row, ...]:
    return tuple(make_row(kind, table, path.name) for table in tables)


_OPAQUE = frozenset({"absent", "localData"})
"""Fields whose member names are values themselves, so they are not looked into."""


@dataclass(frozen=True, slots=True, order=True)
class ReturnLoss:
    """A field that a return does not carry.

    ``pointer``: where it stands, ``*`` for each entry of a list.
    """

    record: str
    pointer: str
    why: str


@dataclass(slots=True)
class FieldTree:
    """Which fields some records have, as a tree: one node for each field, however many values."""

    below: defaultdict[str, FieldTree] = field(default_factory=lambda: defaultdict(FieldTree))
    has_value: bool = False

    def add(self, value: Any) -> None:
        """Remember the fields of a value."""
        if isinstance(value, dict):
            for name, inner in value.items():
                self.below[name].add(None if name in _OPAQUE else inner)
        elif isinstance(value, list):
            for inner in value:
                self.below["*"].add(inner)
        else:
            self.has_value = True

    def pointers(self, above: tuple[str, ...] = ()) -> Iterator[str]:
        """Yield the pointer of every field that has a value, ``*`` for each entry of a list."""
        if self.has_value:
            yield join(above)
        for name, inner in self.below.items():
            yield from inner.pointers((*above, name))


def carried_fields(spec: ReturnSpec, record_type: str) -> frozenset[str]:
    """Return the pointers of a record type whose values a return carries."""
    carried: set[str] = {"/recordType"}
    for table in spec.tables:
        for event in table.events:
            if event.record == record_type:
                carried.update(event.on, event.until)
                for column in table.columns:
                    carried.update(column.ours, column.covers)
    if spec.join and spec.join.record == record_type:
        carried.update(spec.join.covers)
    return frozenset(carried)


def why_lost(spec: ReturnSpec, pointer: str) -> str:
    """Return why a return does not carry a field. Every return has a reason for ``/``."""
    fitting = [lost for lost in spec.lost if f"{pointer}/".startswith(f"{lost.rstrip('/')}/")]
    return spec.lost[max(fitting, key=len)]


def list_losses(spec: ReturnSpec, fields: Mapping[str, FieldTree]) -> Iterator[ReturnLoss]:
    """Yield the fields that records have and a return does not carry, by record type."""
    for record_type, tree in sorted(fields.items()):
        for pointer in sorted(set(tree.pointers()) - carried_fields(spec, record_type)):
            yield ReturnLoss(record_type, pointer, why_lost(spec, pointer))
