"""The typed resources of a record: a projection of it by the mapping tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from eh_interop.formats.fhir.compile import compiled_tables
from eh_interop.formats.fhir.compiled import (
    CompiledField,
    CompiledList,
    CompiledRows,
    CompiledTable,
    get,
    put,
)
from eh_interop.formats.fhir.primitives import is_later
from eh_interop.formats.fhir.variables import (
    VARIABLES,
    MappedItem,
    ProjectionContext,
    ReferenceResolver,
    Resource,
)


@dataclass(frozen=True, slots=True)
class ProjectedResource:
    """A typed resource, and the table and the item that it is made from."""

    table: CompiledTable
    item: MappedItem
    resource: Resource


def project(
    record: Mapping[str, Any], resolver: ReferenceResolver, composition: Resource
) -> list[ProjectedResource]:
    """Return every typed resource of a record, and write what tables add to its Composition.

    A resource of which only constants and references could be said is not made,
    unless others refer to it (``main`` and ``always``).
    """
    made: list[ProjectedResource] = []
    for compiled in compiled_tables(str(record["recordType"])):
        table, keys = compiled.table, compiled.rows.keys
        # Made of an item with nothing to say as well: the document's Composition is there anyway.
        empty = table.main or table.always or table.type == "Composition"
        for item in resolver.items(compiled.items):
            if keys is not None and not empty and keys.isdisjoint(item.value):
                continue
            if table.type == "Composition":
                compiled.rows.write_constants(composition)
                _fill(compiled.rows, item.value, ProjectionContext(item, resolver), composition)
                continue
            for number, child in enumerate(_children(compiled, item, resolver)):
                resource: Resource = orjson.loads(compiled.template)
                context = ProjectionContext(item, resolver, child)
                filled = _fill(compiled.rows, item.value, context, resource)
                if not (filled or (filled is False and empty)):
                    continue
                if not compiled.onto:
                    # The first has the id without a child: references to the item lead to it.
                    resource["id"] = resolver.id_of(table.key, item, child if number else "")
                made.append(ProjectedResource(compiled, item, resource))
    return _with_extensions(made, resolver)


def _with_extensions(
    made: list[ProjectedResource], resolver: ReferenceResolver
) -> list[ProjectedResource]:
    """Let what only says more of another resource become its extension."""
    whole = [projected for projected in made if not projected.table.onto]
    by_url = {f"urn:uuid:{projected.resource['id']}": projected.resource for projected in whole}
    for projected in made:
        onto = projected.table.onto
        if onto:
            lists = ("children", "people", "organisations")
            url = resolver.url(lists, projected.item.value.get(onto, ""))
            if url in by_url:
                by_url[url].setdefault("extension", []).append(projected.resource)
    return whole


def _children(table: CompiledTable, item: MappedItem, resolver: ReferenceResolver) -> list[str]:
    if not table.table.per:
        return [""]
    named = item.value.get(table.table.per)
    if named is None or not table.items:  # the record's own children are all of them
        return resolver.children or [""]
    # A child who is named twice gets one resource all the same.
    urls = dict.fromkeys(resolver.url(("children",), child) for child in named)
    return [url for url in urls if url] or [""]


def _fill(
    rows: CompiledRows, value: Any, at: ProjectionContext, target: dict[str, Any]
) -> bool | None:
    """Write what the rows say. True if anything of the value was; None if what must be is not."""
    made = False
    contradicting = _contradicting(rows, value, at) if rows.in_order else ()
    for number, row in enumerate(rows.fields):
        if (row.key and row.key not in value) or number in contradicting:
            theirs = None
        else:
            theirs = _theirs(row, value, at)
        if theirs is not None:
            put(target, row.theirs, theirs)
            made = made or not row.variable
        elif row.required:
            return None
    for listed in rows.lists:
        if not listed.ours or listed.ours[0] in value:
            made = _fill_list(listed, value, at, target) or made
    return made


def _theirs(row: CompiledField, value: Any, at: ProjectionContext) -> Any:
    if row.variable:
        return VARIABLES[row.variable](at)
    if row.up:
        value = at.item.around[row.up - 1]
    for step in row.ours:
        value = value.get(step)
        if value is None:
            return None
    return row.converter.to_target(value, at.resolver)


def _contradicting(rows: CompiledRows, value: Any, at: ProjectionContext) -> set[int]:
    """Return the dates that are the wrong way round: one is wrong, and nobody knows which."""
    return {
        number
        for first, last in rows.in_order
        if is_later(_theirs(rows.fields[first], value, at), _theirs(rows.fields[last], value, at))
        for number in (first, last)
    }


def _fill_list(
    row: CompiledList, value: Any, at: ProjectionContext, target: dict[str, Any]
) -> bool:
    for step in row.ours:
        value = value.get(step)
        if value is None:
            return False
    entries = [entry for member in value if (entry := _entry(row, member, at)) is not None]
    if not entries:
        return False
    if row.holder:
        held = get(target, row.holder)
        if held is None:
            put(target, row.holder, {})
            held = get(target, row.holder)
        target = held
    target.setdefault(row.element, []).extend(entries)
    return True


def _entry(row: CompiledList, value: Any, at: ProjectionContext) -> Any:
    """Return an entry of a list, or None if nothing can be said in it."""
    if row.is_plain:
        theirs = row.rows.fields[0].converter.to_target(value, at.resolver)
        if theirs is None or not row.entry.facts:
            return theirs
        return {**orjson.loads(row.template), **theirs}
    entry: dict[str, Any] = orjson.loads(row.template)
    return entry if _fill(row.rows, value, at, entry) else None
