"""Consent first: plans, meetings, assessments and new services come after it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from eh_interop.findings import Severity
from eh_interop.model import Consent, EarlyHelpAssessment, Meeting, Plan, TeamMember
from eh_interop.rules._help import (
    agencies,
    agreed_on,
    consents,
    first_agreed,
    last_looked_at,
    names,
)
from eh_interop.rules.engine import Context, Problem, rule

_START: Final = frozenset({"start-plan", "start-my-plan-plus"})
_MEET: Final = frozenset({"hold-taf"})
_ASSESS: Final = frozenset({"early-help-assessment", "start-my-plan-plus"})
_YES: Final = {"person": "p1", "capacity": "parent", "decision": "agreed", "on": "2026-05-22"}
_TO_SCHOOL: Final[dict[str, Any]] = {
    "id": "cs1",
    "purposes": ["start-plan", "hold-taf", "information-sharing"],
    "status": "given",
    "children": ["c1"],
    "recipients": [{"organisation": "o1"}],
    "givers": [_YES],
}
_TO_BOTH: Final = _TO_SCHOOL | {"recipients": [{"organisation": "o1"}, {"organisation": "o2"}]}
_REFUSED: Final = _TO_BOTH | {"status": "refused", "givers": [_YES | {"decision": "refused"}]}
_LED: Final = {"practitioner": "w1", "organisation": "o1", "joinedOn": "2026-06-01"}
_HELPED: Final = {"practitioner": "w3", "organisation": "o2", "joinedOn": "2026-06-01"}


@rule(
    "CNS-301",
    looks_at=Plan,
    severity=Severity.ERROR,
    cites=("G-037", "G-073"),
    ask="When did the family agree to the plan, and when did it start?",
    passes={"startedOn": "2026-05-22", "leads": [{"practitioner": "w1", "from": "2026-05-22"}]},
    fails={"startedOn": "2026-05-21", "leads": [{"practitioner": "w1", "from": "2026-05-21"}]},
)
def plan_started_before_consent(part: Plan, context: Context) -> Iterator[Problem]:
    """A plan started before anybody agreed to it.

    Informed consent comes before any support starts. Often the first talk is
    recorded as the start, or consent is signed at the first meeting.
    """
    agreed = first_agreed(context.record, _START)
    if agreed and part.started_on and part.started_on < agreed:
        yield Problem("/startedOn", "The plan started before anybody agreed to it.")


@rule(
    "CNS-302",
    looks_at=Plan,
    severity=Severity.ERROR,
    cites=("G-073",),
    ask="When did the family agree to this help, and when did it start?",
    passes={"actions": [{"id": "ac1", "owner": "w1", "startedOn": "2026-05-22"}]},
    fails={"actions": [{"id": "ac1", "owner": "w1", "startedOn": "2026-05-21"}]},
)
def help_started_before_consent(part: Plan, context: Context) -> Iterator[Problem]:
    """An action of the plan started before anybody agreed to the plan.

    Informed consent comes before any support starts. Help that went before
    the plan belongs under earlier help.
    """
    agreed = first_agreed(context.record, _START)
    for number, each in enumerate(part.actions if agreed else ()):
        began = each.started_on or each.completed_on
        if agreed and began and began < agreed:
            yield Problem(f"/actions/{number}", "This began before anybody agreed to the plan.")


@rule(
    "CNS-303",
    looks_at=Plan,
    severity=Severity.ERROR,
    cites=("G-080",),
    ask="When did the family agree to a meeting of the team around the family?",
    passes={
        "consents": [
            _TO_BOTH | {"purposes": ["start-plan", "information-sharing"]},
            {"id": "cs2", "purposes": ["hold-taf"], "status": "given", "children": ["c1"]},
        ]
    },
    fails={
        "consents": [
            _TO_BOTH | {"purposes": ["start-plan", "information-sharing"]},
            {
                "id": "cs2",
                "purposes": ["hold-taf"],
                "status": "given",
                "children": ["c1"],
                "givers": [_YES | {"on": "2026-07-11"}],
            },
        ]
    },
)
def review_held_before_consent(part: Plan, context: Context) -> Iterator[Problem]:
    """The team around the family met before anybody agreed to such a meeting.

    A meeting shares what each agency knows. The family agrees to that first.
    """
    agreed = first_agreed(context.record, _MEET)
    for number, each in enumerate(part.reviews if agreed else ()):
        if agreed and each.held is not False and each.on < agreed:
            message = "The team met before anybody agreed to such a meeting."
            yield Problem(f"/reviews/{number}/on", message)


@rule(
    "CNS-304",
    looks_at=Meeting,
    severity=Severity.ERROR,
    cites=("G-080", "E-037"),
    ask="When did the family agree to a meeting of the team around the family?",
    passes={
        "meetingType": "taf",
        "on": "2026-06-01",
        "people": [{"id": "p1"}],
        "consents": [{"id": "cs1", "purposes": ["hold-taf"], "status": "given", "givers": [_YES]}],
    },
    fails={
        "meetingType": "taf",
        "on": "2026-05-21",
        "people": [{"id": "p1"}],
        "consents": [{"id": "cs1", "purposes": ["hold-taf"], "status": "given", "givers": [_YES]}],
    },
)
def meeting_before_consent(part: Meeting, context: Context) -> Iterator[Problem]:
    """A team around the family met before anybody agreed to such a meeting.

    A meeting shares what each agency knows. The family agrees to that first.
    """
    agreed = first_agreed(context.record, _MEET)
    if part.meeting_type in {"taf", "taf-review"} and part.held is not False:
        if agreed and part.on and part.on < agreed:
            yield Problem("/on", "The team met before anybody agreed to such a meeting.")


@rule(
    "CNS-305",
    looks_at=EarlyHelpAssessment,
    severity=Severity.ERROR,
    cites=("G-043", "G-140", "S-007"),
    ask="When did the family agree to the assessment, and when did it start?",
    passes={"startedOn": "2026-05-08"},
    fails={"startedOn": "2026-05-07"},
)
def assessment_started_before_consent(
    part: EarlyHelpAssessment, context: Context
) -> Iterator[Problem]:
    """An assessment started before anybody agreed to it.

    An assessment rests on consent. Often the first talk, at which consent is
    asked for, is recorded as the start.
    """
    agreed = first_agreed(context.record, _ASSESS)
    if agreed and part.started_on and part.started_on < agreed:
        yield Problem("/startedOn", "The assessment started before anybody agreed to it.")


@rule(
    "CNS-306",
    looks_at=Plan,
    severity=Severity.ERROR,
    cites=("G-090",),
    ask="The family does not agree to the plan. Has it been closed?",
    passes={"consents": [_REFUSED], "team": [{"person": "p1"}], "status": "draft"},
    fails={"consents": [_REFUSED], "team": [{"person": "p1"}]},
)
def plan_goes_on_after_a_no(part: Plan, _: Context) -> Iterator[Problem]:
    """A plan is open although consent to it was refused or withdrawn.

    Without consent there is no shared plan. Ordinary help goes on, the offer
    stays open, and everybody keeps an eye on the child's safety.
    """
    about = [each for each in part.consents if _START.intersection(each.purposes)]
    if part.status in {"open", "paused"} and about:
        if all(each.status in {"refused", "withdrawn"} for each in about):
            yield Problem("/status", "Nobody agrees to the plan any more, but it is still open.")


def _joined_outside(plan: Plan, context: Context) -> Iterator[tuple[int, bool]]:
    """Yield who is in the team but not covered by consent, and whether they joined since."""
    known = context.once(consents)
    for number, member in enumerate(plan.team):
        linked = known.get(member.consent or "")
        live = [linked] if linked else [each for each in plan.consents if _shares(each)]
        live = [each for each in live if each.status == "given" and each.recipients]
        agency = _agency(member, context)
        if not agency or not live or any(_covers(each, member, agency, context) for each in live):
            continue
        looked = max((day for each in live if (day := last_looked_at(each))), default=None)
        yield number, bool(looked and member.joined_on and member.joined_on > looked)


def _shares(consent: Consent) -> bool:
    return "information-sharing" in consent.purposes


def _agency(member: TeamMember, context: Context) -> set[str]:
    return agencies(context, (member.organisation, member.practitioner))


def _covers(consent: Consent, member: TeamMember, agency: set[str], context: Context) -> bool:
    named = names(consent.recipients)
    return not named.isdisjoint({*agency, member.practitioner}) or not agency.isdisjoint(
        agencies(context, named)
    )


@rule(
    "CNS-307",
    looks_at=Plan,
    severity=Severity.ERROR,
    cites=("G-077",),
    ask="A new service has joined. Please look at consent with the family again.",
    passes={"consents": [_TO_BOTH], "team": [_LED, _HELPED]},
    fails={"consents": [_TO_SCHOOL], "team": [_LED, _HELPED]},
)
def service_joined_since_consent(part: Plan, context: Context) -> Iterator[Problem]:
    """A service joined the team after consent was last looked at, and consent does not name it.

    Consent is looked at again whenever a new service joins.
    """
    for number, since in _joined_outside(part, context):
        if since:
            message = "This service joined after consent was last looked at, and is not in it."
            yield Problem(f"/team/{number}", message)


@rule(
    "CNS-308",
    looks_at=Plan,
    severity=Severity.ERROR,
    cites=("G-018",),
    ask="Does the family agree that this service is told about them?",
    passes={"consents": [_TO_BOTH], "team": [_LED, _HELPED | {"joinedOn": "2026-05-20"}]},
    fails={"consents": [_TO_SCHOOL], "team": [_LED, _HELPED | {"joinedOn": "2026-05-20"}]},
)
def team_member_outside_consent(part: Plan, context: Context) -> Iterator[Problem]:
    """A service is in the team and no consent names it.

    Other practitioners are brought in with information that is shared by
    consent. Often the list of recipients is shorter than the team.
    """
    for number, since in _joined_outside(part, context):
        if not since:
            yield Problem(f"/team/{number}", "No consent names this service.")


@rule(
    "CNS-309",
    looks_at=TeamMember,
    severity=Severity.ERROR,
    cites=("G-018",),
    ask="Does the family agree that this service is told about them?",
    of="gloucestershire/my-plan",
    passes={"joinedOn": "2025-09-22", "consent": "cs1"},
    fails={"joinedOn": "2025-09-15", "consent": "cs1"},
)
def joined_before_consent(part: TeamMember, context: Context) -> Iterator[Problem]:
    """A service joined the team before the consent that covers it was given, or without it.

    Other practitioners are brought in with information that is shared by
    consent, and not before.
    """
    consent = context.once(consents).get(part.consent or "")
    agreed = agreed_on(consent) if consent else None
    if consent and consent.status in {"refused", "not-sought", "not-obtained"}:
        yield Problem("/consent", "The consent that is meant to cover this was not given.")
    elif agreed and part.joined_on and part.joined_on < agreed:
        yield Problem("/joinedOn", "This is before the consent that covers it was given.")
