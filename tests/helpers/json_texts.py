"""Generated JSON, and how to look at a place in a text without the code under test."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from random import Random
from typing import Any

from hypothesis import strategies as st

from eh_interop.core.findings import Origin
from eh_interop.core.pointer import Steps

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z|\Z")

names = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | names
)
documents = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(names, inner, max_size=5),
    max_leaves=25,
)


def offset_of(text: str, origin: Origin, first_line: int = 1) -> int:
    """Where a line and column are, the slow and simple way."""
    all_lines = _LINE.findall(text)
    before = all_lines[: origin.line - first_line]
    return sum(map(len, before)) + origin.column - 1


def value_at(text: str, origin: Origin, first_line: int = 1) -> Any:
    """Read the value that begins at a line and column."""
    return json.JSONDecoder().raw_decode(text, offset_of(text, origin, first_line))[0]


def places(document: Any, at: Steps = ()) -> list[tuple[Steps, Any]]:
    """Every place of a document with its value."""
    found = [(at, document)]
    if isinstance(document, dict):
        for name, value in document.items():
            found += places(value, (*at, name))
    if isinstance(document, list):
        for index, value in enumerate(document):
            found += places(value, (*at, index))
    return found


@dataclass(frozen=True)
class Pairs:
    """An object as it is written, with names that may repeat."""

    items: tuple[tuple[str, Any], ...]


awkward = st.text(st.sampled_from('ab":\\/ \n\u00e9\U0001f600'), max_size=4)
texts_with_repeats = st.recursive(
    st.integers(-9, 9) | st.booleans() | awkward,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(
            st.tuples(st.sampled_from(["a", "b", ":", '"']) | awkward, inner), max_size=5
        ).map(lambda items: Pairs(tuple(items)))
    ),
    max_leaves=20,
)


def written(value: Any, chance: Random) -> str:
    """Write JSON with blanks and escapes wherever JSON allows them."""
    match value:
        case Pairs(items):
            members = [
                f"{_string(name, chance)}{_blank(chance)}:{_blank(chance)}{written(inner, chance)}"
                for name, inner in items
            ]
            return _enclosed("{", members, "}", chance)
        case list():
            return _enclosed("[", [written(inner, chance) for inner in value], "]", chance)
        case str():
            return _string(value, chance)
        case _:
            return json.dumps(value)


def repeats(value: Any, at: Steps = ()) -> list[tuple[Steps, str]]:
    """Every name that stands again in an object: the place of the object, and the name."""
    found: list[tuple[Steps, str]] = []
    if isinstance(value, Pairs):
        seen = set()
        for name, inner in value.items:
            if name in seen:
                found.append((at, name))
            seen.add(name)
            found += repeats(inner, (*at, name))
    if isinstance(value, list):
        for index, inner in enumerate(value):
            found += repeats(inner, (*at, index))
    return found


def _enclosed(opening: str, members: list[str], closing: str, chance: Random) -> str:
    parts = [f"{_blank(chance)}{member}{_blank(chance)}" for member in members]
    return opening + (",".join(parts) or _blank(chance)) + closing


def _blank(chance: Random) -> str:
    return chance.choice(["", "", "", " ", "\t", "\n", "\r", "\r\n", "  \n  "])


def _string(value: str, chance: Random) -> str:
    return '"' + "".join(_character(character, chance) for character in value) + '"'


def _character(character: str, chance: Random) -> str:
    ways = [json.dumps(character)[1:-1]]
    if character not in '"\\\n':
        ways.append(character)
    if ord(character) < 0x10000:
        ways += [f"\\u{ord(character):04x}", f"\\u{ord(character):04X}"]
    if character == "/":
        ways.append("\\/")
    return chance.choice(ways)
