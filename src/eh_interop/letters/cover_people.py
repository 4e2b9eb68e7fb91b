"""People on a cover page: how they and organisations are called, and what they consented to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from eh_interop.core.lenient import Record, day, inner, objects, text, texts
from eh_interop.genogram.family import NAMELESS, Member, join_names, members
from eh_interop.letters.cover import Cover, coded
from eh_interop.reports.words import day as in_words
from eh_interop.standard.code_lists import titles

GIVEN: Final = "given"
_SHOWN: Final = 4
"""How many recipients are named: it is a glance. All of them stand in the record."""


@dataclass(frozen=True, slots=True)
class Directory:
    """Who is who in one record, by local id."""

    members: dict[str, Member]
    others: dict[str, str]
    nameless: dict[str, str]

    def name(self, local_id: str) -> str:
        """Return who or what a local id stands for; empty if the record does not list it."""
        if local_id in self.nameless:
            return self.nameless[local_id]
        if local_id in self.members:
            return self.members[local_id].name
        return self.others.get(local_id, "")

    def names(self, local_ids: Iterable[str]) -> str:
        """Return several in words."""
        return join_names(filter(None, map(self.name, local_ids)))


def directory(record: Record, cover: Cover) -> Directory:
    """Read who is who."""
    organisations = dict(_organisations(record))
    practitioners = dict(_practitioners(record, organisations))
    people = members(record, cover.names, cover.as_of)
    return Directory(people, organisations | practitioners, dict(_nameless(record, people)))


def _nameless(record: Record, people: dict[str, Member]) -> Iterator[tuple[str, str]]:
    """Yield how people without a name are related: a warning has to tell whom it means."""
    for entry in objects(record, "relationships"):
        member, other = people.get(text(entry, "person")), people.get(text(entry, "relatedTo"))
        kind = coded(entry, "type", "relationship-type")
        if member and other and kind and member.name == NAMELESS:
            yield member.id, f"{kind} of {other.name} (not named)"


def _organisations(record: Record) -> Iterator[tuple[str, str]]:
    for entry in objects(record, "organisations"):
        parts = (text(entry, "service"), text(entry, "name"))
        yield text(entry, "id"), ", ".join(filter(None, parts)) or "An organisation"


def _practitioners(record: Record, organisations: dict[str, str]) -> Iterator[tuple[str, str]]:
    for entry in objects(record, "practitioners"):
        role = text(entry, "jobTitle") or coded(entry, "role", "practitioner-role")
        parts = (whole_name(entry), role, organisations.get(text(entry, "organisation"), ""))
        yield text(entry, "id"), ", ".join(filter(None, parts)) or "A practitioner"


def whole_name(person: Record) -> str:
    """Return the whole name of somebody; empty if it is not known."""
    name = inner(person, "name")
    parts = f"{text(name, 'given')} {text(name, 'family')}".strip()
    return text(name, "full") or parts or text(name, "preferred")


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """One consent. Each attribute is one cell; the last three may have several lines."""

    whose: str
    purposes: str
    decision: str
    given: bool
    recipients: tuple[str, ...]
    limits: tuple[str, ...]
    grounds: tuple[str, ...]


def consent_rows(cover: Cover) -> list[ConsentRow]:
    """Return a row for each consent that the records hold, each once."""
    rows: dict[ConsentRow, None] = {}
    for record in cover.records:
        who = directory(record, cover)
        for consent in objects(record, "consents"):
            rows[_row(consent, who, cover.recipient)] = None
    # What the family did not agree to must not be overlooked.
    return sorted(rows, key=lambda row: row.given)


def _row(consent: Record, who: Directory, recipient: str) -> ConsentRow:
    purposes = titles("consent-purpose")
    status = text(consent, "status")
    whose = [_concerned(consent, who), *map(who.name, texts(consent, "people"))]
    return ConsentRow(
        whose=join_names(filter(None, whose)),
        purposes="; ".join(purposes.get(code, code) for code in texts(consent, "purposes")),
        decision=_decision(consent, who),
        given=status == GIVEN,
        recipients=_at_a_glance(_recipients(consent, "recipients", who), recipient),
        limits=tuple(_limits(consent, who)),
        grounds=() if status == GIVEN else tuple(_grounds(consent, who)),
    )


def _concerned(consent: Record, who: Directory) -> str:
    """Name the children whom a consent names, or all of the record."""
    named = [who.name(child) for child in texts(consent, "children")]
    everybody = [member.name for member in who.members.values() if member.index]
    return join_names(filter(None, named or everybody))


def _at_a_glance(recipients: list[str], wanted: str) -> tuple[str, ...]:
    """Name some recipients, first those that look like the one who gets this page."""
    words = wanted.lower().split()
    alike = sorted(recipients, key=lambda name: -sum(word in name.lower() for word in words))
    more = len(alike) - _SHOWN
    return (*alike[:_SHOWN], f"and {more} more, named in the record") if more > 1 else tuple(alike)


def _recipients(consent: Record, name: str, who: Directory) -> list[str]:
    """Name the recipients of a list, each once."""
    names = (_named(recipient, who) for recipient in objects(consent, name))
    return list(dict.fromkeys(filter(None, names)))


def _named(recipient: Record, who: Directory) -> str:
    keys = ("practitioner", "organisation", "person")
    names = (who.name(text(recipient, key)) for key in keys)
    return next(filter(None, names), "") or text(recipient, "description")


def _decision(consent: Record, who: Directory) -> str:
    """Return what was decided, by whom and when."""
    status = coded(consent, "status", "consent-status", "Not said")
    givers = []
    for giver in objects(consent, "givers"):
        on = day(giver, "on") or day(giver, "at")
        name = who.name(text(giver, "person")) or coded(
            giver, "capacity", "consent-giver-capacity", "not said by whom"
        )
        givers.append(f"{name} ({in_words(on)})" if on else name)
    return f"{status}: {join_names(givers)}" if givers else status


def _limits(consent: Record, who: Directory) -> Iterator[str]:
    scope = coded(consent, "informationScope", "information-scope")
    if scope:
        yield scope
    excluded = _recipients(consent, "recipientsExcluded", who)
    if excluded:
        yield f"Not with: {'; '.join(excluded)}"
    for item in texts(consent, "itemsExcluded"):
        yield f"Not shared: {item}"
    withdrawn = day(consent, "withdrawnOn")
    if withdrawn:
        yield f"Withdrawn on {in_words(withdrawn)}"


def _grounds(consent: Record, who: Directory) -> Iterator[str]:
    """Yield the recorded reasons for going ahead without consent."""
    exemption = coded(consent, "exemption", "consent-exemption")
    if exemption:
        yield f"Reason: {exemption}"
    reasons = list(filter(None, (text(consent, name) for name in ("rationale", "goAheadReason"))))
    yield from reasons
    basis = coded(consent, "lawfulBasis", "lawful-basis")
    if basis:
        yield f"Lawful basis: {basis}"
    by, on = who.name(text(consent, "decidedBy")), day(consent, "decidedOn")
    if by or on:
        parts = ("Decided", by and f"by {by}", f"on {in_words(on)}" if on else "")
        yield " ".join(filter(None, parts))
    approved = who.name(text(inner(consent, "approval"), "by"))
    if approved:
        yield f"Approved by {approved}"
    if not exemption and not reasons and text(consent, "status") != "withdrawn":
        yield "No reason is recorded."
