"""Code maps: codes of the standard beside those of other code systems, both ways.

The maps are ``mappings/codes/<name>.csv``: each row pairs one of our codes with one of theirs
and says how near the two are (``relationship``, as in a FHIR ConceptMap). ``preferred`` says
in which direction it is used: ``both``, ``there`` or ``back``. A map is named after the code
list that it begins with, or ``maps.csv`` beside the maps says from which list it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from eh_interop.core.errors import MappingError
from eh_interop.core.resources import csv_rows, folder
from eh_interop.standard.schemas import CURRENT, load_standard

_INDEX = "maps"
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePair:
    """One row of a code map.

    Attributes:
        ours: the code of the standard.
        theirs: the code of the other system; empty if there is none.
        system: whose code it is.
        display: what they call it.
        relationship: how near the two are: ``equivalent``, ``inexact``, ...
        preferred: ``both``, ``there`` (from ours to theirs) or ``back``.
        comment: why, for people.
    """

    ours: str
    theirs: str
    system: str
    display: str
    relationship: str
    preferred: str
    comment: str

    @property
    def leads_to_target(self) -> bool:
        """Whether it is used from our code to theirs."""
        return self.preferred in {"both", "there"}

    @property
    def leads_from_target(self) -> bool:
        """Whether it is used from their code to ours."""
        return self.preferred in {"both", "back"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeMap:
    """How the codes of one of our lists are said in other code systems.

    Attributes:
        name: of the map.
        code_list: the list of the standard.
        title: what it is for; empty if its name says it.
        pairs: its rows, as the file has them.
        labels: our code for each of their codes and labels, as the file writes them.
    """

    name: str
    code_list: str
    title: str
    pairs: tuple[CodePair, ...] = field(repr=False)
    _to: Mapping[str, CodePair] = field(repr=False)
    _from: Mapping[tuple[str, str], str] = field(repr=False)
    labels: Mapping[str, str] = field(repr=False)

    @classmethod
    def of(cls, name: str, code_list: str, pairs: tuple[CodePair, ...], title: str = "") -> CodeMap:
        """Make a map of its rows."""
        back = [pair for pair in pairs if pair.leads_from_target]
        labels = {word: pair.ours for pair in back for word in (pair.theirs, pair.display) if word}
        return cls(
            name=name,
            code_list=code_list,
            title=title,
            pairs=pairs,
            _to=MappingProxyType({pair.ours: pair for pair in pairs if pair.leads_to_target}),
            _from=MappingProxyType({(pair.system, pair.theirs): pair.ours for pair in back}),
            labels=MappingProxyType(labels),
        )

    @property
    def mapped(self) -> Iterable[str]:
        """Our codes that have one of theirs."""
        return self._to.keys()

    def to_target(self, ours: str) -> CodePair | None:
        """Return the pair that is used for a code of ours; None if there is none."""
        return self._to.get(ours)

    def from_target(self, theirs: str, system: str = "") -> str | None:
        """Return our code for one of theirs; None if there is none."""
        return self._from.get((system, theirs))


def fold_label(text: str) -> str:
    """Return a word as it is compared: without capitals, with single spaces."""
    return _SPACES.sub(" ", text).strip().casefold()


def code_map_names() -> tuple[str, ...]:
    """Return the names of all code maps but those of returns, which lie in a folder below."""
    paths = (folder("mappings") / "codes").glob("*.csv")
    return tuple(sorted(path.stem for path in paths if path.stem != _INDEX))


@cache
def load_code_map(name: str) -> CodeMap:
    """Read a code map.

    Args:
        name: such as ``sex``, or ``returns/ethnicity``.

    Raises:
        MappingError: there is no such map, or it lacks a column.
    """
    path = folder("mappings") / "codes" / f"{name}.csv"
    if not path.is_file():
        raise MappingError(f"There is no code map {name}.")
    try:
        pairs = tuple(CodePair(**row) for row in csv_rows(path))
    except TypeError:
        raise MappingError(f"The code map {path.name} has not the columns of a code map.") from None
    about = _index().get(name, {})
    return CodeMap.of(name, about.get("code-list", name), pairs, about.get("title", ""))


@cache
def _index() -> Mapping[str, Mapping[str, str]]:
    return {row["name"]: row for row in csv_rows(folder("mappings") / "codes" / f"{_INDEX}.csv")}


@cache
def _aliases(version: str) -> Mapping[str, Mapping[str, str]]:
    aliases: dict[str, dict[str, str]] = {}
    for row in csv_rows(load_standard(version).root / "aliases.csv"):
        aliases.setdefault(row["codelist"], {})[row["alias"]] = row["code"]
    return aliases


def spellings(code_list: str, version: str = CURRENT) -> Iterator[tuple[str, str]]:
    """Yield every text that means a code of a list, with the code: codes, aliases, titles.

    Raises:
        StandardError: there is no such list.
    """
    codes = load_standard(version).codes(code_list)
    yield from ((row.code, row.code) for row in codes)
    yield from _aliases(version).get(code_list, {}).items()
    yield from ((row.title, row.code) for row in codes)
