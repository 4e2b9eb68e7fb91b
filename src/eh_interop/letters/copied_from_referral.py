"""What an outcome copies from the referral: who it is about, consent, and warnings.

An answer has to be understood by itself, and says no more than it needs: who
the children are, who decides for them, what was agreed, and what keeps people
safe. The story of the family stays in the referral. People who act on the
referral are found in it, or added.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from itertools import count
from typing import Any, Final

from eh_interop.core.lenient import items, objects
from eh_interop.core.pointer import Steps
from eh_interop.standard.schemas import Standard

_WHOLE: Final = (
    "area",
    "guidance",
    "immediateRisk",
    "relationships",
    "parentalResponsibility",
    "households",
    "organisations",
    "practitioners",
    "consents",
    "safetyWarnings",
    "withheldInformation",
)
_OF_PERSON: Final = frozenset(
    {
        "id",
        "name",
        "otherNames",
        "unborn",
        "expectedDateOfBirth",
        "mother",
        "dateOfBirth",
        "dateOfBirthEstimated",
        "estimatedAge",
        "deceased",
        "deceasedOn",
        "sex",
        "genderIdentity",
        "ethnicity",
        "language",
        "religion",
        "identifiers",
        "addresses",
        "contacts",
        "preferredContactMethod",
        "disability",
        "disabilities",
        "specialRequirements",
        "specialEducationalNeeds",
        "education",
        "generalPractice",
        "socialCareStatus",
        "seen",
        "absent",
    }
)
"""Who somebody is, how to reach them, and what they need in order to take part."""


def copied_from_referral(referral: Mapping[str, Any]) -> dict[str, Any]:
    """Return copies of what an outcome takes over. The referral itself is not touched."""
    copied = {name: deepcopy(referral[name]) for name in _WHOLE if name in referral}
    for name in ("children", "people"):
        if name in referral:
            copied[name] = [_person(person) for person in items(referral[name])]
    return copied


def _person(person: Any) -> Any:
    if not isinstance(person, dict):
        return person
    kept = {name: deepcopy(value) for name, value in person.items() if name in _OF_PERSON}
    absent = kept.pop("absent", None)
    if isinstance(absent, dict):
        reasons = {name: why for name, why in absent.items() if name in _OF_PERSON}
        return {**kept, "absent": reasons} if reasons else kept
    return kept


def without_dangling(standard: Standard, record: dict[str, Any]) -> dict[str, Any]:
    """Leave out references to what was not taken over, such as a form of consent."""
    local_ids = {entry["id"] for entry in _entries(record) if isinstance(entry.get("id"), str)}
    return dict(_properties(standard, record["recordType"], (), record, local_ids))


def _entries(record: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every object of every list of a record."""
    for value in record.values():
        yield from (entry for entry in items(value) if isinstance(entry, dict))


def _pruned(
    standard: Standard, record_type: str, steps: Steps, value: Any, local_ids: set[str]
) -> Any:
    if isinstance(value, dict):
        return dict(_properties(standard, record_type, steps, value, local_ids))
    if isinstance(value, list):
        kept = [_pruned(standard, record_type, (*steps, "*"), item, local_ids) for item in value]
        return [item for item in kept if item not in ({}, [])]
    return value


def _properties(
    standard: Standard, record_type: str, steps: Steps, group: dict[str, Any], local_ids: set[str]
) -> Iterator[tuple[str, Any]]:
    for name, value in group.items():
        refers = any(
            "x-refersTo" in stated or "x-refersTo" in stated.get("items", {})
            for *_, stated, _ in list(standard.fields(record_type, (*steps, name)))[-1:]
        )
        if refers and isinstance(value, str) and value not in local_ids:
            continue
        if refers and isinstance(value, list):
            inside = [item for item in value if not isinstance(item, str) or item in local_ids]
            if inside:
                yield name, inside
            continue
        pruned = _pruned(standard, record_type, (*steps, name), value, local_ids)
        if pruned not in ({}, []):
            yield name, pruned


def local_id(record: dict[str, Any], who: str, role: str, organisation: str) -> str:
    """Return the local id of a practitioner or person, or add a practitioner of that name."""
    listed = _find(record, ("practitioners", "people"), who)
    if listed:
        return listed
    added: dict[str, Any] = {"id": _new_id(record), "name": {"full": who}}
    if role:
        added["role"] = role
    record["practitioners"] = [*items(record.get("practitioners")), added]
    if organisation:
        added["organisation"] = _organisation(record, organisation)
    return str(added["id"])


def _organisation(record: dict[str, Any], name: str) -> str:
    listed = _find(record, ("organisations",), name)
    if listed:
        return listed
    added = {"id": _new_id(record), "name": name}
    record["organisations"] = [*items(record.get("organisations")), added]
    return added["id"]


def _find(record: Mapping[str, Any], lists: tuple[str, ...], who: str) -> str:
    """Find somebody by local id or by name; empty if nobody is meant."""
    for name in lists:
        for entry in objects(record, name):
            if who in {entry.get("id"), _full_name(entry)}:
                return str(entry.get("id", ""))
    return ""


def _new_id(record: Mapping[str, Any]) -> str:
    """Make a local id that the record does not use."""
    taken = {entry.get("id") for entry in _entries(record)}
    return next(local_id for number in count(1) if (local_id := f"mash-{number}") not in taken)


def _full_name(person: Mapping[str, Any]) -> str:
    name = person.get("name")
    if not isinstance(name, dict):
        return name if isinstance(name, str) else ""
    return str(name.get("full") or f"{name.get('given', '')} {name.get('family', '')}".strip())
