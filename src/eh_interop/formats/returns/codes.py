"""Codes of the standard beside those of a return: written exactly, read leniently.

Real files hold the code of the published list ("n) 5A: LA services"), the bare code
("5A"), the label, another prefix or another spelling. A text that could mean two
codes means none.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from eh_interop.core.resources import folder
from eh_interop.standard.code_lists import code_map_rows
from eh_interop.standard.schemas import CURRENT, load_standard


@dataclass(frozen=True, slots=True)
class Theirs:
    """A code of a return. ``exact``: it means what ours means. ``system``: whose code it is."""

    code: str
    exact: bool
    system: str


@dataclass(frozen=True, slots=True)
class Codes:
    """A code map.

    Attributes:
        there: the code of the return for each of ours; without those that have none.
        official: whose list it is.
        written: every code that the return knows.
    """

    there: Mapping[str, Theirs]
    official: str
    written: frozenset[str]
    _sure: Mapping[str, str]
    _likely: Mapping[str, str]
    _same: Mapping[str, str]

    def same(self, text: str) -> str:
        """Return a code of the return for another spelling of it; else the text itself."""
        plain = _plain(text)
        return self._same.get(plain, text)

    def back(self, text: str) -> str | None:
        """Return our code for what a file says; None if that is not clear."""
        plain = _plain(text)
        found = self._sure.get(plain) or self._likely.get(plain)
        return found or next(filter(None, (self._likely.get(part) for part in _parts(plain))), None)


@cache
def codes(name: str, code_list: str) -> Codes:
    """Return the code map ``mappings/codes/returns/<name>.csv`` for a code list.

    Raises:
        MappingError: there is no such map.
        StandardError: there is no such list.
    """
    rows = [row for row in code_map_rows(f"returns/{name}") if row["theirs"]]
    there = {
        row["ours"]: Theirs(row["theirs"], row["relationship"] == "equivalent", row["system"])
        for row in rows
        if row["preferred"] in {"both", "there"}
    }
    back = [row for row in rows if row["preferred"] in {"both", "back"}]
    sure = [(row["theirs"], row["ours"]) for row in back]
    known = {row["ours"] for row in back}
    sure += [spelling for spelling in _spellings(code_list) if spelling[1] in known]
    likely = [(part, ours) for text, ours in sure for part in _parts(_plain(text))]
    same = [(row[name], row["theirs"]) for row in rows for name in ("theirs", "display")]
    same += [(part, theirs) for text, theirs in same for part in _parts(_plain(text))]
    likely += [(row["display"], row["ours"]) for row in back if row["display"]]
    official = next(iter(rows))["system"]
    return Codes(
        MappingProxyType(there),
        official,
        frozenset(row["theirs"] for row in rows),
        _one(sure),
        _one(likely),
        _one(same),
    )


def _spellings(code_list: str) -> Iterator[tuple[str, str]]:
    """Yield what the standard itself knows: codes, titles and aliases."""
    for row in load_standard().codes(code_list):
        yield row.code, row.code
        yield row.title, row.code
    path = folder("schemas") / CURRENT / "aliases.csv"
    with path.open(encoding="utf-8", newline="") as file:
        yield from (
            (row["alias"], row["code"])
            for row in csv.DictReader(file)
            if row["codelist"] == code_list
        )


def _one(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Keep the texts that mean one code only."""
    found: dict[str, set[str]] = defaultdict(set)
    for text, code in pairs:
        found[_plain(text)].add(code)
    return MappingProxyType({text: min(each) for text, each in found.items() if len(each) == 1})


_PREFIX = re.compile(r"^[a-z][0-9]?\)\s*")
_QUOTES = str.maketrans("\u2018\u2019\u201c\u201d\u2013\u2014", "''\"\"--")


def _plain(text: str) -> str:
    straight = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    return " ".join(straight.casefold().split())


def _parts(plain: str) -> Iterator[str]:
    """Yield what may stand for the whole: without its prefix, and the code before the label."""
    bare = _PREFIX.sub("", plain)
    if bare:
        yield bare
    for sign in (":", " - "):
        head, found, _ = bare.partition(sign)
        if found and head.strip():
            yield head.strip()
