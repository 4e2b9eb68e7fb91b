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

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
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


def certainly_different(one: bytes, other: bytes) -> bool:
    """Return whether two sets of hashes are surely those of two children.

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
    """Return whether a child can be told from others: by a number, or by name and date of birth."""
    numbered = any(part_of(keys, number) for number in range(NAME))
    return numbered or bool(part_of(keys, NAME) and part_of(keys, BORN))


_WIDTH: Final = SIZE * (BORN + 1)
_BITS: Final = 32
_LOW: Final = (1 << _BITS) - 1


class RecordLinker:
    """All mentions of children in a call, and which of them are the same child."""

    def __init__(self) -> None:
        self._keys = bytearray()
        self._parents = array("I")

    def add(self, keys: bytes) -> int:
        """Add a mention, and return its number."""
        self._keys += keys
        self._parents.append(len(self._parents))
        return len(self._parents) - 1

    def child(self, number: int) -> int:
        """Return the number that stands for the child of a mention: that of the first mention."""
        parents = self._parents
        while parents[number] != number:
            parents[number] = parents[parents[number]]
            number = parents[number]
        return number

    def children(self) -> array[int]:
        """Return for each mention the number that stands for its child."""
        return array("I", map(self.child, range(len(self._parents))))

    def link_by_identifier(self) -> None:
        """Find out which mentions are the same child by its numbers, the surest first."""
        for kind in range(NAME):
            known = (
                (part_of(self._of(mention), kind), mention) for mention in range(len(self._parents))
            )
            for first, others in equal(known):
                for other in others:
                    self._join(first, other, kind)

    def link_by_name(self) -> None:
        """Find out which of the others are the same child by name and date of birth."""
        known = ((self._name(number), number) for number in range(len(self._parents)))
        # Who is who by number is looked up for all of them before the first is joined by name.
        groups = [
            sorted({self.child(mention) for mention in (first, *others)})
            for first, others in equal(known)
        ]
        for first, *others in groups:
            if others and not self._contradict((first, *others)):
                for other in others:
                    self._join(first, other, NAME)

    def _of(self, number: int) -> bytes:
        return bytes(self._keys[number * _WIDTH : (number + 1) * _WIDTH])

    def _name(self, number: int) -> bytes:
        keys = self._of(number)
        name, born = part_of(keys, NAME), part_of(keys, BORN)
        return name + born if name and born else b""

    def _join(self, one: int, other: int, surer: int) -> None:
        """Join two children unless a surer number, or name and birth together, say otherwise."""
        left, right = self.child(one), self.child(other)
        if left == right:
            return
        known, more = self._of(left), self._of(right)
        if any(agree(known, more, number) is False for number in range(surer)):
            return
        if {agree(known, more, NAME), agree(known, more, BORN)} == {False}:
            return
        first, second = sorted((left, right))
        self._parents[second] = first
        self._keys[first * _WIDTH : (first + 1) * _WIDTH] = b"".join(
            part_of(self._of(first), part) or part_of(self._of(second), part) or NONE
            for part in range(BORN + 1)
        )

    def _contradict(self, children: Iterable[int]) -> bool:
        numbers: dict[int, set[bytes]] = defaultdict(set)
        for child in children:
            for kind in range(NAME):
                numbers[kind].add(part_of(self._of(self.child(child)), kind))
        return any(len(number - {b""}) > 1 for number in numbers.values())


def equal(known: Iterable[tuple[bytes, int]]) -> Iterator[tuple[int, list[int]]]:
    """Yield numbers whose bytes are the same: the first, and those after it.

    Groups come in the order of their first number, so that chance in hashes changes nothing. Empty
    bytes and bytes that stand alone are left out.
    """
    # The bytes and the number in one whole number: half the memory of a pair.
    every = sorted(int.from_bytes(data) << _BITS | number for data, number in known if data)
    pairs = array("Q")
    first = -1
    for entry in every:
        if entry >> _BITS != first >> _BITS or first < 0:
            first = entry
        else:
            pairs.append((first & _LOW) << _BITS | (entry & _LOW))
    del every
    group: tuple[int, list[int]] | None = None
    for pair in sorted(pairs):
        if group is None or group[0] != pair >> _BITS:
            if group:
                yield group
            group = pair >> _BITS, []
        group[1].append(pair & _LOW)
    if group:
        yield group
