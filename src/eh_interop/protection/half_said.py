"""Half said: protections that do not say enough, or that something else contradicts.

That a warning does not say at all from whom to keep something is a requirement of the standard
(``REC-805`` and ``REC-815``) and is not repeated here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from eh_interop.core.findings import Finding
from eh_interop.core.lenient import items, objects
from eh_interop.protection.gathering import KEEP_WARNING
from eh_interop.protection.matching import Matcher, address_values, means_no
from eh_interop.protection.model import Protection, Reference, What, Why
from eh_interop.protection.people import Records, entries, flag_of, is_address, is_past
from eh_interop.protection.whereabouts import own_values
from eh_interop.standard.finding_codes import FindingName

_FLAGS: Final = ("confidential", "wantsAnonymity", "sourceWantsAnonymity")
_SAID: Final = frozenset({Why.ADDRESS_WARNING, Why.HELD_BACK})
_FLAGGED: Final = frozenset({Why.ADDRESS_FLAG, Why.REFUGE})
_WARNED: Final = frozenset({Why.ADDRESS_WARNING})


class Half(FindingName):
    """What can be half said."""

    NO_WARNING = "PRT-001"
    NOBODY = "PRT-002"
    OPEN_ELSEWHERE = "PRT-003"
    UNREADABLE = "PRT-004"
    RECIPIENT = "PRT-005"
    LIVES_THERE = "PRT-006"
    OPEN_REFUGE = "PRT-007"
    RESTRICTED = "PRT-008"
    NOT_WHAT = "PRT-009"


def half_said(
    records: Records, protections: Sequence[Protection], number: int
) -> Iterator[Finding]:
    """Yield what one of the records says by half. Each place has each finding once."""
    checks = (_addresses, _open_elsewhere, _people, _recipients, _lives_there, _restricted)
    seen: set[tuple[str, str]] = set()
    for check in checks:
        for finding in check(records, protections, number):
            if (finding.code, finding.place) not in seen:
                seen.add((finding.code, finding.place))
                yield finding


def _here(records: Records, number: int) -> Iterator[tuple[str, Mapping[str, Any]]]:
    return ((place, value) for record, place, value in records.objects if record == number)


def _addresses(
    records: Records, protections: Sequence[Protection], number: int
) -> Iterator[Finding]:
    warned = [held for held in protections if held.why in _WARNED]
    spots, values = {(held.record, held.place) for held in warned}, Matcher(warned)
    seen: set[object] = set()
    for held in filter(_is_flag, protections):
        own = own_values(records, held)
        is_warned = (held.record, held.place) in spots or any(map(values.finds, own))
        if held.record == number and not is_warned and (own or held.place) not in seen:
            seen.add(own or held.place)
            yield Half.NO_WARNING.finding(place=held.place)
    for place, value in _here(records, number):
        for name in _FLAGS:
            flag = value.get(name)
            if flag is not None and not isinstance(flag, bool):
                yield Half.UNREADABLE.finding(place=f"{place}/{name}")
        refuge = is_address(place, value) and flag_of(value) is Why.REFUGE
        if refuge and "confidential" in value and means_no(value["confidential"]):
            yield Half.OPEN_REFUGE.finding(place=place)


def _is_flag(held: Protection) -> bool:
    """Return whether a protection is that of an address that bears a mark itself."""
    return held.why in _FLAGGED and held.source == (held.record, held.place)


def _open_elsewhere(
    records: Records, protections: Sequence[Protection], number: int
) -> Iterator[Finding]:
    """Find addresses that their own record leaves open, and a mark or another record protects."""
    stated = [held for held in _meant(records, protections) if held.why in _SAID]
    here = [held for held in stated if held.source[0] == number]
    elsewhere = [held for held in stated if held.source[0] != number]
    marked = [*filter(_is_flag, protections), *filter(is_spot, elsewhere)]
    values = Matcher(replace(held, values=own_values(records, held)) for held in marked)
    covered = Matcher(
        replace(held, values=own_values(records, held)) for held in here if is_spot(held)
    )
    own_spots = {held.place for held in here if held.record == number}
    seen: set[object] = set()
    for place, value in _here(records, number):
        if not is_address(place, value) or flag_of(value) or is_past(value) or place in own_spots:
            continue
        own = address_values(value)[0]
        if own not in seen and values.finds_address(value) and not covered.finds_address(value):
            seen.add(own)
            yield Half.OPEN_ELSEWHERE.finding(place=place)


def _meant(records: Records, protections: Sequence[Protection]) -> Iterator[Protection]:
    """Yield the protections without old addresses in other records.

    Where the record that warns gives the address that it means, what other records give of the
    same person is often the home that they have left: everybody knows it.
    """
    owner = {
        (held.reference.record, held.place): held.reference for held in records.people.mentions
    }

    def whose(held: Protection) -> tuple[object, ...]:
        reference = owner.get((held.record, "/".join(held.place.split("/")[:3])))
        return held.source, records.people.same([reference]) if reference else None

    given = {whose(held) for held in protections if is_spot(held) and _is_at_home(held)}
    for held in protections:
        if _is_at_home(held) or not is_spot(held) or whose(held) not in given:
            yield held


def _is_at_home(held: Protection) -> bool:
    """Return whether something stands in the record that protects it."""
    return held.record == held.source[0]


def is_spot(held: Protection) -> bool:
    """Return whether a protection is that of an address, and not of something else about it."""
    spot = held.place.rpartition("/")[2]
    return held.what is What.ADDRESS and spot not in {"contacts", "name", "note"}


def _people(records: Records, protections: Sequence[Protection], number: int) -> Iterator[Finding]:
    document = records.documents[number]
    for _, place, entry in entries(document, "safetyWarnings", "withheldInformation"):
        named = entry.get("keepFrom") if isinstance(entry, dict) else None
        ids = named if isinstance(named, list) else [named]
        if named is not None and (not ids or len(records.known(number, named)) < len(ids)):
            yield Half.NOBODY.finding(place=f"{place}/keepFrom")
    excluded = {
        who for held in protections
        if held.record == number and held.why is Why.EXCLUDED_BY_CONSENT
        for who in held.keep_from.people
    }  # fmt: skip
    for held in protections:
        kind, named = held.source[1], held.keep_from.people
        # Whom a consent excludes is sent nothing at all: that says what to keep from them.
        if named and excluded.issuperset(named):
            continue
        if held.record == number and held.why is Why.KEPT_UNNAMED:
            listed = {at: entry for _, at, entry in entries(document, "safetyWarnings")}
            entry = listed.get(kind)
            if isinstance(entry, dict) and entry.get("type") == KEEP_WARNING:
                yield Half.NOT_WHAT.finding(place=kind)


def _recipients(
    records: Records, protections: Sequence[Protection], number: int
) -> Iterator[Finding]:
    """Find recipients of a consent from whom something is kept, by a warning or another consent."""
    kept = {
        who
        for held in protections
        if held.why is not Why.EXCLUDED_BY_CONSENT or held.record != number
        for who in held.keep_from.people
    }
    for at, consent in enumerate(objects(records.documents[number], "consents")):
        for name in ("recipients", "copyRecipients"):
            for index, entry in enumerate(objects(consent, name)):
                listed = (entry.get(key) for key in ("person", "practitioner", "organisation"))
                ids = [text for text in listed if isinstance(text, str)]
                if not kept.isdisjoint(
                    records.people.same(Reference(number, text) for text in ids)
                ):
                    yield Half.RECIPIENT.finding(place=f"/consents/{at}/{name}/{index}")


def _lives_there(
    records: Records, protections: Sequence[Protection], number: int
) -> Iterator[Finding]:
    """Find addresses that a warning keeps from somebody who lives there."""
    seen: set[object] = set()
    for held in _meant(records, protections):
        if held.record == number and held.why in _WARNED and is_spot(held):
            own = own_values(records, held)
            if own not in seen and _lives_at(records, replace(held, values=own)):
                seen.add(own)
                yield Half.LIVES_THERE.finding(place=held.place)


def _lives_at(records: Records, held: Protection) -> bool:
    against, here = records.people.same(held.keep_from.people), Matcher([held])
    addresses = (
        address
        for mention in records.people.of(against)
        for address in items(mention.entry.get("addresses"))
    )
    homes = (
        home
        for number, document in enumerate(records.documents)
        for home in objects(document, "households")
        if not against.isdisjoint(records.known(number, home.get("members")))
    )
    at_home = any(here.finds_address(home.get("address")) for home in homes)
    return at_home or any(here.finds_address(at) for at in addresses if not is_past(at))


def _restricted(
    records: Records, protections: Sequence[Protection], number: int
) -> Iterator[Finding]:
    if any(entries(records.documents[number], "safetyWarnings")):
        return
    for held in protections:
        if held.why is Why.RESTRICTED and held.source[0] == number:
            yield Half.RESTRICTED.finding(place=held.source[1])
