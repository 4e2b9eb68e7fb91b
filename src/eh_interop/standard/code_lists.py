"""Titles of the codes of a list."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from eh_interop.standard.schemas import CURRENT, load_standard


@cache
def titles(code_list: str, version: str = CURRENT) -> Mapping[str, str]:
    """Return every code of a list with its title.

    Raises:
        StandardError: there is no such list.
    """
    rows = load_standard(version).codes(code_list)
    return MappingProxyType({row.code: row.title for row in rows})
