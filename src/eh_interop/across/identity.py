"""Who is who: the same child in several records, without a name in memory.

Identifiers, names and dates of birth are kept only as hashes with a key that is
made by chance for each call and never written anywhere, so nobody can find out
from a hash whose it is, nor compare two calls.

An NHS number decides; where one of two records lacks it, the unique pupil number
does, then the local authority's own number, and then name and date of birth
together. Two children with different numbers of the same kind are two children,
whatever their names. Where a name and date of birth would join children with
different numbers, nobody is joined by it.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

from eh_interop.model import Child, Identifier, Name, Organisation

SIZE: Final = 12
"""Bytes of a hash: among a million children, a mix-up has a chance of one in 10 to the 16."""
_NONE: Final = bytes(SIZE)
_KINDS: Final = ("nhs-number", "upn", "la-child-id")
_NAME: Final = len(_KINDS)
_BORN: Final = _NAME + 1
_WIDTH: Final = SIZE * (_BORN + 1)


def hashed(key: bytes, *parts: str) -> bytes:
    """Hash texts without regard to case and spaces."""
    plain = "\0".join("".join(each.casefold().split()) for each in parts)
    return blake2b(plain.encode(errors="surrogatepass"), key=key, digest_size=SIZE).digest()


def keys_of(child: Child, key: bytes) -> bytes:
    """Return the hashes that tell who a child is, one after the other; zeros if not known."""
    numbers = {kind: _number(child.identifiers, kind, key) for kind in _KINDS}
    name = _full(child.name)
    born = child.date_of_birth if not child.date_of_birth_estimated else None
    return b"".join(
        (
            *numbers.values(),
            hashed(key, "name", name) if name else _NONE,
            hashed(key, "born", born.isoformat()) if born else _NONE,
        )
    )


def agency_key(organisation: Organisation, key: bytes) -> bytes | None:
    """Return the hash that tells which agency an organisation is; None if it has no name."""
    return hashed(key, "agency", organisation.name) if organisation.name else None


def _number(identifiers: Iterable[Identifier], kind: str, key: bytes) -> bytes:
    for each in identifiers:
        if each.type == kind and each.value and (each.issuer or kind != "la-child-id"):
            issuer = each.issuer if kind == "la-child-id" and each.issuer else ""
            return hashed(key, kind, issuer, each.value.replace("-", ""))
    return _NONE


def _full(name: Name | None) -> str:
    if name is None:
        return ""
    return name.full or (f"{name.given} {name.family}" if name.given and name.family else "")


def _part(keys: bytes, number: int) -> bytes:
    part = keys[number * SIZE : (number + 1) * SIZE]
    return b"" if part == _NONE else part


def surely_others(one: bytes, other: bytes) -> bool:
    """Tell whether two sets of hashes are surely those of two children.

    They are if a number differs, or if both name and date of birth do, and nothing agrees.
    """
    same = [_agree(one, other, number) for number in range(_BORN + 1)]
    if True in same[:_NAME]:
        return False
    return False in same[:_NAME] or (same[_NAME] is False and same[_BORN] is False)


def _agree(one: bytes, other: bytes, number: int) -> bool | None:
    """Compare one hash; None if one of the two is not known."""
    left, right = _part(one, number), _part(other, number)
    return left == right if left and right else None


class Children:
    """All mentions of children in a call, and which of them are the same child."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._keys = bytearray()
        self._parents = array("q")

    def add(self, keys: bytes) -> int:
        """Add a mention, and return its number."""
        self._keys += keys
        self._parents.append(len(self._parents))
        return len(self._parents) - 1

    def child(self, number: int) -> int:
        """Return the number that stands for the child of a mention."""
        parents = self._parents
        while parents[number] != number:
            parents[number] = parents[parents[number]]
            number = parents[number]
        return number

    def bring_together(self) -> None:
        """Find out which mentions are the same child, the surest signs first."""
        for kind in range(_NAME):
            self._join_by_number(kind)
        self._join_by_name()

    def _of(self, number: int) -> bytes:
        return bytes(self._keys[number * _WIDTH : (number + 1) * _WIDTH])

    def _join_by_number(self, kind: int) -> None:
        seen: dict[bytes, int] = {}
        for number in range(len(self._parents)):
            part = _part(self._of(number), kind)
            if part:
                self._join(seen.setdefault(part, number), number)

    def _join(self, one: int, other: int) -> None:
        """Join two children unless a surer number, or name and birth together, say otherwise."""
        left, right = self.child(one), self.child(other)
        if left == right:
            return
        known, more = self._of(left), self._of(right)
        if any(_agree(known, more, number) is False for number in range(_NAME)):
            return
        if {_agree(known, more, _NAME), _agree(known, more, _BORN)} == {False}:
            return
        first, second = sorted((left, right))
        self._parents[second] = first
        self._keys[first * _WIDTH : (first + 1) * _WIDTH] = b"".join(
            _part(self._of(first), part) or _part(self._of(second), part) or _NONE
            for part in range(_BORN + 1)
        )

    def _join_by_name(self) -> None:
        found: dict[bytes, int | set[int]] = {}
        for number in range(len(self._parents)):
            root = self.child(number)
            keys = self._of(number)
            if not (_part(keys, _NAME) and _part(keys, _BORN)):
                continue
            key = keys[_NAME * SIZE :]
            known = found.setdefault(key, root)
            if isinstance(known, set):
                known.add(root)
            elif known != root:
                found[key] = {known, root}
        for roots in found.values():
            if isinstance(roots, set) and not self._contradict(roots):
                first, *others = sorted(roots)
                for other in others:
                    self._join(first, other)

    def _contradict(self, roots: set[int]) -> bool:
        numbers: dict[int, set[bytes]] = defaultdict(set)
        for root in roots:
            for kind in range(_NAME):
                numbers[kind].add(_part(self._of(self.child(root)), kind))
        return any(len(each - {b""}) > 1 for each in numbers.values())
