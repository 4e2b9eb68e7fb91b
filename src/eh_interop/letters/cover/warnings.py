"""Safety warnings, and what must be kept from somebody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from eh_interop.genogram.family import Family
from eh_interop.genogram.reading import Record, entries, text, texts
from eh_interop.genogram.words import titles
from eh_interop.letters.cover.contents import Cover
from eh_interop.letters.cover.naming import Directory, directory

_ADDRESS: Final = "address-must-not-be-disclosed"
_KEEP: Final = frozenset({_ADDRESS, "information-to-keep-from-family", "source-wishes-anonymity"})


@dataclass(frozen=True, slots=True)
class Warned:
    """One warning.

    Attributes:
        title: what kind it is, and about whom.
        told: what to do.
        keep_from: who must not learn of it.
    """

    title: str
    told: str
    keep_from: str


def safety_warnings(cover: Cover) -> list[Warned]:
    """Return the safety warnings of all records, each once."""
    return list(dict.fromkeys(_safety(cover)))


def _safety(cover: Cover) -> Iterator[Warned]:
    kinds = titles("safety-warning-type")
    for record in cover.records:
        who = directory(record, cover.names, cover.as_of)
        for entry in entries(record, "safetyWarnings"):
            about = who.names(texts(entry, "about"))
            kind = kinds.get(text(entry, "type"), "Warning")
            title = f"{kind}: {about}" if about else kind
            yield Warned(title, text(entry, "description"), _keep_from(entry, who))


def to_keep(cover: Cover) -> list[Warned]:
    """Return what must be kept from somebody, each once.

    The information itself is not repeated: it stands in the record.
    """
    found: dict[Warned, None] = {}
    for record in cover.records:
        who = directory(record, cover.names, cover.as_of)
        for entry in entries(record, "withheldInformation"):
            title = text(entry, "about") or "Information in the record"
            found[Warned(title, text(entry, "reason"), _keep_from(entry, who))] = None
    return list(found)


def _keep_from(part: Record, who: Directory) -> str:
    named = who.names(texts(part, "keepFrom"))
    kept = text(part, "type") in _KEEP or "type" not in part
    return named or ("the family" if kept else "")


def without_secret_homes(family: Family, record: Record) -> Family:
    """Leave out the homes of people whose address must not become known."""
    secret = {
        person
        for entry in entries(record, "safetyWarnings")
        if text(entry, "type") == _ADDRESS
        for person in texts(entry, "about") or tuple(family.members)
    }
    homes = tuple(home for home in family.homes if not secret & {*home.members})
    return replace(family, homes=homes)
