"""Who is who: the same child in several records, without a name in memory.

Identifiers, names and dates of birth are kept only as hashes with a key that is
made by chance for each call and never written anywhere, so nobody can find out
from a hash whose it is, nor compare two calls.

An NHS number decides; where one of two records lacks it, the unique pupil number
does, then the local authority's own number, and then name and date of birth
together. Two children with different numbers of the same kind are two children,
whatever their names, unless a surer number is the same. Where a name and date of
birth would join children with different numbers, nobody is joined by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

from eh_interop.standard.model import Child, Identifier, Name, Organisation

SIZE: Final = 8
"""Bytes of a hash: among a million children, the chance of a mix-up is one in 10 million."""
NONE: Final = bytes(SIZE)
"""Stands for what is not known."""
_KINDS: Final = ("nhs-number", "upn", "la-child-id")
NAME: Final = len(_KINDS)
"""Position of the hash of the name; those of the numbers come before it, the surest first."""
BORN: Final = NAME + 1
"""Position of the hash of the date of birth, which is the last one."""


def hashed(key: bytes, *parts: str) -> bytes:
    """Hash texts without regard to case and spaces."""
    plain = "\0".join("".join(part.casefold().split()) for part in parts)
    return blake2b(plain.encode(errors="surrogatepass"), key=key, digest_size=SIZE).digest()


def keys_of(child: Child, key: bytes) -> bytes:
    """Return the hashes that tell who a child is, one after the other; zeros if not known."""
    numbers = {kind: _number(child.identifiers, kind, key) for kind in _KINDS}
    name = _full(child.name)
    born = child.date_of_birth if not child.date_of_birth_estimated else None
    return b"".join(
        (
            *numbers.values(),
            hashed(key, "name", name) if name else NONE,
            hashed(key, "born", born.isoformat()) if born else NONE,
        )
    )


def agency_key(organisation: Organisation, key: bytes) -> bytes | None:
    """Return the hash that tells which agency an organisation is; None if it has no name."""
    return hashed(key, "agency", organisation.name) if organisation.name else None


def _number(identifiers: Iterable[Identifier], kind: str, key: bytes) -> bytes:
    for identifier in identifiers:
        if (
            identifier.type == kind
            and identifier.value
            and (identifier.issuer or kind != "la-child-id")
        ):
            issuer = identifier.issuer if kind == "la-child-id" and identifier.issuer else ""
            return hashed(key, kind, issuer, identifier.value.replace("-", ""))
    return NONE


def _full(name: Name | None) -> str:
    if name is None:
        return ""
    return name.full or (f"{name.given} {name.family}" if name.given and name.family else "")


def part_of(keys: bytes, number: int) -> bytes:
    """Return one hash; empty if it is not known."""
    part = keys[number * SIZE : (number + 1) * SIZE]
    return b"" if part == NONE else part


def surely_others(one: bytes, other: bytes) -> bool:
    """Tell whether two sets of hashes are surely those of two children.

    They are if a number differs, or if both name and date of birth do, and nothing agrees.
    """
    same = [agree(one, other, number) for number in range(BORN + 1)]
    if True in same[:NAME]:
        return False
    return False in same[:NAME] or (same[NAME] is False and same[BORN] is False)


def agree(one: bytes, other: bytes, number: int) -> bool | None:
    """Compare one hash; None if one of the two is not known."""
    left, right = part_of(one, number), part_of(other, number)
    return left == right if left and right else None


def is_known(keys: bytes) -> bool:
    """Tell whether a child can be told from others: by a number, or by name and date of birth."""
    numbered = any(part_of(keys, number) for number in range(NAME))
    return numbered or bool(part_of(keys, NAME) and part_of(keys, BORN))
