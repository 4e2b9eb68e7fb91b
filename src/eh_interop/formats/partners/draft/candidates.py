"""Headings that are known, and the fields that they stand for."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from eh_interop.core.resources import folder
from eh_interop.formats.partners.compiling import NUMBER, compile_table
from eh_interop.formats.partners.headings import fold
from eh_interop.formats.partners.tables import (
    FieldRow,
    PartRow,
    Table,
    load_table,
    shipped_mappings,
)
from eh_interop.standard.fields import Kind, fields_of
from eh_interop.standard.forms import load_forms

_ENTRY = re.compile(r"/(\w+)\[([a-z0-9-]+)\]")
_PART = re.compile(r"/(children|people)/\*(/.+)")
_NUMBERED: Final = re.compile(r"(?<![0-9])([1-9][0-9]?)(?![0-9])")
_SCALARS: Final = frozenset({Kind.TEXT, Kind.LINE, Kind.DATE, Kind.BOOLEAN, Kind.CODE})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A heading that is known.

    Attributes:
        heading: as :func:`~..headings.fold` gives it, without a number.
        each: the list of a part; empty for a field of the record itself.
        ours: the path below it.
        via: the converter.
        source: where it is known from.
    """

    heading: str
    each: str
    ours: str
    via: str
    source: str

    @property
    def place(self) -> str:
        """The whole path, for people."""
        return f"{self.each}/*{self.ours}" if self.each else self.ours


@cache
def candidates(record: str) -> tuple[Candidate, ...]:
    """Return the known headings of a record type, the surest first."""
    found: dict[tuple[str, str], Candidate] = {}
    for each in (*_listed(), *_shipped(record), *_titles(record), *_of_forms(record)):
        if each.heading and _is_possible(record, each.each, each.ours, each.via):
            found.setdefault((each.heading, each.place), each)
    return tuple(found.values())


def _made(heading: str, place: str, via: str, source: str) -> Candidate:
    part = _PART.fullmatch(place)
    each, ours = (f"/{part[1]}", part[2]) if part else ("", place)
    return Candidate(without_number(fold(heading)), each, ours, via, source)


def without_number(folded: str) -> str:
    """Leave the number out of a heading: ``child 2 surname`` is like ``child surname``."""
    text = folded.replace(NUMBER, " ")
    return fold(_NUMBERED.sub(" ", text)) if not text.startswith("address") else fold(text)


def _listed() -> Iterator[Candidate]:
    path = folder("mappings") / "partners" / "headings.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield _made(row["heading"], row["place"], row["via"], "the list of headings")


def _shipped(record: str) -> Iterator[Candidate]:
    for name in shipped_mappings():
        table = load_table(name)
        if table.record != record or not table.tabular:
            continue
        for prefix, rows in (("", table.fields), *((f"{p.each}/*", p.fields) for p in table.parts)):
            for row in rows:
                for heading in (row.theirs, *row.also):
                    yield _made(heading, prefix + row.ours, row.via, f"the mapping {name}")


def _titles(record: str) -> Iterator[Candidate]:
    root = fields_of(record)
    children = next((field for field in root.fields if field.name == "children"), None)
    for prefix, group in (("", root), ("/children/*", children)):
        for field in group.fields if group else ():
            if field.kind in _SCALARS and not field.repeats and not field.refers_to:
                yield _made(field.title, f"{prefix}/{field.name}", "", "the standard")


def _of_forms(record: str) -> Iterator[Candidate]:
    for form in load_forms():
        for field in form.fields:
            inner = field.place.removeprefix("/children/*")
            if field.record == record and inner and "*" not in inner and not field.note:
                yield _made(field.label, field.place, "", "real forms")


@cache
def _is_possible(record: str, each: str, ours: str, via: str) -> bool:
    """Tell whether a mapping of this record type may have such a row."""
    row = FieldRow(ours=ours, theirs="x", via=via)
    table = Table(
        mapping="x",
        title="x",
        record=record,
        format="csv",
        origin="",
        slices=slices_of((ours,)),
        fields=() if each else (row,),
        parts=(PartRow(each=each, fields=(row,)),) if each else (),
    )
    return not compile_table(table)[1]


def slices_of(paths: tuple[str, ...]) -> dict[str, dict[str, dict[str, str]]]:
    """Return the slices that paths need beyond those that a code list gives."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for path in paths:
        for name, entry in _ENTRY.findall(path):
            if name not in {"identifiers", "addresses", "contacts"}:
                found.setdefault(name, {})[entry] = {}
    return found
