"""What is kept from whom: warnings, what a page for the family leaves out, who stays unnamed.

Everything on a cover page that depends on who reads it is decided here, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from eh_interop.core.lenient import Record, inner, objects, text, texts
from eh_interop.genogram import Family
from eh_interop.letters.cover import Cover, CoverPaper, Gap
from eh_interop.letters.cover_people import ConsentRow, Directory, directory
from eh_interop.standard.code_lists import titles

_ADDRESS: Final = "address-must-not-be-disclosed"
_KEEP: Final = frozenset({_ADDRESS, "information-to-keep-from-family", "source-wishes-anonymity"})
_RECORDS_KEPT: Final = frozenset({"escalation"})
"""Types of record of which the family does not learn."""


@dataclass(frozen=True, slots=True)
class SafetyNote:
    """A safety warning, or something that must be kept from somebody.

    Attributes:
        title: what kind it is, and about whom.
        what_to_do: what to do, or why.
        keep_from: who must not learn of it.
    """

    title: str
    what_to_do: str
    keep_from: str


def keeps_secrets(cover: Cover) -> bool:
    """Return whether a record holds something that must be kept from somebody."""
    names = ("safetyWarnings", "withheldInformation")
    return any(any(objects(record, name)) for record in cover.records for name in names)


def shows_immediate_risk(cover: Cover) -> bool:
    """Return whether the page leads with what to do now."""
    return cover.act_now and not cover.for_family


def safety_warnings(cover: Cover) -> list[SafetyNote]:
    """Return the safety warnings of all records, each once."""
    return [] if cover.for_family else list(dict.fromkeys(_warnings(cover)))


def _warnings(cover: Cover) -> Iterator[SafetyNote]:
    kinds = titles("safety-warning-type")
    for record in cover.records:
        who = directory(record, cover)
        for entry in objects(record, "safetyWarnings"):
            about = who.names(texts(entry, "about"))
            kind = kinds.get(text(entry, "type"), "Warning")
            title = f"{kind}: {about}" if about else kind
            yield SafetyNote(title, text(entry, "description"), _keep_from(entry, who))


def withheld(cover: Cover) -> list[SafetyNote]:
    """Return what must be kept from somebody, each once.

    The information itself is not repeated: it stands in the record.
    """
    return [] if cover.for_family else list(dict.fromkeys(_withheld(cover)))


def _withheld(cover: Cover) -> Iterator[SafetyNote]:
    for record in cover.records:
        who = directory(record, cover)
        for entry in objects(record, "withheldInformation"):
            title = text(entry, "about") or "Information in the record"
            yield SafetyNote(title, text(entry, "reason"), _keep_from(entry, who))


def _keep_from(entry: Record, who: Directory) -> str:
    from_family = text(entry, "type") in _KEEP or "type" not in entry
    return who.names(texts(entry, "keepFrom")) or ("the family" if from_family else "")


def referrer_is_anonymous(record: Record) -> bool:
    """Return whether the referrer wants to stay unknown."""
    return inner(record, "referrer").get("wantsAnonymity") is True


def shows_limits_of_consent(cover: Cover) -> bool:
    """Return whether recipients, limits and reasons of consent are shown."""
    return not cover.for_family


def shown_consents(cover: Cover, rows: Sequence[ConsentRow]) -> list[ConsentRow]:
    """Return the consents that the page shows."""
    return [row for row in rows if row.given or not cover.for_family]


def papers_here(cover: Cover) -> list[CoverPaper]:
    """Return the documents that the page shows as being there."""
    present = [paper for paper in cover.papers if paper.present]
    return [paper for paper in present if not (cover.for_family and paper.confidential)]


def papers_missing(cover: Cover) -> list[CoverPaper]:
    """Return the documents that the page shows as missing."""
    return [paper for paper in cover.papers if not paper.present and not cover.for_family]


def shown_gaps(cover: Cover) -> tuple[Gap, ...]:
    """Return the gaps that the page shows."""
    return () if cover.for_family else cover.gaps


def shown_family(cover: Cover, family: Family, record: Record) -> Family:
    """Return the family as it is drawn: homes whose address must not become known are left out."""
    if not cover.for_family:
        return family
    secret = {
        person
        for entry in objects(record, "safetyWarnings")
        if text(entry, "type") == _ADDRESS
        for person in texts(entry, "about") or tuple(family.members)
    }
    homes = tuple(home for home in family.homes if not secret & {*home.members})
    return replace(family, homes=homes)


def records_on_timeline(cover: Cover) -> list[Record]:
    """Return the records whose dates the page shows."""
    return [
        record
        for record in cover.records
        if not cover.for_family or text(record, "recordType") not in _RECORDS_KEPT
    ]
