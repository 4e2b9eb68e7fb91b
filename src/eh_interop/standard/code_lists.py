"""Codes of the standard, and what they are called in the code systems of others.

The maps stand in ``mappings/codes/<code list>.csv``: each row pairs one of our
codes with one of theirs and says how near the two are (``relationship``, as in a
ConceptMap). ``preferred`` says in which direction it is used: ``both``,
``there`` or ``back``. Each code has at most one row for each direction.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from eh_interop.core.errors import MappingError
from eh_interop.core.resources import folder
from eh_interop.standard.schemas import CURRENT, load_standard


@cache
def titles(code_list: str, version: str = CURRENT) -> Mapping[str, str]:
    """Return every code of a list with its title.

    Raises:
        StandardError: there is no such list.
    """
    rows = load_standard(version).codes(code_list)
    return MappingProxyType({row.code: row.title for row in rows})


@dataclass(frozen=True)
class CodeMap:
    """Codes of ours beside codes of somebody else's.

    Attributes:
        there: for each of ours the preferred coding of theirs.
        back: for each of theirs, by system and code, the preferred one of ours.
    """

    there: Mapping[str, Mapping[str, str]]
    back: Mapping[tuple[str, str], str]


@cache
def code_map_rows(name: str) -> tuple[Mapping[str, str], ...]:
    """Return the rows of ``mappings/codes/<name>.csv``.

    Raises:
        MappingError: there is no such map.
    """
    path = folder("mappings") / "codes" / f"{name}.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return tuple(csv.DictReader(file))
    except FileNotFoundError:
        raise MappingError(f"There is no code map {name}.") from None


@cache
def code_map(name: str) -> CodeMap:
    """Return a code map.

    Raises:
        MappingError: there is no such map.
    """
    there: dict[str, Mapping[str, str]] = {}
    back: dict[tuple[str, str], str] = {}
    for row in code_map_rows(name):
        coding = {key: row[key] for key in ("system", "display") if row[key]}
        coding["code"] = row["theirs"]
        ways = row["preferred"]
        if ways in {"both", "there"}:
            there[row["ours"]] = coding
        if ways in {"both", "back"}:
            back[row["system"], row["theirs"]] = row["ours"]
    return CodeMap(MappingProxyType(there), MappingProxyType(back))


@cache
def code_maps() -> tuple[str, ...]:
    """Return the names of all code maps. ``maps.csv`` beside them only says what they are from."""
    found = (path.stem for path in (folder("mappings") / "codes").glob("*.csv"))
    return tuple(sorted(name for name in found if name != "maps"))
