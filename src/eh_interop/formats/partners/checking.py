"""Checks a mapping against both ends before any data is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from eh_interop.core.errors import MappingError
from eh_interop.core.findings import Severity
from eh_interop.core.suggestions import did_you_mean
from eh_interop.formats.partners.compiling import NUMBER, compile_table, misfit
from eh_interop.formats.partners.headings import fold, match
from eh_interop.formats.partners.paths import PathError, Target, field_below
from eh_interop.formats.partners.plan import Plan, Problem
from eh_interop.formats.partners.tables import PartRow, Table
from eh_interop.standard.areas import Area
from eh_interop.standard.fields import Field

_BY_ITSELF = frozenset({"id", "recordType", "standardVersion", "recordId"})


def check_table(
    table: Table, headings: Sequence[str] | None = None, area: Area | None = None
) -> tuple[Problem, ...]:
    """Return everything that is wrong with a mapping, in the order of its file.

    Args:
        table: the mapping.
        headings: the headings of a file, if it is to be compared with one.
        area: the area of the records, instead of the one that the mapping names.
    """
    plan, problems = compile_table(table, area)
    found = list(problems)
    found += _format_problems(table)
    if plan is not None:
        found += _slice_problems(table, plan.root)
        found += _required_problems(plan)
        if headings is not None and table.tabular:
            found += _heading_problems(plan, headings)
    return tuple(sorted(set(found)))


def ready(table: Table, area: Area | None = None) -> Plan:
    """Return the plan of a mapping without errors.

    Raises:
        MappingError: it names the errors.
    """
    problems = [each for each in check_table(table, area=area) if each.severity is Severity.ERROR]
    plan, _ = compile_table(table, area)
    if problems or plan is None:
        first = problems[0]
        line = f" line {first.line}:" if first.line else ""
        more = f" And {len(problems) - 1} more: see mapping check." if len(problems) > 1 else ""
        raise MappingError(f"{table.origin}:{line} {first.message}{more}")
    return plan


def _format_problems(table: Table) -> Iterator[Problem]:
    if table.tabular:
        yield from _table_problems(table)
        return
    for word in ("key", "by"):
        if getattr(table, word, ()) or any(getattr(each, word, ()) for each in table.parts):
            yield Problem(0, f"{word}: it is for tables, not for {table.format}.")
    from eh_interop.formats.partners.sources.trees import path_problem

    rows = [*table.fields, *(field for part in table.parts for field in part.fields)]
    paths = [(row.line, row.theirs) for row in rows]
    paths += [(part.line, part.theirs) for part in table.parts if part.theirs]
    paths += [(each.line, each.theirs) for each in table.lost]
    paths += [(0, each) for each in table.id]
    for line, path in paths:
        if wrong := path_problem(table, path):
            yield Problem(line, f"theirs {path}: {wrong}")
    if table.format == "xml" and not table.record_at.startswith("/"):
        yield Problem(0, "record-at: say the path of the element that is a record.")
    for row in rows:
        if row.also or row.pattern:
            yield Problem(row.line, "also and pattern are for headings.")


def _table_problems(table: Table) -> Iterator[Problem]:
    if table.record_at:
        yield Problem(0, "record-at: it is for XML and JSON.")
    if table.first_row and table.first_row <= table.header_row:
        yield Problem(0, "first-row: it has to be below the row of headings.")
    for part in table.parts:
        if part.theirs:
            yield Problem(part.line, "theirs of a part is for XML and JSON.")
        if part.by and not table.key:
            yield Problem(part.line, "by: it needs key, which says what rows are one record.")
    if table.format != "csv" and (table.encoding or table.delimiter):
        yield Problem(0, "encoding and delimiter are for CSV.")
    if table.format == "csv" and table.sheet:
        yield Problem(0, "sheet: a CSV file has none.")


def _slice_problems(table: Table, root: Field) -> Iterator[Problem]:
    lists = {each.name: each for each in root.walk() if each.fields and each.repeats}
    text = " ".join(_paths(table))
    for name, entries in table.slices.items():
        if name not in lists:
            yield Problem(
                0, f"slice.{name}: there is no such list{did_you_mean(name, lists) or '.'}"
            )
            continue
        for entry, says in entries.items():
            if f"{name}[{entry}]" not in text:
                yield Problem(0, f"slice.{name}.{entry}: no row uses it.", Severity.WARNING)
            for key, value in says.items():
                if wrong := _fact_problem(lists[name], key, value, table.version):
                    yield Problem(0, f"slice.{name}.{entry}.{key}: {wrong}")


def _fact_problem(held: Field, key: str, value: object, version: str) -> str:
    try:
        leaf = field_below(held, key)
    except PathError as error:
        return str(error)
    if leaf.repeats != isinstance(value, list):
        return "it is a list." if leaf.repeats else "it is no list."
    values = value if isinstance(value, list) else [value]
    return next(filter(None, (misfit(leaf, each, version) for each in values)), "")


def _paths(table: Table) -> Iterator[str]:
    """Yield every path of ours, each as its file says it."""
    holders: tuple[Table | PartRow, ...] = (table, *table.parts)
    for holder in holders:
        yield from (field.ours for field in holder.fields)
        yield from (constant.ours for constant in holder.constants)
        yield from (link.ours for link in holder.links)


def _required_problems(plan: Plan) -> Iterator[Problem]:
    """Yield the entries and groups that would lack what the schema requires of them."""
    given: dict[tuple[int, str], set[str]] = {}
    groups: dict[tuple[int, str], tuple[Field, int]] = {}
    for part, target, fills, line in _targets(plan):
        path = ""
        for step in target.steps:
            given.setdefault((part, path), set()).add(step.name)
            path += f"/{step.name}[{step.entry}]" if step.entry else f"/{step.name}"
            given.setdefault((part, path), set()).update(step.says)
            groups.setdefault((part, path), (step.field, line))
        given.setdefault((part, path), set()).add(target.leaf.name)
        if fills:
            inner = f"{path}/{target.leaf.name}"
            groups.setdefault((part, inner), (target.leaf, line))
            given.setdefault((part, inner), set()).update(fills)
    for number, part_row in enumerate(plan.parts):
        held = field_below(plan.root, part_row.listed)
        groups.setdefault((number, ""), (held, part_row.row.line))
    for (part, path), (held, line) in groups.items():
        known = given.get((part, path), set()) | _BY_ITSELF
        missing = [
            field.name for field in held.fields if field.required and field.name not in known
        ]
        if missing:
            where = f"{plan.parts[part].row.each}{path}" if part >= 0 else path
            yield Problem(line, f"{where}: the standard requires {', '.join(missing)} there.")


def _targets(plan: Plan) -> Iterable[tuple[int, Target, tuple[str, ...], int]]:
    for row in plan.rows:
        yield row.part, row.target, row.fills, row.row.line
    yield from ((-1, each.target, (), 0) for each in plan.constants)
    yield from ((-1, each.target, (), 0) for each in plan.links)
    for number, part in enumerate(plan.parts):
        for constant in part.constants:
            yield number, constant.target, (), part.row.line
        for link in part.links:
            yield number, link.target, (), part.row.line


def _heading_problems(plan: Plan, headings: Sequence[str]) -> Iterator[Problem]:
    table = plan.table
    known = {fold(heading): heading for heading in headings}
    matched = match(plan, headings)
    for row in matched.missing:
        near = did_you_mean(fold(row.row.theirs.replace(NUMBER, "1")), known) or "."
        severity = Severity.ERROR if row.row.required else Severity.WARNING
        yield Problem(
            row.row.line, f"theirs {row.row.theirs}: the file has no such heading{near}", severity
        )
    named = {*table.key, *table.id, *(name for part in table.parts for name in part.by)}
    for name in sorted(named):
        if fold(name) not in known:
            near = did_you_mean(fold(name), known) or "."
            yield Problem(0, f"key, id or by: the file has no heading {name}{near}")
