"""Where values and property names stand in a JSON text.

Only what is asked for is looked up, all in one pass: a record without findings
costs nothing, and a finding costs about as much as a hundred.
"""

from __future__ import annotations

from collections.abc import Iterable

from eh_interop.core.findings import Origin
from eh_interop.core.pointer import Steps
from eh_interop.reading.tokens import CLOSE, KEY, OPEN, TEXT, origins, tokens, unquoted


def locate(text: str, places: Iterable[Steps], *, first_line: int = 1) -> dict[Steps, Origin]:
    """Find where the values at ``places`` begin.

    A place that does not exist gets the origin of its nearest parent that does;
    that is at worst the record itself. A step into a list may be ``0`` or ``"0"``.
    Where a property stands twice, the last one counts, as it does for orjson.

    Args:
        text: JSON that orjson has accepted.
        places: what to look for, in any order.
        first_line: the line of the source on which ``text`` begins.
    """
    wanted = list(places)
    root = _search(text, wanted)
    return _resolved(text, {place: _value_offset(root, place) for place in wanted}, first_line)


def locate_keys(text: str, places: Iterable[Steps], *, first_line: int = 1) -> dict[Steps, Origin]:
    """Find where the names of the properties at ``places`` begin.

    An entry of a list and the record itself have no name: they get the origin of
    the value. Everything else is as in :func:`locate`.
    """
    wanted = list(places)
    root = _search(text, wanted)
    return _resolved(text, {place: _key_offset(root, place) for place in wanted}, first_line)


class _Node:
    """One step of the places asked for, and where it was last seen (-1: nowhere)."""

    __slots__ = ("children", "key", "value")

    def __init__(self) -> None:
        self.children: dict[str, _Node] = {}
        self.key = -1
        self.value = -1


def _search(text: str, places: list[Steps]) -> _Node:
    root = _Node()
    for place in places:
        node = root
        for step in place:
            node = node.children.setdefault(str(step), _Node())
    _mark(text, root)
    return root


def _mark(text: str, root: _Node) -> None:
    """Note in the tree of steps where each was seen."""
    parents: list[tuple[_Node | None, int]] = []
    parent: _Node | None = None  # the container being read, if something in it is wanted
    index = -1  # the next entry of the list being read; -1 in an object
    node: _Node | None = root  # what the next value is, if it is wanted
    for token in tokens(text):
        kind = token.lastindex
        if kind == KEY:
            node = parent.children.get(unquoted(token[TEXT])) if parent else None
            if node:
                node.key = token.start(TEXT)
        elif kind == CLOSE:
            parent, index = parents.pop()
        else:
            if index >= 0:
                node = parent.children.get(str(index)) if parent else None
                index += 1
            if node:
                node.value = token.start(kind or 0)
            if kind == OPEN:
                parents.append((parent, index))
                parent = node if node and node.children else None
                index = 0 if token[OPEN] == "[" else -1


def _value_offset(root: _Node, place: Steps) -> int:
    return _last_two(root, place)[1].value


def _key_offset(root: _Node, place: Steps) -> int:
    parent, node, complete = _last_two(root, place)
    return node.key if complete and node.key > parent.value else node.value


def _last_two(root: _Node, place: Steps) -> tuple[_Node, _Node, bool]:
    """Follow ``place`` as far as it exists: the last two nodes, and whether it is all there.

    A node that stands before its parent belongs to an earlier property of the
    same name, which was not kept.
    """
    parent = node = root
    for step in place:
        child = node.children[str(step)]
        if child.value <= node.value:
            return parent, node, False
        parent, node = node, child
    return parent, node, True


def _resolved(text: str, offsets: dict[Steps, int], first_line: int) -> dict[Steps, Origin]:
    found = origins(text, offsets.values(), first_line)
    return {place: found[offset] for place, offset in offsets.items()}
