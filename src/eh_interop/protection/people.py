"""Who is who: the same person in several records that are given together.

People are joined by a number, by name unless the dates of birth differ, and by local id unless
both name and date of birth differ. In doubt they are joined: then more is protected, not less.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from eh_interop.protection.matching import SENTENCE, folded, squashed, texts_in, whole_names
from eh_interop.protection.model import Document, Reference

FAMILY: Final = ("children", "people")
"""The lists of a record that hold the family and other people."""
WORKERS: Final = ("practitioners", "organisations")


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody as they stand in one record."""

    reference: Reference
    listed: str
    place: str
    entry: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class People:
    """Everybody in all records, and which mentions are the same person."""

    mentions: tuple[Mention, ...] = field(repr=False)
    groups: Mapping[Reference, frozenset[Reference]] = field(repr=False)

    def same(self, references: Iterable[Reference]) -> frozenset[Reference]:
        """Return all references to the same people."""
        known = (self.groups.get(reference, {reference}) for reference in references)
        return frozenset(reference for group in known for reference in group)

    def of(self, references: Iterable[Reference]) -> Iterator[Mention]:
        """Yield every mention of people, in all records."""
        wanted = self.same(references)
        return (mention for mention in self.mentions if mention.reference in wanted)


def entries(document: Document, *names: str) -> Iterator[tuple[str, str, Any]]:
    """Yield the name of the list, the place and the entry of lists that a record should have.

    An object that stands where a list should be counts as its only entry.
    """
    for name in names:
        value = document.get(name)
        if isinstance(value, list):
            yield from ((name, f"/{name}/{number}", entry) for number, entry in enumerate(value))
        elif value is not None:
            yield name, f"/{name}", value


def link(documents: Sequence[Document]) -> People:
    """Find out who is who in all records."""
    mentions = tuple(
        Mention(Reference(number, _id(entry, place)), name, place, entry)
        for number, document in enumerate(documents)
        for name, place, entry in entries(document, *FAMILY, *WORKERS)
        if isinstance(entry, dict)
    )
    groups: dict[Reference, frozenset[Reference]] = {}
    for alike in _alike(mentions).values():
        for first, other in _joined(alike):
            whole = groups.get(first, frozenset({first})) | groups.get(other, frozenset({other}))
            groups.update(dict.fromkeys(whole, whole))
    return People(mentions, groups)


def _id(entry: Mapping[str, Any], place: str) -> str:
    own = entry.get("id")
    return own if isinstance(own, str) and own else place


def _alike(mentions: Iterable[Mention]) -> dict[tuple[str, str], list[Mention]]:
    """Group mentions by everything that may make them the same person."""
    groups: dict[tuple[str, str], list[Mention]] = defaultdict(list)
    for mention in mentions:
        kind = "organisation" if mention.listed == "organisations" else "person"
        groups["id", mention.reference.id].append(mention)
        for name in whole_names(mention.entry):
            groups[kind, name].append(mention)
        for number in _numbers(mention.entry):
            groups["number", number].append(mention)
    return groups


def _numbers(entry: Mapping[str, Any]) -> Iterator[str]:
    numbers = entry.get("identifiers")
    for number in numbers if isinstance(numbers, list) else ():
        if isinstance(number, dict):
            value = squashed(folded(" ".join(texts_in(number.get("value")))))
            if len(value) > SENTENCE:
                yield f"{folded(str(number.get('type')))} {value}"


def _joined(alike: Sequence[Mention]) -> Iterator[tuple[Reference, Reference]]:
    """Yield pairs of references to the same person."""
    by_birth: dict[str, Mention] = {}
    for mention in alike:
        born = _born(mention)
        for other in (by_birth.get(born), by_birth.get(""), *_any(by_birth, born)):
            if other is not None and _may_be_same(mention, other):
                yield mention.reference, other.reference
        by_birth.setdefault(born, mention)


def _any(by_birth: Mapping[str, Mention], born: str) -> tuple[Mention, ...]:
    return tuple(by_birth.values()) if not born or len(by_birth) < SENTENCE else ()


def _born(mention: Mention) -> str:
    born = mention.entry.get("dateOfBirth")
    return born[:10] if isinstance(born, str) else ""


def _may_be_same(one: Mention, other: Mention) -> bool:
    births, ids = {_born(one), _born(other)} - {""}, one.reference.id == other.reference.id
    names = whole_names(one.entry), whole_names(other.entry)
    named = not all(names) or bool(names[0] & names[1])
    numbered = not set(_numbers(one.entry)).isdisjoint(_numbers(other.entry))
    apart = (one.listed == "organisations") != (other.listed == "organisations")
    if apart:
        return False
    return numbered or (ids and (named or len(births) == 1)) or (named and len(births) < 2)  # noqa: PLR2004
