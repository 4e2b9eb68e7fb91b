"""Draft a mapping for an unknown table: each column matched, the whole checked.

Values are looked at, and never shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

from eh_interop.core.errors import UnreadableInputError
from eh_interop.core.findings import Severity
from eh_interop.formats.partners.draft_dates import order_of
from eh_interop.formats.partners.draft_grammar import Meaning, meanings
from eh_interop.formats.partners.draft_json import sketch_json
from eh_interop.formats.partners.draft_matching import (
    ColumnEvidence,
    HeadingMatch,
    KnownHeading,
    best,
    fuzzy,
    look_at,
    ticked,
)
from eh_interop.formats.partners.draft_questions import Asking, ask_about
from eh_interop.formats.partners.draft_rows import bring_rows_together
from eh_interop.formats.partners.draft_writing import DraftColumn, MappingSketch, write
from eh_interop.formats.partners.headings import fold, one_line, quotable, shown
from eh_interop.formats.partners.mapping_checks import check_table
from eh_interop.formats.partners.mapping_table import MappingTable, parse_table
from eh_interop.formats.partners.partner_aliases import PartnerAliases
from eh_interop.formats.partners.table_source import open_partner_table
from eh_interop.reading.streams import RefusedError
from eh_interop.reading.tabular import TableRow, column_letters, open_tabular, plain_text

SAMPLE: Final = 1_000
"""Rows that are looked at."""
_FIRST_ROWS: Final = 20
_SEVERAL: Final = 2
_ADDRESS_LINE = re.compile(r"\b(address|line)( line)?\W*$", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![0-9])([1-9][0-9]?)(?![0-9])")
_PIVOT = re.compile(r"\s*(row|column) labels\s*", re.IGNORECASE)
_OF_PARENTS: Final = frozenset({"/relationships", "/parentalResponsibility"})
_OF_CHILD = re.compile(r"\b(child|pupil|student)\W*[0-9]", re.IGNORECASE)
_FORMATS: Final = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".xlsx": "xlsx", ".xlsm": "xlsx", ".ods": "ods",
    ".xml": "xml", ".json": "json", ".ndjson": "json", ".jsonl": "json",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DraftedColumn:
    """What became of a column, for people.

    Attributes:
        heading: its heading; its letter if that looks like data.
        place: where it goes; empty if it stays local data.
        score: how sure that is, of 100.
        why: why it goes there.
        shapes: shapes of its values, in which no value stands.
    """

    heading: str
    place: str
    score: int
    why: str
    shapes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DraftMapping:
    """A drafted mapping.

    ``unmatched``: headings that were not; those that look like data by their letter.
    ``columns``: every column, in the order of the file. ``dates``: how its dates are written, and
    how that was seen.
    """

    text: str
    matched: int
    unmatched: tuple[str, ...]
    by_likeness: bool
    columns: tuple[DraftedColumn, ...] = ()
    dates: str = ""
    dates_seen: str = ""


def draft_mapping(
    path: Path,
    record: str,
    *,
    sheet: str = "",
    header_row: int = 0,
    name: str = "",
    ask: Asking | None = None,
    aliases: PartnerAliases | None = None,
) -> DraftMapping:
    """Propose a mapping for a table. It passes ``check_table`` and converts the file.

    Args:
        path: a CSV, XLSX, ODS, XML or JSON file.
        record: the record type to make.
        sheet: the sheet of a workbook; the first visible one if left out.
        header_row: the row of the headings; found by looking if 0.
        name: of the mapping; made from that of the file if left out.
        ask: asks somebody who knows the data about what the draft is not sure of.
        aliases: what this partner called things before.

    Raises:
        UnreadableInputError: the file is not a table, or cannot be read.
    """
    form = _FORMATS.get(path.suffix.lower())
    if form is None:
        raise UnreadableInputError(
            f"{path.name}: a mapping can be drafted for CSV, XLSX, ODS, XML and JSON."
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
        if form == "xml":
            # Its library takes time to import, and most files are tables.
            from eh_interop.formats.partners.draft_xml import sketch_xml

            return _checked(sketch_xml(path, table), path, None, ask)
        if form == "json":
            return _checked(sketch_json(path, table), path, None, ask)
        chosen = table if header_row else _choose_sheet(path, table)
        sketch, headings = _sketch(path, chosen, aliases or PartnerAliases())
        return _checked(sketch, path, headings, ask)
    except RefusedError as error:
        raise UnreadableInputError(f"{path.name}: {error.message}") from None


def _name_of(path: Path) -> str:
    text = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")
    is_name = len(text) > 1 and text[0].isalpha()
    return (text if is_name else f"partner-{text}".strip("-"))[:40].strip("-")


def _choose_sheet(path: Path, table: MappingTable) -> MappingTable:
    """Choose the sheet, of those that are shown, whose first rows have most known headings."""
    with open_tabular(path, workbook=table.format != "csv") as file:
        shown = [name for name in file.sheets if name not in file.hidden]
    if table.sheet or len(shown) < _SEVERAL:
        return _with_headings(path, table)[1]
    tried = []
    for name in shown:
        try:
            tried.append(_with_headings(path, replace(table, sheet=name)))
        except RefusedError:
            continue  # an empty sheet is not the one with the data
    if not tried:
        return _with_headings(path, table)[1]
    chosen = max(tried, key=lambda one: one[0])[1]
    wanted = _layout(path, chosen)
    others = (one for score, one in tried if one is not chosen and score > (0, 0))
    return replace(
        chosen, sheets=tuple(one.sheet for one in others if _layout(path, one) == wanted)
    )


def _layout(path: Path, table: MappingTable) -> tuple[object, ...]:
    """Return the headings of a sheet and where they stand: sheets alike are read together."""
    with open_partner_table(path, table) as opened:
        return table.header_row, table.group_row, *map(fold, opened.headings)


def _with_headings(path: Path, table: MappingTable) -> tuple[tuple[int, int], MappingTable]:
    """Return the table with its row of headings: that with most known ones, or else most texts."""
    if table.header_row > 1:
        return (0, 0), table
    best_row, group_row, most = 1, 0, (-1, -1)
    before: tuple[str, ...] = ()
    for row, cells in _first_rows(path, table):
        texts = [plain_text(cell).strip() for cell in cells]
        named = [text for text in texts if text and shown(text)]
        known = sum(one is not None for one in meanings(named))
        score = (known, len(named))
        if score > most and (score[0] > most[0] + 1 or most[0] <= 0):
            best_row, most = row, score
            group_row = row - 1 if _are_groups(before, texts) else 0
        before = tuple(texts)
    return most, replace(table, header_row=best_row, group_row=group_row)


def _are_groups(groups: Sequence[str], headings: Sequence[str]) -> bool:
    """Return whether a row says what several columns below it are about."""
    filled = [group for group in groups if group]
    if len(filled) < _SEVERAL or any(":" in group for group in filled):
        return False
    under = [heading for heading in headings if heading]
    repeated = len(set(map(fold, under))) < len(under)
    spread = len(filled) < len(under) and all(
        not (groups[at] and at < len(headings) and not headings[at]) for at in range(len(groups))
    )
    return repeated or (spread and len(filled) > _SEVERAL)


def _first_rows(path: Path, table: MappingTable) -> list[tuple[int, Sequence[Any]]]:
    with open_tabular(path, workbook=table.format != "csv") as file:
        shown_sheets = [name for name in file.sheets if name not in file.hidden]
        name = table.sheet or (shown_sheets[0] if shown_sheets else "")
        rows = file.open_sheet(name).rows
        return [(row.number, row.cells) for row in islice(rows, _FIRST_ROWS)]


def _sketch(
    path: Path, table: MappingTable, aliases: PartnerAliases
) -> tuple[MappingSketch, list[str]]:
    with open_partner_table(path, table) as opened:
        headings = [one_line(heading) for heading in opened.headings]
        notes = [*headings, *_around(path, table)]
        _refuse_pivot(path, notes)
        rows = islice(opened.rows, SAMPLE)
        evidence = look_at((_noting(row, notes) for row in rows), len(headings))
        order, seen = order_of(evidence, notes)
        declared = replace(
            table,
            sheet=opened.sheet,
            delimiter=opened.delimiter,
            encoding="cp1252" if opened.encoding == "Windows-1252" else "",
            dates=order,
        )
    sketch = MappingSketch(declared, fuzzy() is not None, seen, codes=aliases.codes)
    _fill(sketch, headings, evidence, aliases.headings)
    return sketch, headings


def _around(path: Path, table: MappingTable) -> Iterator[str]:
    """Yield what stands above the headings, and on the other sheets that are shown."""
    above = (cells for row, cells in _first_rows(path, table) if row < table.header_row)
    with open_tabular(path, workbook=table.format != "csv") as file:
        others = [name for name in file.sheets if name not in {*file.hidden, table.sheet}]
    elsewhere = (
        cells
        for name in (others if table.sheet else ())
        for _, cells in _first_rows(path, replace(table, sheet=name))
    )
    for cells in (*above, *elsewhere):
        yield from map(plain_text, cells)


def _noting(row: TableRow, notes: list[str]) -> TableRow:
    """Return a row, and note what stands in it if it is one text beside the table."""
    filled = [cell for cell in row.cells if cell not in {None, ""}]
    if len(filled) == 1:
        notes.append(plain_text(filled[0]))
    return row


def _checked(
    sketch: MappingSketch, path: Path, headings: Sequence[str] | None, ask: Asking | None
) -> DraftMapping:
    """Write the draft as it was answered for, without what the check would not accept.

    Raises:
        UnreadableInputError: no heading is known.
    """
    _refuse_empty(sketch, path)
    if ask is not None:
        ask_about(sketch, ask)
        _refuse_empty(sketch, path)
    text = write(sketch)
    # What the check would not accept goes back to the columns that are not matched.
    while errors := [
        problem
        for problem in check_table(parse_table(text, "draft"), headings)
        if problem.severity is Severity.ERROR
    ]:
        sketch.drop(errors[0].line)
        _refuse_empty(sketch, path)
        text = write(sketch)
    unmatched = tuple(column.label for column in sketch.unmatched)
    return DraftMapping(
        text,
        len(sketch.columns),
        unmatched,
        sketch.by_likeness,
        tuple(_columns(sketch)),
        sketch.table.dates,
        sketch.dates_seen,
    )


def _refuse_pivot(path: Path, texts: Sequence[str]) -> None:
    if any(map(_PIVOT.fullmatch, texts)):
        raise UnreadableInputError(
            f"{path.name}: this looks like a pivot table, which counts children and names none. "
            "Ask for the table that it was made from."
        )


def _refuse_empty(sketch: MappingSketch, path: Path) -> None:
    if not sketch.columns:
        raise UnreadableInputError(
            f"{path.name}: none of the headings is known. Say with --sheet and --header-row where "
            "the table is, or write the mapping by hand."
        )


def _columns(sketch: MappingSketch) -> Iterator[DraftedColumn]:
    for column in sketch.columns:
        if column.match is not None:
            match = column.match
            yield DraftedColumn(
                column.label, match.known.place, match.score, match.why, _shapes(column)
            )
    for column in sketch.unmatched:
        yield DraftedColumn(column.label, "", 0, "kept as local data", _shapes(column))


def _shapes(column: DraftColumn) -> tuple[str, ...]:
    return tuple(column.evidence.shapes)


def _fill(
    sketch: MappingSketch,
    headings: Sequence[str],
    evidence: Sequence[ColumnEvidence],
    own: Sequence[KnownHeading],
) -> None:
    """Match each column; of two for one field the surer one is taken."""
    record = sketch.table.record
    chosen: dict[tuple[str, str], DraftColumn] = {}
    matched: set[str] = set()
    everything: list[DraftColumn] = []
    for index, (heading, meaning) in enumerate(zip(headings, meanings(headings), strict=True)):
        letter = column_letters(index)
        match = _matched(record, heading, evidence[index], meaning, own) if heading else None
        label = quotable(heading) or f"Column {letter}"
        column = DraftColumn(heading, label, letter, evidence[index], match, heading)
        everything.append(column)
        if not heading or not shown(heading) or fold(heading) in matched or match is None:
            sketch.unmatched.append(column)
            continue
        matched.add(fold(heading))
        number = _number(column, match)
        place = match.known.place
        if match.known.ours.endswith("/*"):
            place += column.theirs
        key = (place, number)
        before = chosen.setdefault(key, column)
        if column.is_surer_than(before):
            chosen[key] = column
            sketch.unmatched.append(before)
        elif before is not column:
            sketch.unmatched.append(column)
    sketch.columns = list(_by_place(chosen))
    bring_rows_together(sketch, everything)


def _by_place(chosen: Mapping[tuple[str, str], DraftColumn]) -> Iterator[DraftColumn]:
    """Yield one column for each place: others that fill it for other children go along."""
    by_place: dict[str, DraftColumn] = {}
    for (place, _), column in chosen.items():
        first = by_place.setdefault(place, column)
        if first is column:
            yield column
        elif column.theirs not in {first.theirs, *first.also}:
            first.also.append(column.theirs)


def _matched(
    record: str,
    heading: str,
    evidence: ColumnEvidence,
    meaning: Meaning | None,
    own: Sequence[KnownHeading],
) -> HeadingMatch | None:
    tick = ticked(record, heading, evidence)
    if tick is None:
        return best(record, heading, evidence, meaning, own)
    return tick if tick.ticked else None


def _number(column: DraftColumn, match: HeadingMatch) -> str:
    """Write the number of a numbered column as ``{n}``, and return it."""
    number = _NUMBER.search(column.heading)
    if match.known.part in _OF_PARENTS and _OF_CHILD.search(column.heading):
        return ""  # it counts the children, and the entry is a parent's
    if match.known.part and number and not fold(column.heading).startswith("address"):
        head, tail = column.heading[: number.start()], column.heading[number.end() :]
        if not _ADDRESS_LINE.search(head):
            column.theirs = f"{head}{{n}}{tail}"
            return number[1]
    return ""
