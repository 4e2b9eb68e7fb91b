"""Match headings to fields for a draft: by known headings, by likeness, by the values below."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Final

from eh_interop.core.identifiers import is_nhs_number, is_upn
from eh_interop.core.resources import folder
from eh_interop.formats._shared.code_maps import fold_label
from eh_interop.formats.partners.cells import text_or_blank
from eh_interop.formats.partners.compiling import NUMBER, look_up
from eh_interop.formats.partners.headings import fold
from eh_interop.formats.partners.mapping_table import (
    MappedField,
    MappedPart,
    MappingTable,
    load_table,
    shipped_mappings,
)
from eh_interop.standard.fields import Kind, fields_of
from eh_interop.standard.forms import load_forms

_ENTRY = re.compile(r"/(\w+)\[([a-z0-9-]+)\]")
_PART = re.compile(r"/(children|people)/\*(/.+)")
_NUMBERED: Final = re.compile(r"(?<![0-9])([1-9][0-9]?)(?![0-9])")
_SCALARS: Final = frozenset({Kind.TEXT, Kind.LINE, Kind.DATE, Kind.BOOLEAN, Kind.CODE})
_LIKE: Final = 78
"""How alike two headings have to be, of 100, to be proposed."""
_ALTERNATIVES: Final = 3
_PARTS = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-][0-9]{4}(?: .*)?")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ].*)?")
_POSTCODE = re.compile(r"[A-Za-z]{1,2}[0-9][0-9A-Za-z]? ?[0-9][A-Za-z]{2}")
_MONTHS: Final = 12
_MOST_WORDS: Final = 200
_SURE: Final = 0.8
"""The share of values that makes a column what it looks like."""


@dataclass(frozen=True, slots=True)
class KnownHeading:
    """A heading that is known.

    Attributes:
        heading: as :func:`~..headings.fold` gives it, without a number.
        part: the list of a part; empty for a field of the record itself.
    """

    heading: str
    part: str
    ours: str
    via: str
    source: str

    @property
    def place(self) -> str:
        """The whole path, for people."""
        return f"{self.part}/*{self.ours}" if self.part else self.ours


@cache
def known_headings(record: str) -> tuple[KnownHeading, ...]:
    """Return the known headings of a record type, the surest first."""
    headings: dict[tuple[str, str], KnownHeading] = {}
    for known in (*_listed(), *_shipped(record), *_titles(record), *_of_forms(record)):
        if known.heading and _is_possible(record, known.part, known.ours, known.via):
            headings.setdefault((known.heading, known.place), known)
    return tuple(headings.values())


def _made(heading: str, place: str, via: str, source: str) -> KnownHeading:
    inner = _PART.fullmatch(place)
    part, ours = (f"/{inner[1]}", inner[2]) if inner else ("", place)
    return KnownHeading(without_number(fold(heading)), part, ours, via, source)


def without_number(folded: str) -> str:
    """Leave the number out of a heading: ``child 2 surname`` is like ``child surname``."""
    text = folded.replace(NUMBER, " ")
    return fold(_NUMBERED.sub(" ", text)) if not text.startswith("address") else fold(text)


def _listed() -> Iterator[KnownHeading]:
    path = folder("mappings") / "partners" / "headings.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield _made(row["heading"], row["place"], row["via"], "the list of headings")


def _shipped(record: str) -> Iterator[KnownHeading]:
    for name in shipped_mappings():
        table = load_table(name)
        if table.record != record or not table.tabular:
            continue
        for prefix, rows in (
            ("", table.fields),
            *((f"{p.items}/*", p.fields) for p in table.parts),
        ):
            for row in rows:
                for heading in (row.theirs, *row.also):
                    yield _made(heading, prefix + row.ours, row.via, f"the mapping {name}")


def _titles(record: str) -> Iterator[KnownHeading]:
    root = fields_of(record)
    children = next((inner for inner in root.fields if inner.name == "children"), None)
    for prefix, group in (("", root), ("/children/*", children)):
        for inner in group.fields if group else ():
            if inner.kind in _SCALARS and not inner.repeats and not inner.refers_to:
                yield _made(inner.title, f"{prefix}/{inner.name}", "", "the standard")


def _of_forms(record: str) -> Iterator[KnownHeading]:
    for form in load_forms():
        for asked in form.fields:
            inner = asked.place.removeprefix("/children/*")
            if asked.record == record and inner and "*" not in inner and not asked.note:
                yield _made(asked.label, asked.place, "", "real forms")


@cache
def _is_possible(record: str, part: str, ours: str, via: str) -> bool:
    """Return whether a mapping of this record type may have such a row."""
    row = MappedField(ours=ours, theirs="x", via=via)
    table = MappingTable(
        mapping="x",
        title="x",
        record=record,
        format="csv",
        origin="",
        slices=slices_of((ours,)),
        fields=() if part else (row,),
        parts=(MappedPart(items=part, fields=(row,)),) if part else (),
    )
    return not look_up(table)[1]


def slices_of(paths: tuple[str, ...]) -> dict[str, dict[str, dict[str, str]]]:
    """Return the slices that paths need beyond those that a code list gives."""
    slices: dict[str, dict[str, dict[str, str]]] = {}
    for path in paths:
        for name, entry in _ENTRY.findall(path):
            if name not in {"identifiers", "addresses", "contacts"}:
                slices.setdefault(name, {})[entry] = {}
    return slices


@dataclass
class ColumnEvidence:
    """Counts over a sample of a column.

    Attributes:
        either: dates of which the day or the month may come first.
        day_first: dates of which only the day can come first.
        month_first: dates of which only the month can come first.
        nhs_numbers, upns, postcodes: values of that form, with a right check digit.
        words: different words, folded; at most 200, never shown.
    """

    filled: int = 0
    real_dates: int = 0
    iso: int = 0
    either: int = 0
    day_first: int = 0
    month_first: int = 0
    nhs_numbers: int = 0
    upns: int = 0
    postcodes: int = 0
    words: set[str] = field(default_factory=set, repr=False)
    distinct: set[int] = field(default_factory=set, repr=False)

    def add(self, cell: Any) -> None:
        """Look at one cell."""
        text = text_or_blank(cell)
        if not text:
            return
        self.filled += 1
        self.distinct.add(hash(text))
        if len(self.words) < _MOST_WORDS:
            self.words.add(fold_label(text))
        if isinstance(cell, date):
            self.real_dates += 1
        elif parts := _PARTS.fullmatch(text):
            self._day_or_month(int(parts[1]), int(parts[2]))
        else:
            self.iso += bool(_ISO.fullmatch(text))
            self.nhs_numbers += is_nhs_number(text.replace("-", " "))
            self.upns += is_upn(text)
            self.postcodes += bool(_POSTCODE.fullmatch(text))

    def _day_or_month(self, first: int, second: int) -> None:
        if first > _MONTHS:
            self.day_first += 1
        elif second > _MONTHS:
            self.month_first += 1
        else:
            self.either += 1

    def share(self, count: int) -> float:
        """Return a count as a share of the filled cells."""
        return count / self.filled if self.filled else 0.0

    @property
    def dates(self) -> int:
        """How many values look like dates."""
        return self.real_dates + self.iso + self.either + self.day_first + self.month_first

    @property
    def order(self) -> str:
        """How dates are written, where the values prove it; empty otherwise."""
        if self.day_first and not self.month_first:
            return "day-first"
        if self.month_first and not self.day_first:
            return "month-first"
        return ""

    @property
    def needs_order(self) -> bool:
        """Whether there are dates of which the order has to be declared."""
        return bool(self.either or self.day_first or self.month_first)

    @property
    def tells_apart(self) -> bool:
        """Whether every value is different: the column may tell records apart."""
        return self.filled > 1 and len(self.distinct) == self.filled


def look_at(rows: Iterable[Any], width: int) -> list[ColumnEvidence]:
    """Look at the columns of some rows."""
    columns = [ColumnEvidence() for _ in range(width)]
    for row in rows:
        for evidence, cell in zip(columns, row.cells, strict=False):
            evidence.add(cell)
    return columns


@dataclass(frozen=True, slots=True)
class HeadingMatch:
    """What a column probably is.

    Attributes:
        known: the heading, and the field that it stands for.
        score: how sure, of 100; 100 for an alias.
    """

    known: KnownHeading
    score: int
    why: str
    others: tuple[str, ...] = ()


def fuzzy() -> Any:
    """Return the library for likeness; None if it is not installed."""
    try:
        from rapidfuzz import fuzz, process
    except ImportError:
        return None
    return fuzz, process


def best(record: str, heading: str, evidence: ColumnEvidence) -> HeadingMatch | None:
    """Return what a column probably is; None if nothing is likely."""
    known = known_headings(record)
    text = without_number(fold(heading))
    exact = [heading for heading in known if heading.heading == text]
    if exact:
        why = f"the heading is one of {exact[0].source}"
        return HeadingMatch(exact[0], 100, why, _others(exact[0], exact[1:]))
    return _by_likeness(text, known) or _by_values(known, evidence)


def _others(chosen: KnownHeading, rest: Sequence[KnownHeading]) -> tuple[str, ...]:
    places = dict.fromkeys(other.place for other in rest if other.place != chosen.place)
    return tuple(places)[:_ALTERNATIVES]


def _by_likeness(text: str, known: Sequence[KnownHeading]) -> HeadingMatch | None:
    library = fuzzy()
    if library is None or not text:
        return None
    fuzz, process = library
    names = [heading.heading for heading in known]
    near = process.extract(text, names, scorer=fuzz.token_sort_ratio, limit=8, score_cutoff=_LIKE)
    if not near:
        return None
    _, score, index = near[0]
    chosen = known[index]
    why = f'{score:.0f} of 100 like "{chosen.heading}" of {chosen.source}'
    return HeadingMatch(
        chosen, int(score), why, _others(chosen, [known[at] for *_, at in near[1:]])
    )


def _by_values(headings: Sequence[KnownHeading], evidence: ColumnEvidence) -> HeadingMatch | None:
    looks = (
        ("nhs number", evidence.nhs_numbers),
        ("upn", evidence.upns),
        ("postcode", evidence.postcodes),
    )
    for heading, count in looks:
        if evidence.share(count) >= _SURE:
            chosen = next((known for known in headings if known.heading == heading), None)
            if chosen is not None:
                why = f"{evidence.share(count):.0%} of the values have the form of a {heading}"
                return HeadingMatch(chosen, 70, why)
    return None
