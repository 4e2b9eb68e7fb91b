"""Check a mapping against both ends before any data is read, and compile it once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eh_interop.core.errors import MappingError, UnreadableInputError
from eh_interop.core.findings import Severity
from eh_interop.core.suggestions import did_you_mean
from eh_interop.formats._shared.cells import MisreadError, text_or_blank
from eh_interop.formats.partners.compiled import CompiledMapping, MappingProblem
from eh_interop.formats.partners.compiling import look_up
from eh_interop.formats.partners.headings import BoundColumn, bind, fold, heading_problems, quotable
from eh_interop.formats.partners.mapping_table import MappedPart, MappingTable
from eh_interop.formats.partners.record_paths import (
    FieldPathError,
    FieldTarget,
    constant_problem,
    field_below,
)
from eh_interop.formats.partners.table_source import open_partner_table, tables_of
from eh_interop.reading.streams import RefusedError
from eh_interop.reading.tabular import OpenTable, column_letters
from eh_interop.standard.areas import Area
from eh_interop.standard.fields import Field

_BY_ITSELF = frozenset({"id", "recordType", "standardVersion", "recordId"})


def compile_mapping(
    table: MappingTable, area: Area | None = None
) -> tuple[CompiledMapping | None, tuple[MappingProblem, ...]]:
    """Compile a mapping, once for all records.

    Args:
        table: the mapping.
        area: the area of the records, instead of the one that the mapping names.

    Returns:
        The compiled mapping, which holds what is right; None if there is no such record type.
        And everything that is wrong, in the order of the mapping's file.
    """
    compiled, problems = look_up(table, area)
    problems += _format_problems(table)
    if compiled is not None:
        problems += _slice_problems(table, compiled.root)
        problems += _required_problems(compiled)
    return compiled, tuple(sorted(set(problems)))


def check_table(
    table: MappingTable, headings: Sequence[str] | None = None, area: Area | None = None
) -> tuple[MappingProblem, ...]:
    """Return everything that is wrong with a mapping, in the order of its file.

    Args:
        table: the mapping.
        headings: the headings of a file, if it is to be compared with one.
        area: the area of the records, instead of the one that the mapping names.
    """
    compiled, problems = compile_mapping(table, area)
    if compiled is None or headings is None or not table.tabular:
        return problems
    return tuple(sorted({*problems, *heading_problems(compiled, headings)}))


def compiled_or_refused(table: MappingTable, area: Area | None = None) -> CompiledMapping:
    """Compile a mapping in which nothing is wrong; warnings do not matter.

    Raises:
        MappingError: it names the first error.
    """
    compiled, problems = compile_mapping(table, area)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if errors or compiled is None:
        first = errors[0]
        line = f" line {first.line}:" if first.line else ""
        more = f" And {len(errors) - 1} more: see mapping check." if len(errors) > 1 else ""
        raise MappingError(f"{table.origin}:{line} {first.message}{more}")
    return compiled


def _format_problems(table: MappingTable) -> Iterator[MappingProblem]:
    if table.tabular:
        yield from _table_problems(table)
        return
    for word in ("key", "by"):
        if getattr(table, word, ()) or any(getattr(part, word, ()) for part in table.parts):
            yield MappingProblem(0, f"{word}: it is for tables, not for {table.format}.")
    rows = [*table.fields, *(field for part in table.parts for field in part.fields)]
    paths = [(row.line, row.theirs) for row in rows]
    paths += [(part.line, part.theirs) for part in table.parts if part.theirs]
    paths += [(row.line, row.theirs) for row in table.lost]
    paths += [(0, path) for path in table.id]
    for line, path in paths:
        if problem := _path_problem(table, path):
            yield MappingProblem(line, f"theirs {path}: {problem}")
    if table.format == "xml" and not table.record_at.startswith("/"):
        yield MappingProblem(0, "record-at: say the path of the element that is a record.")
    for row in rows:
        if row.also or row.pattern:
            yield MappingProblem(row.line, "also and pattern are for headings.")


def _path_problem(table: MappingTable, path: str) -> str:
    """Return what is wrong with a path for XML or JSON; nothing if it is right."""
    if table.format == "xml":
        # Its library takes time to import, and most mappings are for tables.
        from eh_interop.formats.partners.xml_records import xpath_problem

        return xpath_problem(path, table.namespaces)
    is_pointer = path.removeprefix("^").startswith("/")
    return "" if is_pointer else "a JSON Pointer begins with /, or with ^/ from the whole file."


def _table_problems(table: MappingTable) -> Iterator[MappingProblem]:
    if table.record_at:
        yield MappingProblem(0, "record-at: it is for XML and JSON.")
    if table.first_row and table.first_row <= table.header_row:
        yield MappingProblem(0, "first-row: it has to be below the row of headings.")
    for part in table.parts:
        if part.theirs:
            yield MappingProblem(part.line, "theirs of a part is for XML and JSON.")
        if (part.where or part.where_not) and not part.by:
            yield MappingProblem(
                part.line, "where: it needs by, which says what rows are one entry."
            )
        if part.by and not table.key:
            yield MappingProblem(
                part.line, "by: it needs key, which says what rows are one record."
            )
    if table.format != "csv" and (table.encoding or table.delimiter):
        yield MappingProblem(0, "encoding and delimiter are for CSV.")
    if table.format == "csv" and (table.sheet or table.sheets):
        yield MappingProblem(0, "sheet: a CSV file has none.")


def _slice_problems(table: MappingTable, root: Field) -> Iterator[MappingProblem]:
    lists = {field.name: field for field in root.walk() if field.fields and field.repeats}
    text = " ".join(_paths(table))
    for name, entries in table.slices.items():
        if name not in lists:
            yield MappingProblem(
                0, f"slice.{name}: there is no such list{did_you_mean(name, lists) or '.'}"
            )
            continue
        for entry, says in entries.items():
            if f"{name}[{entry}]" not in text:
                yield MappingProblem(0, f"slice.{name}.{entry}: no row uses it.", Severity.WARNING)
            for key, value in says.items():
                if problem := _fact_problem(lists[name], key, value, table.version):
                    yield MappingProblem(0, f"slice.{name}.{entry}.{key}: {problem}")


def _fact_problem(held: Field, key: str, value: object, version: str) -> str:
    try:
        leaf = field_below(held, key)
    except FieldPathError as error:
        return str(error)
    if leaf.repeats != isinstance(value, list):
        return "it is a list." if leaf.repeats else "it is not a list."
    values = value if isinstance(value, list) else [value]
    return next(filter(None, (constant_problem(leaf, item, version) for item in values)), "")


def _paths(table: MappingTable) -> Iterator[str]:
    """Yield every path of ours, each as its file says it."""
    holders: tuple[MappingTable | MappedPart, ...] = (table, *table.parts)
    for holder in holders:
        yield from (field.ours for field in holder.fields)
        yield from (constant.ours for constant in holder.constants)
        yield from (link.ours for link in holder.links)


def _required_problems(mapping: CompiledMapping) -> Iterator[MappingProblem]:
    """Yield the entries and groups that would lack what the schema requires of them."""
    filled: dict[tuple[int, str], set[str]] = {}
    groups: dict[tuple[int, str], tuple[Field, int]] = {}
    for part, target, fills, line in _targets(mapping):
        path = ""
        for step in target.steps:
            filled.setdefault((part, path), set()).add(step.name)
            path += f"/{step.name}[{step.entry}]" if step.entry else f"/{step.name}"
            filled.setdefault((part, path), set()).update(step.says)
            groups.setdefault((part, path), (step.field, line))
        filled.setdefault((part, path), set()).add(target.leaf.name)
        if fills:
            inner = f"{path}/{target.leaf.name}"
            groups.setdefault((part, inner), (target.leaf, line))
            filled.setdefault((part, inner), set()).update(fills)
    for compiled in mapping.parts:
        held = field_below(mapping.root, compiled.list_name)
        groups.setdefault((compiled.number, ""), (held, compiled.row.line))
    for (part, path), (held, line) in groups.items():
        there = filled.get((part, path), set()) | _BY_ITSELF
        missing = [
            field.name for field in held.fields if field.required and field.name not in there
        ]
        if missing:
            where = f"{mapping.table.parts[part].items}{path}" if part >= 0 else path
            yield MappingProblem(
                line, f"{where}: the standard requires {', '.join(missing)} there."
            )


def _targets(mapping: CompiledMapping) -> Iterable[tuple[int, FieldTarget, tuple[str, ...], int]]:
    for compiled in mapping.fields:
        yield compiled.part, compiled.target, compiled.fills, compiled.row.line
    yield from ((-1, constant.target, (), 0) for constant in mapping.constants)
    yield from ((-1, link.target, (), 0) for link in mapping.links)
    for part in mapping.parts:
        line = part.row.line
        yield from ((part.number, constant.target, (), line) for constant in part.constants)
        yield from ((part.number, link.target, (), line) for link in part.links)


@dataclass(slots=True)
class ColumnCoverage:
    """The cells of one column: how many hold something, and how many of them are read.

    ``mapped``: a row of the mapping reads it.
    """

    heading: str
    mapped: bool
    filled: int = 0
    read: int = 0


def coverage(path: Path, table: MappingTable) -> list[ColumnCoverage]:
    """Return what a mapping reads of each column of a table; nothing of XML and JSON.

    Raises:
        MappingError: the mapping is not right.
        UnreadableInputError: the file cannot be read.
    """
    if not table.tabular:
        return []
    compiled = compiled_or_refused(table)
    columns: dict[str, ColumnCoverage] = {}
    try:
        for own in tables_of(table):
            with open_partner_table(path, own, compiled) as opened:
                _count_cells(opened, compiled, columns)
    except RefusedError as error:
        raise UnreadableInputError(f"{path.name}: {error.message}") from None
    return list(columns.values())


def _count_cells(
    opened: OpenTable, mapping: CompiledMapping, columns: dict[str, ColumnCoverage]
) -> None:
    bound = {column.index: column for column in bind(mapping, opened.headings).bound}
    counted = [
        columns.setdefault(f"{fold(heading)}/{at}", ColumnCoverage(name, at in bound))
        for at, heading in enumerate(opened.headings)
        for name in (quotable(heading) or f"Column {column_letters(at)}",)
    ]
    for row in opened.rows:
        for at, cell in enumerate(row.cells[: len(counted)]):
            if text_or_blank(cell):
                counted[at].filled += 1
                counted[at].read += at in bound and _is_read(bound[at], cell)


def _is_read(column: BoundColumn, cell: object) -> bool:
    row = column.field.row
    pieces: Iterator[object] | tuple[object] = (cell,)
    if row.split and isinstance(cell, str):
        pieces = (piece.strip() for piece in cell.split(row.split))
    try:
        for piece in pieces:
            column.field.read(piece)
    except MisreadError:
        return False
    return True
