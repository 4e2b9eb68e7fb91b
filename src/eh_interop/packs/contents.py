"""What is in a pack, in the form that the checks of a pack look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final, TypeVar

import msgspec

from eh_interop.packs.parties import Party
from eh_interop.reading import SourceRecord
from eh_interop.standard.model import Attachment, Part
from eh_interop.standard.pack_kinds import PackKind

P = TypeVar("P", bound=Part)
_SECTIONS: Final = ("safetyWarnings", "withheldInformation")


def parts(document: Mapping[str, Any], name: str, kind: type[P]) -> Iterator[P]:
    """Yield the sound entries of a list of a record. The shape layer tells of the others."""
    entries = document.get(name)
    for entry in entries if isinstance(entries, list) else ():
        try:
            yield msgspec.convert(entry, kind)
        except msgspec.ValidationError:
            continue


@dataclass(frozen=True, slots=True)
class Held:
    """A record in the pack, and where it is."""

    path: str
    raw: SourceRecord = field(repr=False)

    @property
    def document(self) -> Mapping[str, Any]:
        """The record."""
        return self.raw.document or {}

    @property
    def record_type(self) -> str:
        """Its type."""
        return str(self.document.get("recordType", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper in the pack.

    Attributes:
        path: where it is in the bag.
        type: what kind of paper it is.
        listed: the entry of the main record's list of documents; None if it names no such paper.
    """

    path: str
    type: str
    listed: Attachment | None = None


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What a pack holds, for whom and why.

    Attributes:
        kind: what kind of pack it is.
        main: the record that it is about; None if it is not there.
        records: every record, the main one among them.
        papers: every other paper.
        recipient: who gets it.
        purposes: what it is shared for; codes of ``consent-purpose``.
        on: the day on which it is shared.
        logged: the pack says in its sharing log what is shared without consent.
    """

    kind: PackKind
    main: Held | None
    records: tuple[Held, ...]
    papers: tuple[Paper, ...]
    recipient: Party
    purposes: tuple[str, ...]
    on: date
    logged: bool = True

    @cached_property
    def listed(self) -> tuple[Attachment, ...]:
        """The main record's list of documents."""
        main = self.main.document if self.main else {}
        return tuple(parts(main, "attachments", Attachment))


def marks_of_record(document: Mapping[str, Any]) -> list[str]:
    """Tell what has to be known before a record is shown to anybody."""
    warnings, withheld = (bool(document.get(name)) for name in _SECTIONS)
    entries = document.get("safetyWarnings")
    kept = any(
        isinstance(entry, dict) and entry.get("keepFrom")
        for entry in (entries if isinstance(entries, list) else ())
    )
    return [
        *(["keep-from-family"] if withheld or kept else []),
        *(["safety-warning"] if warnings else []),
    ]


def marks_of_paper(listed: Attachment | None) -> list[str]:
    """Tell whether a paper is to be kept from the family."""
    return ["keep-from-family"] if listed and listed.confidential else []
