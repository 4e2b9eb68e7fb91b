"""The records that are given together, and who is who in them.

People are joined by a number, by name unless the dates of birth differ, and by local id unless
both name and date of birth differ. In doubt they are joined: then more is protected, not less.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from eh_interop.core.lenient import items, texts
from eh_interop.core.pointer import join
from eh_interop.protection.matching import (
    SENTENCE,
    folded,
    means_no,
    squashed,
    texts_in,
    whole_names,
)
from eh_interop.protection.model import Document, KeepFrom, Reference, Scope, Why
from eh_interop.reading.source_record import Restriction

FAMILY: Final = ("children", "people")
"""The lists of a record that hold the family and other people."""
WORKERS: Final = ("practitioners", "organisations")


@dataclass(frozen=True, slots=True)
class PersonMention:
    """Somebody as they stand in one record."""

    reference: Reference
    listed: str
    place: str
    entry: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class People:
    """Everybody in all records, and which mentions are the same person."""

    mentions: tuple[PersonMention, ...] = field(repr=False)
    groups: Mapping[Reference, frozenset[Reference]] = field(repr=False)

    def same(self, references: Iterable[Reference]) -> frozenset[Reference]:
        """Return all references to the same people."""
        known = (self.groups.get(reference, {reference}) for reference in references)
        return frozenset(reference for group in known for reference in group)

    def of(self, references: Iterable[Reference]) -> Iterator[PersonMention]:
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
        PersonMention(Reference(number, _id(entry, place)), name, place, entry)
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


def _alike(mentions: Iterable[PersonMention]) -> dict[tuple[str, str], list[PersonMention]]:
    """Group mentions by everything that may make them the same person."""
    groups: dict[tuple[str, str], list[PersonMention]] = defaultdict(list)
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


def _joined(alike: Sequence[PersonMention]) -> Iterator[tuple[Reference, Reference]]:
    """Yield pairs of references to the same person."""
    by_birth: dict[str, PersonMention] = {}
    for mention in alike:
        born = _born(mention)
        for other in (by_birth.get(born), by_birth.get(""), *_any(by_birth, born)):
            if other is not None and _may_be_same(mention, other):
                yield mention.reference, other.reference
        by_birth.setdefault(born, mention)


def _any(by_birth: Mapping[str, PersonMention], born: str) -> tuple[PersonMention, ...]:
    return tuple(by_birth.values()) if not born or len(by_birth) < SENTENCE else ()


def _born(mention: PersonMention) -> str:
    born = mention.entry.get("dateOfBirth")
    return born[:10] if isinstance(born, str) else ""


def _may_be_same(one: PersonMention, other: PersonMention) -> bool:
    births, ids = {_born(one), _born(other)} - {""}, one.reference.id == other.reference.id
    names = whole_names(one.entry), whole_names(other.entry)
    named = not all(names) or bool(names[0] & names[1])
    numbered = not set(_numbers(one.entry)).isdisjoint(_numbers(other.entry))
    apart = (one.listed == "organisations") != (other.listed == "organisations")
    if apart:
        return False
    return numbered or (ids and (named or len(births) == 1)) or (named and len(births) < 2)  # noqa: PLR2004


@dataclass(frozen=True)
class Records:
    """All records that are given together, and who is who in them."""

    documents: tuple[Document, ...] = field(repr=False)
    restrictions: tuple[tuple[Restriction, ...], ...]

    @cached_property
    def people(self) -> People:
        """Who is who."""
        return link(self.documents)

    @cached_property
    def objects(self) -> tuple[tuple[int, str, Mapping[str, Any]], ...]:
        """Every object of every record, however deep, in their order: the record and the place."""
        return tuple(
            (number, join(steps), value)
            for number, document in enumerate(self.documents)
            for steps, value in _objects(document)
        )

    @cached_property
    def family(self) -> frozenset[Reference]:
        """The children and people of all records."""
        return frozenset(
            mention.reference for mention in self.people.mentions if mention.listed in FAMILY
        )

    def known(self, record: int, names: Any) -> tuple[Reference, ...]:
        """Return the people of a record to whom local ids refer."""
        ids = [names] if isinstance(names, str) else [*texts({"": names}, "")]
        family = {mention.reference for mention in self.people.mentions if mention.listed in FAMILY}
        return tuple(Reference(record, name) for name in ids if (Reference(record, name)) in family)

    def keep_from(self, record: int, warning: Mapping[str, Any], scope: Scope) -> KeepFrom:
        """Return from whom a warning keeps something; everybody if it does not say."""
        named = self.known(record, warning.get("keepFrom"))
        whole = len(named) == len(as_ids(warning.get("keepFrom")))
        if not named or not whole:
            return KeepFrom(Scope.UNKNOWN, ordered(named, self.people.same(named)))
        against = self.people.same(named)
        knows = self.people.same(self.known(record, warning.get("about"))) - against
        return KeepFrom(scope, ordered(named, against), tuple(sorted(knows)))


def ordered(first: Sequence[Reference], others: Iterable[Reference]) -> tuple[Reference, ...]:
    """Return people, each once and in a fixed order: first those who are named."""
    return tuple(dict.fromkeys((*first, *sorted(others))))


def as_ids(value: Any) -> list[Any]:
    """Return local ids; a single one counts as a list of it."""
    return [value] if isinstance(value, str) else items(value)


def _objects(document: Any) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, Any]]]:
    stack: list[tuple[tuple[str | int, ...], Any]] = [((), document)]
    while stack:
        steps, value = stack.pop()
        if isinstance(value, dict):
            yield steps, value
            stack += reversed([((*steps, str(key)), held) for key, held in value.items()])
        elif isinstance(value, list):
            stack += reversed([((*steps, number), held) for number, held in enumerate(value)])


def is_address(place: str, value: Mapping[str, Any]) -> bool:
    """Return whether an object is an address, wherever it stands."""
    if "lines" in value or "postcode" in value:
        return True
    return place.rstrip("/0123456789").endswith(("/address", "/addresses"))


def flag_of(address: Mapping[str, Any]) -> Why | None:
    """Return what an address itself says that protects it; None if it is open."""
    if not means_no(address.get("confidential")):
        return Why.ADDRESS_FLAG
    reasons = map(folded, texts_in([address.get("reason"), address.get("kind")]))
    return Why.REFUGE if any("refuge" in reason.split() for reason in reasons) else None


def is_past(address: Any) -> bool:
    """Return whether somebody lived there before: then it tells nobody where they are."""
    past = isinstance(address, dict) and address.get("kind") == "previous"
    return past and flag_of(address) is None


def as_list(value: Any) -> list[Any]:
    """Return a list as it is, and anything else as the only entry of one."""
    return value if isinstance(value, list) else [value]
