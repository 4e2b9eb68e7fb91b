"""A record while it is put together: a tree of values that know where they were read.

It is made of :class:`RecordNode` and :class:`RecordLeaf`. A :class:`RecordItem` names a place in it
before anything is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from eh_interop.core.pointer import Steps


@dataclass(frozen=True, slots=True, eq=False)
class RecordItem:
    """An item of the record that resources are matched to.

    Attributes:
        place: where it stands in the record; for an inner item, where the item around it stands.
        local_id: its id in the record; empty if references do not lead to it.
        steps: where in the FHIR the first resource stands that became it.
        inner: it has a place only in the item around it.
    """

    place: Steps
    local_id: str = ""
    steps: Steps = ()
    inner: bool = False

    def id_in(self, lists: tuple[str, ...]) -> str | None:
        """Return its local id if it is in one of these lists."""
        return self.local_id or None if self.place and self.place[0] in lists else None


@dataclass(slots=True)
class RecordLeaf:
    """One value, and where in the FHIR it was read.

    ``weak``: the element also holds other things, so a value from an element of its own wins.
    """

    value: Any = field(repr=False)
    steps: Steps
    weak: bool = False


@dataclass(slots=True, eq=False)
class RecordNode:
    """An object of the record: its members are leaves, nodes, and lists of either."""

    steps: Steps = ()
    members: dict[str, Any] = field(default_factory=dict, repr=False)

    def set(self, names: tuple[str, ...], value: Any) -> None:
        """Write below this node; what is on the way is made."""
        node = self
        for name in names[:-1]:
            node = node.members.setdefault(name, RecordNode(self.steps))
        merge(node, RecordNode(members={names[-1]: value}))

    def value(self, name: str) -> Any:
        """Return the value of a leaf of this node."""
        leaf = self.members.get(name)
        return leaf.value if isinstance(leaf, RecordLeaf) else None


def merge(into: RecordNode, other: RecordNode) -> None:
    """Let a node say what another says of the same thing. What it says surely, it keeps."""
    for name, theirs in other.members.items():
        ours = into.members.get(name)
        if isinstance(ours, RecordNode) and isinstance(theirs, RecordNode):
            merge(ours, theirs)
        elif isinstance(ours, list) and isinstance(theirs, list):
            _merge_lists(ours, theirs)
        elif ours is None or (isinstance(ours, RecordLeaf) and ours.weak and not theirs.weak):
            into.members[name] = theirs


def _merge_lists(ours: list[Any], theirs: list[Any]) -> None:
    """Bring together what two elements say of the entries of one list.

    The longer one knows more of the list, so its order is that of the list.
    """
    free, matched = list(ours), list[Any]()
    for their in theirs:
        same = max(free, key=lambda our: _agreement(our, their), default=None)
        if same is None or not _agreement(same, their):
            matched.append(their)
            continue
        free.remove(same)
        matched.append(same)
        if isinstance(same, RecordNode):
            merge(same, their)
    first, more = (matched, ours) if len(matched) > len(ours) else (ours, matched)
    listed = {id(entry) for entry in first}
    ours[:] = [*first, *(entry for entry in more if id(entry) not in listed)]


def _agreement(one: Any, other: Any) -> int:
    """Count what both say alike; 0 if they disagree in anything, or share nothing."""
    if isinstance(one, RecordLeaf) or isinstance(other, RecordLeaf):
        both = isinstance(one, RecordLeaf) and isinstance(other, RecordLeaf)
        return int(both and one.value == other.value)
    ids = one.value("id"), other.value("id")
    if None not in ids:
        return len(one.members) + 1 if ids[0] == ids[1] else 0
    count = 0
    for name in one.members.keys() & other.members.keys() - {"id"}:
        mine, yours = one.members[name], other.members[name]
        if not isinstance(mine, RecordLeaf) or not isinstance(yours, RecordLeaf):
            continue
        if mine.value == yours.value:
            count += 1
        elif not (mine.weak or yours.weak):
            return 0
    return count


def plain(node: RecordNode) -> dict[str, Any]:
    """Return the values alone, without lists and objects that hold nothing."""
    values = {name: _plain(member) for name, member in node.members.items()}
    return {name: value for name, value in values.items() if value not in ([], {})}


def _plain(value: Any) -> Any:
    if isinstance(value, RecordLeaf):
        return value.value
    if isinstance(value, list):
        return [entry for entry in map(_plain, value) if entry != {}]
    return plain(value)


def places(node: RecordNode, at: Steps = ()) -> Iterator[tuple[Steps, Steps]]:
    """Yield each place of the record that :func:`plain` makes, with that in the FHIR."""
    yield at, node.steps
    for name, value in node.members.items():
        yield from _places(value, (*at, name))


def _places(value: Any, at: Steps) -> Iterator[tuple[Steps, Steps]]:
    if isinstance(value, RecordLeaf):
        yield at, value.steps
    elif isinstance(value, RecordNode):
        yield from places(value, at)
    else:
        kept = [entry for entry in value if _plain(entry) != {}]
        for number, entry in enumerate(kept):
            yield from _places(entry, (*at, number))


def node_of(value: Mapping[str, Any], steps: Steps) -> RecordNode:
    """Make a node of plain values that were all read in one place."""
    return RecordNode(steps, {name: RecordLeaf(inner, steps) for name, inner in value.items()})
