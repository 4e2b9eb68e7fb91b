"""Gathering: everything in the records that protects somebody, and what it protects.

Each source of protection is one function. What cannot be read counts as said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, Final

import orjson

from eh_interop.core.lenient import items
from eh_interop.protection.matching import (
    contact_values,
    family_names,
    folded,
    means_no,
    name_values,
    says_something,
    sentence_values,
    squashed,
    texts_in,
)
from eh_interop.protection.model import KeepFrom, Protection, Reference, Scope, What, Why
from eh_interop.protection.people import (
    FAMILY,
    Records,
    as_list,
    entries,
    is_address,
    ordered,
)
from eh_interop.protection.whereabouts import (
    FROM_ALL,
    Ground,
    attended,
    daily_life,
    flagged,
    organisations_at,
    protect_fact,
    protect_home,
    protect_organisation,
    residents,
    whereabouts,
    without_open_towns,
)
from eh_interop.standard.code_lists import titles

ADDRESS_WARNING: Final = "address-must-not-be-disclosed"
KEEP_WARNING: Final = "information-to-keep-from-family"
SOURCE_WARNING: Final = "source-wishes-anonymity"
CONTACT_WARNING: Final = "contact-unsafe"
HELD_BACK: Final = "withheld-for-safety"
AGENCIES_ONLY: Final = frozenset({"escalation"})
"""Types of record that are never shown to the family."""
_OPEN: Final = frozenset({"normal", "n", "unrestricted", "u", "low", "l", "moderate", "m"})

_TELLTALE: Final = tuple(
    word.encode()
    for word in (
        "confidential",
        "Confidential",
        "refuge",
        "Refuge",
        "safetyWarnings",
        "withheldInformation",
        "antsAnonymity",
        "anonymous",
        "withheld-for-safety",
        "recipientsExcluded",
        "keepFrom",
    )
)
"""One of these stands in each record that protects an address, or keeps it from somebody."""


def may_protect(document: Any) -> bool:
    """Return whether a record may protect anything. Most records are passed over quickly."""
    text = orjson.dumps(document, default=str, option=orjson.OPT_NON_STR_KEYS)
    return any(word in text for word in _TELLTALE)


def gather(records: Records) -> tuple[Protection, ...]:
    """Return every protection in all records."""
    direct = [*flagged(records), *_named(records), *_stated(records), *_restricted(records)]
    widened = [*direct, *residents(records, direct)]
    return tuple(without_open_towns(records, [*widened, *organisations_at(records, widened)]))


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
    about = records.known(number, warning.get("about"))
    if hides_addresses(warning):
        keep = records.keep_from(number, warning, Scope.OUTSIDERS)
        ground: Ground = (keep, Why.ADDRESS_WARNING, source)
        people = about or everybody(records, number)
        yield from whereabouts(records, people, ground)
        yield from daily_life(records, people, ground, warning)
    if kind == CONTACT_WARNING:
        keep = records.keep_from(number, warning, Scope.OUTSIDERS)
        people = about or everybody(records, number)
        ground = (keep, Why.CONTACT_WARNING, source)
        yield from whereabouts(records, people, ground, ("contacts",))
    if kind == SOURCE_WARNING:
        keep = records.keep_from(number, warning, Scope.OUTSIDERS)
        ground = (KeepFrom(keep.scope, keep.people), Why.ANONYMITY, source)
        yield from _unnamed(records, about, ground)
    yield from _unsaid(records, number, place, warning)
    yield _said(records, number, place, warning, Why.SAFETY_WARNING)


def hides_addresses(warning: Mapping[str, Any]) -> bool:
    """Return whether a warning says that an address must not be disclosed, or cannot be read."""
    kind = warning.get("type")
    unread = not isinstance(kind, str) or kind not in titles("safety-warning-type")
    return unread or kind == ADDRESS_WARNING


def everybody(records: Records, number: int) -> tuple[Reference, ...]:
    """Return the family and other people of a record."""
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
        yield from _unnamed(records, people, (FROM_ALL, Why.ANONYMITY, source))
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
        keep_from=FROM_ALL,
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


def _unnamed(records: Records, people: Iterable[Reference], ground: Ground) -> Iterator[Protection]:
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
    for entry in as_list(value.get("recipientsExcluded")):
        if isinstance(entry, dict):
            who = [entry.get(name) for name in ("organisation", "practitioner", "person")]
            named = [Reference(number, name) for name in who if isinstance(name, str)]
            people = ordered(named, records.people.same(named))
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
    ground: Ground = (FROM_ALL, Why.HELD_BACK, (number, f"{place}/absent"))
    owner = [
        mention.reference
        for mention in records.people.mentions
        if (mention.reference.record, mention.place) == (number, place)
    ]
    if "address" in names and place.startswith("/households"):
        members = records.known(number, value.get("members"))
        yield from whereabouts(records, members, ground)
    for name in names if owner else ():
        yield from _held_fact(records, owner, name, ground)


def _held_fact(
    records: Records, owner: Sequence[Reference], name: str, ground: Ground
) -> Iterator[Protection]:
    if name == "name":
        yield from _unnamed(records, owner, ground)
    elif name in {"addresses", "address", "currentLocation"}:
        yield from whereabouts(records, owner, ground)
    for mention in records.people.of(owner):
        if name in {"education", "generalPractice"}:
            yield from attended(records, mention, name, ground)
        elif mention.entry.get(name) is not None and name != "name":
            protection = next(iter(protect_fact(mention, "contacts", ground)), None)
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
    ground: Ground = (FROM_ALL, Why.RESTRICTED, (number, place))
    if not place:
        yield replace(protection, what=What.RECORD)
        return
    people = [
        mention for mention in records.people.mentions
        if mention.reference.record == number and f"{place}/".startswith(f"{mention.place}/")
    ]  # fmt: skip
    family = [mention.reference for mention in people if mention.listed in FAMILY]
    yield from whereabouts(records, family, ground)
    for mention in people:
        if mention.listed == "practitioners":
            yield from _unnamed(records, [mention.reference], ground)
        elif mention.listed == "organisations":
            yield protect_organisation(mention, ground)
    for _, at, home in entries(records.documents[number], "households"):
        if isinstance(home, dict) and f"{place}/".startswith(f"{at}/"):
            yield from protect_home(number, at, home, ground)
    if not people or place != people[0].place:
        yield protection
