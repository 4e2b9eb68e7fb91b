"""Services: whoever joins the team is named in consent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from eh_interop.checks.rules._help import agencies, agreed_on, consents, last_looked_at, names
from eh_interop.checks.rules.engine import Context, Problem, asks, example, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Consent, Plan, TeamMember

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
_LED: Final = {"practitioner": "w1", "organisation": "o1", "joinedOn": "2026-06-01"}
_HELPED: Final = {"organisation": "o2", "joinedOn": "2026-06-01"}
_BEFORE: Final = _HELPED | {"joinedOn": "2026-05-20"}
_JOINT: Final = {"responseMode": "multi-agency"}


def _joined_outside(context: Context) -> list[tuple[int, bool]]:
    """Return who is in the team but not covered by consent, and whether they joined since."""
    plan, known, found = context.record, context.once(consents), []
    for number, member in enumerate(plan.team if isinstance(plan, Plan) else ()):
        linked = known.get(member.consent or "")
        live = [linked] if linked else [consent for consent in plan.consents if _shares(consent)]
        live = [consent for consent in live if consent.status == "given" and consent.recipients]
        agency = _agency(member, context)
        if (
            not agency
            or not live
            or any(_covers(consent, member, agency, context) for consent in live)
        ):
            continue
        looked = max((day for consent in live if (day := last_looked_at(consent))), default=None)
        found.append((number, bool(looked and member.joined_on and member.joined_on > looked)))
    return found


def _shares(consent: Consent) -> bool:
    return "information-sharing" in consent.purposes


def _agency(member: TeamMember, context: Context) -> set[str]:
    return agencies(context, (member.organisation, member.practitioner))


def _covers(consent: Consent, member: TeamMember, agency: set[str], context: Context) -> bool:
    named = names(consent.recipients)
    return not named.isdisjoint({*agency, member.practitioner}) or not agency.isdisjoint(
        agencies(context, named)
    )


@rule("CNS-307", Severity.ERROR, cites=("G-077",))
@asks("A new service has joined. Please look at consent with the family again.")
@example(
    passes=_JOINT | {"consents": [_TO_BOTH], "team": [_LED, _HELPED]},
    fails=_JOINT | {"consents": [_TO_SCHOOL], "team": [_LED, _HELPED]},
)
def service_joined_since_consent(_: Plan, context: Context) -> Iterator[Problem]:
    """A service joined the team after consent was last looked at, and consent does not name it.

    Consent is looked at again whenever a new service joins.
    """
    for number, since in context.once(_joined_outside):
        if since:
            message = "This service joined after consent was last looked at, and is not in it."
            yield Problem(f"/team/{number}", message)


@rule("CNS-308", Severity.ERROR, cites=("G-018",))
@asks("Does the family agree that this service is told about them?")
@example(
    passes=_JOINT | {"consents": [_TO_BOTH], "team": [_LED, _BEFORE]},
    fails=_JOINT | {"consents": [_TO_SCHOOL], "team": [_LED, _BEFORE]},
)
def team_member_outside_consent(_: Plan, context: Context) -> Iterator[Problem]:
    """A service is in the team and no consent names it.

    Other practitioners are brought in with information that is shared by
    consent. Often the list of recipients is shorter than the team.
    """
    for number, since in context.once(_joined_outside):
        if not since:
            yield Problem(f"/team/{number}", "No consent names this service.")


@rule("CNS-309", Severity.ERROR, cites=("G-018",))
@asks("Does the family agree that this service is told about them?")
@example(
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
