"""Writes a drafted mapping as TOML with comments, for an analyst to edit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from eh_interop.formats.partners.draft.candidates import slices_of
from eh_interop.formats.partners.draft.evidence import Evidence
from eh_interop.formats.partners.draft.matching import Match
from eh_interop.formats.partners.paths import PathError, Target, resolve
from eh_interop.formats.partners.tables import Table
from eh_interop.formats.partners.values.words import words_for
from eh_interop.standard.fields import Field, Kind, fields_of


@dataclass
class Column:
    """A column of the file, and what it probably is."""

    heading: str
    told: str
    letter: str
    evidence: Evidence
    match: Match | None
    theirs: str = ""
    also_seen: list[Column] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Take the heading as it is, unless a number is found in it."""
        self.theirs = self.theirs or self.heading

    @property
    def score(self) -> int:
        """How sure the match is."""
        return self.match.score if self.match else 0


@dataclass
class Sketch:
    """A mapping while it is drafted."""

    table: Table
    by_likeness: bool
    columns: list[Column] = field(default_factory=list)
    unmatched: list[Column] = field(default_factory=list)
    lines: dict[int, Column] = field(default_factory=dict)

    def drop(self, line: int) -> None:
        """Give up the row of a line, or the last row if the line is that of no row."""
        column = self.lines.get(line) or self.columns[-1]
        self.columns.remove(column)
        self.unmatched.append(column)


def write(sketch: Sketch) -> str:
    """Write the TOML, and note on which line each row begins."""
    lines: list[str] = []
    sketch.lines = {}
    lines += _head(sketch)
    paths = tuple(column.match.candidate.ours for column in sketch.columns if column.match)
    for name, entries in slices_of(paths).items():
        for entry in entries:
            lines += [f"[slice.{name}.{entry}]", ""]
    root = fields_of(sketch.table.record)
    parts = dict.fromkeys(
        column.match.candidate.each
        for column in sketch.columns
        if column.match
        if column.match.candidate.each
    )
    for part in parts:
        lines += ["[[part]]", f"each = {_quoted(part)}", ""]
        held = next(each for each in root.fields if each.name == part[1:])
        _rows(sketch, part, held, "part.field", lines)
    _rows(sketch, "", root, "field", lines)
    lines += _tail(sketch)
    return "\n".join(lines).rstrip() + "\n"


def _rows(sketch: Sketch, part: str, root: Field, name: str, lines: list[str]) -> None:
    for column in sketch.columns:
        match = column.match
        if match is None or match.candidate.each != part:
            continue
        target = _target(root, match.candidate.ours)
        lines.append(f"# {match.why}. Column {column.letter}.")
        if match.others:
            lines.append(f"# It may also be {' or '.join(match.others)}.")
        lines += [f"# {doubt}" for doubt in _doubts(column, target, sketch.table)]
        sketch.lines[len(lines) + 1] = column
        lines += [f"[[{name}]]", f"ours   = {_quoted(match.candidate.ours)}"]
        lines.append(f"theirs = {_quoted(column.theirs)}")
        if match.candidate.via:
            lines.append(f"via    = {_quoted(match.candidate.via)}")
        if _is_date(target) and column.evidence.order:
            lines.append(f"dates  = {_quoted(column.evidence.order)}")
        elif _is_date(target) and column.evidence.needs_order:
            lines.append('# dates = "day-first"')
        lines.append("")


def _target(root: Field, ours: str) -> Target | None:
    try:
        return resolve(root, ours, slices_of((ours,)))
    except PathError:
        return None


def _is_date(target: Target | None) -> bool:
    return target is not None and target.leaf.kind in {Kind.DATE, Kind.DATE_TIME}


def _doubts(column: Column, target: Target | None, table: Table) -> Iterator[str]:
    """Yield what the values say against the match, in counts only."""
    evidence = column.evidence
    if target is None or not evidence.filled:
        if not evidence.filled:
            yield "The column is empty in the rows that were looked at."
        return
    if _is_date(target):
        if not evidence.dates:
            yield "None of the values looks like a date: is it the right field?"
        elif evidence.needs_order and not evidence.order:
            yield "SAY HOW DATES ARE WRITTEN: the values do not show whether the day comes first."
    elif target.leaf.kind is Kind.CODE:
        words = words_for(target.leaf.code_list, table.version, None, None)
        unknown = len(evidence.words - set(words))
        if unknown:
            yield (
                f"{unknown} of {len(evidence.words)} different words are not known for the list "
                f"{target.leaf.code_list}. Add a [codes.{target.leaf.code_list}] table."
            )
    elif target.sort == "nhs-number" and not evidence.nhs_numbers:
        yield "None of the values is an NHS number with a right check digit."
    elif target.sort == "upn" and not evidence.upns:
        yield "None of the values is a UPN with a right check letter."


def _head(sketch: Sketch) -> Iterator[str]:
    table = sketch.table
    yield "# A draft. Look at every row, change what is wrong, and delete these comments."
    yield "# eh-interop mapping check compares it with the file; README.md explains every word."
    if not sketch.by_likeness:
        yield "# Headings were not compared by likeness: that needs the extra eh-interop[draft]."
    yield ""
    facts = [("mapping", table.mapping), ("title", table.title), ("record", table.record)]
    facts += [("format", table.format)]
    facts += [(name, value) for name in ("encoding", "sheet") if (value := getattr(table, name))]
    for name, value in facts:
        yield f"{name} = {_quoted(value)}"
    if table.format == "csv":
        yield f"delimiter = {_quoted(table.delimiter)}"
    yield f"header-row = {table.header_row}"
    named = [each for each in _all(sketch) if each.evidence.tells_apart and _is_reference(each)]
    if named:
        yield f"id = [{_quoted(named[0].heading)}]  # every value differs: is it the right one?"
    else:
        yield "# id = [...]  # say which columns tell records apart"
    yield ""


def _all(sketch: Sketch) -> list[Column]:
    return [*sketch.unmatched, *sketch.columns]


def _is_reference(column: Column) -> bool:
    words = set(column.told.casefold().replace("_", " ").split())
    return bool(words & {"id", "ref", "reference", "number", "no", "case"}) and bool(column.heading)


def _tail(sketch: Sketch) -> Iterator[str]:
    if not sketch.unmatched:
        return
    yield "# Not matched: kept as local data, unless you add a [[field]] or give it up in [[lost]]."
    for column in sketch.unmatched:
        yield f"#   {column.letter}: {column.told}{_looks(column.evidence)}"


def _looks(evidence: Evidence) -> str:
    if not evidence.filled:
        return " (empty)"
    return " (dates)" if evidence.share(evidence.dates) > 0.5 else ""  # noqa: PLR2004 (most)


def _quoted(text: str) -> str:
    """Write a text as TOML has it: as in JSON, but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
