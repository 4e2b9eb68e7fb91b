"""Mapping files: TOML, compared with a JSON Schema, with line numbers and "did you mean".

A format says which dataclasses its rows are. A word that the vocabulary does not have is
refused with the nearest right one, by the schema if there is one, and by the fields of the
dataclass otherwise.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from eh_interop.core.errors import MappingError
from eh_interop.core.suggestions import did_you_mean
from eh_interop.standard.toml_forms import form_fault

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
    fault = form_fault(content, schema) if schema else None
    if fault and fault.word:
        near = fault.near or "."
        raise MappingError(f"{name}: {fault.place} is not a word of the vocabulary{near}")
    if fault:
        raise MappingError(f"{name}: {fault.place}: {fault.message}.")
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
    vocabulary = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    for word in words:
        if word.replace("-", "_") not in vocabulary:
            near = did_you_mean(word, vocabulary) or "."
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
