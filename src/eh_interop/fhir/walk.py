"""One walk over a resource, for what takes more than a schema: references, narratives, times.

The walk goes only where an element can be; text, numbers and codes cost one look
at a table. The tables are made once for each definition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from eh_interop.fhir import invariants, narrative, r4, references, ukcore
from eh_interop.fhir.problem import Kind, Seen, sentence
from eh_interop.fhir.scope import Element, Scope

Link = tuple["Link | None", str, int]
"""The way from a resource to an element, last step first; -1 where there is no list."""


class Visit(NamedTuple):
    """An element on the walk.

    Attributes:
        node: the element.
        table: what to do there.
        targets: what it may point to, if it is a reference.
        link: the way to it.
    """

    node: Element
    table: Table
    targets: frozenset[str]
    link: Link | None


class Table:
    """What to do at one kind of element.

    Attributes:
        invariants: what must hold there.
        look: what else to look at there.
        inside: each property that is an element: its table, and what it may point to.
    """

    __slots__ = ("inside", "invariants", "look")

    def __init__(self, name: str) -> None:
        """Make a table without its properties: tables refer to each other."""
        self.invariants = invariants.of(name)
        self.look = _LOOKS.get(name)
        self.inside: dict[str, tuple[Table, frozenset[str]]] = {}


@cache
def tables() -> dict[str, Table]:
    """Return the table of each definition."""
    names = [name for name, each in r4.definitions().items() if "properties" in each]
    found = {name: Table(name) for name in names}
    allowed = r4.elements()["targets"]
    for name, each in found.items():
        targets = allowed.get(name, {})
        each.inside = {
            key: (found[held], frozenset(targets.get(key, ())))
            for key, held in r4.held_by(name).items()
            if held != r4.RESOURCE  # other resources have a walk of their own
        }
    return found


def walk(resource: Element, steps: r4.Steps, scope: Scope) -> Iterator[Seen]:
    """Yield what is wrong inside a resource; ``steps`` lead to it."""
    name = r4.type_of(resource)
    if not name:
        return
    yield from ukcore.profiles(resource, steps)
    waiting = [Visit(resource, tables()[name], frozenset(), None)]
    while waiting:
        visit = waiting.pop()
        node, table, _, link = visit
        if table.invariants or table.look:
            yield from _judge(visit, resource, steps, scope)
        inside = table.inside
        for key, value in node.items():
            if key not in inside:
                continue
            then, targets = inside[key]
            if isinstance(value, dict):
                waiting.append(Visit(value, then, targets, (link, key, -1)))
            elif isinstance(value, list):
                for index, each in enumerate(value):
                    if isinstance(each, dict):
                        waiting.append(Visit(each, then, targets, (link, key, index)))


def _judge(visit: Visit, resource: Element, steps: r4.Steps, scope: Scope) -> Iterator[Seen]:
    for each in visit.table.invariants:
        if not each.holds(visit.node, scope):
            place = (*steps, *_way(visit.link))
            yield Seen(place, sentence(each.says, each.key), Kind.INVARIANT, each.key)
    if visit.table.look:
        yield from visit.table.look(visit, resource, steps, scope)


def _reference(visit: Visit, _: Element, steps: r4.Steps, scope: Scope) -> Iterator[Seen]:
    fault = references.fault(visit.node, visit.targets, scope)
    if fault:
        yield fault.at((*steps, *_way(visit.link), "reference"))


def _narrative(visit: Visit, _: Element, steps: r4.Steps, __: Scope) -> Iterator[Seen]:
    fault = narrative.fault(visit.node.get("div"))
    if fault:
        place = (*steps, *_way(visit.link), "div")
        yield Seen(place, sentence(*fault), Kind.UNSAFE, fault[1])


def _extension(visit: Visit, resource: Element, steps: r4.Steps, _: Scope) -> Iterator[Seen]:
    if ukcore.is_theirs(visit.node.get("url")):
        yield from ukcore.extension(visit.node, resource, steps, _way(visit.link))


_LOOKS: dict[str, Callable[[Visit, Element, r4.Steps, Scope], Iterator[Seen]]] = {
    "Reference": _reference,
    "Narrative": _narrative,
    "Extension": _extension,
}


def _way(link: Link | None) -> r4.Steps:
    found: list[str | int] = []
    while link is not None:
        link, key, index = link
        found += [key] if index < 0 else [index, key]
    return tuple(reversed(found))
