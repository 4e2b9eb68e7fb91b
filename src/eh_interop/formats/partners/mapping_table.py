"""The mapping tables of ``mappings/partners``, or of your own: whose column is which field.

A table is data. ``README.md`` beside the tables lists the whole vocabulary, and
``mapping.schema.json`` says it for editors. There are no conditions and no
expressions: what needs one is a named converter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from eh_interop.core.errors import MappingError
from eh_interop.core.resources import folder
from eh_interop.core.suggestions import did_you_mean
from eh_interop.formats._shared.mapping_file import (
    MappingFile,
    frozen,
    make_row,
    parse_mapping_file,
    read_mapping_file,
)
from eh_interop.standard.schemas import CURRENT


@dataclass(frozen=True, slots=True)
class MappedField:
    """One field of ours and one column, element or member of theirs.

    Attributes:
        ours: pointer below the record, or below the entry of a part.
        theirs: heading, XPath or JSON Pointer.
        also: other headings of the same column.
        pattern: regular expression for the heading, tried last.
        dates: how its dates are written; empty for what the mapping says.
        ticked: the value if the cell is ticked, whatever stands in it; nothing if it is not.
        split: what stands between several values of one cell.
        required: the file is not read without it.
        line: the line of the mapping file on which it begins, from 1; 0 if not known.
    """

    ours: str
    theirs: str
    also: tuple[str, ...] = ()
    pattern: str = ""
    codes: str = ""
    via: str = ""
    dates: str = ""
    split: str = ""
    ticked: str = ""
    required: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class MappedConstant:
    """What is always so."""

    ours: str
    value: Any
    line: int = 0


@dataclass(frozen=True, slots=True)
class MappedLink:
    """A field that refers to an entry of the record, if that entry is there.

    ``number``: which entry of a part; 0 for the one with the same number.
    """

    ours: str
    to: str
    number: int = 0
    line: int = 0


@dataclass(frozen=True, slots=True)
class MappedPart:
    """A list of the record that gets several entries; ``items`` is its pointer (``each`` in files).

    Attributes:
        name: what the local ids of its entries begin with.
        theirs: XML and JSON: the path of the elements that are entries.
        by: columns; the rows of a record that are equal in them are one entry.
        where: a column and words; only rows in which one of them stands there are entries.
        where_not: the same for rows that are none.
    """

    items: str
    name: str = ""
    theirs: str = ""
    by: tuple[str, ...] = ()
    where: Mapping[str, Sequence[str]] = field(default_factory=dict)
    where_not: Mapping[str, Sequence[str]] = field(default_factory=dict)
    fields: tuple[MappedField, ...] = ()
    constants: tuple[MappedConstant, ...] = ()
    links: tuple[MappedLink, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class DroppedColumn:
    """A column that is not taken over, and why."""

    theirs: str
    why: str
    line: int = 0


@dataclass(frozen=True, kw_only=True, eq=False)
class MappingTable:
    """A mapping, as its file says it. The attributes are the words of the vocabulary."""

    mapping: str
    title: str
    record: str
    format: str
    origin: str
    version: str = CURRENT
    area: str = ""
    namespace: str = ""
    dates: str = ""
    zone: str = "Europe/London"
    blank: tuple[str, ...] = ()
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    header_row: int = 1
    group_row: int = 0
    first_row: int = 0
    record_at: str = ""
    key: tuple[str, ...] = ()
    id: tuple[str, ...] = ()
    namespaces: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    slices: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    fields: tuple[MappedField, ...] = ()
    parts: tuple[MappedPart, ...] = ()
    constants: tuple[MappedConstant, ...] = ()
    links: tuple[MappedLink, ...] = ()
    lost: tuple[DroppedColumn, ...] = ()

    @property
    def tabular(self) -> bool:
        """Whether it reads columns; otherwise it reads a tree."""
        return self.format in {"csv", "xlsx", "ods"}

    @property
    def local_namespace(self) -> str:
        """The name under ``localData`` for what has no other place."""
        return self.namespace or self.mapping


def shipped_mappings() -> tuple[str, ...]:
    """Return the names of the mappings that come with this toolkit."""
    return tuple(sorted(path.stem for path in (folder("mappings") / "partners").glob("*.toml")))


def load_table(name: str | Path) -> MappingTable:
    """Read a mapping: the name of a shipped one, or a file of your own.

    Raises:
        MappingError: there is none, it is not TOML, or it uses a word that the vocabulary
            does not have.
    """
    path = Path(name)
    if path.suffix != ".toml":
        shipped = shipped_mappings()
        if str(name) not in shipped:
            near = did_you_mean(str(name), shipped) or "."
            raise MappingError(
                f"There is no mapping {name}{near} Give one of {', '.join(shipped)} "
                "or a .toml file."
            )
        path = folder("mappings") / "partners" / f"{name}.toml"
    return _table(read_mapping_file(path, _schema()))


def parse_table(text: str, origin: str) -> MappingTable:
    """Read the text of a mapping.

    Args:
        text: TOML.
        origin: what messages call the file.

    Raises:
        MappingError: as for :func:`load_table`.
    """
    return _table(parse_mapping_file(text, origin, _schema()))


def _schema() -> Path:
    return folder("mappings") / "partners" / "mapping.schema.json"


_ROWS: Final[Mapping[str, Any]] = {
    "field": MappedField,
    "constant": MappedConstant,
    "link": MappedLink,
    "lost": DroppedColumn,
}


def _table(file: MappingFile) -> MappingTable:
    words = dict(file.content)
    if not any(map(words.get, ("field", "part", "ticks"))):
        raise MappingError(f"{file.name}: it maps no field.")
    rows = _RowReader(file)
    return MappingTable(
        origin=file.name,
        fields=(*rows.take("field", words), *rows.ticks(words)),
        parts=tuple(map(rows.part, words.pop("part", ()))),
        constants=rows.take("constant", words),
        links=rows.take("link", words),
        lost=rows.take("lost", words),
        slices=words.pop("slice", {}),
        **{key.replace("-", "_"): frozen(value) for key, value in words.items()},
    )


class _RowReader:
    """Makes the rows of a mapping, each with the line on which it begins."""

    def __init__(self, file: MappingFile) -> None:
        self._name = file.name
        self._lines: dict[str, Iterator[int]] = {
            name: file.next_lines(name)
            for name in ("part", "ticks", *_ROWS, *(f"part.{name}" for name in _ROWS))
        }

    def take(self, name: str, words: dict[str, Any], below: str = "") -> tuple[Any, ...]:
        """Return the rows of one kind, and take them out of ``words``."""
        lines = self._lines[below + name]
        return tuple(
            make_row(_ROWS[name], row, self._name, line=next(lines)) for row in words.pop(name, ())
        )

    def ticks(self, words: dict[str, Any]) -> Iterator[MappedField]:
        """Yield a row for each column that is one answer."""
        for table in words.pop("ticks", ()):
            line = next(self._lines["ticks"])
            for heading, value in table["columns"].items():
                yield MappedField(table["ours"], heading, ticked=value, line=line)

    def part(self, table: Mapping[str, Any]) -> MappedPart:
        """Return a part with its rows."""
        words = dict(table)
        words["items"] = words.pop("each")
        words["where_not"] = words.pop("where-not", {})
        rows = {
            f"{name}s": self.take(name, words, "part.") for name in ("field", "constant", "link")
        }
        return make_row(MappedPart, words, self._name, line=next(self._lines["part"]), **rows)
