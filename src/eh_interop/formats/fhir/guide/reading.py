"""Files of data that the package is made from, read: TOML entries and CSV rows."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path
from typing import TypeVar

import msgspec

from eh_interop.core.errors import StandardError


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """An entry of a file; a name that is not known is refused."""


_T = TypeVar("_T")


def entries(path: Path, key: str, kind: type[_T]) -> tuple[_T, ...]:
    """Return the entries under a key of a TOML file.

    Raises:
        StandardError: the file is missing, or does not say what it should.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8")).get(key, [])
        return tuple(msgspec.convert(each, kind) for each in found)
    except (OSError, ValueError) as problem:
        raise StandardError(f"The file {path.name} cannot be used: {problem}") from None


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file. A column that a row leaves out at its end is empty.

    Raises:
        StandardError: the file cannot be read, or a row has more columns than the heading.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            found = list(csv.DictReader(file, restval=""))
    except OSError:
        raise StandardError(f"The file {path.name} cannot be read.") from None
    if any(None in each for each in found):
        raise StandardError(f"A row of the file {path.name} has more columns than its heading.")
    return found
