"""The mapping tables of ``mappings/partners``, or of your own: whose column is which field.

A table is data. ``README.md`` beside the tables lists the whole vocabulary, and
``mapping.schema.json`` says it for editors. There are no conditions and no
expressions: what needs one is a named converter.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from eh_interop.core.errors import MappingError
from eh_interop.core.resources import folder
from eh_interop.core.suggestions import did_you_mean
from eh_interop.standard.areas.checks import plain
from eh_interop.standard.schemas import CURRENT

_HEADER = re.compile(r"\s*\[\[\s*([a-z][a-z.-]*)\s*\]\]")


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field of ours and one column, element or member of theirs.

    Attributes:
        ours: pointer below the record, or below the entry of a part.
        theirs: heading, XPath or JSON Pointer.
        also: other headings of the same column.
        pattern: regular expression for the heading, tried last.
        codes: name of a code map; empty for the aliases of the standard and the area.
        via: name of a converter.
        dates: how its dates are written; empty for what the mapping says.
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
    required: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class ConstantRow:
    """What is always so."""

    ours: str
    value: Any
    line: int = 0


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A field that refers to an entry of the record, if that entry is there.

    ``number``: which entry of a part; 0 for the one with the same number.
    """

    ours: str
    to: str
    number: int = 0
    line: int = 0


@dataclass(frozen=True, slots=True)
class PartRow:
    """A list of the record that gets several entries.

    Attributes:
        each: pointer to the list.
        name: what the local ids of its entries begin with.
        theirs: XML and JSON: the path of the elements that are entries.
        by: columns; the rows of a record that are equal in them are one entry.
    """

    each: str
    name: str = ""
    theirs: str = ""
    by: tuple[str, ...] = ()
    fields: tuple[FieldRow, ...] = ()
    constants: tuple[ConstantRow, ...] = ()
    links: tuple[LinkRow, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class LostRow:
    """A column that is not taken over, and why."""

    theirs: str
    why: str
    line: int = 0


@dataclass(frozen=True, kw_only=True, eq=False)
class Table:
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
    header_row: int = 1
    first_row: int = 0
    record_at: str = ""
    key: tuple[str, ...] = ()
    id: tuple[str, ...] = ()
    namespaces: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    slices: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    fields: tuple[FieldRow, ...] = ()
    parts: tuple[PartRow, ...] = ()
    constants: tuple[ConstantRow, ...] = ()
    links: tuple[LinkRow, ...] = ()
    lost: tuple[LostRow, ...] = ()

    @property
    def tabular(self) -> bool:
        """Whether it reads columns; otherwise it reads a tree."""
        return self.format in {"csv", "xlsx", "ods"}


def shipped_mappings() -> tuple[str, ...]:
    """Return the names of the mappings that come with this toolkit."""
    return tuple(sorted(path.stem for path in (folder("mappings") / "partners").glob("*.toml")))


def load_table(name: str | Path) -> Table:
    """Read a mapping: the name of a shipped one, or a file of your own.

    Raises:
        MappingError: there is none, it is not TOML, or it uses a word that the vocabulary
            does not have.
    """
    path = Path(name)
    if path.suffix != ".toml":
        if str(name) not in shipped_mappings():
            near = did_you_mean(str(name), shipped_mappings())
            raise MappingError(
                f"There is no mapping {name}{near or '.'} Give one of {_listed()} or a .toml file."
            )
        path = folder("mappings") / "partners" / f"{name}.toml"
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise MappingError(f"{path.name}: it cannot be opened: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise MappingError(f"{path.name}: it is not UTF-8.") from None
    return parse_table(text, path.name)


def _listed() -> str:
    return ", ".join(shipped_mappings())


def parse_table(text: str, origin: str) -> Table:
    """Read the text of a mapping.

    Args:
        text: TOML.
        origin: what messages call the file.

    Raises:
        MappingError: as for :func:`load_table`.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingError(f"{origin}: it is not TOML: {error}.") from None
    _check_words(given, origin)
    if not given.get("field") and not given.get("part"):
        raise MappingError(f"{origin}: it maps no field.")
    lines = _Lines(text)
    return Table(
        origin=origin,
        fields=tuple(_rows(FieldRow, given.pop("field", ()), lines, "field")),
        parts=tuple(_parts(given.pop("part", ()), lines)),
        constants=tuple(_rows(ConstantRow, given.pop("constant", ()), lines, "constant")),
        links=tuple(_rows(LinkRow, given.pop("link", ()), lines, "link")),
        lost=tuple(_rows(LostRow, given.pop("lost", ()), lines, "lost")),
        slices=given.pop("slice", {}),
        **{key.replace("-", "_"): _frozen(value) for key, value in given.items()},
    )


class _Lines:
    """Gives the entries of each list of tables their lines, in order."""

    def __init__(self, text: str) -> None:
        self._lines: dict[str, list[int]] = {}
        for number, line in enumerate(text.splitlines(), 1):
            if found := _HEADER.match(line):
                self._lines.setdefault(found[1], []).append(number)

    def next(self, name: str) -> int:
        """Return the line of the next table of this name; 0 if it has no header of its own."""
        left = self._lines.get(name)
        return left.pop(0) if left else 0


def _rows(kind: type[Any], given: Iterable[Any], lines: _Lines, name: str) -> Iterator[Any]:
    for each in given:
        known = {key: _frozen(value) for key, value in each.items()}
        yield kind(**known, line=lines.next(name))


def _parts(given: Iterable[Any], lines: _Lines) -> Iterator[PartRow]:
    for each in given:
        inner: dict[str, Any] = {
            f"{name}s": tuple(_rows(kind, each.get(name, ()), lines, f"part.{name}"))
            for name, kind in (("field", FieldRow), ("constant", ConstantRow), ("link", LinkRow))
        }
        own = {key: _frozen(each[key]) for key in ("each", "name", "theirs", "by") if key in each}
        yield PartRow(**own, **inner, line=lines.next("part"))


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    return MappingProxyType(value) if isinstance(value, dict) else value


@cache
def _validator() -> tuple[Any, Any]:
    import jsonschema_rs
    import orjson

    path = folder("mappings") / "partners" / "mapping.schema.json"
    schema = orjson.loads(path.read_bytes())
    return schema, jsonschema_rs.Draft202012Validator(schema)


def _check_words(given: Mapping[str, Any], origin: str) -> None:
    """Compare a mapping with its schema.

    Raises:
        MappingError: it names the first key that is wrong, and the nearest right one.
    """
    schema, validator = _validator()
    errors = validator.iter_errors(plain(given))
    for error in sorted(errors, key=lambda each: not hasattr(each.kind, "unexpected")):
        where = ".".join(str(step) for step in error.instance_path)
        unexpected = getattr(error.kind, "unexpected", None)
        if unexpected:
            known = _known(schema, list(error.instance_path))
            name = f"{where}.{unexpected[0]}" if where else unexpected[0]
            near = did_you_mean(unexpected[0], known) or "."
            raise MappingError(f"{origin}: {name} is not a word of the vocabulary{near}")
        raise MappingError(f"{origin}: {where or 'the file'}: {error.message}.")


def _known(schema: Mapping[str, Any], path: list[str | int]) -> tuple[str, ...]:
    """Return the words that a table of the mapping can have."""
    names = [step for step in path if isinstance(step, str)]
    held = schema["$defs"][names[-1]] if names and names[-1] in schema["$defs"] else schema
    return tuple(held["properties"])
