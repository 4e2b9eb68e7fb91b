"""Drafts a mapping: the table opened, each column matched, the whole checked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

from eh_interop.core.errors import UnreadableInputError
from eh_interop.core.findings import Severity
from eh_interop.formats.partners.checking import check_table
from eh_interop.formats.partners.draft.candidates import candidates, without_number
from eh_interop.formats.partners.draft.evidence import Evidence, look_at
from eh_interop.formats.partners.draft.matching import Match, best, fuzzy
from eh_interop.formats.partners.draft.writing import Column, Sketch, write
from eh_interop.formats.partners.headings import fold, shown
from eh_interop.formats.partners.opening import open_partner_table
from eh_interop.formats.partners.tables import Table, parse_table
from eh_interop.reading.refused import RefusedError
from eh_interop.reading.tabular import column_letters

SAMPLE: Final = 1_000
"""Rows that are looked at."""
_FIRST_ROWS: Final = 15
_NUMBER = re.compile(r"(?<![0-9])([1-9][0-9]?)(?![0-9])")
_FORMATS: Final = {".csv": "csv", ".tsv": "csv", ".txt": "csv", ".xlsx": "xlsx", ".xlsm": "xlsx",
                   ".ods": "ods"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """A drafted mapping.

    Attributes:
        text: the TOML, to be edited.
        matched: how many columns were matched.
        unmatched: headings that were not; those that look like data by their letter.
        by_likeness: headings were compared by likeness too.
    """

    text: str
    matched: int
    unmatched: tuple[str, ...]
    by_likeness: bool


def draft_mapping(
    path: Path, record: str, *, sheet: str = "", header_row: int = 0, name: str = ""
) -> Draft:
    """Propose a mapping for a table. It passes ``check_table`` and converts the file.

    Args:
        path: a CSV, XLSX or ODS file.
        record: the record type to make.
        sheet: the sheet of a workbook; the first visible one if left out.
        header_row: the row of the headings; found by looking if 0.
        name: of the mapping; made from that of the file if left out.

    Raises:
        UnreadableInputError: the file is no table, or cannot be read.
    """
    form = _FORMATS.get(path.suffix.lower())
    if form is None:
        raise UnreadableInputError(
            f"{path.name}: a mapping can be drafted for CSV, XLSX and ODS. For XML and JSON, "
            "copy a shipped mapping and change its paths."
        )
    if not path.is_file():
        raise UnreadableInputError(f"{path.name}: there is no such file.")
    table = Table(
        mapping=name or _name_of(path),
        title=f"Drafted from {path.suffix.lower().lstrip('.').upper()}: say what it reads",
        record=record,
        format=form,
        origin="",
        sheet=sheet,
        header_row=header_row or 1,
    )
    try:
        if not header_row:
            table = replace(table, header_row=_find_headings(path, table))
        return _drafted(path, table)
    except RefusedError as error:
        raise UnreadableInputError(f"{path.name}: {error.message}") from None


def _name_of(path: Path) -> str:
    text = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")
    return (text if text[:1].isalpha() else f"partner-{text}".strip("-"))[:40].strip("-")


def _find_headings(path: Path, table: Table) -> int:
    """Return the row, of the first ones, that has most known headings, or else most texts."""
    known = {candidate.heading for candidate in candidates(table.record)}
    found, most = 1, (-1, -1)
    for row, cells in _first_rows(path, table):
        texts = [cell for cell in cells if isinstance(cell, str) and cell.strip()]
        score = (sum(without_number(fold(text)) in known for text in texts), len(texts))
        if score > most and (score[0] > most[0] or most[0] <= 0):
            found, most = row, score
    return found


def _first_rows(path: Path, table: Table) -> list[tuple[int, Sequence[Any]]]:
    for first in range(1, _FIRST_ROWS):
        try:
            with open_partner_table(path, replace(table, header_row=first)) as grid:
                rows = islice(grid.rows, _FIRST_ROWS - first)
                return [(first, grid.headings), *((row.number, row.cells) for row in rows)]
        except RefusedError:
            # A blank row above the table of a workbook cannot be the headings.
            if first == _FIRST_ROWS - 1:
                raise
    return []


def _drafted(path: Path, table: Table) -> Draft:
    with open_partner_table(path, table) as grid:
        headings = [" ".join(heading.split()) for heading in grid.headings]
        evidence = look_at(islice(grid.rows, SAMPLE), len(headings))
        found = replace(
            table,
            sheet=grid.sheet,
            delimiter=grid.delimiter,
            encoding="cp1252" if grid.encoding == "Windows-1252" else "",
        )
    sketch = Sketch(found, fuzzy() is not None)
    _fill(sketch, headings, evidence)
    text = write(sketch)
    # What the check would not accept goes back to the columns that are not matched.
    while errors := [
        each
        for each in check_table(parse_table(text, "draft"), headings)
        if each.severity is Severity.ERROR
    ]:
        sketch.drop(errors[0].line)
        text = write(sketch)
    unmatched = tuple(each.told for each in sketch.unmatched)
    return Draft(text, len(sketch.columns), unmatched, sketch.by_likeness)


def _fill(sketch: Sketch, headings: Sequence[str], evidence: Sequence[Evidence]) -> None:
    """Match each column; of two for one field the surer one is taken."""
    record = sketch.table.record
    found: dict[str, Column] = {}
    seen: set[str] = set()
    for index, heading in enumerate(headings):
        match = best(record, heading, evidence[index]) if heading else None
        told = shown(heading) or f"Column {column_letters(index)}"
        column = Column(heading, told, column_letters(index), evidence[index], match)
        if not heading or not shown(heading) or fold(heading) in seen or match is None:
            sketch.unmatched.append(column)
            continue
        seen.add(fold(heading))
        _number(column, match)
        key = f"{match.candidate.place}"
        if match.candidate.ours.endswith("/*"):
            key += column.theirs
        before = found.get(key)
        if before is None:
            found[key] = column
        elif before.theirs != column.theirs:
            worse, better = sorted((before, column), key=lambda each: each.score)
            found[key] = better if before.score != column.score else before
            sketch.unmatched.append(worse if before.score != column.score else column)
        else:
            before.also_seen.append(column)
    sketch.columns = list(found.values())


def _number(column: Column, match: Match) -> None:
    """Write the number of a numbered column as ``{n}``."""
    number = _NUMBER.search(column.heading)
    if match.candidate.each and number and not fold(column.heading).startswith("address"):
        head, tail = column.heading[: number.start()], column.heading[number.end() :]
        column.theirs = f"{head}{{n}}{tail}"
