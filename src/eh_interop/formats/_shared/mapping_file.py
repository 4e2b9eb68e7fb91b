"""Mapping files: TOML, compared with a JSON Schema, with line numbers and "did you mean".

A format says which dataclasses its rows are. A word that the vocabulary does not have is
refused with the nearest right one, by the schema if there is one, and by the fields of the
dataclass otherwise.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from eh_interop.core.errors import MappingError
from eh_interop.core.suggestions import did_you_mean

Row = TypeVar("Row")

_TABLE_HEADER = re.compile(r"\s*\[\[\s*([a-z][a-z.-]*)\s*\]\]")


@dataclass(frozen=True, slots=True)
class MappingFile:
    """A mapping file, read.

    Attributes:
        name: what messages call it.
        content: its tables, as plain values.
        lines: the lines on which the entries of each list of tables begin, by its name.
    """

    name: str
    content: dict[str, Any] = field(repr=False)
    lines: Mapping[str, Sequence[int]] = field(repr=False)

    def next_lines(self, table: str) -> Iterator[int]:
        """Yield the lines of the tables ``[[table]]`` in their order, then 0: not known."""
        yield from self.lines.get(table, ())
        while True:
            yield 0


def read_mapping_file(path: Path, schema: Path | None = None) -> MappingFile:
    """Read a mapping file.

    Args:
        path: the file.
        schema: the JSON Schema of its vocabulary.

    Raises:
        MappingError: it cannot be opened, it is not TOML, or it uses a word that the
            vocabulary does not have.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise MappingError(f"{path.name}: it cannot be opened: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise MappingError(f"{path.name}: it is not UTF-8.") from None
    return parse_mapping_file(text, path.name, schema)


def parse_mapping_file(text: str, name: str, schema: Path | None = None) -> MappingFile:
    """Read the text of a mapping file.

    Raises:
        MappingError: as for :func:`read_mapping_file`.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingError(f"{name}: it is not TOML: {error}.") from None
    if schema is not None:
        _check_words(content, name, schema)
    lines: dict[str, list[int]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if header := _TABLE_HEADER.match(line):
            lines.setdefault(header[1], []).append(number)
    return MappingFile(name, content, lines)


def make_row(kind: type[Row], words: Mapping[str, Any], file_name: str, **more: Any) -> Row:
    """Make one row of a mapping from a table of its file; lists and tables are frozen.

    Args:
        kind: the dataclass of the row.
        words: what the file says.
        file_name: what messages call the file.
        more: what the file does not say itself, such as the line.

    Raises:
        MappingError: a word is not one of the row's, or one that it needs is missing.
    """
    known = [item.name for item in fields(kind)]  # type: ignore[arg-type]
    for word in words:
        if word.replace("-", "_") not in known:
            near = did_you_mean(word, known) or "."
            raise MappingError(f"{file_name}: {word} is not a word of the vocabulary{near}")
    try:
        return kind(**{word.replace("-", "_"): frozen(words[word]) for word in words}, **more)
    except TypeError as error:
        raise MappingError(f"{file_name}: {error}.") from None


def frozen(value: Any) -> Any:
    """Return a list as a tuple and a table as a read-only mapping."""
    if isinstance(value, list):
        return tuple(value)
    return MappingProxyType(value) if isinstance(value, dict) else value


def _check_words(content: Mapping[str, Any], name: str, path: Path) -> None:
    """Compare a mapping with its schema.

    Raises:
        MappingError: it names the first word that is wrong, and the nearest right one.
    """
    schema, validator = _validator(path)
    errors: Iterable[Any] = validator.iter_errors(_without_dates(content))
    for error in sorted(errors, key=lambda error: not hasattr(error.kind, "unexpected")):
        where = ".".join(str(step) for step in error.instance_path)
        unexpected = getattr(error.kind, "unexpected", None)
        if unexpected:
            known = _words_at(schema, list(error.instance_path))
            wrong = f"{where}.{unexpected[0]}" if where else unexpected[0]
            near = did_you_mean(unexpected[0], known) or "."
            raise MappingError(f"{name}: {wrong} is not a word of the vocabulary{near}")
        raise MappingError(f"{name}: {where or 'the file'}: {error.message}.")


@cache
def _validator(path: Path) -> tuple[Any, Any]:
    # Both take time to import, and many commands read no mapping.
    import jsonschema_rs
    import orjson

    schema = orjson.loads(path.read_bytes())
    return schema, jsonschema_rs.Draft202012Validator(schema)


def _without_dates(value: Any) -> Any:
    """Return a value of TOML with its dates as JSON has them."""
    if isinstance(value, dict):
        return {key: _without_dates(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_dates(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def _words_at(schema: Mapping[str, Any], path: list[str | int]) -> tuple[str, ...]:
    """Return the words that a table of the mapping can have."""
    names = [step for step in path if isinstance(step, str)]
    definitions = schema.get("$defs", {})
    table = definitions[names[-1]] if names and names[-1] in definitions else schema
    return tuple(table["properties"])
