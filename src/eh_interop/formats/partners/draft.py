"""Draft a mapping for an unknown table: each column matched, the whole checked.

Values are looked at, and never shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

from eh_interop.core.errors import UnreadableInputError
from eh_interop.core.findings import Severity
from eh_interop.formats.partners.draft_matching import (
    ColumnEvidence,
    HeadingMatch,
    best,
    fuzzy,
    known_headings,
    look_at,
    without_number,
)
from eh_interop.formats.partners.draft_writing import DraftColumn, MappingSketch, write
from eh_interop.formats.partners.headings import fold, one_line, quotable, shown
from eh_interop.formats.partners.mapping_checks import check_table
from eh_interop.formats.partners.mapping_table import MappingTable, parse_table
from eh_interop.formats.partners.table_source import open_partner_table
from eh_interop.reading.streams import RefusedError
from eh_interop.reading.tabular import column_letters

SAMPLE: Final = 1_000
"""Rows that are looked at."""
_FIRST_ROWS: Final = 15
_NUMBER = re.compile(r"(?<![0-9])([1-9][0-9]?)(?![0-9])")
_FORMATS: Final = {".csv": "csv", ".tsv": "csv", ".txt": "csv", ".xlsx": "xlsx", ".xlsm": "xlsx",
                   ".ods": "ods"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DraftMapping:
    """A drafted mapping.

    ``unmatched``: headings that were not; those that look like data by their letter.
    """

    text: str
    matched: int
    unmatched: tuple[str, ...]
    by_likeness: bool


def draft_mapping(
    path: Path, record: str, *, sheet: str = "", header_row: int = 0, name: str = ""
) -> DraftMapping:
    """Propose a mapping for a table. It passes ``check_table`` and converts the file.

    Args:
        path: a CSV, XLSX or ODS file.
        record: the record type to make.
        sheet: the sheet of a workbook; the first visible one if left out.
        header_row: the row of the headings; found by looking if 0.
        name: of the mapping; made from that of the file if left out.

    Raises:
        UnreadableInputError: the file is not a table, or cannot be read.
    """
    form = _FORMATS.get(path.suffix.lower())
    if form is None:
        raise UnreadableInputError(
            f"{path.name}: a mapping can be drafted for CSV, XLSX and ODS. For XML and JSON, "
            "copy a shipped mapping and change its paths."
        )
    if not path.is_file():
        raise UnreadableInputError(f"{path.name}: there is no such file.")
    table = MappingTable(
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


def _find_headings(path: Path, table: MappingTable) -> int:
    """Return the row, of the first ones, that has most known headings, or else most texts."""
    headings = {known.heading for known in known_headings(table.record)}
    best_row, most = 1, (-1, -1)
    for row, cells in _first_rows(path, table):
        texts = [cell for cell in cells if isinstance(cell, str) and cell.strip()]
        score = (sum(without_number(fold(text)) in headings for text in texts), len(texts))
        if score > most and (score[0] > most[0] or most[0] <= 0):
            best_row, most = row, score
    return best_row


def _first_rows(path: Path, table: MappingTable) -> list[tuple[int, Sequence[Any]]]:
    for first in range(1, _FIRST_ROWS):
        try:
            with open_partner_table(path, replace(table, header_row=first)) as opened:
                rows = islice(opened.rows, _FIRST_ROWS - first)
                return [(first, opened.headings), *((row.number, row.cells) for row in rows)]
        except RefusedError:
            # A blank row above the table of a workbook cannot be the headings.
            if first == _FIRST_ROWS - 1:
                raise
    return []


def _drafted(path: Path, table: MappingTable) -> DraftMapping:
    with open_partner_table(path, table) as opened:
        headings = [one_line(heading) for heading in opened.headings]
        evidence = look_at(islice(opened.rows, SAMPLE), len(headings))
        declared = replace(
            table,
            sheet=opened.sheet,
            delimiter=opened.delimiter,
            encoding="cp1252" if opened.encoding == "Windows-1252" else "",
        )
    sketch = MappingSketch(declared, fuzzy() is not None)
    _fill(sketch, headings, evidence)
    text = write(sketch)
    # What the check would not accept goes back to the columns that are not matched.
    while errors := [
        problem
        for problem in check_table(parse_table(text, "draft"), headings)
        if problem.severity is Severity.ERROR
    ]:
        sketch.drop(errors[0].line)
        text = write(sketch)
    unmatched = tuple(column.label for column in sketch.unmatched)
    return DraftMapping(text, len(sketch.columns), unmatched, sketch.by_likeness)


def _fill(
    sketch: MappingSketch, headings: Sequence[str], evidence: Sequence[ColumnEvidence]
) -> None:
    """Match each column; of two for one field the surer one is taken."""
    record = sketch.table.record
    chosen: dict[str, DraftColumn] = {}
    matched: set[str] = set()
    for index, heading in enumerate(headings):
        match = best(record, heading, evidence[index]) if heading else None
        letter = column_letters(index)
        label = quotable(heading) or f"Column {letter}"
        column = DraftColumn(heading, label, letter, evidence[index], match, heading)
        if not heading or not shown(heading) or fold(heading) in matched or match is None:
            sketch.unmatched.append(column)
            continue
        matched.add(fold(heading))
        _number(column, match)
        key = match.known.place
        if match.known.ours.endswith("/*"):
            key += column.theirs
        before = chosen.setdefault(key, column)
        if before.score < column.score and before.theirs != column.theirs:
            chosen[key] = column
            sketch.unmatched.append(before)
        elif before.theirs != column.theirs:
            sketch.unmatched.append(column)
    sketch.columns = list(chosen.values())


def _number(column: DraftColumn, match: HeadingMatch) -> None:
    """Write the number of a numbered column as ``{n}``."""
    number = _NUMBER.search(column.heading)
    if match.known.part and number and not fold(column.heading).startswith("address"):
        head, tail = column.heading[: number.start()], column.heading[number.end() :]
        column.theirs = f"{head}{{n}}{tail}"
