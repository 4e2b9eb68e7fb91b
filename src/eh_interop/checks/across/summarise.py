"""Summing a record up: from a whole record to the little that is kept of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any, Final

import msgspec

from eh_interop.checks.across.identity import agency_key, keys_of
from eh_interop.checks.across.summary import (
    Day,
    Joined,
    Level,
    Mention,
    Named,
    Shared,
    Stage,
    Summary,
    Traces,
)
from eh_interop.core.uk_time import uk_day
from eh_interop.standard.model import (
    RECORDS,
    Attachment,
    Consent,
    ConsentRecord,
    EarlyHelpAssessment,
    EarlyHelpRequest,
    Escalation,
    Marf,
    Meeting,
    MeetingReference,
    Plan,
    Record,
    RecordReference,
    ReferralOutcome,
    ReusedAssessment,
    StepDown,
)
from eh_interop.standard.parts import Index, collect

Trace = Callable[[Mapping[str, Any], bytes], Traces]
"""Sums up what a record protects, with hashes made by the key of the call."""
_UNSENT: Final = "not-attached"


def summarise(
    document: Mapping[str, Any],
    key: bytes,
    *,
    record_id: str | None,
    at_risk: bool,
    sound: bool,
    trace: Trace | None = None,
) -> Summary:
    """Sum a record up.

    Args:
        document: the record.
        key: what hashes are made with: random, and the same for the whole call.
        record_id: its id, if it has one in the right form.
        at_risk: whether it speaks of immediate risk.
        sound: whether its shape is sound. If not, little is known of it.
        trace: finds out what it protects: a check of a room above this one.
    """
    record_type = document["recordType"]
    known = {"record_id": record_id, "record_type": record_type, "at_risk": at_risk}
    if not sound:
        return Summary(**known, sound=False)
    record = msgspec.convert(document, RECORDS[record_type])
    parts = collect(record)
    return Summary(
        **known,
        children=tuple(Mention(child.id, keys_of(child, key)) for child in record.children),
        edition=(record.version or 0, _moment(record.updated_at or record.created_at)),
        names=tuple(_names(parts)),
        levels=tuple(
            Level(
                decision.level,
                decision.previous_level,
                decision.route,
                _day(decision.decided_on),
                decision.children,
            )
            for decision in getattr(record, "levels", ())
        ),
        traces=trace(document, key) if trace else None,
        **_own(record, key),
    )


def _moment(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0.0


def _day(moment: date | None) -> Day | None:
    """Return the number of a day; of a moment, that of its day in the United Kingdom."""
    day = uk_day(moment) if isinstance(moment, datetime) else moment
    return day.toordinal() if day else None


def _names(parts: Index) -> Iterator[Named]:
    for reference, place in parts.get(RecordReference, ()):
        yield Named(
            place,
            reference.record_id,
            reference.record_type,
            reference.relation,
            reference.plan_type,
            reference.status,
            _day(reference.date),
            reference.children,
        )
    for paper, place in parts.get(Attachment, ()):
        if paper.status != _UNSENT:
            yield Named(
                place, paper.record_id, paper.type, on=_day(paper.date), children=paper.children
            )
    for kind in (MeetingReference, ReusedAssessment):
        for reference, place in parts.get(kind, ()):
            if reference.record_id:
                yield Named(place, reference.record_id, None)


def _own(record: Record, key: bytes) -> Mapping[str, Any]:
    """Return what only this type of record has."""
    sum_up = _OF_TYPE.get(type(record))
    return sum_up(record, key) if sum_up else {}


def _plan(plan: Plan, key: bytes) -> Mapping[str, Any]:
    closure = plan.closure
    held = [review.on for review in plan.reviews if review.held is not False]
    return {
        "on": _day(plan.started_on),
        "ended_on": _day(closure.on) if closure else None,
        "status": plan.status,
        "kind": plan.plan_type,
        "result": closure.reason if closure else None,
        "reviewed_on": _day(max(held, default=None)),
        # A plan's own consents would say with whom it is shared, and no rule looks further.
        "joined": () if plan.consents else tuple(_joined(plan, key)),
        "own_consents": bool(plan.consents),
    }


def _joined(plan: Plan, key: bytes) -> Iterator[Joined]:
    agency_of = _agencies(plan, key)
    employer = {practitioner.id: practitioner.organisation for practitioner in plan.practitioners}
    for number, member in enumerate(plan.team):
        agency = agency_of.get(member.organisation or employer.get(member.practitioner or ""))
        if agency and not member.left_on:
            yield Joined(f"/team/{number}", agency, _day(member.joined_on))


def _agencies(record: Record, key: bytes) -> dict[str | None, bytes | None]:
    return {organisation.id: agency_key(organisation, key) for organisation in record.organisations}


def _assessment(assessment: EarlyHelpAssessment, _: bytes) -> Mapping[str, Any]:
    return {
        "on": _day(assessment.started_on),
        "ended_on": _day(assessment.completed_on),
        "result": assessment.outcome,
    }


def _marf(marf: Marf, _: bytes) -> Mapping[str, Any]:
    on = marf.referred_on or marf.referred_at
    return {"on": _day(on), "explained": bool(marf.no_early_help_reason)}


def _meeting(meeting: Meeting, _: bytes) -> Mapping[str, Any]:
    on = meeting.on or meeting.starts_at
    return {"on": _day(on), "kind": meeting.meeting_type, "held": meeting.held is not False}


def _outcome(outcome: ReferralOutcome, _: bytes) -> Mapping[str, Any]:
    single = outcome.single_assessment
    return {
        "on": _day(outcome.decided_at),
        "result": outcome.outcome,
        "assessed": (_day(single.started_on), _day(single.ended_on), single.outcome)
        if single
        else None,
    }


def _escalation(escalation: Escalation, _: bytes) -> Mapping[str, Any]:
    return {
        "on": _day(escalation.raised_on),
        "ended_on": _day(escalation.resolved_on),
        "status": escalation.status,
        "stages": tuple(Stage(stage.stage, _day(stage.opened_on)) for stage in escalation.stages),
    }


def _request(request: EarlyHelpRequest, _: bytes) -> Mapping[str, Any]:
    return {"on": _day(request.requested_on), "result": request.outcome}


def _step_down(step_down: StepDown, _: bytes) -> Mapping[str, Any]:
    return {"on": _day(step_down.transfer_on)}


def _consent_record(record: ConsentRecord, key: bytes) -> Mapping[str, Any]:
    agency_of = _agencies(record, key)
    employer = {practitioner.id: practitioner.organisation for practitioner in record.practitioners}
    given = (consent for consent in record.consents if consent.status in {"given", "withdrawn"})
    return {"consents": tuple(map(partial(_shared, agency_of, employer), given))}


def _shared(
    agency_of: Mapping[str | None, bytes | None],
    employer: Mapping[str, str | None],
    consent: Consent,
) -> Shared:
    """Sum up with whom information may be shared. A person of the family is no agency."""
    named = [
        agency_of.get(recipient.organisation or employer.get(recipient.practitioner or ""))
        for recipient in consent.recipients
        if not recipient.person
    ]
    agencies = tuple(agency for agency in named if agency)
    whole = bool(agencies) and len(agencies) == len(named)
    return Shared(agencies, whole, _day(consent.withdrawn_on), consent.children)


_OF_TYPE: Final[Mapping[type[Record], Callable[[Any, bytes], Mapping[str, Any]]]] = {
    ConsentRecord: _consent_record,
    EarlyHelpAssessment: _assessment,
    EarlyHelpRequest: _request,
    Escalation: _escalation,
    Marf: _marf,
    Meeting: _meeting,
    Plan: _plan,
    ReferralOutcome: _outcome,
    StepDown: _step_down,
}
