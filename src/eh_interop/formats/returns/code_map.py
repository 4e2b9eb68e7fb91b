"""Code maps of returns: our codes beside those of a return, written exactly, read leniently.

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
class ReturnCode:
    """A code of a return. ``exact``: it means what ours means. ``system``: whose code it is."""

    code: str
    exact: bool
    system: str


@dataclass(frozen=True, slots=True)
class ReturnCodeMap:
    """A code map.

    Attributes:
        to_return: the code of the return for each of ours; without those that have none.
        official: the code system that the return publishes.
        known: every code that the return has, as it is written there.
    """

    to_return: Mapping[str, ReturnCode]
    official: str
    known: frozenset[str]
    _certain: Mapping[str, str]
    _likely: Mapping[str, str]
    _spelling: Mapping[str, str]

    def spelled(self, text: str) -> str:
        """Return the return's own spelling of one of its codes; else the text itself."""
        return self._spelling.get(_plain(text), text)

    def to_ours(self, text: str) -> str | None:
        """Return our code for a text in a file; None if that is not clear."""
        plain = _plain(text)
        if plain in self._certain:
            return self._certain[plain]
        return next(filter(None, map(self._likely.get, (plain, *_parts(plain)))), None)


@cache
def return_code_map(name: str, code_list: str) -> ReturnCodeMap:
    """Return the code map ``mappings/codes/returns/<name>.csv`` for a code list.

    Raises:
        MappingError: there is no such map.
        StandardError: there is no such list.
    """
    rows = [row for row in code_map_rows(f"returns/{name}") if row["theirs"]]
    read = [row for row in rows if row["preferred"] in {"both", "back"}]
    certain = [(row["theirs"], row["ours"]) for row in read]
    readable = {row["ours"] for row in read}
    certain += [(text, code) for text, code in _spellings(code_list) if code in readable]
    likely = [(part, code) for text, code in certain for part in _parts(_plain(text))]
    likely += [(row["display"], row["ours"]) for row in read if row["display"]]
    spelling = [(row[name], row["theirs"]) for row in rows for name in ("theirs", "display")]
    spelling += [(part, code) for text, code in spelling for part in _parts(_plain(text))]
    to_return = {
        row["ours"]: ReturnCode(row["theirs"], row["relationship"] == "equivalent", row["system"])
        for row in rows
        if row["preferred"] in {"both", "there"}
    }
    return ReturnCodeMap(
        to_return=MappingProxyType(to_return),
        official=rows[0]["system"],
        known=frozenset(row["theirs"] for row in rows),
        _certain=_unambiguous(certain),
        _likely=_unambiguous(likely),
        _spelling=_unambiguous(spelling),
    )


def _spellings(code_list: str) -> Iterator[tuple[str, str]]:
    """Yield what the standard itself knows: codes, titles and aliases, each with its code."""
    for row in load_standard().codes(code_list):
        yield row.code, row.code
        yield row.title, row.code
    path = folder("schemas") / CURRENT / "aliases.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for alias in csv.DictReader(file):
            if alias["codelist"] == code_list:
                yield alias["alias"], alias["code"]


def _unambiguous(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Keep the texts that mean one code only."""
    meanings: dict[str, set[str]] = defaultdict(set)
    for text, code in pairs:
        meanings[_plain(text)].add(code)
    return MappingProxyType({text: min(m) for text, m in meanings.items() if len(m) == 1})


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
