"""A record while it is put together: values that know where they were read, and how surely."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from eh_interop.core.pointer import Steps


@dataclass(slots=True)
class Leaf:
    """One value, and where in the FHIR it was read.

    ``weak``: the element also holds other things, so a value from an element of its own wins.
    """

    value: Any = field(repr=False)
    steps: Steps
    weak: bool = False


@dataclass(slots=True, eq=False)
class Node:
    """An object of the record: its members are leaves, nodes, and lists of either."""

    steps: Steps = ()
    members: dict[str, Any] = field(default_factory=dict, repr=False)

    def set(self, names: tuple[str, ...], value: Any) -> None:
        """Write below this node; what is on the way is made."""
        node = self
        for name in names[:-1]:
            node = node.members.setdefault(name, Node(self.steps))
        merge(node, Node(members={names[-1]: value}))

    def value(self, name: str) -> Any:
        """Return the value of a leaf of this node."""
        leaf = self.members.get(name)
        return leaf.value if isinstance(leaf, Leaf) else None


def merge(into: Node, other: Node) -> None:
    """Let a node say what another says of the same thing. What it says surely, it keeps."""
    for name, theirs in other.members.items():
        ours = into.members.get(name)
        if isinstance(ours, Node) and isinstance(theirs, Node):
            merge(ours, theirs)
        elif isinstance(ours, list) and isinstance(theirs, list):
            _merge_lists(ours, theirs)
        elif ours is None or (isinstance(ours, Leaf) and ours.weak and not theirs.weak):
            into.members[name] = theirs


def _merge_lists(ours: list[Any], theirs: list[Any]) -> None:
    """Bring together what two elements say of the entries of one list.

    The longer one knows more of the list, so its order is that of the list.
    """
    free, told = list(ours), list[Any]()
    for their in theirs:
        found = max(free, key=lambda known: _agreement(known, their), default=None)
        if found is None or not _agreement(found, their):
            told.append(their)
            continue
        free.remove(found)
        told.append(found)
        if isinstance(found, Node):
            merge(found, their)
    first, more = (told, ours) if len(told) > len(ours) else (ours, told)
    known = {id(each) for each in first}
    ours[:] = [*first, *(each for each in more if id(each) not in known)]


def _agreement(one: Any, other: Any) -> int:
    """Count what both say alike; 0 if they disagree in anything, or share nothing."""
    if isinstance(one, Leaf) or isinstance(other, Leaf):
        return int(isinstance(one, Leaf) and isinstance(other, Leaf) and one.value == other.value)
    names = one.value("id"), other.value("id")
    if None not in names:
        return len(one.members) + 1 if names[0] == names[1] else 0
    count = 0
    for name in one.members.keys() & other.members.keys() - {"id"}:
        mine, yours = one.members[name], other.members[name]
        if not isinstance(mine, Leaf) or not isinstance(yours, Leaf):
            continue
        if mine.value == yours.value:
            count += 1
        elif not (mine.weak or yours.weak):
            return 0
    return count


def plain(node: Node) -> dict[str, Any]:
    """Return the values alone, without lists and objects that hold nothing."""
    values = {name: _plain(each) for name, each in node.members.items()}
    return {name: value for name, value in values.items() if value not in ([], {})}


def _plain(value: Any) -> Any:
    if isinstance(value, Leaf):
        return value.value
    if isinstance(value, list):
        return [each for each in map(_plain, value) if each != {}]
    return plain(value)


def places(node: Node, at: Steps = ()) -> Iterator[tuple[Steps, Steps]]:
    """Yield each place of the record that :func:`plain` makes, with that in the FHIR."""
    yield at, node.steps
    for name, value in node.members.items():
        yield from _places(value, (*at, name))


def _places(value: Any, at: Steps) -> Iterator[tuple[Steps, Steps]]:
    if isinstance(value, Leaf):
        yield at, value.steps
    elif isinstance(value, Node):
        yield from places(value, at)
    else:
        said = [each for each in value if _plain(each) != {}]
        for number, each in enumerate(said):
            yield from _places(each, (*at, number))


def node_of(value: Mapping[str, Any], steps: Steps) -> Node:
    """Make a node of plain values that were all read in one place."""
    return Node(steps, {name: Leaf(each, steps) for name, each in value.items()})
