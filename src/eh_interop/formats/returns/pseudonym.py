"""Which child a row is about: the council's own number, or a stand-in that stays the same."""

from __future__ import annotations

import re
from base64 import b32encode
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Any, Final

from eh_interop.core.identifiers import is_la_child_id
from eh_interop.formats.returns.scene import Scene

ISSUER: Final = "eh-interop stand-in"
"""Who gave a stand-in, in a record that was read from a return."""

_STAND_IN: Final = re.compile(r"EH[A-Z2-7]{18}")
_BYTES: Final = 11
"""88 bits: with a million children, two have the same stand-in with a chance of 1 in 10^14."""


def numbers(child: Mapping[str, Any], kind: str) -> list[str]:
    """Return the numbers of one kind that a child has."""
    return [each["value"] for each in _of(child, kind) if "value" in each]


def _of(child: Mapping[str, Any], kind: str) -> Iterator[Mapping[str, Any]]:
    yield from (each for each in child.get("identifiers", ()) if each.get("type") == kind)


def child_number(scene: Scene) -> str:
    """Return the council's number of a child, or a stand-in."""
    place = f"/children/{scene.at}/identifiers"
    found = numbers(scene.child, "la-child-id")
    if not found:
        scene.say("RET-006", place)
        return stand_in(scene)
    if len(set(found)) > 1:
        scene.say("RET-012", place)
    if not is_la_child_id(found[0]):
        scene.say("RET-011", place)
    return found[0]


def stand_in(scene: Scene) -> str:
    """Return a number of 20 letters and digits that is the same for the same child.

    It is made from the surest that the record holds: NHS number, unique pupil
    number, name with birth date, or the record's own id. Without a key, whoever
    knows these can make it too.
    """
    given = [each["value"] for each in _of(scene.child, "other") if each.get("issuer") == ISSUER]
    if given and _STAND_IN.fullmatch(given[0]):
        return str(given[0])
    text = "\0".join("".join(part.casefold().split()) for part in _signs(scene))
    made = blake2b(text.encode(errors="surrogatepass"), key=scene.key, digest_size=_BYTES)
    return f"EH{b32encode(made.digest()).decode('ascii').rstrip('=')}"


def _signs(scene: Scene) -> tuple[str, ...]:
    child = scene.child
    for kind in ("nhs-number", "upn"):
        if found := numbers(child, kind):
            return kind, found[0]
    name = child.get("name", {})
    full = name.get("full") or f"{name.get('given', '')} {name.get('family', '')}"
    born = child.get("dateOfBirth") or child.get("expectedDateOfBirth")
    if born and full.strip():
        return "name", full, born
    return "record", scene.record["recordId"], child["id"]


def identifier(value: str) -> dict[str, str]:
    """Return the identifier that a child number in a return stands for."""
    if _STAND_IN.fullmatch(value):
        return {"type": "other", "value": value, "issuer": ISSUER}
    return {"type": "la-child-id", "value": value}
