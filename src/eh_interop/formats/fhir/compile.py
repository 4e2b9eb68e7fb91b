"""Compile the mapping tables for one record type: paths are read, fields and converters found."""

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
    CompiledElement,
    CompiledList,
    CompiledRows,
    CompiledTable,
    EntrySelector,
    Path,
    PathStep,
    pieces,
)
from eh_interop.formats.fhir.converters import component_value, converter_for
from eh_interop.formats.fhir.names import code_system, structure
from eh_interop.formats.fhir.tables import (
    ConstantElement,
    ElementRow,
    ResourceTable,
    Tables,
    field_at,
    load_tables,
)
from eh_interop.standard.fields import Field, fields_of

_STAR: Final = "*"
_ORDERED: Final = {("start", "end"), ("authoredOn", "lastModified")}
"""Elements that R4 wants in order: per-1 of a Period, inv-1 of a Task."""


_Pieces = list[tuple[str, str]]
"""A path in elements, each with what stands in its brackets."""
_FieldPath = tuple[ElementRow, tuple[str, ...], _Pieces]
_ConstantPath = tuple[ConstantElement, _Pieces]


@cache
def compiled_tables(record_type: str) -> tuple[CompiledTable, ...]:
    """Return the tables that a record of this type can use, in order.

    Raises:
        MappingError: a table names what does not exist.
    """
    tables, root = load_tables(), fields_of(record_type)
    compiled = []
    for table in tables.resources:
        item = field_at(root, split(table.items))
        if item is None or (table.records and record_type not in table.records):
            continue
        compiled.append(_Compiler(tables, root, table).compile())
    return tuple(compiled)


def items_path(root: Field, items: tuple[str, ...]) -> tuple[str, ...]:
    """Return the path of an item's field: a star more, if ``items`` leads to a list."""
    field = field_at(root, items)
    return (*items, _STAR) if items and field is not None and field.repeats else items


class _Compiler:
    def __init__(self, tables: Tables, root: Field, table: ResourceTable) -> None:
        self._tables, self._root, self._table = tables, root, table

    def compile(self) -> CompiledTable:
        table = self._table
        constants = [(row, pieces(row.theirs)) for row in table.constants]
        usable = [
            (row, split(row.ours) if row.ours.startswith("/") else (), pieces(row.theirs))
            for row in table.fields
            if self._known(row)
        ]
        compiled = self._rows(usable, constants, within=table.type == "Extension")
        return CompiledTable(
            table,
            split(table.items),
            compiled,
            tuple((self._path(p, None), row.value) for row, p in constants if row.identifies),
            orjson.dumps(compiled.write_constants(_beginning(table))),
            table.onto.removeprefix("/"),
        )

    def _known(self, row: ElementRow) -> bool:
        """Return whether this record type has the field. A table may serve several types."""
        if not row.ours.startswith("/") or self._field(row) is not None:
            return True
        if self._table.items and not self._table.records:
            raise MappingError(f"{self._table.key}: there is no field {row.ours}.")
        return False

    def _field(self, row: ElementRow) -> Field | None:
        ours = row.ours.lstrip("^")
        return field_at(self._root, (*self._item(len(row.ours) - len(ours)), *split(ours)))

    def _item(self, up: int) -> tuple[str, ...]:
        """Return the path of the item, or of the one ``up`` items around it."""
        steps = items_path(self._root, split(self._table.items))
        for _ in range(up):
            above = steps[: -2 if steps[-1:] == (_STAR,) else -1]
            while above and above[-1] != _STAR:
                above = above[:-1]
            steps = above
        return steps

    def _rows(
        self, rows: list[_FieldPath], constants: list[_ConstantPath], *, within: bool = False
    ) -> CompiledRows:
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
                plain.append(self._compiled_field(row, ours, path, alone, within=within))
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
            self._list(ours, members, inner.get(head, []))
            for (ours, head), members in lists.items()
        )
        order = tuple(_in_order(plain))
        return CompiledRows(tuple(outer), tuple(plain), listed, _keys(plain, listed), order)

    def _alone(self, rows: list[_FieldPath], constants: list[_ConstantPath]) -> frozenset[str]:
        """Return the entries that only one row writes: they need not be looked for."""
        paths = [(path, row.ours) for row, _, path in rows]
        paths += [(path, "") for _, path in constants]
        known = Counter(name for path, ours in paths for name in _entries(path, ours))
        return frozenset(name for name, count in known.items() if count == 1)

    def _list(
        self, ours: tuple[str, ...], members: list[Any], constants: list[Any]
    ) -> CompiledList:
        row, _, _, head = members[0]
        field = self._field(row)
        *holder, (element, inside) = head
        compiled = self._rows(
            [member[:3] for member in members],
            constants,
            within=any(name == "extension" for name, _ in head),
        )
        entry = self._entry(element, inside.removesuffix(_STAR), field)
        return CompiledList(
            ours,
            self._path(holder, field),
            element,
            entry,
            compiled,
            orjson.dumps(compiled.write_constants(dict(entry.facts))),
            [(field.ours, field.theirs) for field in compiled.fields] == [((), ())],
        )

    def _compiled_field(
        self,
        row: ElementRow,
        ours: tuple[str, ...],
        path: _Pieces,
        alone: frozenset[str],
        *,
        within: bool,
    ) -> CompiledElement:
        field = self._field(row) if row.ours.startswith(("/", "^/")) else None
        if row.form == "fact" and field is not None:
            path = [*path[:-1], (component_value(field), "")]
        up = len(row.ours) - len(row.ours.lstrip("^"))
        variable = row.ours if row.ours.startswith("@") else ""
        return CompiledElement(
            ours=split(row.ours[up:]) if up else ours,
            theirs=self._path(path, field, within=within, alone=alone, ours=row.ours),
            converter=converter_for(row, field),
            required=row.required,
            up=up,
            variable=variable,
            key=ours[0] if ours and not up and not variable else "",
        )

    def _path(
        self,
        path: _Pieces,
        field: Field | None,
        *,
        within: bool = False,
        alone: frozenset[str] = frozenset(),
        ours: str = "",
    ) -> Path:
        steps: list[PathStep] = []
        for (element, inside), name in zip(path, _names(path, ours), strict=True):
            entry = self._entry(element, inside, field) if inside else None
            if entry is not None and element == "extension" and (within or _has_extension(steps)):
                # Within an extension of several parts, the name of a part is its url.
                entry = EntrySelector(facts={"url": inside})
            if entry is not None and name in alone:
                entry = replace(entry, alone=True)
            steps.append(PathStep(element, entry))
        return tuple(steps)

    def _entry(self, element: str, inside: str, field: Field | None) -> EntrySelector:
        if not inside:
            return EntrySelector()
        if inside.isdigit():
            return EntrySelector(index=int(inside))
        if inside == "=":
            if field is None:
                raise MappingError(f"{self._table.key}: {element}[=] needs a field.")
            return EntrySelector(facts=self._named(element, field))
        known = self._tables.slices.get(element, {}).get(inside)
        if known is not None:
            return EntrySelector(facts=known)
        if element == "extension":
            return EntrySelector(facts={"url": self._tables.urls.get(inside, structure(inside))})
        raise MappingError(f"{self._table.key}: {element} has no slice {inside}.")

    def _named(self, element: str, field: Field) -> dict[str, Any]:
        """Say in a code which field of ours an entry is about."""
        coding = {"system": code_system("field"), "code": field.link, "display": field.title}
        says = "type" if element in {"input", "output"} else "code"
        facts: dict[str, Any] = {says: {"coding": [coding]}}
        if element == "section":
            facts["title"] = field.title
        return facts


def _in_order(compiled: list[CompiledElement]) -> Iterator[tuple[int, int]]:
    """Yield the numbers of the fields that begin and end one thing."""
    for one, first in enumerate(compiled):
        for other, last in enumerate(compiled):
            if not (first.theirs and last.theirs) or first.theirs[:-1] != last.theirs[:-1]:
                continue
            if (first.theirs[-1].element, last.theirs[-1].element) in _ORDERED:
                yield one, other


def _first_many(path: _Pieces) -> int | None:
    return next((at for at, (_, inside) in enumerate(path) if inside.endswith(_STAR)), None)


def _has_extension(steps: Iterable[PathStep]) -> bool:
    return any(step.element == "extension" for step in steps)


def _written(path: _Pieces) -> str:
    return ".".join(f"{element}[{inside}]" for element, inside in path)


def _names(path: _Pieces, ours: str) -> list[str]:
    """Name what each step of a path leads to. ``[=]`` is another entry for each field of ours."""
    names = [_written(path[: at + 1]) for at in range(len(path))]
    return [f"{name}{ours}" if "[=]" in name else name for name in names]


def _entries(path: _Pieces, ours: str) -> list[str]:
    return [name for (_, inside), name in zip(path, _names(path, ours), strict=True) if inside]


def _keys(
    fields: Iterable[CompiledElement], lists: Iterable[CompiledList]
) -> frozenset[str] | None:
    taken = [field for field in fields if not field.variable]
    if not all(field.key for field in taken):
        return None
    paths = (*(field.ours for field in taken), *(list_.ours for list_ in lists))
    return frozenset(path[0] for path in paths if path)


def _beginning(table: ResourceTable) -> dict[str, Any]:
    """Return what every resource of a table begins with."""
    if table.onto:
        return {"url": structure(table.name)}
    if table.type == "Composition":
        return {}
    start: dict[str, Any] = {"resourceType": table.type}
    return {**start, "meta": {"profile": [table.profile]}} if table.profile else start
