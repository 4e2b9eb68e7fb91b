"""Read one resource by a compiled table: what it says of one item of the record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from eh_interop.core.pointer import Steps
from eh_interop.formats._shared.converters import Converter
from eh_interop.formats.fhir.compile import items_path
from eh_interop.formats.fhir.compiled import (
    CompiledElement,
    CompiledList,
    CompiledRows,
    CompiledTable,
    ElementMatch,
    EntrySelector,
    Facts,
    entries_at,
    find_at,
    get,
    matches_of,
    matches_pattern,
    put,
)
from eh_interop.formats.fhir.normalise import InputResource, InputResources
from eh_interop.formats.fhir.record_tree import RecordItem, RecordLeaf, RecordNode, node_of
from eh_interop.formats.fhir.tables import field_at
from eh_interop.formats.fhir.values import References, code_by_title
from eh_interop.standard.code_lists import titles
from eh_interop.standard.fields import Field, Kind, fitted


@dataclass(frozen=True, slots=True)
class ReadItem:
    """What a resource says of an item.

    Attributes:
        read: the places in the resource, as it stands in the file, that were read, or say nothing
            of their own.
    """

    node: RecordNode
    read: frozenset[Steps]


@dataclass(frozen=True, slots=True)
class _FieldReading:
    row: CompiledElement
    match: ElementMatch
    value: Any
    weak: bool


@dataclass(frozen=True, slots=True)
class _ReferencesOf:
    """What the references of one resource lead to."""

    resource: InputResource
    resources: InputResources
    items: Mapping[InputResource, RecordItem]

    def url(self, lists: tuple[str, ...], local_id: str) -> str | None:
        """Return None: a Bundle that is read needs no URLs."""
        del lists, local_id
        return None

    def local_id(self, lists: tuple[str, ...], reference: str) -> str | None:
        """Return the local id of what a reference leads to, if it is in one of these lists."""
        target = self.resources.named(reference, self.resource)
        item = self.items.get(target) if target else None
        return item.id_in(lists) if item else None


class ResourceReader:
    """Reads resources by the tables of one record type.

    Args:
        root: the fields of the record type.
        resources: all resources, to which references may lead.
        items: which item of the record each resource is, as far as that is known.
    """

    def __init__(
        self, root: Field, resources: InputResources, items: Mapping[InputResource, RecordItem]
    ) -> None:
        self._root, self._resources, self._items = root, resources, items

    def read(
        self, table: CompiledTable, resource: InputResource, match: ElementMatch | None = None
    ) -> ReadItem:
        """Return what a resource says, or an extension of it at ``match``."""
        reading = self._reading(resource)
        node = reading.node(
            table.rows,
            match or ElementMatch(resource.resource),
            self._item(table),
            _constants(table.rows),
        )
        return ReadItem(node, frozenset(reading.read))

    def has_required(self, table: CompiledTable, resource: InputResource) -> bool:
        """Return whether a resource says all without which ours would not have been made."""
        reading, item = self._reading(resource), self._item(table)
        return all(
            reading.field(row, ElementMatch(resource.resource), item, {}) is not None
            for row in table.rows.fields
            if row.required and not row.variable
        )

    def _reading(self, resource: InputResource) -> _Reading:
        references = _ReferencesOf(resource, self._resources, self._items)
        return _Reading(resource, self._resources, references)

    def _item(self, table: CompiledTable) -> Field:
        return field_at(self._root, items_path(self._root, table.items)) or self._root


class _Reading:
    """One resource while it is read: ``read`` collects the places that were."""

    def __init__(
        self, resource: InputResource, resources: InputResources, references: References
    ) -> None:
        self._resource, self._resources, self._references = resource, resources, references
        self.read: set[Steps] = set()

    def node(
        self, rows: CompiledRows, whole: ElementMatch, item: Field, always: Mapping[str, Any]
    ) -> RecordNode:
        node = RecordNode(self._resource.at(whole.steps))
        for names, readings in self._readings(rows, whole, item, always).items():
            best = max(readings, key=lambda reading: self._support(reading, rows, whole))
            for reading in readings:
                self._mark(reading.match)
            node.set(names, self._member(best))
        for listed in rows.lists:
            entries = list(self._list(listed, rows, whole, item))
            if entries:
                node.set(listed.ours, entries)
        for row in rows.fields:
            match = find_at(whole, row.theirs) if row.variable or row.up else None
            if match is not None and self._is_said_elsewhere(row, match):
                self._mark(match)
        self._mark_constants(rows, whole)
        return node

    def _is_said_elsewhere(self, row: CompiledElement, match: ElementMatch) -> bool:
        """Return whether another element, or another resource, says what a variable refers to."""
        if row.variable == "@author":
            author = {"author": [match.value]}
            documents = self._resources.of_type("Composition")
            return any(matches_pattern(document.resource, author) for document in documents)
        return row.variable != "@relation"

    def _mark_constants(self, rows: CompiledRows, whole: ElementMatch) -> None:
        """Note what ours always says: it is no news."""
        for path, constant in rows.constants:
            match = find_at(whole, path)
            if match is not None and isinstance(constant, list):
                for entry in entries_at(match, EntrySelector()):
                    if any(matches_pattern(entry.value, fact) for fact in constant):
                        self._mark(entry)
            elif match is not None and matches_pattern(match.value, constant):
                self._mark(match)

    def _readings(
        self, rows: CompiledRows, whole: ElementMatch, item: Field, always: Mapping[str, Any]
    ) -> dict[tuple[str, ...], list[_FieldReading]]:
        """Return the readings of each field. Of fields that share an element one is read."""
        by_place: dict[Steps, list[_FieldReading]] = {}
        for row in rows.fields:
            reading = self.field(row, whole, item, always)
            if reading is not None:
                by_place.setdefault(reading.match.steps, []).append(reading)
        by_field: dict[tuple[str, ...], list[_FieldReading]] = {}
        for readings in by_place.values():
            # A date and time is more than its day.
            best = max(readings, key=lambda reading: reading.value == reading.match.value)
            shared = sum(row.theirs == best.row.theirs for row in rows.fields) > 1
            chosen = _FieldReading(best.row, best.match, best.value, best.weak or shared)
            by_field.setdefault(best.row.ours, []).append(chosen)
        return by_field

    def field(
        self, row: CompiledElement, whole: ElementMatch, item: Field, always: Mapping[str, Any]
    ) -> _FieldReading | None:
        """Return what a row reads; None if that is nothing."""
        field = field_at(item, row.ours)
        if row.variable or row.up or field is None:
            return None
        filler = get(always, row.theirs) if row.theirs else None
        for match in matches_of(whole, row.theirs, any_position=bool(field.refers_to)):
            value = None if filler == match.value else self._ours(row, match.value, field)
            if value is not None:
                weak = filler is not None or _is_vague(row, field, match.value)
                return _FieldReading(row, match, value, weak)
        return None

    def _ours(self, row: CompiledElement, value: Any, field: Field) -> Any:
        try:
            ours = row.converter.from_target(value, self._references)
        except (AttributeError, KeyError, TypeError, ValueError):
            # A converter may rely on the kind that FHIR says. What is of another is not read,
            # and listed like everything that is not read.
            return None
        if ours is None and field.kind is Kind.CODE:
            ours = code_by_title(value, field.code_list)
        if isinstance(ours, list) and field.repeats:
            return ours if ours and all(fitted(our, field) == our for our in ours) else None
        return None if ours is None else fitted(ours, field)

    def _support(self, reading: _FieldReading, rows: CompiledRows, whole: ElementMatch) -> int:
        """Count the elements that would say what they say if this reading is the right one."""
        count = 0 if reading.weak else len(rows.fields)
        for row in rows.fields:
            if row.ours == reading.row.ours and not row.variable:
                theirs = row.converter.to_target(reading.value, self._references)
                match = find_at(whole, row.theirs)
                count += (
                    theirs is not None
                    and match is not None
                    and matches_pattern(match.value, theirs)
                )
        return count

    def _list(
        self, listed: CompiledList, rows: CompiledRows, whole: ElementMatch, item: Field
    ) -> Iterator[Any]:
        holder, inner = find_at(whole, listed.holder), field_at(item, listed.ours)
        if holder is None or inner is None or not isinstance(holder.value, Mapping):
            return
        steps = (*holder.steps, listed.element)
        match = ElementMatch(holder.value.get(listed.element), steps, holder.signs)
        others = _other_slices(rows, listed)
        for entry in entries_at(match, listed.entry):
            if not any(matches_pattern(entry.value, facts) for facts in others):
                member = self._entry(listed.rows, entry, inner)
                if member is not None:
                    yield member

    def _entry(self, rows: CompiledRows, match: ElementMatch, field: Field) -> Any:
        if len(rows.fields) == 1 and not rows.fields[0].ours:
            reading = self.field(rows.fields[0], match, field, {})
            if reading is None:
                return None
            self._mark(reading.match)
            self._mark_constants(rows, match)
            return self._member(reading)
        node = self.node(rows, match, field, {})
        # What only says something vague may be said of the whole, and of no entry.
        members = node.members.values()
        weak = all(isinstance(member, RecordLeaf) and member.weak for member in members)
        return None if weak else node

    def _mark(self, match: ElementMatch) -> None:
        for steps in (match.steps, *match.signs):
            self.read.add(self._resource.original_steps(steps))

    def _member(self, reading: _FieldReading) -> Any:
        steps = self._resource.at(reading.match.steps)
        if isinstance(reading.value, list):
            return [node_of(entry, steps) for entry in reading.value]
        if isinstance(reading.value, Mapping):
            return node_of(reading.value, steps)
        return RecordLeaf(reading.value, steps, reading.weak)


def _constants(rows: CompiledRows) -> dict[str, Any]:
    """Return what a resource of the table says even if the record says nothing."""
    always: dict[str, Any] = {}
    for path, value in rows.constants:
        put(always, path, value)
    return always


def _is_vague(row: CompiledElement, field: Field, theirs: Any) -> bool:
    """Return whether several codes of ours would all be said in the same way."""
    if field.kind is not Kind.CODE:
        return False
    return _targets_of_codes(row.converter, field.code_list).count(theirs) > 1


class _NoReferences:
    """A converter of codes looks up no references."""

    def url(self, *_: object) -> None:
        """Return None."""

    def local_id(self, *_: object) -> None:
        """Return None."""


@cache
def _targets_of_codes(converter: Converter, code_list: str) -> tuple[Any, ...]:
    return tuple(converter.to_target(code, _NoReferences()) for code in titles(code_list))


def _other_slices(rows: CompiledRows, listed: CompiledList) -> list[Facts]:
    """Return the slices of a list that other rows mean, if a row means every entry of it."""
    if listed.entry.facts or listed.entry.index is not None:
        return []
    at = len(listed.holder)
    steps = [
        row.theirs[at]
        for row in rows.fields
        if len(row.theirs) > at + 1 and row.theirs[:at] == listed.holder
    ]
    lists = [
        other.entry
        for other in rows.lists
        if (other.holder, other.element) == (listed.holder, listed.element)
    ]
    named = [step.entry for step in steps if step.element == listed.element and step.entry]
    return [entry.facts for entry in (*lists, *named) if entry.facts]
