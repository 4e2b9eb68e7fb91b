"""Consent at a glance: whose information, for what, who decided, with whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from eh_interop.genogram.people import joined
from eh_interop.genogram.reading import Record, day, entries, inner, text, texts
from eh_interop.genogram.words import titles
from eh_interop.letters.cover.contents import Cover
from eh_interop.letters.cover.naming import Directory, concerned, directory, recipients
from eh_interop.reports.words import day as in_words

GIVEN: Final = "given"
_WITHDRAWN: Final = "withdrawn"
_SHOWN: Final = 4
"""How many recipients are named: it is a glance. All of them stand in the record."""


@dataclass(frozen=True, slots=True)
class Row:
    """One consent. Each attribute is one cell; the last three may have several lines."""

    whose: str
    purposes: str
    decision: str
    given: bool
    recipients: tuple[str, ...]
    limits: tuple[str, ...]
    grounds: tuple[str, ...]


def consent_rows(cover: Cover) -> list[Row]:
    """Return a row for each consent that the records hold, each once."""
    rows: dict[Row, None] = {}
    for record in cover.records:
        who = directory(record, cover.names, cover.as_of)
        wanted = cover.recipient
        rows.update((_row(entry, who, wanted), None) for entry in entries(record, "consents"))
    # What the family did not agree to must not be overlooked.
    ordered = sorted(rows, key=lambda row: row.given)
    return [each for each in ordered if each.given or not cover.for_family]


def _row(consent: Record, who: Directory, wanted: str) -> Row:
    purposes = titles("consent-purpose")
    status = text(consent, "status")
    adults = [who.name(each) for each in texts(consent, "people")]
    return Row(
        whose=joined(filter(None, [concerned(consent, who), *adults])),
        purposes="; ".join(purposes.get(each, each) for each in texts(consent, "purposes")),
        decision=_decision(consent, who),
        given=status == GIVEN,
        recipients=_named(recipients(consent, "recipients", who), wanted),
        limits=tuple(_limits(consent, who)),
        grounds=() if status == GIVEN else tuple(_grounds(consent, who)),
    )


def _named(found: list[str], wanted: str) -> tuple[str, ...]:
    """Name some recipients, first those that look like the one who gets this page."""
    words = [part for part in wanted.lower().split() if part]
    like = sorted(found, key=lambda each: -sum(word in each.lower() for word in words))
    more = len(like) - _SHOWN
    return (*like[:_SHOWN], f"and {more} more, named in the record") if more > 1 else tuple(like)


def _decision(consent: Record, who: Directory) -> str:
    """Say what was decided, by whom and when."""
    status = titles("consent-status").get(text(consent, "status"), "Not said")
    givers = []
    for entry in entries(consent, "givers"):
        on = day(entry, "on") or day(entry, "at")
        name = who.name(text(entry, "person")) or _capacity(entry)
        givers.append(f"{name} ({in_words(on)})" if on else name)
    return f"{status}: {joined(givers)}" if givers else status


def _capacity(giver: Record) -> str:
    return titles("consent-giver-capacity").get(text(giver, "capacity"), "not said by whom")


def _limits(consent: Record, who: Directory) -> Iterator[str]:
    scope = titles("information-scope").get(text(consent, "informationScope"), "")
    if scope:
        yield scope
    excluded = recipients(consent, "recipientsExcluded", who)
    if excluded:
        yield f"Not with: {'; '.join(excluded)}"
    for each in texts(consent, "itemsExcluded"):
        yield f"Not shared: {each}"
    withdrawn = day(consent, "withdrawnOn")
    if withdrawn:
        yield f"Withdrawn on {in_words(withdrawn)}"


def _grounds(consent: Record, who: Directory) -> Iterator[str]:
    """Yield the recorded reasons for going ahead without consent."""
    exemption = titles("consent-exemption").get(text(consent, "exemption"), "")
    basis = titles("lawful-basis").get(text(consent, "lawfulBasis"), "")
    if exemption:
        yield f"Reason: {exemption}"
    for name in ("rationale", "goAheadReason"):
        if text(consent, name):
            yield text(consent, name)
    if basis:
        yield f"Lawful basis: {basis}"
    by, on = who.name(text(consent, "decidedBy")), day(consent, "decidedOn")
    if by or on:
        parts = ("Decided", by and f"by {by}", f"on {in_words(on)}" if on else "")
        yield " ".join(filter(None, parts))
    approved = who.name(text(inner(consent, "approval"), "by"))
    if approved:
        yield f"Approved by {approved}"
    said = exemption or text(consent, "rationale") or text(consent, "goAheadReason")
    if not said and text(consent, "status") != _WITHDRAWN:
        yield "No reason is recorded."
