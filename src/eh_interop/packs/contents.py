"""What is in a pack, for whom it is, and who sends it: what the checks of a pack look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final, TypeVar

import msgspec

from eh_interop.core import lenient
from eh_interop.core.errors import EhInteropError
from eh_interop.core.folding import words_in
from eh_interop.reading import SourceRecord
from eh_interop.standard.model import Attachment, Part
from eh_interop.standard.pack_kinds import PackKind

P = TypeVar("P", bound=Part)
KEEP_FROM_FAMILY: Final = "keep-from-family"


class UnknownRecipientError(EhInteropError):
    """The recipient cannot be found, or more than one fits."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class PackRecipient:
    """Who gets a pack: an organisation as a record lists it, or somebody of the family.

    ``person`` is the local id in the main record.
    """

    organisation: Mapping[str, Any] | None = field(default=None, repr=False)
    person: str | None = None

    @property
    def is_family(self) -> bool:
        """Whether it is somebody whom the record is about."""
        return self.person is not None


@dataclass(frozen=True, slots=True)
class PackedRecord:
    """A record in the pack, and where it is."""

    path: str
    source: SourceRecord = field(repr=False)

    @property
    def document(self) -> Mapping[str, Any]:
        """The record."""
        return self.source.document or {}

    @property
    def record_type(self) -> str:
        """Its type."""
        return str(self.document.get("recordType", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedPaper:
    """A paper in the pack, and its entry in the main record's list of documents, if it has one."""

    path: str
    type: str
    listed: Attachment | None = None


@dataclass(frozen=True, kw_only=True)
class PackContents:
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
    main: PackedRecord | None
    records: tuple[PackedRecord, ...]
    papers: tuple[PackedPaper, ...]
    recipient: PackRecipient
    purposes: tuple[str, ...]
    on: date
    logged: bool = True

    @property
    def about(self) -> Mapping[str, Any]:
        """The document of the main record; empty if it is not there."""
        return self.main.document if self.main else {}

    @cached_property
    def listed(self) -> tuple[Attachment, ...]:
        """The main record's list of documents."""
        return tuple(valid_entries(self.about, "attachments", Attachment))


def valid_entries(document: Mapping[str, Any], name: str, kind: type[P]) -> Iterator[P]:
    """Yield the valid entries of a list of a record. The shape layer reports the others."""
    for entry in lenient.items(document.get(name)):
        try:
            yield msgspec.convert(entry, kind)
        except msgspec.ValidationError:
            continue


def unreadable_entries(document: Mapping[str, Any], name: str, kind: type[Any]) -> list[int]:
    """Return the positions of the entries of a list of a record that cannot be read."""
    unreadable = []
    for number, entry in enumerate(lenient.items(document.get(name))):
        try:
            msgspec.convert(entry, kind)
        except msgspec.ValidationError:
            unreadable.append(number)
    return unreadable


def marks_of_record(document: Mapping[str, Any]) -> list[str]:
    """Return what has to be known before a record is shown to anybody."""
    warnings = lenient.objects(document, "safetyWarnings")
    kept = document.get("withheldInformation") or any(entry.get("keepFrom") for entry in warnings)
    return [
        *([KEEP_FROM_FAMILY] if kept else []),
        *(["safety-warning"] if document.get("safetyWarnings") else []),
    ]


def marks_of_paper(listed: Attachment | None) -> list[str]:
    """Return whether a paper is to be kept from the family, as a mark."""
    return [KEEP_FROM_FAMILY] if listed and listed.confidential else []


def plain(value: Any) -> str:
    """Return a name or number folded; empty if it is not text."""
    return " ".join(words_in(value)) if isinstance(value, str) else ""


def same_agency(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Return whether two records mean the same agency: by a number, or by name and service.

    A council has several services, so its name alone is not enough.
    """
    if _numbers(one) & _numbers(other):
        return True
    return bool(plain(one.get("name"))) and all(
        plain(one.get(name)) == plain(other.get(name)) for name in ("name", "service")
    )


def _numbers(organisation: Mapping[str, Any]) -> set[tuple[str, str]]:
    return {
        (str(entry.get("type")), plain(entry.get("value")))
        for entry in lenient.objects(organisation, "identifiers")
        if entry.get("value")
    }


def organisation_of(document: Mapping[str, Any], local_id: object) -> Mapping[str, Any] | None:
    """Find an organisation of a record by its local id."""
    return lenient.by_id(document, "organisations", local_id or None) or None


def find_recipient(
    documents: Iterable[Mapping[str, Any]], wanted: str, *, by_name: bool = False
) -> PackRecipient:
    """Find a recipient by its local id in the main record, or by its name in any.

    Args:
        documents: the records, the main one first.
        wanted: a local id, the name of an organisation, of its service, or both with a
            comma between them.
        by_name: if there is no such organisation, take ``wanted`` as its name.

    Raises:
        UnknownRecipientError: there is none, or several have that name.
    """
    records = list(documents)
    for document in records[:1]:  # another record may use the same local id for somebody else
        organisation = organisation_of(document, wanted)
        if organisation:
            return PackRecipient(organisation)
        if any(lenient.by_id(document, name, wanted) for name in ("people", "children")):
            return PackRecipient(person=wanted)
    for document in records:
        organisations = lenient.objects(document, "organisations")
        named = [entry for entry in organisations if plain(wanted) in _names_of(entry)]
        if len(named) > 1:
            raise UnknownRecipientError(
                "More than one organisation of the record goes by that name. Give its local id "
                "or its name and service with a comma between them."
            )
        if named:
            return PackRecipient(named[0])
    if by_name:
        return PackRecipient({"id": "recipient", "name": wanted})
    raise UnknownRecipientError(
        "The records list no organisation of that local id or name. Give one that they list, or "
        "add the recipient to the main record first."
    )


def _names_of(organisation: Mapping[str, Any]) -> set[str]:
    name, service = plain(organisation.get("name")), plain(organisation.get("service"))
    return {name, service, f"{name} {service}".strip()} - {""}


def sender_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return who sends: the referrer's agency, or the service that the family comes from."""
    referrer = lenient.inner(document, "referrer")
    practitioner = referrer.get("practitioner") or document.get("handedOverBy")
    worker = lenient.by_id(document, "practitioners", practitioner)
    organisation = organisation_of(document, document.get("from") or worker.get("organisation"))
    sender: dict[str, Any] = {"organisation": dict(organisation)} if organisation else {}
    if practitioner and worker:
        sender["practitioner"] = practitioner
    return sender
