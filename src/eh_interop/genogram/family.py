"""A family as a genogram shows it: people, couples, brothers and sisters, homes.

It is read from a record that may be half filled in.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal

from eh_interop.core.lenient import Record, day, inner, objects, text, texts
from eh_interop.genogram.initials import initials

Names = Literal["first", "initials"]
NAMELESS: Final = "Not named"
"""What somebody is called whose name the record does not know."""

_LONGEST: Final = 16
_SEXES: Final = {"M": "male", "F": "female"}

WORDS: Final[Mapping[str, Mapping[str, Any]]] = tomllib.loads(
    Path(__file__).with_name("words.toml").read_text("utf-8")
)
"""What a genogram calls things, and how relationships are drawn; see ``words.toml``."""
PARENTS: Final[Mapping[str, str]] = WORDS["parents"]
CHILDREN: Final[Mapping[str, str]] = WORDS["children"]
COUPLES: Final = frozenset(WORDS["kinds"]["couples"])
WHOLE_SIBLINGS: Final = frozenset(WORDS["kinds"]["whole-siblings"])


@dataclass(frozen=True, slots=True)
class Member:
    """One person.

    Attributes:
        id: the record's own local id.
        name: first name or initials, as asked for.
        sex: ``male``, ``female`` or ``not known``.
        age: such as ``14`` or ``about 30``; empty if it is not known.
        index: one of the children whom the record is about.
        unborn: not born yet.
        deceased: has died.
        born: for the order of brothers and sisters; the day a baby is due, or the last day of all.
    """

    id: str
    name: str
    sex: str
    age: str
    index: bool
    unborn: bool
    deceased: bool
    born: date


@dataclass(frozen=True, slots=True)
class FamilyLink:
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
    """Brothers and sisters with the same known parents (none, one or two), the eldest first.

    ``kind`` is ``birth``, ``adoptive``, ``foster`` or ``guardian``.
    """

    parents: tuple[str, ...]
    children: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class SharedHome:
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
    links: tuple[FamilyLink, ...]
    couples: tuple[Couple, ...]
    sibships: tuple[Sibship, ...]
    homes: tuple[SharedHome, ...]
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


def _links(record: Record, people: Mapping[str, Member]) -> Iterator[FamilyLink]:
    for entry in objects(record, "relationships"):
        person, other = text(entry, "person"), text(entry, "relatedTo")
        if person in people and other in people and person != other:
            yield FamilyLink(person, other, text(entry, "type"), text(entry, "status"))
    for child in objects(record, "children"):
        mother, own = text(child, "mother"), text(child, "id")
        if mother in people and own in people and mother != own:
            yield FamilyLink(mother, own, "mother")


def _sibships(links: Iterable[FamilyLink], people: Mapping[str, Member]) -> Iterator[Sibship]:
    parents: dict[tuple[str, str], list[str]] = {}
    for link in links:
        above, below, kind = link.person, link.other, PARENTS.get(link.kind)
        if kind is None:
            above, below, kind = link.other, link.person, CHILDREN.get(link.kind)
        if kind is not None and above not in parents.setdefault((below, kind), []):
            parents[below, kind].append(above)
    _share_parents(links, parents)
    together: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (child, sort), parent_ids in parents.items():
        # More than two parents of one kind: pairs, so that each has a line.
        for start in range(0, len(parent_ids), 2):
            pair = tuple(sorted(parent_ids[start : start + 2]))
            together.setdefault((sort, pair), []).append(child)
    for (sort, pair), children in together.items():
        yield Sibship(pair, _by_birth(children, people), sort)
    for group in _without_parents(links, parents):
        yield Sibship((), _by_birth(group, people), "birth")


def _by_birth(children: Iterable[str], people: Mapping[str, Member]) -> tuple[str, ...]:
    return tuple(sorted(children, key=lambda child: (people[child].born, child)))


def _share_parents(links: Iterable[FamilyLink], parents: dict[tuple[str, str], list[str]]) -> None:
    """Give whole brothers and sisters the same parents: that is what the code means."""
    pairs = [(link.person, link.other) for link in links if link.kind in WHOLE_SIBLINGS]
    for one, other in [*pairs, *((b, a) for a, b in pairs)] * 2:
        shared = parents.get((one, "birth"))
        if shared and (other, "birth") not in parents and other not in shared:
            parents[other, "birth"] = list(shared)


def _without_parents(
    links: Iterable[FamilyLink], parents: Mapping[tuple[str, str], object]
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


def _couples(links: Iterable[FamilyLink], sibships: Iterable[Sibship]) -> Iterator[Couple]:
    couples: dict[tuple[str, str], Couple] = {}
    for link in links:
        if link.kind in COUPLES:
            pair = _pair(link.person, link.other)
            state = link.status or ("ended" if link.kind == "former-partner" else "current")
            married = link.kind == "spouse" or state == "divorced"
            couples.setdefault(pair, Couple(pair, state, married))
    for group in sibships:
        if len(group.parents) > 1:
            pair = _pair(*group.parents)
            couples.setdefault(pair, Couple(pair, "", married=False))
    yield from couples.values()


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _homes(record: Record, people: Mapping[str, Member]) -> Iterator[SharedHome]:
    for number, household in enumerate(objects(record, "households"), 1):
        inside = tuple(person for person in texts(household, "members") if person in people)
        if inside:
            yield SharedHome(text(household, "name") or f"Home {number}", inside)


def _holders(record: Record, people: Mapping[str, Member]) -> dict[str, tuple[str, ...]]:
    children_of: dict[str, list[str]] = {}
    for entry in objects(record, "parentalResponsibility"):
        child = text(entry, "child")
        if text(entry, "holds") == "yes" and child in people:
            children_of.setdefault(text(entry, "holder"), []).append(child)
    return {holder: tuple(dict.fromkeys(children)) for holder, children in children_of.items()}


def members(record: Record, names: Names, as_of: date) -> dict[str, Member]:
    """Read everybody who is listed, by local id; the children of the record first."""
    listed = list(_listed(record))
    shown = [_name(person, names) for person, _ in listed]
    twice = {name for name, count in Counter(shown).items() if count > 1} - {NAMELESS}
    people: dict[str, Member] = {}
    for (person, index), name in zip(listed, shown, strict=True):
        whole = _with_initial(person, name) if name in twice and names == "first" else name
        people.setdefault(text(person, "id"), _member(person, whole, as_of, index=index))
    return people


def _listed(record: Record) -> Iterator[tuple[Record, bool]]:
    for name in ("children", "people"):
        for person in objects(record, name):
            if text(person, "id"):
                yield person, name == "children"


def _member(person: Record, name: str, as_of: date, *, index: bool) -> Member:
    unborn = person.get("unborn") is True
    return Member(
        id=text(person, "id"),
        name=name,
        sex="not known" if unborn else _SEXES.get(text(person, "sex"), "not known"),
        age="" if unborn else _age(person, as_of),
        index=index,
        unborn=unborn,
        deceased=person.get("deceased") is True or bool(text(person, "deceasedOn")),
        born=day(person, "dateOfBirth") or day(person, "expectedDateOfBirth") or date.max,
    )


def _age(person: Record, as_of: date) -> str:
    """Return the age in whole years: on ``as_of``, or on the day the person died."""
    born, until = day(person, "dateOfBirth"), day(person, "deceasedOn") or as_of
    if born and born <= until and not (person.get("deceased") and not day(person, "deceasedOn")):
        years = until.year - born.year - ((until.month, until.day) < (born.month, born.day))
        return f"about {years}" if person.get("dateOfBirthEstimated") is True else str(years)
    guess = person.get("estimatedAge")
    return f"about {guess:g}" if isinstance(guess, int | float) and guess is not True else ""


def _name(person: Record, names: Names) -> str:
    name = inner(person, "name")
    given = text(name, "preferred") or " ".join(text(name, "given").split()[:1])
    family, full = text(name, "family"), text(name, "full")
    if names == "initials":
        shown = ".".join(initials(name))
        return f"{shown}." if shown else _nameless(person)
    if person.get("unborn") is True and not given:
        return _nameless(person)
    return _short(given or full or family) or _nameless(person)


def _nameless(person: Record) -> str:
    return "Unborn baby" if person.get("unborn") is True else NAMELESS


def _with_initial(person: Record, name: str) -> str:
    """Tell people of the same first name apart."""
    family = text(inner(person, "name"), "family")
    return f"{name} {family[0].upper()}" if family and not name.endswith(family) else name


def _short(name: str) -> str:
    one_line = " ".join(name.split())
    return one_line if len(one_line) <= _LONGEST else f"{one_line[: _LONGEST - 1]}…"


def join_names(names: Iterable[str]) -> str:
    """Write a list in words: ``Freya, Jonah and Poppy``."""
    *most, last = list(names) or [""]
    return f"{', '.join(most)} and {last}" if most else last
