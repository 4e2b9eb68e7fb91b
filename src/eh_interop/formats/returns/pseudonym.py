"""Child numbers and pseudonyms: the council's own number of a child, or one that stays the same."""

from __future__ import annotations

import re
from base64 import b32encode
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, Final

from eh_interop.core.identifiers import is_la_child_id
from eh_interop.formats.returns.column_context import ColumnContext

ISSUER: Final = "eh-interop stand-in"
"""The issuer of a pseudonym, in a record that was read from a return."""

_PSEUDONYM: Final = re.compile(r"EH[A-Z2-7]{18}")
_BYTES: Final = 11
"""88 bits: with a million children, two have the same pseudonym with a chance of 1 in 10^14."""


def numbers(person: Mapping[str, Any], kind: str, issuer: str | None = None) -> list[str]:
    """Return the numbers of one kind that somebody has, of one issuer if one is named."""
    return [
        identifier["value"]
        for identifier in person.get("identifiers", ())
        if identifier.get("type") == kind
        and "value" in identifier
        and (issuer is None or identifier.get("issuer") == issuer)
    ]


def child_number(context: ColumnContext) -> str:
    """Return the council's number of a child, or a pseudonym."""
    place = f"/children/{context.child_index}/identifiers"
    own = numbers(context.child, "la-child-id")
    if not own:
        context.report("RET-006", place)
        return pseudonym(context)
    if len(set(own)) > 1:
        context.report("RET-012", place)
    if not is_la_child_id(own[0]):
        context.report("RET-011", place)
    return own[0]


def pseudonym(context: ColumnContext) -> str:
    """Return a number of 20 letters and digits that is the same for the same child.

    It is made from the most certain that the record has: NHS number, unique pupil
    number, name with birth date, or the record's own id. Without a key, anybody
    who knows these can make it too.
    """
    earlier = numbers(context.child, "other", ISSUER)
    if earlier and _PSEUDONYM.fullmatch(earlier[0]):
        return earlier[0]
    text = "\0".join("".join(part.casefold().split()) for part in _identity(context))
    digest = blake2b(text.encode(errors="surrogatepass"), key=context.key, digest_size=_BYTES)
    return f"EH{b32encode(digest.digest()).decode('ascii').rstrip('=')}"


def _identity(context: ColumnContext) -> tuple[str, ...]:
    child = context.child
    for kind in ("nhs-number", "upn"):
        if own := numbers(child, kind):
            return kind, own[0]
    name = child.get("name", {})
    full = name.get("full") or f"{name.get('given', '')} {name.get('family', '')}"
    born = child.get("dateOfBirth") or child.get("expectedDateOfBirth")
    if born and full.strip():
        return "name", full, born
    return "record", context.record["recordId"], child["id"]


def identifier_of(value: str) -> dict[str, str]:
    """Return the identifier that a child number in a return stands for."""
    if _PSEUDONYM.fullmatch(value):
        return {"type": "other", "value": value, "issuer": ISSUER}
    return {"type": "la-child-id", "value": value}
