"""One walk over a resource, for what takes more than a schema: references, narratives, times.

The walk goes only where an element can be and can matter; text, numbers and codes
cost one look at a table. The tables are made once for each definition.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from eh_interop.formats.fhir.verification import invariants, narrative, r4, references, ukcore
from eh_interop.formats.fhir.verification.problem import Seen
from eh_interop.formats.fhir.verification.scope import Element, Scope

Link = tuple["Link | None", str, int]
"""The way from a resource to an element, last step first; -1 where there is no list."""

Look = Callable[[Element, frozenset[str], Scope], "Seen | None"]
"""Looks at an element, at what it may point to, and at what may be looked up."""


class Table:
    """What to do at one kind of element.

    Attributes:
        invariants: what must hold there.
        look: what else to look at there.
        extends: it is an extension.
        quiet: none of these; only what is inside may matter.
        inside: each property that is an element: its table, and what it may point to.
    """

    __slots__ = ("extends", "inside", "invariants", "look", "quiet")

    def __init__(self, name: str) -> None:
        """Make a table without its properties: tables refer to each other."""
        self.invariants = invariants.of(name)
        self.look = _LOOKS.get(name)
        self.extends = name == "Extension"
        self.quiet = not (self.invariants or self.look or self.extends)
        self.inside: dict[str, tuple[Table, frozenset[str]]] = {}

    def matters(self, node: Element) -> bool:
        """Tell whether to go there: most elements are codes and names, with nothing inside."""
        return not (self.quiet and self.inside.keys().isdisjoint(node))


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


def walk(resource: Element, steps: r4.Steps, scope: Scope) -> list[Seen]:
    """Return what is wrong inside a resource; ``steps`` lead to it."""
    name = r4.type_of(resource)
    if not name:
        return []
    seen = ukcore.profiles(resource)
    waiting: list[tuple[Element, Table, frozenset[str], Link | None]] = []
    waiting.append((resource, tables()[name], frozenset(), None))
    while waiting:
        node, table, targets, link = waiting.pop()
        if not table.quiet:
            here = _judged(node, table, targets, scope)
            if table.extends and ukcore.is_theirs(node.get("url")):
                here += ukcore.extension(node, resource, _way(link))
            seen += [each.below(_way(link)) for each in here]
        inside = table.inside
        for key, value in node.items():
            if key not in inside:
                continue
            then, allowed = inside[key]
            for index, each in enumerate(value) if isinstance(value, list) else ((-1, value),):
                if isinstance(each, dict) and then.matters(each):
                    waiting.append((each, then, allowed, (link, key, index)))
    return [each.below(steps) for each in seen]


def _judged(node: Element, table: Table, targets: frozenset[str], scope: Scope) -> list[Seen]:
    seen = [invariant.broken for invariant in table.invariants if not invariant.holds(node, scope)]
    if table.look and (found := table.look(node, targets, scope)):
        seen.append(found)
    return seen


def _reference(node: Element, targets: frozenset[str], scope: Scope) -> Seen | None:
    return references.fault(node, targets, scope)


def _narrative(node: Element, _: frozenset[str], __: Scope) -> Seen | None:
    return narrative.fault(node.get("div"))


_LOOKS: dict[str, Look] = {"Reference": _reference, "Narrative": _narrative}


def _way(link: Link | None) -> r4.Steps:
    found: list[str | int] = []
    while link is not None:
        link, key, index = link
        found += [key] if index < 0 else [index, key]
    return tuple(reversed(found))
