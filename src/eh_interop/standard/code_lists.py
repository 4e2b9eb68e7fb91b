"""Codes of the standard, and what they are called in the code systems of others.

The maps stand in ``mappings/codes/<code list>.csv``: each row pairs one of our
codes with one of theirs and says how near the two are (``relationship``, as in a
ConceptMap). ``preferred`` says in which direction it is used: ``both``,
``there`` or ``back``. Each code has at most one row for each direction.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
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
