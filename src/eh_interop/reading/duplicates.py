"""Properties that stand twice in one object.

orjson, like most JSON parsers, keeps the last of them and says nothing, so that
what the first one said is lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import orjson

from eh_interop.core.findings import Origin
from eh_interop.core.pointer import Step, Steps
from eh_interop.reading.tokens import CLOSE, KEY, OPEN, TEXT, origins, tokens, unquoted


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
    found = list(islice(_repeated(text), most))
    at = origins(text, (offset for _, offset in found), first_line)
    return [(steps, at[offset]) for steps, offset in found]


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
