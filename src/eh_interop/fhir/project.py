"""The typed resources of a record: a projection of it by the mapping tables."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, NamedTuple

from eh_interop.fhir.compile import FieldRule, ListRule, Ready, Rules, ready_tables
from eh_interop.fhir.moments import later
from eh_interop.fhir.names import structure
from eh_interop.fhir.paths import get, put
from eh_interop.fhir.scene import Item, RecordScene, Resource, items
from eh_interop.fhir.words import words


class Projected(NamedTuple):
    """A typed resource, and the table and the item that it is made from."""

    ready: Ready
    item: Item
    resource: Resource


def project(
    record: Mapping[str, Any], scene: RecordScene, composition: Resource
) -> list[Projected]:
    """Return every typed resource of a record, and write what tables add to its Composition.

    A resource of which only constants and references could be said is not made,
    unless others refer to it (``main`` and ``always``).
    """
    made: list[Projected] = []
    for ready in ready_tables(str(record["recordType"])):
        into = composition if ready.table.type == "Composition" else None
        for item in items(record, ready.each):
            for number, child in enumerate(_children(ready, item, scene)):
                # The first has the id without a child: references to the item lead to it.
                own = child if number else ""
                resource = _new(ready, item, own, scene) if into is None else into
                filled = _fill(ready.rules, item.value, item, resource, scene, child)
                wanted = filled or (filled is False and (ready.table.main or ready.table.always))
                if wanted and into is None:
                    made.append(Projected(ready, item, resource))
    return _with_extensions(made, scene)


def _with_extensions(made: list[Projected], scene: RecordScene) -> list[Projected]:
    """Let what only says more of another resource become its extension."""
    whole = [each.resource for each in made if not each.ready.onto]
    by_url = {f"urn:uuid:{each['id']}": each for each in whole}
    resources = []
    for each in made:
        onto = each.ready.onto
        if not onto:
            resources.append(each)
            continue
        url = scene.url(("children", "people", "organisations"), each.item.value.get(onto, ""))
        if url in by_url:
            by_url[url].setdefault("extension", []).append(each.resource)
    return resources


def _children(ready: Ready, item: Item, scene: RecordScene) -> list[str]:
    if not ready.table.per:
        return [""]
    named = item.value.get(ready.table.per)
    if named is None or not ready.each:  # the record's own children are all of them
        return scene.children or [""]
    # A child who is named twice gets one resource all the same.
    urls = dict.fromkeys(scene.url(("children",), each) for each in named)
    return [url for url in urls if url] or [""]


def _new(ready: Ready, item: Item, child: str, scene: RecordScene) -> Resource:
    table = ready.table
    if ready.onto:
        return {"url": structure(table.name)}
    resource: Resource = {
        "resourceType": table.type,
        "id": scene.id_of(table.key, item, child),
    }
    if table.profile:
        resource["meta"] = {"profile": [table.profile]}
    return resource


def _fill(
    rules: Rules,
    value: Any,
    item: Item,
    target: dict[str, Any],
    scene: RecordScene,
    child: str,
) -> bool | None:
    """Write what the rules say. True if anything of the value was; None if what must be is not."""
    for path, constant in rules.constants:
        put(target, path, deepcopy(constant))
    made = False
    said = [_theirs(rule, value, item, scene, child) for rule in rules.fields]
    for first, last in rules.in_order:
        if later(said[first], said[last]):  # at least one is wrong, and nobody knows which
            said[first] = said[last] = None
    for rule, theirs in zip(rules.fields, said, strict=True):
        if theirs is not None:
            put(target, rule.theirs, theirs)
            made = made or not rule.word
        elif rule.required:
            return None
    for each in rules.lists:
        made = _fill_list(each, value, item, target, scene, child) or made
    return made


def _theirs(rule: FieldRule, value: Any, item: Item, scene: RecordScene, child: str) -> Any:
    if rule.word:
        return words()[rule.word](item, scene, child)
    source = item.around[rule.up - 1] if rule.up else value
    ours = _dig(source, rule.ours)
    return None if ours is None else rule.pair.there(ours, scene)


def _fill_list(
    rule: ListRule,
    value: Any,
    item: Item,
    target: dict[str, Any],
    scene: RecordScene,
    child: str,
) -> bool:
    values = _dig(value, rule.ours)
    if not values:
        return False
    entries = []
    for each in values:
        entry: dict[str, Any] = deepcopy(dict(rule.entry.facts))
        if _is_plain(rule.each):
            theirs = rule.each.fields[0].pair.there(each, scene)
            if theirs is not None:
                entries.append({**entry, **theirs} if entry else theirs)
        elif _fill(rule.each, each, item, entry, scene, child):
            entries.append(entry)
    if not entries:
        return False
    holder = target
    if rule.holder:
        held = get(target, rule.holder)
        if held is None:
            put(target, rule.holder, {})
            held = get(target, rule.holder)
        holder = held
    holder.setdefault(rule.element, []).extend(entries)
    return True


def _is_plain(rules: Rules) -> bool:
    return len(rules.fields) == 1 and not rules.fields[0].theirs and not rules.fields[0].ours


def _dig(value: Any, steps: tuple[str, ...]) -> Any:
    for step in steps:
        if value is None:
            return None
        value = value.get(step)
    return value
