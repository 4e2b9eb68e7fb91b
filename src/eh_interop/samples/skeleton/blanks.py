"""Placeholders: what they look like, and what they say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from eh_interop.core.pointer import Steps
from eh_interop.standard.schemas import Schema

Json = dict[str, Any]
FILL_IN: Final = "FILL IN"
FEW: Final = 12
"""Code lists up to this length are written out in the hint."""
_KINDS: Final = {
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "date": "YYYY-MM-DD",
    "date-time": "YYYY-MM-DDThh:mm:ssZ",
}


def kind_of(stated: Schema, schema: Schema, targets: list[str]) -> str:
    """Say what belongs in a field.

    Args:
        stated: what is written at the field.
        schema: the same after following references.
        targets: the lists that it may point to, if it holds a local id.
    """
    if targets:
        return f"the id of one of {' or '.join(targets)}"
    codes = schema.get("enum")
    if codes:
        listed = ", ".join(map(str, codes[:FEW]))
        return f"one of {listed}" if len(codes) <= FEW else f"a code, such as {listed}, …"
    kind = schema.get("format") or schema.get("type", "")
    return _KINDS.get(str(kind)) or str(stated.get("description") or schema["description"])


def placeholders(value: Any, steps: Steps = ()) -> Iterator[Steps]:
    """Yield the place of everything that is still to be filled in."""
    if isinstance(value, dict):
        if FILL_IN in value:
            yield steps
            return
        for name, each in value.items():
            yield from placeholders(each, (*steps, name))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from placeholders(each, (*steps, number))
