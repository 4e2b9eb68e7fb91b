"""The tables, made ready for one record type: paths are read, fields found, values paired."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any, Final

import orjson

from eh_interop.core.errors import MappingError
from eh_interop.core.pointer import split
from eh_interop.formats.fhir.compiled import (
    Entry,
    FieldRule,
    ListRule,
    Path,
    Ready,
    Rules,
    Step,
    pieces,
)
from eh_interop.formats.fhir.names import code_system, structure
from eh_interop.formats.fhir.tables import (
    ConstantRow,
    FieldRow,
    ResourceTable,
    Tables,
    load_tables,
)
from eh_interop.formats.fhir.values import SAME, fact_element, pair
from eh_interop.standard.fields import Field, fields_of

_STAR: Final = "*"
_ORDERED: Final = {("start", "end"), ("authoredOn", "lastModified")}
"""Elements that R4 wants in order: per-1 of a Period, inv-1 of a Task."""


@cache
def ready_tables(record_type: str) -> tuple[Ready, ...]:
    """Return the tables that a record of this type can use, in order.

    Raises:
        MappingError: a table names what does not exist.
    """
    tables, root = load_tables(), fields_of(record_type)
    found = []
    for table in tables.resources:
        item = field_at(root, split(table.each))
        if item is None or (table.records and record_type not in table.records):
            continue
        found.append(_Reader(tables, root, table).ready())
    return tuple(found)


def field_at(root: Field, steps: Iterable[str]) -> Field | None:
    """Return the field at a path in which ``*`` may stand; None if there is none."""
    for step in steps:
        if step == _STAR:
            if not root.repeats:
                return None
        else:
            found = next((field for field in root.fields if field.name == step), None)
            if found is None:
                return None
            root = found
    return root


class _Reader:
    """Reads one table for one record type."""

    def __init__(self, tables: Tables, root: Field, table: ResourceTable) -> None:
        self._tables, self._root, self._table = tables, root, table

    def ready(self) -> Ready:
        table = self._table
        each = split(table.each)
        rows = [(row, pieces(row.theirs)) for row in table.fields]
        constants = [(row, pieces(row.theirs)) for row in table.constants]
        usable = [
            (row, split(row.ours) if row.ours.startswith("/") else (), path)
            for row, path in rows
            if self._known(row)
        ]
        rules = self._rules(usable, constants, within=table.type == "Extension")
        return Ready(
            table,
            each,
            rules,
            tuple((self._path(p, None), row.value) for row, p in constants if row.identifies),
            orjson.dumps(rules.stated(_beginning(table))),
            table.onto.removeprefix("/"),
        )

    def _known(self, row: FieldRow) -> bool:
        """Tell whether this record type has the field. A table may serve several types."""
        if not row.ours.startswith("/") or self._field(row) is not None:
            return True
        if self._table.each and not self._table.records:
            raise MappingError(f"{self._table.key}: there is no field {row.ours}.")
        return False

    def _field(self, row: FieldRow) -> Field | None:
        ours = row.ours.lstrip("^")
        return field_at(self._root, (*self._item(len(row.ours) - len(ours)), *split(ours)))

    def _item(self, up: int) -> tuple[str, ...]:
        """Return the path of the item, or of the one ``up`` items around it."""
        each = split(self._table.each)
        found = field_at(self._root, each)
        steps = (*each, _STAR) if each and found is not None and found.repeats else each
        for _ in range(up):
            above = steps[: -2 if steps[-1:] == (_STAR,) else -1]
            while above and above[-1] != _STAR:
                above = above[:-1]
            steps = above
        return steps

    def _rules(
        self,
        rows: list[tuple[FieldRow, tuple[str, ...], list[tuple[str, str]]]],
        constants: list[tuple[ConstantRow, list[tuple[str, str]]]],
        *,
        within: bool = False,
    ) -> Rules:
        """Read rows and constants; ``within`` an extension its parts go by their bare names."""
        alone = self._alone(rows, constants)
        plain, lists = [], dict[tuple[tuple[str, ...], str], list[Any]]()
        for row, ours, path in rows:
            many = _first_many(path)
            if (_STAR in ours) != (many is not None):
                raise MappingError(
                    f"{self._table.key}: {row.ours} and {row.theirs} do not repeat together."
                )
            if many is None:
                plain.append(self._field_rule(row, ours, path, alone, within=within))
                continue
            at = ours.index(_STAR)
            head = _written(path[: many + 1])
            lists.setdefault((ours[:at], head), []).append(
                (row, ours[at + 1 :], path[many + 1 :], path[: many + 1])
            )
        inner = dict[str, list[Any]]()
        outer = []
        for constant, path in constants:
            many = _first_many(path)
            if many is None:
                outer.append((self._path(path, None, within=within), constant.value))
            else:
                inner.setdefault(_written(path[: many + 1]), []).append(
                    (constant, path[many + 1 :])
                )
        listed = tuple(
            self._list_rule(ours, members, inner.get(head, []))
            for (ours, head), members in lists.items()
        )
        return Rules(
            tuple(outer),
            tuple(plain),
            listed,
            _keys(plain, listed),
            tuple(_in_order(plain)),
        )

    def _alone(
        self,
        rows: list[tuple[FieldRow, tuple[str, ...], list[tuple[str, str]]]],
        constants: list[tuple[ConstantRow, list[tuple[str, str]]]],
    ) -> frozenset[str]:
        """Return the entries that only one row writes: they need not be looked for."""
        known = Counter(
            name
            for ours, path in (
                *((row.ours, path) for row, _, path in rows),
                *(("", path) for _, path in constants),
            )
            for name in _entries(path, ours)
        )
        return frozenset(name for name, count in known.items() if count == 1)

    def _list_rule(
        self, ours: tuple[str, ...], members: list[Any], constants: list[Any]
    ) -> ListRule:
        row, _, _, head = members[0]
        field = self._field(row)
        *holder, (element, inside) = head
        rules = self._rules(
            [member[:3] for member in members],
            constants,
            within=any(name == "extension" for name, _ in head),
        )
        entry = self._entry(element, inside.removesuffix(_STAR), field, many=True)
        return ListRule(
            ours,
            self._path(holder, field),
            element,
            entry,
            rules,
            orjson.dumps(rules.stated(dict(entry.facts))),
            len(rules.fields) == 1 and not rules.fields[0].theirs and not rules.fields[0].ours,
        )

    def _field_rule(
        self,
        row: FieldRow,
        ours: tuple[str, ...],
        path: list[tuple[str, str]],
        alone: frozenset[str],
        *,
        within: bool,
    ) -> FieldRule:
        field = self._field(row) if row.ours.startswith(("/", "^/")) else None
        if row.form == "fact" and field is not None and path:
            path = [*path[:-1], (fact_element(field), "")]
        elif row.form == "fact" and field is not None:
            path = [(fact_element(field), "")]
        up = len(row.ours) - len(row.ours.lstrip("^"))
        word = row.ours if row.ours.startswith("@") else ""
        return FieldRule(
            ours=split(row.ours[up:]) if up else ours,
            theirs=self._path(path, field, within=within, alone=alone, ours=row.ours),
            pair=SAME if word else pair(row, field),
            required=row.required,
            up=up,
            word=word,
            key=ours[0] if ours and not up and not word else "",
        )

    def _path(
        self,
        path: list[tuple[str, str]],
        field: Field | None,
        *,
        within: bool = False,
        alone: frozenset[str] = frozenset(),
        ours: str = "",
    ) -> Path:
        steps: list[Step] = []
        for (element, inside), name in zip(path, _names(path, ours), strict=True):
            entry = self._entry(element, inside, field, many=False) if inside else None
            if entry is not None and element == "extension" and (within or _has_extension(steps)):
                # Within an extension of several parts, the name of a part is its url.
                entry = Entry(facts={"url": inside})
            if entry is not None and name in alone:
                entry = replace(entry, alone=True)
            steps.append(Step(element, entry))
        return tuple(steps)

    def _entry(self, element: str, inside: str, field: Field | None, *, many: bool) -> Entry:
        if not inside:
            return Entry(many=many)
        if inside.isdigit():
            return Entry(many=many, index=int(inside))
        if inside == "=":
            if field is None:
                raise MappingError(f"{self._table.key}: {element}[=] needs a field.")
            return Entry(many=many, facts=self._named(element, field))
        known = self._tables.slices.get(element, {}).get(inside)
        if known is not None:
            return Entry(many=many, facts=known)
        if element == "extension":
            return Entry(many=many, facts={"url": self._tables.urls.get(inside, structure(inside))})
        raise MappingError(f"{self._table.key}: {element} has no slice {inside}.")

    def _named(self, element: str, field: Field) -> dict[str, Any]:
        """Say in a code which field of ours an entry is about."""
        coding = {
            "system": code_system("field"),
            "code": field.link,
            "display": field.title,
        }
        says = "type" if element in {"input", "output"} else "code"
        facts: dict[str, Any] = {says: {"coding": [coding]}}
        if element == "section":
            facts["title"] = field.title
        return facts


def _in_order(rules: list[FieldRule]) -> Iterator[tuple[int, int]]:
    """Yield the numbers of the fields that begin and end one thing."""
    for one, first in enumerate(rules):
        for other, last in enumerate(rules):
            if not (first.theirs and last.theirs) or first.theirs[:-1] != last.theirs[:-1]:
                continue
            if (first.theirs[-1].element, last.theirs[-1].element) in _ORDERED:
                yield one, other


def _first_many(path: list[tuple[str, str]]) -> int | None:
    return next((at for at, (_, inside) in enumerate(path) if inside.endswith(_STAR)), None)


def _has_extension(steps: Iterable[Step]) -> bool:
    return any(step.element == "extension" for step in steps)


def _written(path: list[tuple[str, str]]) -> str:
    return ".".join(f"{element}[{inside}]" for element, inside in path)


def _names(path: list[tuple[str, str]], ours: str) -> list[str]:
    """Name what each step of a path leads to. ``[=]`` is another entry for each field of ours."""
    names = [_written(path[: at + 1]) for at in range(len(path))]
    return [f"{name}{ours}" if "[=]" in name else name for name in names]


def _entries(path: list[tuple[str, str]], ours: str) -> list[str]:
    """Name the entries of lists on a path."""
    return [name for (_, inside), name in zip(path, _names(path, ours), strict=True) if inside]


def _keys(fields: Iterable[FieldRule], lists: Iterable[ListRule]) -> frozenset[str] | None:
    taken = [field for field in fields if not field.word]
    if not all(each.key for each in taken):
        return None
    paths = (*(each.ours for each in taken), *(list_.ours for list_ in lists))
    return frozenset(path[0] for path in paths if path)


def _beginning(table: ResourceTable) -> dict[str, Any]:
    """Return what every resource of a table begins with."""
    if table.onto:
        return {"url": structure(table.name)}
    if table.type == "Composition":
        return {}
    start: dict[str, Any] = {"resourceType": table.type}
    return {**start, "meta": {"profile": [table.profile]}} if table.profile else start
