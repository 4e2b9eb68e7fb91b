"""Traces: what is kept of a record so that others can be held against what it protects.

Nobody can read a trace: it holds places, and keyed hashes of four bytes. They are short since they
are compared among the records of one child only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any, Final

from eh_interop.checks.across.summary import Home, Recipient, Traces
from eh_interop.core.lenient import inner, objects, text
from eh_interop.core.pointer import resolve, split
from eh_interop.protection.gathering import (
    HELD_BACK,
    everybody,
    gather,
    hides_addresses,
    may_protect,
)
from eh_interop.protection.half_said import is_spot
from eh_interop.protection.matching import Matcher, address_values, squashed, whole_names
from eh_interop.protection.model import Protection
from eh_interop.protection.people import Records, as_ids, entries, flag_of, is_address, is_past
from eh_interop.protection.whereabouts import own_values

_SIZE: Final = 4
_LISTS: Final = ("recipients", "copyRecipients")


def traces(document: Mapping[str, Any], key: bytes) -> Traces:
    """Return the traces of a record.

    Args:
        document: the record.
        key: what hashes are made with: random, and the same for the whole call.
    """
    records = Records((document,), ((),))
    protections = gather(records) if may_protect(document) else ()
    return _Tracer(records, protections, key).traces()


class _Tracer:
    """Looks at one record."""

    def __init__(self, records: Records, protections: Sequence[Protection], key: bytes) -> None:
        self._records, self._key = records, key
        self._document, self._protections = records.documents[0], protections
        self._warnings = [
            warning
            for _, _, warning in entries(self._document, "safetyWarnings")
            if isinstance(warning, dict) and hides_addresses(warning)
        ]
        mentions = records.people.mentions
        self._whole_names = {held.reference.id: whole_names(held.entry) for held in mentions}
        self._listed = {held.place: held.reference.id for held in mentions}

    def traces(self) -> Traces:
        """Return what is kept of it."""
        homes = self._homes()
        barred = self._known("keepFrom")
        # An address in another record may be an old one where this record has the new one.
        housed = {who for home in homes.values() for who in home.people}
        against = {who.id for held in self._protections for who in held.keep_from.people}
        return Traces(
            homes=tuple(
                Home(home.place, self._hashes(own), self._names(home.people), home.shut)
                for own, home in homes.items()
                if own or home.people
            ),
            hidden=self._names(self._hidden() - housed - barred),
            barred=self._names(barred),
            against=self._names(against),
            recipients=tuple(self._recipients()),
        )

    def _homes(self) -> dict[frozenset[str], _Address]:
        """Return each address once, by its values: protected if it is anywhere in the record."""
        spots = [held for held in self._protections if is_spot(held)]
        places = {held.place for held in spots}
        kept = Matcher(replace(held, values=own_values(self._records, held)) for held in spots)
        homes: dict[frozenset[str], _Address] = {}
        for _, place, value in self._records.objects:
            if is_address(place, value) and not is_past(value):
                shut = place in places or bool(flag_of(value) or kept.finds_address(value))
                own = frozenset(map(squashed, address_values(value)[0]))
                home = homes.setdefault(own, _Address(place))
                home.shut |= shut
                home.people |= self._residents(place)
        return homes

    def _residents(self, place: str) -> set[str]:
        """Return the local ids of those who live at an address."""
        entry = "/".join(place.split("/")[:3])
        if entry in self._listed:
            return {self._listed[entry]}
        home = resolve(self._document, split(entry)) if entry.startswith("/households/") else {}
        return set(map(str, as_ids(home.get("members")))) if isinstance(home, dict) else set()

    def _hidden(self) -> set[str]:
        """Return the local ids of those whose address nobody may learn."""
        withheld = {
            held.reference.id
            for held in self._records.people.mentions
            if inner(held.entry, "absent").get("addresses") == HELD_BACK
        }
        if any("about" not in warning for warning in self._warnings):
            withheld |= {who.id for who in everybody(self._records, 0)}
        return withheld | self._known("about")

    def _known(self, name: str) -> set[str]:
        known = (self._records.known(0, warning.get(name)) for warning in self._warnings)
        return {who.id for people in known for who in people}

    def _recipients(self) -> Iterator[Recipient]:
        for at, consent in enumerate(objects(self._document, "consents")):
            for name in _LISTS:
                for number, entry in enumerate(objects(consent, name)):
                    people = self._names([text(entry, "person")])
                    if people:
                        yield Recipient(f"/consents/{at}/{name}/{number}", people)

    def _names(self, ids: Iterable[str]) -> bytes:
        return self._hashes(name for who in ids for name in self._whole_names.get(who, ()))

    def _hashes(self, texts: Iterable[str]) -> bytes:
        return b"".join(sorted(set(map(self._hashed, texts))))

    def _hashed(self, value: str) -> bytes:
        data = value.encode(errors="surrogatepass")
        return blake2b(data, key=self._key, digest_size=_SIZE).digest()


@dataclass(slots=True)
class _Address:
    """An address while a record is looked at: where it stands first, and who lives there."""

    place: str
    shut: bool = False
    people: set[str] = field(default_factory=set)
