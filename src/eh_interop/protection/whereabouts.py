"""Whereabouts: what tells where somebody is, and so must be kept with their address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, Final

from eh_interop.core.lenient import items
from eh_interop.core.pointer import resolve, split
from eh_interop.protection.matching import (
    Matcher,
    address_values,
    contact_values,
    folded,
    place_values,
    says_something,
    texts_in,
)
from eh_interop.protection.model import KeepFrom, Protection, Reference, Scope, What, Why
from eh_interop.protection.people import (
    FAMILY,
    PersonMention,
    Records,
    as_ids,
    as_list,
    entries,
    flag_of,
    is_address,
    is_past,
)

_WHERE: Final = ("addresses", "currentLocation", "contacts")
_SCHOOL: Final = re.compile(r"school|nurser|college|childmind|pre school|preschool|playgroup")
_DOCTOR: Final = re.compile(r"\bgp\b|surgery|doctor|general practice")
_PLACES: Final = frozenset({What.ADDRESS, What.PLACE})
FROM_ALL: Final = KeepFrom(Scope.UNKNOWN)
Ground = tuple[KeepFrom, Why, tuple[int, str]]
"""From whom, why, and where that is said."""


def flagged(records: Records) -> Iterator[Protection]:
    """Protect each address that bears a mark itself."""
    for number, place, value in records.objects:
        why = flag_of(value) if is_address(place, value) else None
        if why:
            yield _address(number, place, value, (FROM_ALL, why, (number, place)))


def _address(number: int, place: str, value: Any, ground: Ground) -> Protection:
    own, towns = address_values(value)
    return Protection(
        what=What.ADDRESS,
        record=number,
        place=place,
        keep_from=ground[0],
        why=ground[1],
        source=ground[2],
        values=own | towns,
    )


def residents(records: Records, direct: Sequence[Protection]) -> Iterator[Protection]:
    """Protect where the people are who live at a protected address, in every record."""
    for protection in direct:
        if protection.what is What.ADDRESS and protection.why in {Why.ADDRESS_FLAG, Why.REFUGE}:
            here = Matcher([replace(protection, values=own_values(records, protection))])
            ground = (protection.keep_from, protection.why, protection.source)
            people = {
                *(mention.reference for mention in records.people.mentions
                  if mention.listed in FAMILY and _lives_at(here, mention.entry)),
                *(member for number, _, home in _homes_at(records, here)
                  for member in records.known(number, home.get("members"))),
            }  # fmt: skip
            yield from whereabouts(records, people, ground)
            for number, place, home in _homes_at(records, here):
                yield from protect_home(number, place, home, ground)


def own_values(records: Records, protection: Protection) -> frozenset[str]:
    """Return the values of an address without those of its town."""
    value = resolve(records.documents[protection.record], split(protection.place))
    organisation = protection.what is What.PLACE and isinstance(value, dict)
    return address_values(value.get("address") if organisation else value)[0]


def _lives_at(here: Matcher, entry: Mapping[str, Any]) -> bool:
    return any(here.finds_address(address) for address in as_list(entry.get("addresses")))


def _homes_at(records: Records, here: Matcher) -> Iterator[tuple[int, str, dict[str, Any]]]:
    for number, document in enumerate(records.documents):
        for _, place, home in entries(document, "households"):
            if isinstance(home, dict) and here.finds_address(home.get("address")):
                yield number, place, home


def whereabouts(
    records: Records, people: Iterable[Reference], ground: Ground, names: Iterable[str] = _WHERE
) -> Iterator[Protection]:
    """Protect where people are: their addresses, how to reach them, and their homes."""
    same = records.people.same(people)
    for mention in records.people.of(same):
        for name in names:
            yield from protect_fact(mention, name, ground)
    if "addresses" in names:
        yield from _homes(records, same, ground)


def protect_fact(mention: PersonMention, name: str, ground: Ground) -> Iterator[Protection]:
    """Protect one fact about where somebody is."""
    value, number = mention.entry.get(name), mention.reference.record
    place = f"{mention.place}/{name}"
    if value is None:
        return
    if name == "contacts":
        yield Protection(
            what=What.ADDRESS, record=number, place=place, keep_from=ground[0], why=ground[1],
            source=ground[2],
            values=frozenset(chain.from_iterable(map(contact_values, as_list(value)))),
        )  # fmt: skip
    elif name == "currentLocation" or not isinstance(value, list):
        yield _address(number, place, value, ground)
    else:
        for index, address in enumerate(value):
            if not is_past(address):
                yield _address(number, f"{place}/{index}", address, ground)


def _homes(records: Records, people: frozenset[Reference], ground: Ground) -> Iterator[Protection]:
    """Protect the homes of people."""
    for number, document in enumerate(records.documents):
        for _, place, home in entries(document, "households"):
            if isinstance(home, dict) and not people.isdisjoint(
                Reference(number, name) for name in map(str, as_ids(home.get("members")))
            ):
                yield from protect_home(number, place, home, ground)


def protect_home(
    number: int, place: str, home: Mapping[str, Any], ground: Ground
) -> Iterator[Protection]:
    """Protect the name of a home, its address and what is noted of it."""
    for name in ("name", "note", "address"):
        if home.get(name) is None:
            continue
        protection = _address(number, f"{place}/{name}", home[name], ground)
        if name == "note":
            protection = replace(protection, values=frozenset())
        elif name == "name":
            parts = {part for text in texts_in(home[name]) for part in place_values(text)}
            protection = replace(protection, values=frozenset(filter(says_something, parts)))
        yield protection


def organisations_at(records: Records, before: Sequence[Protection]) -> Iterator[Protection]:
    """Protect organisations that stand at a protected address: their name is that of the place."""
    homes = [held for held in before if held.what is What.ADDRESS]
    at_home = Matcher(replace(held, values=_lines(records, held)) for held in homes)
    for mention in records.people.mentions:
        if mention.listed == "organisations":
            at = at_home.finds_address(mention.entry.get("address"))
            if at:
                yield protect_organisation(mention, (at.keep_from, at.why, at.source))


def _lines(records: Records, protection: Protection) -> frozenset[str]:
    """Return the values of a protection without those of a town, which many share."""
    if protection.place.endswith(("/name", "/note", "/contacts")):
        return protection.values
    return own_values(records, protection)


def protect_organisation(mention: PersonMention, ground: Ground) -> Protection:
    """Protect an organisation, since its name tells where somebody is."""
    own, towns = address_values(mention.entry.get("address"))
    names = (part for text in texts_in(mention.entry.get("name")) for part in place_values(text))
    reached = chain.from_iterable(map(contact_values, items(mention.entry.get("contacts"))))
    return Protection(
        what=What.PLACE,
        record=mention.reference.record,
        place=mention.place,
        keep_from=ground[0],
        why=ground[1],
        source=ground[2],
        values=frozenset({*filter(says_something, names), *own, *towns, *reached}),
    )


def without_open_towns(records: Records, protections: Sequence[Protection]) -> Iterator[Protection]:
    """Take out towns that stand at an open address too: that somebody is there is no secret."""
    kept = [held for held in protections if held.what in _PLACES]
    places = [(held.record, f"{held.place}/") for held in kept]
    own = Matcher(replace(held, values=_lines(records, held)) for held in kept)
    towns: set[str] = set()
    for number, place, value in records.objects:
        if is_address(place, value):
            town = address_values(value)[1]
            inside = any(at == number and f"{place}/".startswith(held) for at, held in places)
            if not inside and not own.finds_address(value):
                towns |= town
            towns |= {name for name in town if _is_council(records, name) and not own.finds(name)}
    for held in protections:
        yield replace(held, values=held.values - towns) if held.what in _PLACES else held


def _is_council(records: Records, town: str) -> bool:
    """Return whether a town is in the name of a council or police force: it is no secret then."""
    return any(
        mention.listed == "organisations"
        and str(mention.entry.get("sector")).startswith(("local-authority", "police"))
        and f" {town} " in f" {folded(' '.join(texts_in(mention.entry.get('name'))))} "
        for mention in records.people.mentions
    )


def daily_life(
    records: Records, people: Iterable[Reference], ground: Ground, warning: Mapping[str, Any]
) -> Iterator[Protection]:
    """Protect the school or the doctor of somebody if the warning speaks of it."""
    words = folded(" ".join(texts_in([warning.get("description"), warning.get("source")])))
    wanted = [
        name
        for name, spoken in (("education", _SCHOOL), ("generalPractice", _DOCTOR))
        if spoken.search(words)
    ]
    for mention in records.people.of(people):
        for name in wanted:
            yield from attended(records, mention, name, ground)


def attended(
    records: Records, mention: PersonMention, name: str, ground: Ground
) -> Iterator[Protection]:
    """Protect which school or doctor somebody goes to."""
    value = mention.entry.get(name)
    if value is None:
        return
    number = mention.reference.record
    yield Protection(
        what=What.PLACE, record=number, place=f"{mention.place}/{name}", keep_from=ground[0],
        why=ground[1], source=ground[2],
    )  # fmt: skip
    ids = {text for text in texts_in(value) if text}
    for other in records.people.of(Reference(number, name) for name in ids):
        if other.listed == "organisations":
            yield protect_organisation(other, ground)
