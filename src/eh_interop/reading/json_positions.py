"""Where the pieces of a JSON text stand: values, names, repeated names and huge numbers.

For texts that orjson has already accepted: nothing is checked again here. All
loops are flat, so that deep nesting cannot exhaust the stack, and each reads
the text a fixed number of times, however large it is. Only what is asked for is
looked up: a record without findings costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

import orjson

from eh_interop.core.findings import Origin
from eh_interop.core.pointer import Step, Steps

BLANK: Final = " \t\r\n"
"""What JSON calls whitespace."""

TEXT: Final = 1
KEY: Final = 2
OPEN: Final = 3
CLOSE: Final = 4
SCALAR: Final = 5

# The possessive forms (*+) keep a text of many escapes, or a long run of blanks,
# from being read again and again. The group that matched last tells the kind.
_TOKEN = re.compile(
    r"""
    [ \t\r\n,]*+
    (?: ("[^"\\]*+(?:\\.[^"\\]*+)*+") (?:[ \t\r\n]*+(:))?
      | ([{\[])
      | ([}\]])
      | ([^ \t\r\n,"{}\[\]]++)
    )
    """,
    re.VERBOSE,
)


def tokens(text: str) -> Iterator[re.Match[str]]:
    """Yield the pieces of ``text`` in order; commas and colons are left out.

    ``lastindex`` of a match is its kind: ``TEXT``, ``KEY``, ``OPEN``, ``CLOSE``
    or ``SCALAR`` (a number, true, false or null). The spelling and the start of
    a key are in group ``TEXT``, those of every other piece in the group of its kind.
    """
    # Without this end the search would try each of the blanks after the record in turn.
    return _TOKEN.finditer(text, 0, len(text.rstrip(BLANK)))


def unquoted(spelling: str) -> str:
    """Return the text that a JSON string stands for, given with its quotation marks."""
    if "\\" not in spelling:
        return spelling[1:-1]
    return str(orjson.loads(spelling))


def origins(text: str, offsets: Iterable[int], first_line: int = 1) -> dict[int, Origin]:
    r"""Turn offsets into lines and columns, all in one pass over ``text``.

    ``\n``, ``\r\n`` and ``\r`` each end a line; ``first_line`` is the number of
    the line on which ``text`` begins.
    """
    located: dict[int, Origin] = {}
    line, line_start, done = first_line, 0, 0
    for offset in sorted(set(offsets)):
        line += line_breaks(text, done, offset)
        last = max(text.rfind("\n", done, offset), text.rfind("\r", done, offset))
        line_start = max(line_start, last + 1)
        located[offset] = Origin(line, offset - line_start + 1)
        done = offset
    return located


def origin_of(text: str, offset: int, first_line: int = 1) -> Origin:
    """Turn one offset into its line and column."""
    return origins(text, [offset], first_line)[offset]


def line_breaks(text: str, start: int, end: int) -> int:
    """Count the line breaks between two offsets."""
    feeds = text.count("\n", start, end)
    returns = text.count("\r", start, end)
    return feeds + returns - (text.count("\r\n", start, end) if returns else 0)


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
    located = origins(text, offsets.values(), first_line)
    return {place: located[offset] for place, offset in offsets.items()}


def may_have_duplicate_keys(data: bytes, document: Any) -> bool:
    """Say whether an exact look is needed. A *no* is certain; a *yes* is not.

    Args:
        data: JSON in UTF-8, without byte order mark.
        document: what ``orjson.loads(data)`` returned.
    """
    # Why a "no" is certain. Count the quotation marks. In UTF-8 their byte occurs
    # inside no other character, so the marks in JSON are those around strings and
    # those within strings, as \" (JSON has one other way to write a mark,
    # \u0022, and that is looked for first). orjson writes them in the same way, so
    # each property and each text that was kept counts the same in the source and
    # in the dump; blanks, numbers and other escapes have no part in it. A property
    # that was dropped adds two marks at least, those around its name, to the
    # source alone. So the counts agree only if none was dropped.
    if b"\\" in data and b"\\u0022" in data:
        return True
    try:
        dump = orjson.dumps(document)
    except orjson.JSONEncodeError:  # nested more deeply than orjson can write
        return True
    return data.count(b'"') != dump.count(b'"')


def duplicate_keys(
    text: str, first_line: int = 1, *, most: int | None = None
) -> list[tuple[Steps, Origin]]:
    """List the property names that repeat an earlier one of the same object.

    Args:
        text: JSON that orjson has accepted.
        first_line: the line of the source on which ``text`` begins.
        most: stop after this many.

    Returns:
        In the order of the text: the place of the object, and where the name
        stands again. A name that stands three times is listed twice.
    """
    repeats = list(islice(_repeated(text), most))
    at = origins(text, (offset for _, offset in repeats), first_line)
    return [(steps, at[offset]) for steps, offset in repeats]


def _repeated(text: str) -> Iterator[tuple[Steps, int]]:
    parents: list[tuple[set[str], Step]] = []
    names: set[str] = set()  # of the object being read so far
    step: Step = 0  # the property, or entry of a list, being read
    for token in tokens(text):
        kind = token.lastindex
        if kind == KEY:
            step = unquoted(token[TEXT])
            if step in names:
                yield tuple(step for _, step in parents[1:]), token.start(TEXT)
            names.add(step)
        elif kind == CLOSE:
            names, step = parents.pop()
            step = _next(step)
        elif kind == OPEN:
            parents.append((names, step))
            names, step = set(), 0
        else:
            step = _next(step)


def _next(step: Step) -> Step:
    """After a value: the next entry, if this is a list."""
    return step + 1 if isinstance(step, int) else step


_SMALLEST: Final = -(2**63)
_LARGEST: Final = 2**64 - 1
# The shortest numbers beyond these limits have 19 and 20 digits.
_MANY_DIGITS: Final = b"0" * 19
_DIGITS_AS_ZERO: Final = bytes.maketrans(b"123456789", b"0" * 9)
_LONG_INTEGER = re.compile(r"-?[0-9]{19,}")


def may_have_huge_integers(data: bytes) -> bool:
    """Say whether an exact look is needed. A *no* is certain."""
    return _MANY_DIGITS in data.translate(_DIGITS_AS_ZERO)


def huge_integers(text: str, first_line: int = 1, *, most: int | None = None) -> list[Origin]:
    """List where whole numbers stand that do not fit into 64 bits.

    Args:
        text: JSON that orjson has accepted.
        first_line: the line of the source on which ``text`` begins.
        most: stop after this many.
    """
    offsets = (
        token.start(SCALAR)
        for token in tokens(text)
        if token.lastindex == SCALAR and _is_huge(token[SCALAR])
    )
    return list(origins(text, islice(offsets, most), first_line).values())


def _is_huge(spelling: str) -> bool:
    # No more than 309 digits get past orjson, so that int() is cheap.
    return bool(_LONG_INTEGER.fullmatch(spelling)) and not _SMALLEST <= int(spelling) <= _LARGEST
