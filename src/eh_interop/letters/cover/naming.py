"""How people, organisations and records are called on a cover page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from eh_interop.genogram import Names
from eh_interop.genogram.people import NAMELESS, Member, joined, members
from eh_interop.genogram.reading import Record, entries, inner, text, texts
from eh_interop.genogram.words import titles


@dataclass(frozen=True, slots=True)
class Directory:
    """Who is who in one record, by local id."""

    members: dict[str, Member]
    others: dict[str, str]
    nameless: dict[str, str]

    def name(self, local_id: str) -> str:
        """Say who or what a local id stands for; empty if the record does not list it."""
        if local_id in self.nameless:
            return self.nameless[local_id]
        if local_id in self.members:
            return self.members[local_id].name
        return self.others.get(local_id, "")

    def names(self, local_ids: Iterable[str]) -> str:
        """Say several in words."""
        return joined(filter(None, map(self.name, local_ids)))


def directory(record: Record, names: Names, as_of: date) -> Directory:
    """Read who is who."""
    others = dict(_organisations(record))
    others.update(_practitioners(record, others))
    found = members(record, names, as_of)
    return Directory(found, others, dict(_nameless(record, found)))


def _nameless(record: Record, found: dict[str, Member]) -> Iterator[tuple[str, str]]:
    """Say of people without a name how they are related: a warning has to tell whom it means."""
    kinds = titles("relationship-type")
    for entry in entries(record, "relationships"):
        member, other = found.get(text(entry, "person")), found.get(text(entry, "relatedTo"))
        kind = kinds.get(text(entry, "type"))
        if member and other and kind and member.name == NAMELESS:
            yield member.id, f"{kind} of {other.name} (not named)"


def _organisations(record: Record) -> Iterator[tuple[str, str]]:
    for entry in entries(record, "organisations"):
        parts = (text(entry, "service"), text(entry, "name"))
        yield text(entry, "id"), ", ".join(filter(None, parts)) or "An organisation"


def _practitioners(record: Record, organisations: dict[str, str]) -> Iterator[tuple[str, str]]:
    roles = titles("practitioner-role")
    for entry in entries(record, "practitioners"):
        role = text(entry, "jobTitle") or roles.get(text(entry, "role"), "")
        parts = (whole_name(entry), role, organisations.get(text(entry, "organisation"), ""))
        yield text(entry, "id"), ", ".join(filter(None, parts)) or "A practitioner"


def whole_name(person: Record) -> str:
    """Write the whole name of somebody; empty if it is not known."""
    name = inner(person, "name")
    parts = f"{text(name, 'given')} {text(name, 'family')}".strip()
    return text(name, "full") or parts or text(name, "preferred")


def recipient(each: Record, who: Directory) -> str:
    """Name a recipient as a consent lists it."""
    found = [who.name(text(each, key)) for key in ("practitioner", "organisation", "person")]
    return next(filter(None, found), "") or text(each, "description")


def recipients(part: Record, name: str, who: Directory) -> list[str]:
    """Name the recipients of a list, each once."""
    return list(
        dict.fromkeys(filter(None, (recipient(entry, who) for entry in entries(part, name))))
    )


def concerned(part: Record, who: Directory) -> str:
    """Say whom a part is about: the children it names, or all of the record."""
    named = [who.name(each) for each in texts(part, "children")]
    everybody = [member.name for member in who.members.values() if member.index]
    return joined(filter(None, named or everybody))
