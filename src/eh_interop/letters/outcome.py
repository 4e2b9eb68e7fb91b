"""The outcome of a referral: a record of what the MASH decided, linked to the referral.

Nothing here decides anything, and nothing is made up: what the person who
decided did not give is missing, and the house's own check asks for it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from eh_interop.core.errors import EhInteropError, UnreadableInputError
from eh_interop.core.lenient import items, objects, text
from eh_interop.core.pointer import Steps
from eh_interop.letters.cover_people import whole_name
from eh_interop.standard.schemas import Standard, load_standard

REFERRAL: Final = "marf"
OUTCOME: Final = "referral-outcome"
_LONGEST_ID: Final = 64
_COPIED: Final = tomllib.loads(Path(__file__).with_name("copied.toml").read_text("utf-8"))
"""What is taken over from the referral, and from an answer, by name."""


class AnswerError(EhInteropError):
    """An answer cannot be written as it was asked for."""

    exit_code = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was decided, in the words of those who decided. Empty means: not said.

    People are named by their local id in the referral, or by name.

    Attributes:
        code: one of the five outcomes (code list ``mash-outcome``).
        decided_at: when it was decided, with time zone.
        record_id: the id of the new record; by default ``outcome-`` and the referral's id.
        decided_by: who decided.
        organisation: the agency of people who are named and not in the referral: a local id of
            the referral, or a name.
        decided_by_role: their role (code list ``practitioner-role``).
        received_at: when the referral arrived.
        note: the reasons for the decision.
        immediate_risk: whether somebody is at immediate risk; by default what the referral says.
        advice: what the referrer was advised (G-113, G-115).
        advice_to: who was advised.
        consent_from: who was asked to get consent (G-114).
        consent_by: by when.
        existing_plan: the record id of the early help plan that is open (G-115, G-117). By
            default the one open plan that the referral names.
        strengthen: what should be added to that plan (G-115).
        informed_role: who was told (code list ``informed-role``, G-116).
        told_on: when.
        assessment_started: when the single assessment began (G-117).
        social_worker: who does it.
        emergency: what social care does at once (G-118).
        referrer_told_on: when the referrer was told.
        family_told_on: when the family was told.
        follow_up: the record id of the referral that followed.
        closing_note: why none followed.
        absent: reasons for what is missing, by property.
    """

    code: str
    decided_at: datetime
    record_id: str = ""
    decided_by: str = ""
    decided_by_role: str = ""
    organisation: str = ""
    received_at: datetime | None = None
    note: str = ""
    immediate_risk: bool | None = None
    advice: str = ""
    advice_to: str = ""
    consent_from: str = ""
    consent_by: date | None = None
    existing_plan: str = ""
    strengthen: str = ""
    informed_role: str = ""
    told_on: date | None = None
    assessment_started: date | None = None
    social_worker: str = ""
    emergency: str = ""
    referrer_told_on: date | None = None
    family_told_on: date | None = None
    follow_up: str = ""
    closing_note: str = ""
    absent: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def outcome_record(referral: Mapping[str, Any], answer: Answer) -> dict[str, Any]:
    """Write the outcome of a referral as a record. The same answer always gives the same record.

    Raises:
        UnreadableInputError: what it answers is not a referral, or has no id to link to.
        AnswerError: the outcome says what does not go with its code.
    """
    if referral.get("recordType") != REFERRAL:
        raise UnreadableInputError("This is not a referral (MARF): there is nothing to answer.")
    reference = referral.get("recordId")
    if not isinstance(reference, str) or not reference:
        raise UnreadableInputError("The referral has no record id, so nothing can be linked to it.")
    _refuse_contradictions(answer)
    record: dict[str, Any] = {
        "recordType": OUTCOME,
        "standardVersion": load_standard().version,
        "recordId": answer.record_id or f"outcome-{reference}"[:_LONGEST_ID],
        "version": 1,
        "createdAt": answer.decided_at.isoformat(),
        **_copied(referral),
        "referral": dict(_link(referral)),
        "decidedAt": answer.decided_at.isoformat(),
        "outcome": answer.code,
        **dict(_texts_and_days(answer)),
    }
    if answer.received_at:
        record["receivedAt"] = answer.received_at.isoformat()
    if answer.immediate_risk is not None:
        record["immediateRisk"] = answer.immediate_risk
    _name_people(record, answer)
    _add_plan(record, referral, answer)
    if answer.absent:
        record["absent"] = dict(answer.absent)
    return _without_dangling(load_standard(), record)


def _refuse_contradictions(answer: Answer) -> None:
    """G-113: no referral was accepted, so there is no single assessment."""
    assessed = answer.assessment_started or answer.social_worker
    if assessed and answer.code == "advice-no-referral":
        raise AnswerError(
            "No referral was accepted, so there can be no single assessment (G-113). "
            "Leave it out, or give another outcome."
        )


def _link(referral: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "recordId", referral["recordId"]
    yield "recordType", REFERRAL
    if isinstance(referral.get("referredOn"), str):
        yield "date", referral["referredOn"]
    if isinstance(referral.get("children"), list):
        yield "children", [child["id"] for child in objects(referral, "children") if "id" in child]
    yield "relation", "predecessor"


def _texts_and_days(answer: Answer) -> Iterator[tuple[str, Any]]:
    for name, attribute in _COPIED["answers"].items():
        value = getattr(answer, attribute)
        if value:
            yield name, value.isoformat() if isinstance(value, date) else value
    if answer.follow_up:
        yield "followUpReferral", {"recordId": answer.follow_up, "recordType": REFERRAL}


def _name_people(record: dict[str, Any], answer: Answer) -> None:
    """Point to the people who act; whoever is not in the referral is added."""
    for name, who, role in (
        ("decidedBy", answer.decided_by, answer.decided_by_role),
        ("adviceTo", answer.advice_to, ""),
        ("consentRequestedFrom", answer.consent_from, ""),
    ):
        if who:
            record[name] = _local_id(record, who, role, answer.organisation)
    if "decidedBy" in record:
        record["createdBy"] = record["decidedBy"]
    assessment: dict[str, Any] = {}
    worker = answer.social_worker
    if answer.assessment_started:
        assessment["startedOn"] = answer.assessment_started.isoformat()
    if worker:
        assessment["socialWorker"] = _local_id(record, worker, "social-worker", answer.organisation)
    if assessment:
        record["singleAssessment"] = assessment


def _add_plan(record: dict[str, Any], referral: Mapping[str, Any], answer: Answer) -> None:
    """Name the plan that goes on: what was said, or the one open plan of the referral."""
    if answer.existing_plan:
        record["existingPlan"] = {"recordId": answer.existing_plan, "recordType": "plan"}
        return
    if answer.code not in {"early-help-plan-needed", "single-assessment"}:
        return
    open_plans = [
        plan
        for plan in objects(referral, "earlyHelpPlans")
        if plan.get("recordType") == "plan" and plan.get("status") == "open"
    ]
    if len(open_plans) == 1 and "existingPlan" not in answer.absent:
        record["existingPlan"] = dict(open_plans[0])


def _copied(referral: Mapping[str, Any]) -> dict[str, Any]:
    """Return copies of what an outcome takes over from a referral.

    An answer has to be understood by itself, and says no more than it needs: who the children
    are, who decides for them, what was agreed, and what keeps people safe. The story of the
    family stays in the referral.
    """
    copied = {name: deepcopy(referral[name]) for name in _COPIED["whole"] if name in referral}
    for name in ("children", "people"):
        if name in referral:
            copied[name] = [_person(person) for person in items(referral[name])]
    return copied


def _person(person: Any) -> Any:
    if not isinstance(person, dict):
        return person
    kept = {name: deepcopy(value) for name, value in person.items() if name in _COPIED["of_person"]}
    absent = kept.pop("absent", None)
    if isinstance(absent, dict):
        reasons = {name: why for name, why in absent.items() if name in _COPIED["of_person"]}
        return {**kept, "absent": reasons} if reasons else kept
    return kept


def _without_dangling(standard: Standard, record: dict[str, Any]) -> dict[str, Any]:
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


def _local_id(record: dict[str, Any], who: str, role: str, organisation: str) -> str:
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
            if who in {entry.get("id"), whole_name(entry) or text(entry, "name")}:
                return str(entry.get("id", ""))
    return ""


def _new_id(record: Mapping[str, Any]) -> str:
    """Make a local id that the record does not use."""
    taken = {entry.get("id") for entry in _entries(record)}
    return next(local_id for number in count(1) if (local_id := f"mash-{number}") not in taken)
