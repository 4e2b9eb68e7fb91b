"""Consent in the records of a pack: who agreed to what, for which children, and until when."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import msgspec

from eh_interop.checks.across.identity import SIZE, RecordLinker, hashed, keys_of
from eh_interop.core import lenient
from eh_interop.core.folding import letters_of
from eh_interop.core.uk_time import uk_day
from eh_interop.packs.contents import (
    PackContents,
    PackedRecord,
    PackRecipient,
    organisation_of,
    same_agency,
    valid_entries,
)
from eh_interop.standard.model import Child, Consent, Name, Recipient, SharingLogEntry

_KEY_BYTES: Final = 32
_NUMBERS: Final = 3
_UNKNOWN: Final = date.min
_SHARING: Final = "information-sharing"


class ChildIndex:
    """Which children the records of a pack are about. Nothing of them is kept but hashes."""

    def __init__(self, documents: Iterable[Mapping[str, Any]]) -> None:
        key = os.urandom(_KEY_BYTES)
        self._children = RecordLinker()
        self._mentions: list[dict[str, int]] = [
            {
                entry["id"]: self._children.add(_child_keys(document, entry, key))
                for entry in lenient.objects(document, "children")
                if isinstance(entry.get("id"), str)
            }
            for document in documents
        ]
        self._children.link_by_identifier()
        self._children.link_by_name()

    def of(self, number: int, local_ids: Iterable[str] = ()) -> frozenset[int]:
        """Return the children that local ids of a record mean; all of its children if none."""
        mentions = self._mentions[number]
        chosen = set(local_ids) or set(mentions)
        return frozenset(
            self._children.child(mention)
            for local_id, mention in mentions.items()
            if local_id in chosen
        )


def _child_keys(document: Mapping[str, Any], entry: Mapping[str, Any], key: bytes) -> bytes:
    try:
        child = msgspec.convert(entry, Child)
    except msgspec.ValidationError:
        return bytes(SIZE * (_NUMBERS + 2))
    return _unborn_keys(document, child, key) if child.unborn else keys_of(child, key)


def _unborn_keys(document: Mapping[str, Any], child: Child, key: bytes) -> bytes:
    """Recognise an unborn baby by its mother: it has no name or number yet."""
    mother = lenient.by_id(document, "people", child.mother)
    try:
        name = msgspec.convert(mother.get("name"), Name)
    except msgspec.ValidationError:
        return keys_of(child, key)
    full = name.full or f"{name.given or ''} {name.family or ''}"
    return bytes(SIZE * _NUMBERS) + hashed(key, "mother", letters_of(full)) + hashed(key, "unborn")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicableConsent:
    """A consent in one of the records that is about the purposes of the pack.

    Attributes:
        record: the record.
        consent: what stands there.
        children: whose information it is about.
        names_recipient: it says that the recipient may have it.
        limits: it says so with limits in words.
        excludes_recipient: it says that the recipient may not have it.
    """

    record: PackedRecord
    consent: Consent = field(repr=False)
    children: frozenset[int]
    names_recipient: bool
    limits: bool
    excludes_recipient: bool

    @property
    def decided_on(self) -> date:
        """The last day on which somebody was asked or answered."""
        consent = self.consent
        answers = (giver.on or (uk_day(giver.at) if giver.at else None) for giver in consent.givers)
        days = (consent.sought_on, consent.decided_on, *answers)
        return max((day for day in days if day), default=_UNKNOWN)

    @property
    def on(self) -> date:
        """The last day on which it changed: an answer, or one taken back."""
        return max(self.decided_on, self.consent.withdrawn_on or _UNKNOWN)

    def _is_withdrawn(self, day: date) -> bool:
        return self.consent.withdrawn_on is not None and self.consent.withdrawn_on <= day

    def is_live(self, day: date) -> bool:
        """Return whether it was given, and not withdrawn, on a day."""
        givers = self.consent.givers
        agreed = not givers or any(giver.decision == "agreed" for giver in givers)
        given = self.consent.status == "given" and self.decided_on <= day
        return given and agreed and not self._is_withdrawn(day)

    def is_refusal(self, day: date) -> bool:
        """Return whether by a day somebody said no to the recipient, or took a yes back."""
        said_no = self.consent.status in {"refused", "withdrawn"} or self._is_withdrawn(day)
        return said_no and (self.names_recipient or not self.consent.recipients)

    def has_reason(self) -> bool:
        """Return whether it says why, or on what basis, information is shared without consent.

        After a no, of the lawful bases only a legal obligation with its law is enough: the others
        are often filled in beside a yes as well, and stay when it is taken back.
        """
        consent = self.consent
        said_no = consent.status in {"refused", "withdrawn"}
        is_duty = consent.lawful_basis == "legal-obligation" and bool(consent.legal_gateway)
        on_a_basis = is_duty if said_no else _has_other_basis(consent)
        return consent.status != "given" and bool(
            consent.exemption or consent.rationale or consent.go_ahead_reason or on_a_basis
        )

    @property
    def reference(self) -> dict[str, str]:
        """How the description of the pack points to it."""
        record_id = str(self.record.document.get("recordId", ""))
        return {"recordId": record_id, "consent": self.consent.id}


def _has_other_basis(part: Consent | SharingLogEntry) -> bool:
    """Return whether a lawful basis other than consent is stated, or a law that allows sharing."""
    return part.lawful_basis != "consent" and bool(part.lawful_basis or part.legal_gateway)


def applicable_consents(contents: PackContents, children: ChildIndex) -> list[ApplicableConsent]:
    """Return every consent of the records that is about the purposes of the pack."""
    purposes = {*contents.purposes, _SHARING}
    return [
        _applied(contents, record, consent, children.of(number, consent.children))
        for number, record in enumerate(contents.records)
        for consent in valid_entries(record.document, "consents", Consent)
        if not purposes.isdisjoint(consent.purposes)
    ]


def _applied(
    contents: PackContents, record: PackedRecord, consent: Consent, children: frozenset[int]
) -> ApplicableConsent:
    def meant(recipients: Iterable[Recipient]) -> list[Recipient]:
        return [one for one in recipients if _means(record, one, contents.recipient)]

    named = meant((*consent.recipients, *consent.copy_recipients))
    return ApplicableConsent(
        record=record,
        consent=consent,
        children=children,
        names_recipient=any(one.from_ is None or one.from_ <= contents.on for one in named),
        limits=any(one.note for one in meant(consent.recipients)),
        excludes_recipient=bool(meant(consent.recipients_excluded)),
    )


def _means(record: PackedRecord, entry: Recipient, recipient: PackRecipient) -> bool:
    """Return whether an entry of a record means the recipient of the pack."""
    if recipient.person is not None:
        return entry.person == recipient.person
    listed = organisation_of(record.document, entry.organisation)
    return bool(listed and recipient.organisation and same_agency(listed, recipient.organisation))


def logged_bases(contents: PackContents) -> Iterator[SharingLogEntry]:
    """Yield the entries of the main record's log that give a basis other than consent.

    An entry that rests on a consent says nothing once that consent does not cover it.
    """
    main = contents.main
    if main is None:
        return
    for entry in valid_entries(main.document, "sharingLog", SharingLogEntry):
        if (
            entry.shared
            and _has_other_basis(entry)
            and entry.consent is None
            and any(_means(main, one, contents.recipient) for one in entry.recipients)
        ):
            yield entry
