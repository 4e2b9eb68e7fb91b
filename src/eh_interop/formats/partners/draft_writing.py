"""Write a drafted mapping as TOML with comments, for an analyst to edit."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from eh_interop.formats._shared.cells import words_for
from eh_interop.formats.partners.draft_matching import ColumnEvidence, HeadingMatch, slices_of
from eh_interop.formats.partners.mapping_table import MappingTable
from eh_interop.formats.partners.record_paths import FieldPathError, FieldTarget, resolve
from eh_interop.standard.fields import Field, Kind, fields_of

_ASK_CONSENT: Final = (
    '# ASK WHAT "No" MEANS: that the family refused, or that nobody asked ("not-sought")?'
)
_NO: Final = ("No", "N", "0", "False")
SURE: Final = 90
"""A column with a lower score has to be looked at by somebody who knows the data."""
_SOMETIMES: Final = 0.1
_TOLD: Final = ("/description", "/reason")
_CLEARLY: Final = 2


@dataclass
class DraftColumn:
    """A column of the file, and what it probably is.

    ``theirs``: its heading for the mapping; ``also``: those of further entries in the same place.
    """

    heading: str
    label: str
    letter: str
    evidence: ColumnEvidence
    match: HeadingMatch | None
    theirs: str
    also: list[str] = field(default_factory=list)

    @property
    def ticked(self) -> str:
        """The code that a tick stands for."""
        return self.match.ticked if self.match else ""

    @property
    def place(self) -> str:
        """Where it goes; empty if it stays local data."""
        return self.match.known.place if self.match else ""

    @property
    def part(self) -> str:
        """The list whose entry it fills; empty if there is none."""
        return self.match.known.part if self.match else ""

    @property
    def score(self) -> int:
        """How sure the match is."""
        return self.match.score if self.match else 0

    def is_surer_than(self, other: DraftColumn) -> bool:
        """Return whether it is the better of two for one place: of two texts the longer one is."""
        if self.score != other.score or not (self.match and self.match.known.ours.endswith(_TOLD)):
            return self.score > other.score
        longer, shorter = self.evidence, other.evidence
        return longer.share(longer.length) > _CLEARLY * shorter.share(shorter.length)


@dataclass
class MappingSketch:
    """A mapping while it is drafted.

    ``dates_seen``: how the order of its dates was seen; ``consent_no``: the code for a *no* about
    consent, if somebody said what it means; ``codes``: words of this partner for codes of a list.
    """

    table: MappingTable
    by_likeness: bool
    dates_seen: str = ""
    consent_no: str = ""
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    columns: list[DraftColumn] = field(default_factory=list)
    unmatched: list[DraftColumn] = field(default_factory=list)
    lines: dict[int, DraftColumn] = field(default_factory=dict)
    part_paths: dict[str, str] = field(default_factory=dict)
    part_words: dict[str, list[str]] = field(default_factory=dict)

    def drop(self, line: int) -> None:
        """Drop the row of a line, or the last row if the line is that of no row."""
        column = self.lines.get(line) or self.columns[-1]
        self.columns.remove(column)
        self.unmatched.append(column)


def write(sketch: MappingSketch) -> str:
    """Write the TOML, and note on which line each row begins."""
    lines: list[str] = []
    sketch.lines = {}
    lines += _head(sketch)
    paths = tuple(column.match.known.ours for column in sketch.columns if column.match)
    has_children = any(column.part == "/children" for column in sketch.columns)
    kin = tuple(
        f"/relationships[{who}]/type"
        for who in ("mother", "father")
        if has_children and any(path.startswith(f"/people[{who}]/") for path in paths)
    )
    for name, entries in slices_of((*paths, *kin), sketch.table.record).items():
        for entry, says in entries.items():
            lines += [f"[slice.{name}.{entry}]"]
            lines += [f"{key} = {json.dumps(value)}" for key, value in says.items()]
            lines += [""]
    lines += _code_tables(sketch)
    root = fields_of(sketch.table.record)
    parts = (column.match.known.part for column in sketch.columns if column.match)
    for part in dict.fromkeys(filter(None, parts)):
        begins = len(lines)
        lines += ["[[part]]", f"each = {quoted(part)}", ""]
        if part in sketch.part_paths:
            lines[-1:] = [f"theirs = {quoted(sketch.part_paths[part])}", ""]
        if sketch.part_words.get(part):
            lines[-1:] = [*sketch.part_words[part], ""]
        lines += _part_links(part)
        last = next(one for one in reversed(sketch.columns) if one.part == part)
        sketch.lines.update(dict.fromkeys(range(begins + 1, len(lines) + 1), last))
        held = next(field for field in root.fields if field.name == part[1:])
        _rows(sketch, part, held, "part.field", lines)
    _rows(sketch, "", root, "field", lines)
    _ticks(sketch, lines)
    lines += _links(sketch, paths)
    lines += _tail(sketch)
    return "\n".join(lines).rstrip() + "\n"


def _code_tables(sketch: MappingSketch) -> Iterator[str]:
    """Yield the words for codes that are known of this partner, and what *no* means of consent."""
    root = fields_of(sketch.table.record)
    lists = set()
    for column in sketch.columns:
        held = next((one for one in root.fields if one.name == column.part[1:]), root)
        target = _target(held, column.match.known.ours) if column.match else None
        lists.add(target.leaf.code_list if target else "")
    tables = {name: words for name, words in sketch.codes.items() if name in lists}
    has_consent = any(column.place.startswith("/consents[") for column in sketch.columns)
    if has_consent and "consent-status" in lists and "consent-status" not in tables:
        yield from () if sketch.consent_no else (_ASK_CONSENT,)
        tables["consent-status"] = dict.fromkeys(_NO, sketch.consent_no or "refused")
    for name, words in tables.items():
        yield f"[codes.{name}]"
        yield from (f"{quoted(word)} = {quoted(code)}" for word, code in words.items())
        yield ""


def _rows(sketch: MappingSketch, part: str, root: Field, name: str, lines: list[str]) -> None:
    for column in sketch.columns:
        match = column.match
        if match is None or match.known.part != part or match.ticked:
            continue
        target = _target(root, match.known.ours)
        lines.append(f"# {match.why}. Column {column.letter}.")
        if match.others:
            places = " or ".join(other.place for other in match.others)
            lines.append(f"# It may also be {places}.")
        lines += [f"# {text}" for text in _contradictions(column, target, sketch.table)]
        sketch.lines[len(lines) + 1] = column
        lines += [f"[[{name}]]", f"ours   = {quoted(match.known.ours)}"]
        lines.append(f"theirs = {quoted(column.theirs)}")
        if column.also:
            lines.append(f"also   = [{', '.join(map(quoted, column.also))}]")
        if separator := _separator(column, target):
            lines.append(f"split  = {quoted(separator)}")
        if match.known.via:
            lines.append(f"via    = {quoted(match.known.via)}")
        own_order = column.evidence.order if not sketch.table.dates else ""
        if _is_date(target) and own_order:
            lines.append(f"dates  = {quoted(own_order)}")
        elif _is_date(target) and column.evidence.needs_order and not sketch.table.dates:
            lines.append('# dates = "day-first"')
        lines.append("")


def _ticks(sketch: MappingSketch, lines: list[str]) -> None:
    """Write the columns of which each is one answer, which is ticked."""
    ticked = [column for column in sketch.columns if column.ticked and column.match]
    for column in ticked:
        if column is ticked[0] and column.match:
            lines += ["# Each of these columns is one answer, which is ticked. Look at the codes."]
            sketch.lines[len(lines) + 1] = column
            lines += ["[[ticks]]", f"ours = {quoted(column.match.known.ours)}", "[ticks.columns]"]
        lines.append(f"{quoted(column.theirs)} = {quoted(column.ticked)}")
    lines += [""] if ticked else []


def _separator(column: DraftColumn, target: FieldTarget | None) -> str:
    """Return what stands between several answers in one cell; empty if there is one."""
    if target is None or not target.adds or target.leaf.kind is not Kind.CODE or column.ticked:
        return ""
    if column.evidence.share(column.evidence.semicolons) > _SOMETIMES:
        return ";"
    return "," if column.evidence.share(column.evidence.commas) > _SOMETIMES else ""


def _part_links(part: str) -> Iterator[str]:
    """Yield what a relationship refers to: the person with the same number, and the first child."""
    person = {"/relationships": "person", "/parentalResponsibility": "holder"}.get(part)
    if person is None:
        return
    child = "relatedTo" if person == "person" else "child"
    for ours, to, number in ((person, "/people", ""), (child, "/children", "1")):
        yield from ("[[part.link]]", f'ours = "/{ours}"', f'to = "{to}"')
        if number:
            yield f"number = {number}"
        yield ""


_LINKS: Final = (
    ("/referrer/practitioner", "/practitioners[referrer]"),
    ("/requester/practitioner", "/practitioners[referrer]"),
    ("/practitioners[referrer]/organisation", "/organisations[agency]"),
    ("/consents[referral]/children/*", "/children"),
    ("/relationships[mother]/person", "/people[mother]"),
    ("/relationships[mother]/relatedTo", "/children"),
    ("/relationships[father]/person", "/people[father]"),
    ("/relationships[father]/relatedTo", "/children"),
)


def _links(sketch: MappingSketch, paths: Sequence[str]) -> Iterator[str]:
    """Yield the references between what the columns fill."""
    parts = {column.match.known.part for column in sketch.columns if column.match}
    root = fields_of(sketch.table.record)
    for ours, to in _LINKS:
        is_made = to in parts or any(path.startswith(f"{to}/") for path in paths)
        begins = ours[: ours.index("]") + 1] if "]" in ours else ""
        has_own = any(path.startswith(f"{begins}/") for path in paths)
        is_kin = ours.startswith("/relationships") and "/children" in parts
        of_kin = is_kin and f"/people[{begins[15:-1]}]" in str(paths)
        if is_made and _target(root, ours) and (not begins or has_own or of_kin):
            number = ["number = 1"] if ours.endswith("relatedTo") else []
            yield from ("[[link]]", f'ours = "{ours}"', f'to = "{to}"', *number, "")


def _target(root: Field, ours: str) -> FieldTarget | None:
    try:
        return resolve(root, ours, slices_of((ours,)))
    except FieldPathError:
        return None


def _is_date(target: FieldTarget | None) -> bool:
    return target is not None and target.leaf.kind in {Kind.DATE, Kind.DATE_TIME}


def _contradictions(
    column: DraftColumn, target: FieldTarget | None, table: MappingTable
) -> Iterator[str]:
    """Yield what the values say against the match, in counts only."""
    evidence = column.evidence
    if target is None or not evidence.filled:
        if not evidence.filled:
            yield "The column is empty in the rows that were looked at."
        return
    if _is_date(target):
        if not evidence.dates:
            yield "None of the values looks like a date: is it the right field?"
        elif evidence.needs_order and not (evidence.order or table.dates):
            yield "SAY HOW DATES ARE WRITTEN: the values do not show whether the day comes first."
    elif target.leaf.kind is Kind.CODE:
        words = words_for(target.leaf.code_list, table.version)
        unknown = len(evidence.words - set(words))
        if unknown:
            yield (
                f"{unknown} of {len(evidence.words)} different words are not known for the list "
                f"{target.leaf.code_list}. Add a [codes.{target.leaf.code_list}] table."
            )
    elif target.entry_type == "nhs-number" and not evidence.nhs_numbers:
        yield "None of the values is an NHS number with a right check digit."
    elif target.entry_type == "upn" and not evidence.upns:
        yield "None of the values is a UPN with a right check letter."


def _head(sketch: MappingSketch) -> Iterator[str]:
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
        yield f"{name} = {quoted(value)}"
    yield from _where_it_stands(table)
    if table.dates:
        yield f"# {sketch.dates_seen}"
        yield f"dates = {quoted(table.dates)}"
    if table.key:
        yield "# The rows of one case stand together: they become one record."
        yield f"key = [{quoted(table.key[0])}]"
        yield ""
        return
    references = [
        column
        for column in (*sketch.unmatched, *sketch.columns)
        if column.evidence.tells_apart and is_reference(column)
    ]
    if references:
        heading = quoted(references[0].theirs if not table.tabular else references[0].heading)
        yield f"id = [{heading}]  # every value differs: is it the right one?"
    else:
        yield "# id = [...]  # say which columns tell records apart"
    yield ""


def _where_it_stands(table: MappingTable) -> Iterator[str]:
    """Yield where in the file the records are."""
    if table.sheets:
        yield "# These sheets have the same headings, and are read together."
        yield f"sheets = [{', '.join(map(quoted, table.sheets))}]"
    if table.format == "csv":
        yield f"delimiter = {quoted(table.delimiter)}"
    if table.tabular:
        yield f"header-row = {table.header_row}"
    elif table.record_at:
        yield f"record-at = {quoted(table.record_at)}"
    if table.group_row:
        yield f"group-row = {table.group_row}"


def is_reference(column: DraftColumn) -> bool:
    """Return whether a column is called a reference or a number of something."""
    words = set(re.split(r"[\W_]+", column.heading.casefold()))
    return bool(words & {"id", "ref", "reference", "number", "no", "case"}) and bool(column.heading)


def _tail(sketch: MappingSketch) -> Iterator[str]:
    if not sketch.unmatched:
        return
    yield "# Not matched: kept as local data, unless you add a [[field]] or give it up in [[lost]]."
    yield from dict.fromkeys(
        f"#   {column.letter}: {column.label}{_looks(column.evidence)}"
        for column in sketch.unmatched
    )


def _looks(evidence: ColumnEvidence) -> str:
    if not evidence.filled:
        return " (empty)"
    return " (dates)" if evidence.share(evidence.dates) > 0.5 else ""  # noqa: PLR2004 (most)


def quoted(text: str) -> str:
    """Write a text as TOML has it: as in JSON, but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
