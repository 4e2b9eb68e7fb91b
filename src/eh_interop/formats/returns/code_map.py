"""Code maps of returns: our codes beside those of a return, written exactly, read leniently.

Real files hold the code of the published list ("n) 5A: LA services"), the bare code
("5A"), the label, another prefix or another spelling. A text that could mean two
codes means none.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from eh_interop.formats._shared.code_maps import CodePair, load_code_map, spellings


@dataclass(frozen=True, slots=True)
class ReturnCodeMap:
    """A code map.

    Attributes:
        to_return: for each of our codes that the return has, the pair of codes.
        official: the code system that the return publishes.
        codes: every code that the return has, as it is written there.
    """

    to_return: Mapping[str, CodePair]
    official: str
    codes: frozenset[str]
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
    pairs = [pair for pair in load_code_map(f"returns/{name}").pairs if pair.theirs]
    read = [pair for pair in pairs if pair.leads_from_target]
    certain = [(pair.theirs, pair.ours) for pair in read]
    readable = {pair.ours for pair in read}
    certain += [(text, code) for text, code in spellings(code_list) if code in readable]
    likely = [(part, code) for text, code in certain for part in _parts(_plain(text))]
    likely += [(pair.display, pair.ours) for pair in read if pair.display]
    names = [(text, pair.theirs) for pair in pairs for text in (pair.theirs, pair.display)]
    names += [(part, code) for text, code in names for part in _parts(_plain(text))]
    return ReturnCodeMap(
        to_return=MappingProxyType({pair.ours: pair for pair in pairs if pair.leads_to_target}),
        official=pairs[0].system,
        codes=frozenset(pair.theirs for pair in pairs),
        _certain=_unambiguous(certain),
        _likely=_unambiguous(likely),
        _spelling=_unambiguous(names),
    )


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
        head, there, _ = bare.partition(sign)
        if there and head.strip():
            yield head.strip()
