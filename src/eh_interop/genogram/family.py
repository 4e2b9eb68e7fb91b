"""A family as it is drawn: people, couples, brothers and sisters, homes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from eh_interop.genogram.links import CHILDREN, COUPLES, PARENTS, WHOLE_SIBLINGS
from eh_interop.genogram.people import Member, Names, members
from eh_interop.genogram.reading import Record, entries, text, texts


@dataclass(frozen=True, slots=True)
class Link:
    """``person`` is the ``kind`` of ``other``: codes and local ids of the record."""

    person: str
    other: str
    kind: str
    status: str = ""


@dataclass(frozen=True, slots=True)
class Couple:
    """Two people joined by a line. ``state`` is empty if only a child says they belong together."""

    pair: tuple[str, str]
    state: str
    married: bool


@dataclass(frozen=True, slots=True)
class Sibship:
    """Brothers and sisters with the same parents (none, one or two), in order of birth.

    Attributes:
        parents: the parents whom the record knows.
        children: the eldest first.
        kind: ``birth``, ``adoptive``, ``foster`` or ``guardian``.
    """

    parents: tuple[str, ...]
    children: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Home:
    """People who live together."""

    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """Everything that a genogram shows.

    Attributes:
        holders: for whom each person (or organisation) has parental responsibility.
        twins: pairs born at the same birth.
    """

    members: Mapping[str, Member]
    links: tuple[Link, ...]
    couples: tuple[Couple, ...]
    sibships: tuple[Sibship, ...]
    homes: tuple[Home, ...]
    holders: Mapping[str, tuple[str, ...]]
    twins: tuple[tuple[str, str], ...]


def read_family(record: Record, *, names: Names, as_of: date) -> Family:
    """Read a family from a record. Links to somebody who is not listed are left out."""
    people = members(record, names, as_of)
    links = tuple(dict.fromkeys(_links(record, people)))
    sibships = tuple(_sibships(links, people))
    return Family(
        members=people,
        links=links,
        couples=tuple(_couples(links, sibships)),
        sibships=sibships,
        homes=tuple(_homes(record, people)),
        holders=_holders(record, people),
        twins=tuple((link.person, link.other) for link in links if link.kind == "twin"),
    )


def _links(record: Record, people: Mapping[str, Member]) -> Iterator[Link]:
    for entry in entries(record, "relationships"):
        person, other = text(entry, "person"), text(entry, "relatedTo")
        if person in people and other in people and person != other:
            yield Link(person, other, text(entry, "type"), text(entry, "status"))
    for child in entries(record, "children"):
        mother, own = text(child, "mother"), text(child, "id")
        if mother in people and own in people and mother != own:
            yield Link(mother, own, "mother")


def _sibships(links: Iterable[Link], people: Mapping[str, Member]) -> Iterator[Sibship]:
    parents: dict[tuple[str, str], list[str]] = {}
    for link in links:
        above, below, kind = link.person, link.other, PARENTS.get(link.kind)
        if kind is None:
            above, below, kind = link.other, link.person, CHILDREN.get(link.kind)
        if kind is not None and above not in parents.setdefault((below, kind), []):
            parents[below, kind].append(above)
    _share_parents(links, parents)
    together: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (child, sort), known in parents.items():
        # More than two parents of one kind: pairs, so that each has a line.
        for start in range(0, len(known), 2):
            pair = tuple(sorted(known[start : start + 2]))
            together.setdefault((sort, pair), []).append(child)
    for (sort, pair), children in together.items():
        yield Sibship(pair, _by_birth(children, people), sort)
    for group in _without_parents(links, parents):
        yield Sibship((), _by_birth(group, people), "birth")


def _by_birth(children: Iterable[str], people: Mapping[str, Member]) -> tuple[str, ...]:
    return tuple(sorted(children, key=lambda child: (people[child].born, child)))


def _share_parents(links: Iterable[Link], parents: dict[tuple[str, str], list[str]]) -> None:
    """Give whole brothers and sisters the same parents: that is what the code means."""
    pairs = [(link.person, link.other) for link in links if link.kind in WHOLE_SIBLINGS]
    for one, other in [*pairs, *((b, a) for a, b in pairs)] * 2:
        known = parents.get((one, "birth"))
        if known and (other, "birth") not in parents and other not in known:
            parents[other, "birth"] = list(known)


def _without_parents(
    links: Iterable[Link], parents: Mapping[tuple[str, str], object]
) -> Iterator[list[str]]:
    """Yield brothers and sisters whose parents nobody has named."""
    groups: dict[str, list[str]] = {}
    for link in links:
        pair = (link.person, link.other)
        if link.kind in WHOLE_SIBLINGS and not any((one, "birth") in parents for one in pair):
            merged = list(
                dict.fromkeys([*groups.get(pair[0], pair[:1]), *groups.get(pair[1], pair[1:])])
            )
            groups.update(dict.fromkeys(merged, merged))
    yield from {id(group): group for group in groups.values()}.values()


def _couples(links: Iterable[Link], sibships: Iterable[Sibship]) -> Iterator[Couple]:
    found: dict[tuple[str, str], Couple] = {}
    for link in links:
        if link.kind in COUPLES:
            pair = _pair(link.person, link.other)
            state = link.status or ("ended" if link.kind == "former-partner" else "current")
            married = link.kind == "spouse" or state == "divorced"
            found.setdefault(pair, Couple(pair, state, married))
    for group in sibships:
        if len(group.parents) > 1:
            pair = _pair(*group.parents)
            found.setdefault(pair, Couple(pair, "", married=False))
    yield from found.values()


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _homes(record: Record, people: Mapping[str, Member]) -> Iterator[Home]:
    for number, each in enumerate(entries(record, "households"), 1):
        inside = tuple(one for one in texts(each, "members") if one in people)
        if inside:
            yield Home(text(each, "name") or f"Home {number}", inside)


def _holders(record: Record, people: Mapping[str, Member]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for entry in entries(record, "parentalResponsibility"):
        child = text(entry, "child")
        if text(entry, "holds") == "yes" and child in people:
            found.setdefault(text(entry, "holder"), []).append(child)
    return {holder: tuple(dict.fromkeys(children)) for holder, children in found.items()}
