"""Words that partners use for codes, for yes and no, and for a value that is missing."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from eh_interop.core.errors import MappingError
from eh_interop.standard.areas import Area
from eh_interop.standard.code_lists import code_map_rows
from eh_interop.standard.schemas import load_standard

_BLANK = re.compile(r"\s+")
_SHORT: Final = 6
"""Shorter words for a missing value, such as NA and NK, may be names of people."""


def folded(text: str) -> str:
    """Return a word as it is compared: without capitals, with single spaces."""
    return _BLANK.sub(" ", text).strip().casefold()


@cache
def aliases(code_list: str, version: str) -> Mapping[str, str]:
    """Return the spellings of codes that the standard knows, as they are written there."""
    return MappingProxyType(_all_aliases(version).get(code_list, {}))


@cache
def _all_aliases(version: str) -> Mapping[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    path = load_standard(version).root / "aliases.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["codelist"], {})[row["alias"]] = row["code"]
    return found


def words_for(
    code_list: str, version: str, area: Area | None, own: Mapping[str, str] | None
) -> Mapping[str, str]:
    """Return every word that means a code, the word as :func:`folded`.

    The mapping's own words win over those of the area, and these over the codes,
    aliases and titles of the standard.
    """
    known: dict[str, str] = {}
    _add(known, (own or {}).items())
    if area is not None:
        _add(known, area.aliases.get(code_list, {}).items())
        _add(known, ((word, code) for code, word in area.labels.get(code_list, {}).items()))
    codes = load_standard(version).codes(code_list)
    _add(known, ((each.code, each.code) for each in codes))
    _add(known, aliases(code_list, version).items())
    _add(known, ((each.title, each.code) for each in codes))
    return MappingProxyType(known)


def _add(known: dict[str, str], pairs: Iterable[tuple[str, str]]) -> None:
    for word, code in pairs:
        known.setdefault(folded(word), code)


def map_of(name: str, own: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    """Return a code map by its name: one of the mapping, or one of ``mappings/codes``.

    Raises:
        MappingError: there is none.
    """
    if name in own:
        return own[name]
    rows: Iterable[Mapping[str, Any]] = code_map_rows(name)
    return {
        word: row["ours"]
        for row in rows
        if row["preferred"] in {"both", "back"}
        for word in (row["theirs"], row["display"])
        if word
    }


__all__ = ["MappingError", "absence_words", "aliases", "folded", "map_of", "words_for"]


@cache
def absence_words(version: str, *, names: bool) -> Mapping[str, str]:
    """Return the words for a missing value, and the reason that each gives.

    Args:
        version: of the standard.
        names: only those that are no name of a person or place.
    """
    known = words_for("absence-reason", version, None, None)
    if not names:
        return known
    return {word: code for word, code in known.items() if len(word) >= _SHORT or not word.isalpha()}
