"""Match tables to resources: which item of the record each becomes. The second pass of import.

Resources that are items of their own come first, then what stands in them or says more of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any, Final

import orjson

from eh_interop.core.errors import MappingError
from eh_interop.formats.fhir.compile import compiled_tables
from eh_interop.formats.fhir.compiled import (
    CompiledTable,
    ElementMatch,
    Path,
    find_at,
    matches_pattern,
)
from eh_interop.formats.fhir.focus import focus_resource
from eh_interop.formats.fhir.names import code_system
from eh_interop.formats.fhir.normalise import InputResource, InputResources
from eh_interop.formats.fhir.record_tree import RecordItem
from eh_interop.formats.fhir.resource_reader import ResourceReader
from eh_interop.formats.fhir.tables import field_at
from eh_interop.standard.fields import Field, fields_of

_PER: Final = frozenset({"id", "patient", "subject"})
"""What tells apart the resources that our own Bundles have for each child."""


class Placement(Enum):
    """How a table's resources come into the record."""

    ITEM = "an item of its own, or the record itself"
    MORE = "more words on an item that another resource is"
    INNER = "part of another item, to which nothing refers"


@dataclass(frozen=True, slots=True)
class Assignment:
    """The table that reads a resource, and what it reads it into.

    Attributes:
        item: the item that it is, or of which it says more.
        holder: the item in which that stands, if it is an inner one, or of which it says more;
            None for a resource that is an item of its own.
    """

    resource: InputResource
    table: CompiledTable
    placement: Placement
    item: RecordItem
    holder: RecordItem | None = None


@dataclass(frozen=True)
class Assignments:
    """The resources of a Bundle with their tables.

    Attributes:
        resources: all resources, also those that no table reads.
        items: the items of their own, in the order in which they were found.
        by_resource: the assignment of each resource that has one, in the order of the resources.
    """

    record_type: str
    resources: InputResources
    items: tuple[RecordItem, ...]
    by_resource: Mapping[InputResource, Assignment]

    @cached_property
    def item_of(self) -> Mapping[InputResource, RecordItem]:
        """The item that each resource is."""
        return {resource: assignment.item for resource, assignment in self.by_resource.items()}


def match_tables(resources: InputResources, record_type: str) -> Assignments:
    """Give each resource its table and its item of the record.

    Raises:
        MappingError: a mapping table of this installation is broken.
        StandardError: there is no such record type.
    """
    return TableMatcher(resources, record_type).match()


class TableMatcher:
    """Matches the resources of one Bundle. Whom a resource names may decide its table."""

    def __init__(self, resources: InputResources, record_type: str) -> None:
        self._tables, self._root = compiled_tables(record_type), fields_of(record_type)
        self._resources, self._record_type = resources, record_type
        self._is_ours = any(map(_is_our_composition, resources.of_type("Composition")))
        self._record = RecordItem(())
        self._assigned: dict[InputResource, Assignment] = {}
        self._item_of: dict[InputResource, RecordItem] = {}
        self._items: list[RecordItem] = []
        self._single: dict[tuple[str, ...], RecordItem] = {}
        self._count: Counter[tuple[str, ...]] = Counter()
        self._signed: dict[str, bool] = {}
        self._placements = {_key(table): _placement(table, self._tables) for table in self._tables}
        self._first_of: dict[tuple[str, bytes], InputResource] = {}
        self._mains: dict[tuple[str, ...], _Mains] = {}
        self._reader = ResourceReader(self._root, resources, self._item_of)

    def match(self) -> Assignments:
        """Assign items first, then what stands in them or says more of them."""
        focus = focus_resource(self._resources, self._may_be_focus)
        waiting: list[tuple[InputResource, list[CompiledTable]]] = []
        for resource in self._resources.all:
            fitting = self._fitting(resource) if _has_table(resource) else []
            if not fitting or not self._is_item(fitting[0]):
                waiting.append((resource, fitting))
                continue
            items = (table for table in fitting if self._is_item(table))
            chosen = next((table for table in items if self._may_be(table, resource, focus)), None)
            if chosen is not None:
                self._assign_item(resource, chosen)
        while waiting:
            late = [pair for pair in waiting if not self._assign_late(*pair)]
            if len(late) == len(waiting):
                break
            waiting = late
        for resource, fitting in waiting:
            # What says more of something unknown may still be something of its own.
            alone = (table for table in fitting if table.items and self._is_item(table))
            if (chosen := next(alone, None)) is not None:
                self._assign_item(resource, chosen)
        known = {
            resource: self._assigned[resource]
            for resource in self._resources.all
            if resource in self._assigned
        }
        return Assignments(self._record_type, self._resources, tuple(self._items), known)

    def _may_be_focus(self, resource: InputResource) -> bool:
        if resource.entered_in_error:
            return False
        best = next(iter(self._fitting(resource)), None)
        return best is not None and best.table.main and not best.items

    def _placement(self, table: CompiledTable) -> Placement:
        return self._placements[_key(table)]

    def _is_item(self, table: CompiledTable) -> bool:
        return self._placement(table) is Placement.ITEM

    def _may_be(
        self, table: CompiledTable, resource: InputResource, focus: InputResource | None
    ) -> bool:
        """Return whether a table may read a resource: what the record is, is one resource only.

        Our own Bundles have that once for each child.
        """
        if table.items or not table.table.main or resource is focus:
            return True
        return bool(table.table.per) and self._is_ours

    def _fitting(self, resource: InputResource) -> list[CompiledTable]:
        """Return the tables that could read a resource, the best first."""
        fitting = [
            table
            for table in self._tables
            if table.table.type == resource.type
            and (_has_signs(resource, table) or self._may_be_the_record(table))
            and _names_field(table, resource)
            and self._reader.has_required(table, resource)
        ]
        return sorted(fitting, key=lambda table: _rank(table, resource), reverse=True)

    def _may_be_the_record(self, table: CompiledTable) -> bool:
        """Return whether a top-level table may match what lacks the constants that we write.

        Other people do not know them. If a resource has them, it alone is meant.
        """
        if table.items or not table.table.main:
            return False
        if table.table.key not in self._signed:
            same = self._resources.of_type(table.table.type)
            self._signed[table.table.key] = any(_has_signs(resource, table) for resource in same)
        return not self._signed[table.table.key]

    def _assign_item(self, resource: InputResource, table: CompiledTable) -> None:
        self._assign(Assignment(resource, table, Placement.ITEM, self._item(resource, table)))

    def _assign(self, assignment: Assignment) -> None:
        self._assigned[assignment.resource] = assignment
        self._item_of[assignment.resource] = assignment.item

    def _item(self, resource: InputResource, table: CompiledTable) -> RecordItem:
        """Return the item that a resource is: the record, one that is there, or a new one."""
        if not table.items:
            return self._record
        same = self._same_for_other_child(resource, table)
        if same is not resource:
            return self._item_of[same]
        if not is_list(table, self._root):
            item = RecordItem(table.items, steps=resource.steps)
            if table.items in self._single:
                return self._single[table.items]
            self._single[table.items] = item
        else:
            number = self._count[table.items]
            self._count[table.items] += 1
            local_id = f"{table.items[-1]}-{number + 1}"
            item = RecordItem((*table.items, number), local_id, resource.steps)
        self._items.append(item)
        return item

    def _same_for_other_child(self, resource: InputResource, table: CompiledTable) -> InputResource:
        """Return the first resource that says the same of another child, in our own Bundles.

        They say it once for each child, and it is one item.
        """
        if not (table.table.per and self._is_ours):
            return resource
        rest = {name: value for name, value in resource.resource.items() if name not in _PER}
        key = table.table.key, orjson.dumps(rest, option=orjson.OPT_SORT_KEYS)
        return self._first_of.setdefault(key, resource)

    def _assign_late(self, resource: InputResource, fitting: list[CompiledTable]) -> bool:
        """Assign a resource to the item to which it refers, by the table that explains most."""
        known = [table for table in fitting if self._has_holder(resource, table)]
        if not known:
            return False
        # That which explains most: of which it reads most elements.
        read = self._reader.read
        table = max(known, key=lambda table: (len(table.signs), len(read(table, resource).read)))
        holder = self._holder(resource, table) or self._item(resource, table)
        same = self._same_for_other_child(resource, table)
        placement = self._placement(table)
        if placement is Placement.MORE:
            item = holder
        elif same is resource:
            item = RecordItem(holder.place, steps=resource.steps, inner=True)
        else:
            item = self._item_of[same]
        self._assign(Assignment(resource, table, placement, item, holder))
        return True

    def _has_holder(self, resource: InputResource, table: CompiledTable) -> bool:
        # What is always made may be an item by itself, if nothing names it.
        alone = _around(table) is None and table.table.always
        return alone or self._holder(resource, table) is not None

    def _holder(self, resource: InputResource, table: CompiledTable) -> RecordItem | None:
        """Return the item of which a resource says more, or in which it stands."""
        if self._placement(table) is Placement.INNER and "*" not in table.items:
            return self._record
        variable = _around(table)
        if variable is None:
            return self._beside(resource, table)
        target = referred(self._resources, resource, table, variable)
        item = self._item_of.get(target) if target else None
        if item is None:
            tables = (assignment.table for assignment in self._assigned.values())
            alone = not table.items and all(other is not table for other in tables)
            return self._record if alone and not _has(resource, table, variable) else None
        return item if item.place[:1] == table.items[:1] else None

    def _beside(self, resource: InputResource, table: CompiledTable) -> RecordItem | None:
        """Return the item whose main resource names this one, or that is the only one."""
        mains = self._mains_of(table.items)
        if resource in mains.by_practitioner:
            return self._item_of[mains.by_practitioner[resource]]
        if table.table.always:
            return None
        return self._item_of[mains.all[0]] if len(mains.all) == 1 else None

    def _mains_of(self, items: tuple[str, ...]) -> _Mains:
        """Return the main resources of a list. It is asked for when all items are assigned."""
        if items not in self._mains:
            mains = [
                self._assigned[resource]
                for resource in self._resources.all
                if resource in self._assigned
                and self._assigned[resource].table.table.main
                and self._assigned[resource].table.items == items
            ]
            named: dict[InputResource, InputResource] = {}
            for main in mains:
                target = referred(self._resources, main.resource, main.table, "@practitioner")
                if target is not None:
                    named.setdefault(target, main.resource)
            self._mains[items] = _Mains(tuple(main.resource for main in mains), named)
        return self._mains[items]


@dataclass(frozen=True, slots=True)
class _Mains:
    """The main resources of a list, and each by the practitioner that it names."""

    all: tuple[InputResource, ...]
    by_practitioner: Mapping[InputResource, InputResource]


def _placement(table: CompiledTable, tables: tuple[CompiledTable, ...]) -> Placement:
    """Return how a table's resources come into the record, beside the other tables."""
    if table.variable("@item"):
        return Placement.MORE
    if table.table.main or not table.items:
        return Placement.ITEM
    has_main = any(other.table.main and other.items == table.items for other in tables)
    return Placement.MORE if has_main else Placement.INNER


def _key(table: CompiledTable) -> tuple[str, tuple[str, ...]]:
    return table.table.key, table.items


def is_list(table: CompiledTable, root: Field) -> bool:
    """Return whether the items of a table are the entries of a list.

    Raises:
        MappingError: the record type does not have such items.
    """
    field = field_at(root, table.items)
    if field is None:
        raise MappingError("A table leads to a field that the record type does not have.")
    return field.repeats


def referred(
    resources: InputResources, resource: InputResource, table: CompiledTable, variable: str
) -> InputResource | None:
    """Return what a resource names where its table has a variable."""
    row = table.variable(variable)
    match = find_at(ElementMatch(resource.resource), row.theirs) if row else None
    return resources.lookup(match.value, resource) if match else None


def composition_tables(record_type: str) -> Iterator[CompiledTable]:
    """Yield the tables that read the Composition of a document: all of them do."""
    for table in compiled_tables(record_type):
        if table.table.type == "Composition" and not table.items:
            yield table


def _around(table: CompiledTable) -> str | None:
    """Return the variable that names the item of which, or in which, a resource says something."""
    return next((name for name in ("@item", "@around") if table.variable(name)), None)


def _has_table(resource: InputResource) -> bool:
    return not resource.entered_in_error and resource.type != "Composition"


def _says(resource: InputResource, path: Path, value: Any) -> bool:
    match = find_at(ElementMatch(resource.resource), path)
    return match is not None and matches_pattern(match.value, value)


def _has_signs(resource: InputResource, table: CompiledTable) -> bool:
    return all(_says(resource, path, value) for path, value in table.signs)


def _has(resource: InputResource, table: CompiledTable, variable: str) -> bool:
    row = table.variable(variable)
    return row is not None and find_at(ElementMatch(resource.resource), row.theirs) is not None


def _names_field(table: CompiledTable, resource: InputResource) -> bool:
    """Return whether a resource names the field for which the table is, if the table does."""
    row = table.variable("@field")
    named = {"coding": [{"system": code_system("field"), "code": ".".join(table.items)}]}
    return row is None or _says(resource, row.theirs, named)


def _rank(table: CompiledTable, resource: InputResource) -> tuple[int, bool, bool, int, bool, bool]:
    signs = len(table.signs) if _has_signs(resource, table) else 0
    required = sum(row.required and not row.variable for row in table.rows.fields)
    names_field = table.variable("@field") is not None
    names_item = _has(resource, table, "@item")
    main = table.table.main
    return signs + required, names_field, names_item, required, main, main and not table.items


def _is_our_composition(resource: InputResource) -> bool:
    coding = {"system": code_system("record-type")}
    return matches_pattern(resource.resource, {"type": {"coding": [coding]}})
