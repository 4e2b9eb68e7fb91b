"""Gathering: everything in the records that protects somebody, and what it protects.

Each source of protection is one function. What cannot be read counts as said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import Any, Final

from eh_interop.core.lenient import items, texts
from eh_interop.core.pointer import join, resolve, split
from eh_interop.protection.matching import (
    Matcher,
    address_values,
    contact_values,
    family_names,
    folded,
    means_no,
    name_values,
    place_values,
    says_something,
    sentence_values,
    squashed,
    texts_in,
)
from eh_interop.protection.model import (
    Document,
    KeepFrom,
    Protection,
    Reference,
    Scope,
    What,
    Why,
)
from eh_interop.protection.people import FAMILY, Mention, People, entries, link
from eh_interop.reading.source_record import Restriction
from eh_interop.standard.code_lists import titles

ADDRESS_WARNING: Final = "address-must-not-be-disclosed"
KEEP_WARNING: Final = "information-to-keep-from-family"
SOURCE_WARNING: Final = "source-wishes-anonymity"
CONTACT_WARNING: Final = "contact-unsafe"
HELD_BACK: Final = "withheld-for-safety"
AGENCIES_ONLY: Final = frozenset({"escalation"})
"""Types of record that are never shown to the family."""
_OPEN: Final = frozenset({"normal", "n", "unrestricted", "u", "low", "l", "moderate", "m"})
_WHERE: Final = ("addresses", "currentLocation", "contacts")
_SCHOOL: Final = re.compile(r"school|nurser|college|childmind|pre school|preschool|playgroup")
_DOCTOR: Final = re.compile(r"\bgp\b|surgery|doctor|general practice")
_FROM_ALL: Final = KeepFrom(Scope.UNKNOWN)
_Source = tuple[int, str]


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
        """Every object of every record, however deep, with the record and its place."""
        return tuple(
            (number, join(steps), value)
            for number, document in enumerate(self.documents)
            for steps, value in _objects(document)
        )

    def known(self, record: int, names: Any) -> tuple[Reference, ...]:
        """Return the people of a record to whom local ids refer."""
        ids = [names] if isinstance(names, str) else [*texts({"": names}, "")]
        family = {mention.reference for mention in self.people.mentions if mention.listed in FAMILY}
        return tuple(Reference(record, name) for name in ids if (Reference(record, name)) in family)

    def keep_from(self, record: int, warning: Mapping[str, Any], scope: Scope) -> KeepFrom:
        """Return from whom a warning keeps something; everybody if it does not say."""
        named = self.known(record, warning.get("keepFrom"))
        whole = len(named) == len(_ids(warning.get("keepFrom")))
        if not named or not whole:
            return KeepFrom(Scope.UNKNOWN, _ordered(named, self.people.same(named)))
        against = self.people.same(named)
        knows = self.people.same(self.known(record, warning.get("about"))) - against
        return KeepFrom(scope, _ordered(named, against), tuple(sorted(knows)))


def _ordered(first: Sequence[Reference], others: Iterable[Reference]) -> tuple[Reference, ...]:
    return tuple(dict.fromkeys((*first, *sorted(others))))


def _ids(value: Any) -> list[Any]:
    return [value] if isinstance(value, str) else items(value)


def _objects(document: Any) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, Any]]]:
    stack: list[tuple[tuple[str | int, ...], Any]] = [((), document)]
    while stack:
        steps, value = stack.pop()
        if isinstance(value, dict):
            yield steps, value
            stack += (((*steps, str(key)), held) for key, held in value.items())
        elif isinstance(value, list):
            stack += (((*steps, number), held) for number, held in enumerate(value))


def is_address(place: str, value: Mapping[str, Any]) -> bool:
    """Return whether an object is an address, wherever it stands."""
    last = [step for step in place.split("/") if not step.isdigit()][-1:]
    return last[0:1] in (["address"], ["addresses"]) or not value.keys().isdisjoint(
        ("lines", "postcode")
    )


def flag_of(address: Mapping[str, Any]) -> Why | None:
    """Return what an address itself says that protects it; None if it is open."""
    if not means_no(address.get("confidential")):
        return Why.ADDRESS_FLAG
    reasons = map(folded, texts_in([address.get("reason"), address.get("kind")]))
    return Why.REFUGE if any("refuge" in reason.split() for reason in reasons) else None


def gather(records: Records) -> tuple[Protection, ...]:
    """Return every protection in all records."""
    direct = [*_flagged(records), *_named(records), *_stated(records), *_restricted(records)]
    widened = [*direct, *_residents(records, direct)]
    return tuple(_without_open_towns(records, [*widened, *_organisations(records, widened)]))


# Addresses


def _flagged(records: Records) -> Iterator[Protection]:
    for number, place, value in records.objects:
        why = flag_of(value) if is_address(place, value) else None
        if why:
            yield _address(number, place, value, (_FROM_ALL, why, (number, place)))


_Ground = tuple[KeepFrom, Why, _Source]
"""From whom, why, and where that is said."""


def _address(number: int, place: str, value: Any, ground: _Ground) -> Protection:
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


def _residents(records: Records, direct: Sequence[Protection]) -> Iterator[Protection]:
    """Protect where the people are who live at a protected address, in every record."""
    for protection in direct:
        if protection.what is What.ADDRESS and protection.why in {Why.ADDRESS_FLAG, Why.REFUGE}:
            here = Matcher([replace(protection, values=own_values(records, protection))])
            ground = (protection.keep_from, protection.why, protection.source)
            people = {
                *(mention.reference for mention in records.people.mentions
                  if mention.listed in FAMILY and _lives_at(here, mention.entry)),
                *_members(records, here),
            }  # fmt: skip
            yield from _whereabouts(records, people, ground)


def own_values(records: Records, protection: Protection) -> frozenset[str]:
    """Return the values of an address without those of its town."""
    value = resolve(records.documents[protection.record], split(protection.place))
    organisation = protection.what is What.PLACE and isinstance(value, dict)
    return address_values(value.get("address") if organisation else value)[0]


def _lives_at(here: Matcher, entry: Mapping[str, Any]) -> bool:
    return any(here.finds_address(address) for address in _ids_or_objects(entry.get("addresses")))


def _ids_or_objects(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _members(records: Records, here: Matcher) -> Iterator[Reference]:
    for number, document in enumerate(records.documents):
        for _, _, household in entries(document, "households"):
            if isinstance(household, dict) and here.finds_address(household.get("address")):
                yield from records.known(number, household.get("members"))


def _whereabouts(
    records: Records, people: Iterable[Reference], ground: _Ground, names: Iterable[str] = _WHERE
) -> Iterator[Protection]:
    """Protect where people are: their addresses, how to reach them, and their homes."""
    same = records.people.same(people)
    for mention in records.people.of(same):
        for name in names:
            yield from _fact(mention, name, ground)
    if "addresses" in names:
        yield from _homes(records, same, ground)


def _fact(mention: Mention, name: str, ground: _Ground) -> Iterator[Protection]:
    """Protect one fact about where somebody is."""
    value, number = mention.entry.get(name), mention.reference.record
    place = f"{mention.place}/{name}"
    if value is None:
        return
    if name == "contacts":
        yield Protection(
            what=What.ADDRESS, record=number, place=place, keep_from=ground[0], why=ground[1],
            source=ground[2],
            values=frozenset(chain.from_iterable(map(contact_values, _ids_or_objects(value)))),
        )  # fmt: skip
    elif name == "currentLocation" or not isinstance(value, list):
        yield _address(number, place, value, ground)
    else:
        for index, address in enumerate(value):
            if not is_past(address):
                yield _address(number, f"{place}/{index}", address, ground)


def is_past(address: Any) -> bool:
    """Return whether somebody lived there before: then it tells nobody where they are."""
    past = isinstance(address, dict) and address.get("kind") == "previous"
    return past and flag_of(address) is None


def _homes(records: Records, people: frozenset[Reference], ground: _Ground) -> Iterator[Protection]:
    """Protect the homes of people: the name, the address and what is noted of it."""
    for number, document in enumerate(records.documents):
        for _, place, home in entries(document, "households"):
            if isinstance(home, dict) and not people.isdisjoint(
                Reference(number, name) for name in map(str, _ids(home.get("members")))
            ):
                yield from _home(number, place, home, ground)


def _home(
    number: int, place: str, home: Mapping[str, Any], ground: _Ground
) -> Iterator[Protection]:
    keep, why, source = ground
    for name in ("name", "note", "address"):
        if home.get(name) is None:
            continue
        protection = _address(number, f"{place}/{name}", home[name], ground)
        if name == "note":
            protection = replace(protection, values=frozenset())
        elif name == "name":
            parts = {part for text in texts_in(home[name]) for part in place_values(text)}
            values = frozenset(filter(says_something, parts))
            protection = replace(protection, values=values)
        yield replace(protection, keep_from=keep, why=why, source=source)


def _organisations(records: Records, before: Sequence[Protection]) -> Iterator[Protection]:
    """Protect organisations that stand at a protected address: their name is that of the place."""
    homes = [held for held in before if held.what is What.ADDRESS]
    at_home = Matcher(replace(held, values=_lines(records, held)) for held in homes)
    for mention in records.people.mentions:
        if mention.listed == "organisations":
            at = at_home.finds_address(mention.entry.get("address"))
            if at:
                yield _organisation(mention, (at.keep_from, at.why, at.source))


def _lines(records: Records, protection: Protection) -> frozenset[str]:
    """Return the values of a protection without those of a town, which many share."""
    if protection.place.endswith(("/name", "/note", "/contacts")):
        return protection.values
    return own_values(records, protection)


def _organisation(mention: Mention, ground: _Ground) -> Protection:
    own, towns = address_values(mention.entry.get("address"))
    texts_of = [text for name in ("name",) for text in texts_in(mention.entry.get(name))]
    values = {part for text in texts_of for part in place_values(text) if says_something(part)}
    reached = chain.from_iterable(map(contact_values, items(mention.entry.get("contacts"))))
    return Protection(
        what=What.PLACE,
        record=mention.reference.record,
        place=mention.place,
        keep_from=ground[0],
        why=ground[1],
        source=ground[2],
        values=frozenset({*values, *own, *towns, *reached}),
    )


def _without_open_towns(
    records: Records, protections: Sequence[Protection]
) -> Iterator[Protection]:
    """Take out towns that stand at an open address too: that somebody is there is no secret."""
    kept = [held for held in protections if held.what in {What.ADDRESS, What.PLACE}]
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
        yield replace(held, values=held.values - towns) if held in kept else held


def _is_council(records: Records, town: str) -> bool:
    """Return whether a town is in the name of a council or police force: it is no secret then."""
    return any(
        mention.listed == "organisations"
        and str(mention.entry.get("sector")).startswith(("local-authority", "police"))
        and f" {town} " in f" {folded(' '.join(texts_in(mention.entry.get('name'))))} "
        for mention in records.people.mentions
    )


# Warnings and information to keep from somebody


def _named(records: Records) -> Iterator[Protection]:
    for number, document in enumerate(records.documents):
        for _, place, entry in entries(document, "safetyWarnings"):
            warning = entry if isinstance(entry, dict) else {}
            yield from _of_warning(records, number, place, warning)
        for _, place, entry in entries(document, "withheldInformation"):
            kept = entry if isinstance(entry, dict) else {"detail": entry}
            yield from _withheld(records, number, place, kept)


def _of_warning(
    records: Records, number: int, place: str, warning: Mapping[str, Any]
) -> Iterator[Protection]:
    kind, source = warning.get("type"), (number, place)
    unread = not isinstance(kind, str) or kind not in titles("safety-warning-type")
    about = records.known(number, warning.get("about"))
    if unread or kind == ADDRESS_WARNING:
        keep = records.keep_from(number, warning, Scope.OUTSIDERS)
        ground: _Ground = (keep, Why.ADDRESS_WARNING, source)
        people = about or _everybody(records, number)
        yield from _whereabouts(records, people, ground)
        yield from _daily_life(records, people, ground, warning)
    if kind == CONTACT_WARNING:
        keep = records.keep_from(number, warning, Scope.OUTSIDERS)
        people = about or _everybody(records, number)
        ground = (keep, Why.CONTACT_WARNING, source)
        yield from _whereabouts(records, people, ground, ("contacts",))
    if kind == SOURCE_WARNING:
        keep = records.keep_from(number, warning, Scope.OUTSIDERS)
        ground = (KeepFrom(keep.scope, keep.people), Why.ANONYMITY, source)
        yield from _unnamed(records, about, ground)
    yield from _unsaid(records, number, place, warning)
    yield _said(records, number, place, warning, Why.SAFETY_WARNING)


def _everybody(records: Records, number: int) -> tuple[Reference, ...]:
    return tuple(
        mention.reference
        for mention in records.people.mentions
        if mention.listed in FAMILY and mention.reference.record == number
    )


def _unsaid(
    records: Records, number: int, place: str, warning: Mapping[str, Any]
) -> Iterator[Protection]:
    """Protect the whole record from somebody if nobody says what must be kept from them."""
    kind = str(warning.get("type"))
    if kind in {ADDRESS_WARNING, CONTACT_WARNING, SOURCE_WARNING}:
        return
    keep = records.keep_from(number, warning, Scope.NAMED)
    if kind == KEEP_WARNING:
        if any(entries(records.documents[number], "withheldInformation")):
            return
        keep = KeepFrom(Scope.UNKNOWN, keep.people)
    if keep.people or kind == KEEP_WARNING:
        yield Protection(
            what=What.RECORD,
            record=number,
            place="",
            keep_from=keep,
            why=Why.KEPT_UNNAMED,
            source=(number, place),
        )


def _said(
    records: Records, number: int, place: str, entry: Mapping[str, Any], why: Why
) -> Protection:
    """Protect what a warning or an entry itself says."""
    keep = records.keep_from(number, entry, Scope.NAMED)
    told_by = why is Why.WITHHELD and keep.scope is Scope.NAMED
    return Protection(
        what=What.INFORMATION,
        record=number,
        place=place,
        keep_from=keep if told_by else KeepFrom(Scope.UNKNOWN, keep.people),
        why=why,
        source=(number, place),
        values=sentence_values([entry.get(name) for name in ("detail", "description", "reason")]),
    )


def _withheld(
    records: Records, number: int, place: str, entry: Mapping[str, Any]
) -> Iterator[Protection]:
    protection = _said(records, number, place, entry, Why.WITHHELD)
    yield protection
    about = entry.get("about")
    if isinstance(about, str) and about.startswith("/"):
        yield replace(protection, place=about, values=frozenset())


def _daily_life(
    records: Records, people: Iterable[Reference], ground: _Ground, warning: Mapping[str, Any]
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
            yield from _attended(records, mention, name, ground)


def _attended(
    records: Records, mention: Mention, name: str, ground: _Ground
) -> Iterator[Protection]:
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
            yield _organisation(other, ground)


# Who must not be named, what a document or a consent says, and what is held back


def _stated(records: Records) -> Iterator[Protection]:
    for number, place, value in records.objects:
        yield from _of_object(records, number, place, value)


def _of_object(
    records: Records, number: int, place: str, value: Mapping[str, Any]
) -> Iterator[Protection]:
    source = (number, place)
    if not means_no(value.get("wantsAnonymity")) or value.get("source") == "anonymous":
        yield _information(number, place, Why.ANONYMITY)
        who = [value.get(name) for name in ("practitioner", "person", "by")]
        people = [Reference(number, name) for name in who if isinstance(name, str)]
        yield from _unnamed(records, people, (_FROM_ALL, Why.ANONYMITY, source))
    if not is_address(place, value) and _is_confidential(value):
        yield replace(
            _information(number, place, Why.CONFIDENTIAL_DOCUMENT),
            values=_titles(value),
        )
    if place and folded(str(value.get("recordType"))).replace(" ", "-") in AGENCIES_ONLY:
        yield _information(number, place, Why.AGENCIES_ONLY)
    if not place and str(value.get("recordType")) in AGENCIES_ONLY:
        yield replace(_information(number, place, Why.AGENCIES_ONLY), what=What.RECORD)
    if value.get("familyInformed") == "no" or value.get("informed") == "no":
        yield _information(number, place, Why.FAMILY_NOT_INFORMED)
    yield from _excluded(records, number, place, value)
    yield from _held_back(records, number, place, value)


def _information(number: int, place: str, why: Why) -> Protection:
    return Protection(
        what=What.INFORMATION,
        record=number,
        place=place,
        keep_from=_FROM_ALL,
        why=why,
        source=(number, place),
    )


def _is_confidential(value: Mapping[str, Any]) -> bool:
    return not means_no(value.get("confidential")) or (
        "status" in value and value.get("reason") == HELD_BACK
    )


def _titles(document: Mapping[str, Any]) -> frozenset[str]:
    """Return what a document is searched for by: its file name, and a title of its own."""
    names = [folded(text) for text in texts_in(document.get("fileName"))]
    titles = [folded(text) for text in texts_in(document.get("title"))]
    long = [text for text in titles if len(text.split()) > 2]  # noqa: PLR2004
    return frozenset(text for text in (*names, *long) if says_something(text))


def _unnamed(
    records: Records, people: Iterable[Reference], ground: _Ground
) -> Iterator[Protection]:
    """Protect who somebody is, in every record."""
    same = records.people.same(people)
    shared = frozenset(
        name
        for mention in records.people.mentions
        if mention.reference not in same and mention.listed != "organisations"
        for name in family_names(mention.entry)
    )
    for mention in records.people.of(same):
        if mention.listed == "organisations":
            continue
        entry = mention.entry
        numbers = [squashed(folded(text)) for text in texts_in(entry.get("identifiers"))]
        reached = chain.from_iterable(map(contact_values, items(entry.get("contacts"))))
        yield Protection(
            what=What.PERSON,
            record=mention.reference.record,
            place=mention.place,
            keep_from=ground[0],
            why=ground[1],
            source=ground[2],
            values=frozenset({
                *name_values(entry, shared),
                *reached,
                *(text for text in numbers if sum(map(str.isdigit, text)) > 5),  # noqa: PLR2004
            }),
        )  # fmt: skip


def _excluded(
    records: Records, number: int, place: str, value: Mapping[str, Any]
) -> Iterator[Protection]:
    """Protect a record from those whom a consent excludes, and the exclusion from the family."""
    for name in ("recipientsExcluded", "itemsExcluded"):
        if value.get(name) is not None:
            yield _information(number, f"{place}/{name}", Why.EXCLUDED_BY_CONSENT)
    for entry in _ids_or_objects(value.get("recipientsExcluded")):
        if isinstance(entry, dict):
            who = [entry.get(name) for name in ("organisation", "practitioner", "person")]
            named = [Reference(number, name) for name in who if isinstance(name, str)]
            people = _ordered(named, records.people.same(named))
            yield Protection(
                what=What.RECORD,
                record=number,
                place="",
                keep_from=KeepFrom(Scope.NAMED, people),
                why=Why.EXCLUDED_BY_CONSENT,
                source=(number, f"{place}/recipientsExcluded"),
            )


def _held_back(
    records: Records, number: int, place: str, value: Mapping[str, Any]
) -> Iterator[Protection]:
    """Protect what is withheld for safety here and stands somewhere else."""
    absent = value.get("absent")
    names = [
        name for name, reason in (absent.items() if isinstance(absent, dict) else ())
        if reason == HELD_BACK
    ]  # fmt: skip
    if not names:
        return
    ground: _Ground = (_FROM_ALL, Why.HELD_BACK, (number, f"{place}/absent"))
    owner = [
        mention.reference
        for mention in records.people.mentions
        if (mention.reference.record, mention.place) == (number, place)
    ]
    if "address" in names and place.startswith("/households"):
        members = records.known(number, value.get("members"))
        yield from _whereabouts(records, members, ground)
    for name in names if owner else ():
        yield from _held_fact(records, owner, name, ground)


def _held_fact(
    records: Records, owner: Sequence[Reference], name: str, ground: _Ground
) -> Iterator[Protection]:
    if name == "name":
        yield from _unnamed(records, owner, ground)
    elif name in {"addresses", "address", "currentLocation"}:
        yield from _whereabouts(records, owner, ground)
    for mention in records.people.of(owner):
        if name in {"education", "generalPractice"}:
            yield from _attended(records, mention, name, ground)
        elif mention.entry.get(name) is not None and name != "name":
            protection = next(iter(_fact(mention, "contacts", ground)), None)
            if name == "contacts" and protection:
                yield protection
            else:
                number = mention.reference.record
                fact = _information(number, f"{mention.place}/{name}", Why.HELD_BACK)
                yield replace(fact, source=ground[2])


# Restrictions of the source


def _restricted(records: Records) -> Iterator[Protection]:
    for number, restrictions in enumerate(records.restrictions):
        for restriction in restrictions:
            if folded(restriction.kind) not in _OPEN:
                yield from _of_restriction(records, number, restriction.place)


def _of_restriction(records: Records, number: int, place: str) -> Iterator[Protection]:
    """Protect what stands at a restricted place, and where a restricted person is."""
    protection = _information(number, place, Why.RESTRICTED)
    ground: _Ground = (_FROM_ALL, Why.RESTRICTED, (number, place))
    if not place:
        yield replace(protection, what=What.RECORD)
        return
    people = [
        mention for mention in records.people.mentions
        if mention.reference.record == number and f"{place}/".startswith(f"{mention.place}/")
    ]  # fmt: skip
    family = [mention.reference for mention in people if mention.listed in FAMILY]
    yield from _whereabouts(records, family, ground)
    for mention in people:
        if mention.listed == "practitioners":
            yield from _unnamed(records, [mention.reference], ground)
        elif mention.listed == "organisations":
            yield _organisation(mention, ground)
    for _, at, home in entries(records.documents[number], "households"):
        if isinstance(home, dict) and f"{place}/".startswith(f"{at}/"):
            yield from _home(number, at, home, ground)
    if not people or place != people[0].place:
        yield protection
