"""Who is who: the same child in several records, without a name in memory.

Identifiers, names and dates of birth are kept only as hashes with a key that is
made by chance for each call and never written anywhere, so nobody can find out
from a hash whose it is, nor compare two calls.

An NHS number decides; where one of two records lacks it, the unique pupil number
does, then the local authority's own number, and then name and date of birth
together. A number that the child had before is as good as the present one. Two
children with different numbers of the same kind are two children, whatever their
names, unless a surer number is the same. Where a name and date of birth would join
children with different numbers, nobody is joined by it.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import chain
from typing import Final

from eh_interop.core.folding import letters_of
from eh_interop.standard.model import Child, Identifier, Name, Organisation

SIZE: Final = 8
"""Bytes of a hash: among a million children, the chance of a mix-up is one in 10 million."""
NONE: Final = bytes(SIZE)
"""Stands for what is not known."""
_KINDS: Final = ("nhs-number", "upn", "la-child-id")
_OLD: Final = frozenset({"former", "replaced"})
"""What is said of a number that is no longer the present one."""
_FORMER: Final = {"former-upn": "upn"}
"""Kinds of numbers that somebody had before, and the kind of those that took their place."""
NAME: Final = len(_KINDS)
"""Position of the hash of the name; those of the numbers come before it, the surest first."""
BORN: Final = NAME + 1
"""Position of the hash of the date of birth. After it come those of former numbers."""
_WIDTH: Final = SIZE * (BORN + 1)


def hashed(key: bytes, *parts: str) -> bytes:
    """Hash texts as they are written. Names are folded before."""
    text = "\0".join(parts).encode(errors="surrogatepass")
    return blake2b(text, key=key, digest_size=SIZE).digest()


def keys_of(child: Child, key: bytes) -> bytes:
    """Return the hashes that tell who a child is, one after the other; zeros if not known.

    Those of numbers that the child had before come last: most children have none.
    """
    present = [identifier for identifier in child.identifiers if identifier.status not in _OLD]
    numbers = {kind: next(_numbers(present, kind, key), NONE) for kind in _KINDS}
    name = letters_of(_full(child.name))
    born = child.date_of_birth if not child.date_of_birth_estimated else None
    return b"".join(
        (
            *numbers.values(),
            hashed(key, "name", name) if name else NONE,
            hashed(key, "born", born.isoformat()) if born else NONE,
            *_former(child.identifiers, key),
        )
    )


def agency_key(organisation: Organisation, key: bytes) -> bytes | None:
    """Return the hash that tells which agency an organisation is; None if it has no name."""
    name = letters_of(organisation.name or "")
    return hashed(key, "agency", name) if name else None


def _numbers(
    identifiers: Iterable[Identifier], kind: str, key: bytes, instead: str = ""
) -> Iterator[bytes]:
    """Yield the hashes of the numbers of a kind, as those of a kind ``instead`` if one is given."""
    for identifier in identifiers:
        if (
            identifier.type == kind
            and identifier.value
            and (identifier.issuer or kind != "la-child-id")
        ):
            issuer = identifier.issuer if kind == "la-child-id" and identifier.issuer else ""
            value = "".join(identifier.value.casefold().replace("-", "").split())
            yield hashed(key, instead or kind, letters_of(issuer), value)


def _former(identifiers: Iterable[Identifier], key: bytes) -> Iterator[bytes]:
    for former, present in _FORMER.items():
        yield from _numbers(identifiers, former, key, present)
    old = [identifier for identifier in identifiers if identifier.status in _OLD]
    for kind in _KINDS:
        yield from _numbers(old, kind, key)


def _full(name: Name | None) -> str:
    if name is None:
        return ""
    return name.full or (f"{name.given} {name.family}" if name.given and name.family else "")


def part_of(keys: bytes, number: int) -> bytes:
    """Return one hash; empty if it is not known."""
    part = keys[number * SIZE : (number + 1) * SIZE]
    return b"" if part == NONE else part


def former_of(keys: bytes) -> frozenset[bytes]:
    """Return the hashes of the numbers that a child had before."""
    return frozenset(keys[at : at + SIZE] for at in range(_WIDTH, len(keys), SIZE))


def certainly_different(one: bytes, other: bytes) -> bool:
    """Return whether two sets of hashes are surely those of two children.

    They are if a number differs, or if both name and date of birth do, and nothing agrees.
    """
    same = [agree(one, other, number) for number in range(BORN + 1)]
    if True in same[:NAME]:
        return False
    return False in same[:NAME] or (same[NAME] is False and same[BORN] is False)


def agree(one: bytes, other: bytes, number: int) -> bool | None:
    """Compare one hash; None if one of the two is not known.

    A number agrees as well if the other child had it before.
    """
    left, right = part_of(one, number), part_of(other, number)
    if not (left and right):
        return None
    return left == right or left in former_of(other) or right in former_of(one)


def is_known(keys: bytes) -> bool:
    """Return whether a child can be told from others: by a number, or by name and date of birth."""
    numbered = any(part_of(keys, number) for number in range(NAME))
    return numbered or bool(part_of(keys, NAME) and part_of(keys, BORN))


_BITS: Final = 32
_LOW: Final = (1 << _BITS) - 1


class RecordLinker:
    """All mentions of children in a call, and which of them are the same child."""

    def __init__(self) -> None:
        self._keys = bytearray()
        self._former: dict[int, bytes] = {}
        self._parents = array("I")

    def add(self, keys: bytes) -> int:
        """Add a mention, and return its number."""
        number = len(self._parents)
        self._keys += keys[:_WIDTH]
        if len(keys) > _WIDTH:
            self._former[number] = keys[_WIDTH:]
        self._parents.append(number)
        return number

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
        former = [(mention, self._of(mention)) for mention in self._former]
        for kind in range(NAME):
            known = chain(
                (
                    (part_of(self._of(mention), kind), mention)
                    for mention in range(len(self._parents))
                ),
                # A former number only joins where it is of this kind: its hash says so.
                ((old, mention) for mention, keys in former for old in former_of(keys)),
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
        own = bytes(self._keys[number * _WIDTH : (number + 1) * _WIDTH])
        return own + self._former.get(number, b"")

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
        self._take_former(first, known if first == left else more, more if first == left else known)
        self._keys[first * _WIDTH : (first + 1) * _WIDTH] = b"".join(
            part_of(self._of(first), part) or part_of(self._of(second), part) or NONE
            for part in range(BORN + 1)
        )

    def _take_former(self, first: int, known: bytes, more: bytes) -> None:
        """Keep the other numbers of a child that was joined to the first: it is known by them."""
        others = {part_of(more, kind) for kind in range(NAME)} | former_of(more)
        own = {part_of(known, kind) for kind in range(NAME)}
        former = sorted((former_of(known) | others) - own - {b""})
        if former and (former_of(known) or former_of(more)):
            self._former[first] = b"".join(former)

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
