"""Who sends and who receives a pack, and whether two records mean the same agency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from eh_interop.core.errors import EhInteropError


class UnknownRecipientError(EhInteropError):
    """The recipient cannot be found, or more than one fits."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Party:
    """A recipient.

    Attributes:
        organisation: the organisation, as a record lists it.
        person: the local id, in the main record, of a person of the family.
    """

    organisation: Mapping[str, Any] | None = field(default=None, repr=False)
    person: str | None = None

    @property
    def is_family(self) -> bool:
        """Whether it is somebody whom the record is about."""
        return self.person is not None


def _plain(value: Any) -> str:
    return " ".join(value.casefold().split()) if isinstance(value, str) else ""


def _numbers(organisation: Mapping[str, Any]) -> set[tuple[str, str]]:
    entries = organisation.get("identifiers")
    return {
        (str(entry.get("type")), _plain(entry.get("value")))
        for entry in (entries if isinstance(entries, list) else ())
        if isinstance(entry, dict) and entry.get("value")
    }


def same_agency(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether two records mean the same agency: by a number, or by name and service.

    A council has several services, so its name alone is not enough.
    """
    if _numbers(one) & _numbers(other):
        return True
    return bool(_plain(one.get("name"))) and all(
        _plain(one.get(name)) == _plain(other.get(name)) for name in ("name", "service")
    )


def entries(document: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Return the entries of a list of a record that are objects."""
    held = document.get(name)
    return [each for each in held if isinstance(each, dict)] if isinstance(held, list) else []


def organisation_of(document: Mapping[str, Any], local_id: object) -> Mapping[str, Any] | None:
    """Find an organisation of a record by its local id."""
    listed = entries(document, "organisations")
    return next((each for each in listed if local_id and each.get("id") == local_id), None)


def find_party(
    documents: Iterable[Mapping[str, Any]], wanted: str, *, by_name: bool = False
) -> Party:
    """Find a recipient by its local id in the main record, or by its name in any.

    Args:
        documents: the records, the main one first.
        wanted: a local id, the name of an organisation, of its service, or both with a
            comma between them.
        by_name: if there is no such organisation, take ``wanted`` as its name.

    Raises:
        UnknownRecipientError: there is none, or several have that name.
    """
    known = list(documents)
    for document in known[:1]:  # another record may use the same local id for somebody else
        organisation = organisation_of(document, wanted)
        if organisation:
            return Party(organisation)
        people = [*entries(document, "people"), *entries(document, "children")]
        if any(person.get("id") == wanted for person in people):
            return Party(person=wanted)
    for document in known:
        named = [entry for entry in entries(document, "organisations") if _goes_by(entry, wanted)]
        if len(named) > 1:
            raise UnknownRecipientError(
                "More than one organisation of the record goes by that name. Give its local id "
                "or its name and service with a comma between them."
            )
        if named:
            return Party(named[0])
    if by_name:
        return Party({"id": "recipient", "name": wanted})
    raise UnknownRecipientError(
        "The records list no organisation of that local id or name. Give one that they list, or "
        "add the recipient to the main record first."
    )


def _goes_by(organisation: Mapping[str, Any], wanted: str) -> bool:
    name, service = _plain(organisation.get("name")), _plain(organisation.get("service"))
    return _plain(wanted) in {name, service, f"{name}, {service}"} - {""}


def sender_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return who sends: the referrer's agency, or the service that the family comes from."""
    referrer = document.get("referrer")
    practitioner = referrer.get("practitioner") if isinstance(referrer, dict) else None
    practitioner = practitioner or document.get("handedOverBy")
    worker = next(
        (entry for entry in entries(document, "practitioners") if entry.get("id") == practitioner),
        {},
    )
    organisation = organisation_of(document, document.get("from") or worker.get("organisation"))
    sender: dict[str, Any] = {}
    if organisation:
        sender["organisation"] = dict(organisation)
    if practitioner and worker:
        sender["practitioner"] = practitioner
    return sender
