"""What an outcome takes over from the referral: who it is about, consent, and warnings.

An answer has to be understood by itself, and says no more than it needs: who
the children are, who decides for them, what was agreed, and what keeps people
safe. The story of the family stays in the referral.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, Final

from eh_interop.core.pointer import Steps
from eh_interop.letters.replies.people import listed
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


def carried(referral: Mapping[str, Any]) -> dict[str, Any]:
    """Copy what an outcome takes over. The referral itself is not touched."""
    taken = {name: deepcopy(referral[name]) for name in _WHOLE if name in referral}
    for name in ("children", "people"):
        if name in referral:
            taken[name] = [_person(each) for each in listed(referral[name])]
    return taken


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
    record_type = record["recordType"]
    known = {
        each["id"]
        for entries in record.values()
        for each in listed(entries)
        if isinstance(each, dict) and isinstance(each.get("id"), str)
    }
    kept = {
        name: _pruned(standard, record_type, (name,), value, known)
        for name, value in record.items()
    }
    return {name: value for name, value in kept.items() if value not in ({}, [])}


def _pruned(standard: Standard, record_type: str, steps: Steps, value: Any, known: set[str]) -> Any:
    if isinstance(value, dict):
        return dict(_properties(standard, record_type, steps, value, known))
    if isinstance(value, list):
        kept = [_pruned(standard, record_type, (*steps, "*"), each, known) for each in value]
        return [each for each in kept if each not in ({}, [])]
    return value


def _properties(
    standard: Standard, record_type: str, steps: Steps, value: dict[str, Any], known: set[str]
) -> Iterator[tuple[str, Any]]:
    for name, each in value.items():
        refers = any(
            "x-refersTo" in stated or "x-refersTo" in stated.get("items", {})
            for *_, stated, _ in list(standard.fields(record_type, (*steps, name)))[-1:]
        )
        if refers and isinstance(each, str) and each not in known:
            continue
        if refers and isinstance(each, list):
            inside = [one for one in each if not isinstance(one, str) or one in known]
            if inside:
                yield name, inside
            continue
        pruned = _pruned(standard, record_type, (*steps, name), each, known)
        if pruned not in ({}, []):
            yield name, pruned
