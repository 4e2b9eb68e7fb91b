"""What one partner calls things: the headings and words of mappings that somebody has corrected.

``mapping learn`` writes them to a CSV file of your own, and ``mapping draft`` knows them when the
partner sends the next file. It holds headings and words for codes, and no value of a record.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from eh_interop.core.csv_injection import escape, unescape
from eh_interop.core.errors import MappingError
from eh_interop.formats.partners.compiling import look_up
from eh_interop.formats.partners.draft_matching import KnownHeading, heading_for
from eh_interop.formats.partners.mapping_table import MappingTable

_HEADINGS: Final = ("kind", "theirs", "ours", "via")
_HEADING, _CODE = "heading", "code"
SOURCE: Final = "this partner's headings"
"""How a draft calls where it knows a heading from."""

Alias = tuple[str, str, str, str]
"""A row of the file: its kind, what they say, where it goes or the list and code, a converter."""


@dataclass(frozen=True, slots=True)
class PartnerAliases:
    """What one partner calls things. ``codes``: for each code list their words and our codes."""

    headings: tuple[KnownHeading, ...] = ()
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def aliases_of(table: MappingTable) -> Iterator[Alias]:
    """Yield the headings and words of a mapping, as it is now.

    Raises:
        MappingError: it reads no table, or there is no such record type.
    """
    if not table.tabular:
        raise MappingError(f"{table.origin}: only headings of tables can be learned.")
    compiled, problems = look_up(table)
    if compiled is None:
        raise MappingError(f"{table.origin}: {problems[0].message}")
    for one in compiled.fields:
        row = one.row
        prefix = f"{table.parts[one.part].items}/*" if one.part >= 0 else ""
        if not row.ticked:
            for theirs in (row.theirs, *row.also):
                yield _HEADING, theirs, prefix + row.ours, row.via
        name = one.target.leaf.code_list
        for word, code in table.codes.get(row.codes or name, {}).items() if name else ():
            yield _CODE, word, f"{name}:{code}", ""


def learned(before: Iterable[Alias], more: Iterable[Alias]) -> list[Alias]:
    """Return what was known and what is new; of two that differ the later one counts."""
    known = {(kind, theirs, _list_of(kind, ours)): (kind, theirs, ours, via)
             for kind, theirs, ours, via in (*before, *more)}  # fmt: skip
    return list(known.values())


def _list_of(kind: str, ours: str) -> str:
    """Return the list of a word: it may stand in several, and a heading goes to one place."""
    return ours.partition(":")[0] if kind == _CODE else ""


def write_aliases(aliases: Iterable[Alias]) -> str:
    """Return the text of a file of aliases. It is safe to open in a spreadsheet."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEADINGS)
    writer.writerows([escape(cell) for cell in alias] for alias in aliases)
    return text.getvalue()


def read_aliases(path: Path) -> list[Alias]:
    """Read a file of aliases.

    Raises:
        MappingError: it is not one, or cannot be opened.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if tuple(rows.fieldnames or ()) != _HEADINGS:
                raise MappingError(
                    f"{path.name}: it is no file of mapping learn. Its headings are "
                    f"{', '.join(_HEADINGS)}."
                )
            return [
                (row["kind"], unescape(row["theirs"]), unescape(row["ours"]), row["via"] or "")
                for row in rows
            ]
    except (OSError, UnicodeDecodeError, csv.Error):
        raise MappingError(f"{path.name}: it cannot be read as a CSV file.") from None


def as_known(aliases: Iterable[Alias]) -> PartnerAliases:
    """Return aliases as a draft uses them."""
    headings: list[KnownHeading] = []
    codes: dict[str, dict[str, str]] = {}
    for kind, theirs, ours, via in aliases:
        if kind == _HEADING:
            headings.append(heading_for(theirs, ours, via, SOURCE))
        else:
            name, _, code = ours.partition(":")
            codes.setdefault(name, {})[theirs] = code
    return PartnerAliases(tuple(headings), codes)
