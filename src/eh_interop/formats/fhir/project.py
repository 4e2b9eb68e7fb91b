"""The typed resources of a record: a projection of it by the mapping tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from eh_interop.formats.fhir.compile import ready_tables
from eh_interop.formats.fhir.compiled import FieldRule, ListRule, Ready, Rules, get, put
from eh_interop.formats.fhir.primitives import later
from eh_interop.formats.fhir.variables import Item, RecordScene, Resource, words


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
        table, keys = ready.table, ready.rules.keys
        # Made of an item with nothing to say as well: the document's Composition is there anyway.
        empty = table.main or table.always or table.type == "Composition"
        for item in scene.items(ready.each):
            if keys is not None and not empty and keys.isdisjoint(item.value):
                continue
            if table.type == "Composition":
                ready.rules.stated(composition)
                _fill(ready.rules, item.value, _At(item, scene, ""), composition)
                continue
            for number, child in enumerate(_children(ready, item, scene)):
                resource: Resource = orjson.loads(ready.template)
                filled = _fill(ready.rules, item.value, _At(item, scene, child), resource)
                if not (filled or (filled is False and empty)):
                    continue
                if not ready.onto:
                    # The first has the id without a child: references to the item lead to it.
                    resource["id"] = scene.id_of(table.key, item, child if number else "")
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


class _At(NamedTuple):
    """Where the projection is: the item, the record around it, and the child if it is for one."""

    item: Item
    scene: RecordScene
    child: str


def _fill(rules: Rules, value: Any, at: _At, target: dict[str, Any]) -> bool | None:
    """Write what the rules say. True if anything of the value was; None if what must be is not."""
    made = False
    contradicting = _contradicting(rules, value, at) if rules.in_order else ()
    for number, rule in enumerate(rules.fields):
        if (rule.key and rule.key not in value) or number in contradicting:
            theirs = None
        else:
            theirs = _theirs(rule, value, at)
        if theirs is not None:
            put(target, rule.theirs, theirs)
            made = made or not rule.word
        elif rule.required:
            return None
    for list_ in rules.lists:
        if not list_.ours or list_.ours[0] in value:
            made = _fill_list(list_, value, at, target) or made
    return made


def _theirs(rule: FieldRule, value: Any, at: _At) -> Any:
    if rule.word:
        return words()[rule.word](at.item, at.scene, at.child)
    if rule.up:
        value = at.item.around[rule.up - 1]
    for step in rule.ours:
        value = value.get(step)
        if value is None:
            return None
    return rule.pair.there(value, at.scene)


def _contradicting(rules: Rules, value: Any, at: _At) -> set[int]:
    """Return the dates that are the wrong way round: one is wrong, and nobody knows which."""
    return {
        number
        for first, last in rules.in_order
        if later(_theirs(rules.fields[first], value, at), _theirs(rules.fields[last], value, at))
        for number in (first, last)
    }


def _fill_list(rule: ListRule, value: Any, at: _At, target: dict[str, Any]) -> bool:
    for step in rule.ours:
        value = value.get(step)
        if value is None:
            return False
    entries = [entry for each in value if (entry := _entry(rule, each, at)) is not None]
    if not entries:
        return False
    if rule.holder:
        held = get(target, rule.holder)
        if held is None:
            put(target, rule.holder, {})
            held = get(target, rule.holder)
        target = held
    target.setdefault(rule.element, []).extend(entries)
    return True


def _entry(rule: ListRule, value: Any, at: _At) -> Any:
    """Return an entry of a list, or None if nothing can be said in it."""
    if rule.is_plain:
        theirs = rule.each.fields[0].pair.there(value, at.scene)
        if theirs is None or not rule.entry.facts:
            return theirs
        return {**orjson.loads(rule.template), **theirs}
    entry: dict[str, Any] = orjson.loads(rule.template)
    return entry if _fill(rule.each, value, at, entry) else None
