"""Sharing: what was passed on, to whom, who joins, and whether the family agreed to that."""

from __future__ import annotations

from typing import Any, Final

from eh_interop.checks.rules._help import (
    UNSHARED,
    agencies,
    agreed_on,
    consent_of,
    consents,
    is_named,
    last_looked_at,
    names,
)
from eh_interop.checks.rules.engine import Context, Problem, Problems, asks, fails, on, passes, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Consent, Plan, Record, SharingLogEntry, TeamMember

_ENTRY: Final[dict[str, Any]] = {
    "id": "sh1",
    "shared": True,
    "on": "2026-05-20",
    "consent": "cs1",
    "recipients": [{"organisation": "o1"}],
}
_HELD_BACK: Final = {"id": "sh1", "shared": False, "on": "2026-05-20"}
_ON_CONSENT: Final = {"lawfulBasis": "consent", "consent": "cs1"}
_YES: Final = {"person": "p1", "capacity": "parent", "decision": "agreed", "on": "2026-10-01"}
_GIVEN: Final[dict[str, Any]] = {
    "id": "cs1",
    "purposes": ["referral-to-social-care"],
    "status": "given",
    "children": ["c1"],
    "givers": [_YES],
}
_WITHDRAWN: Final = _GIVEN | {
    "status": "withdrawn",
    "withdrawnOn": "2026-10-10",
    "withdrawnBy": "p1",
    "goAheadReason": "The child's health is at risk.",
}
_WRONG_ACT: Final = "data protection act 2019"
_TEXTS: Final = (
    "rationale",
    "balancing_note",
    "statement",
    "information_given",
    "why",
    "go_ahead_reason",
    "note",
    "new_purpose",
    "original_purpose",
    "not_shared_reason",
    "family_not_informed_reason",
)


def _rests_on_consent(part: SharingLogEntry) -> bool:
    return part.lawful_basis in {None, "consent"}


@rule("SHR-001", Severity.ERROR, cites=("N-011", "G-018", "G-102"))
@on(example="staffordshire/referral-without-agreement")
@asks("On which lawful basis was this shared?")
@passes(lawfulBasis="public-task", consent="cs1")
@fails(lawfulBasis="consent", consent="cs1")
def shared_on_consent_that_was_not_given(part: SharingLogEntry, context: Context) -> Problems:
    """Information was shared on the basis of a consent that was not given.

    Then there was no lawful basis. Where a child may come to harm there is
    another one, and it can be named.
    """
    consent = consent_of(part, context)
    if consent and _rests_on_consent(part) and consent.status in UNSHARED:
        yield Problem("/consent", "The consent that the sharing rests on was not given.")


@rule("SHR-002", Severity.ERROR, cites=("G-091", "N-011"))
@asks("On which lawful basis was this shared after consent was withdrawn?")
@passes(consents=[_WITHDRAWN], sharingLog=[_ENTRY | {"on": "2026-10-10"}])
@fails(consents=[_WITHDRAWN], sharingLog=[_ENTRY | {"on": "2026-10-11"}])
def shared_after_consent_was_withdrawn(part: Record, context: Context) -> Problems:
    """Information was shared on the basis of consent after that was withdrawn.

    People can change their minds, and sharing stops when they do, unless
    there is another lawful basis. Often not everybody was told in time.
    """
    for number, entry in enumerate(part.sharing_log):
        consent = consent_of(entry, context)
        withdrawn = consent.withdrawn_on if consent else None
        if withdrawn and entry.on > withdrawn and _rests_on_consent(entry):
            yield Problem(
                f"/sharingLog/{number}/on",
                "The sharing is dated after the consent for it was withdrawn.",
            )


@rule("SHR-003", Severity.ERROR, cites=("N-011", "G-018"))
@asks("When did the family agree, and when was this shared?")
@passes(_ON_CONSENT, on="2026-10-19")
@fails(_ON_CONSENT, on="2026-10-18")
def shared_before_consent_was_given(part: SharingLogEntry, context: Context) -> Problems:
    """Information was shared on the basis of consent before anybody agreed.

    The family is asked first. If waiting was not safe, there is another
    lawful basis, and it can be named.
    """
    consent = consent_of(part, context)
    agreed = agreed_on(consent) if consent else None
    if agreed and part.on < agreed and _rests_on_consent(part):
        yield Problem("/on", "The sharing is dated before anybody agreed to it.")


@rule("SHR-008", Severity.ERROR, cites=("E-019", "G-018"))
@asks("Does consent cover this child too?")
@passes(
    children=[{"id": "c1"}, {"id": "c2"}],
    consents=[_GIVEN | {"children": ["c1", "c2"]}],
    sharingLog=[_ENTRY | _ON_CONSENT | {"on": "2026-10-20", "children": ["c2"]}],
)
@fails(
    children=[{"id": "c1"}, {"id": "c2"}],
    consents=[_GIVEN, _GIVEN | {"id": "cs2", "children": ["c2"]}],
    sharingLog=[_ENTRY | _ON_CONSENT | {"on": "2026-10-20", "children": ["c2"]}],
)
def shared_about_child_not_covered(part: Record, context: Context) -> Problems:
    """Information about a child was shared on a consent that does not cover that child.

    Brothers and sisters each count. Often consent was asked for one child
    and the whole family's story was passed on.
    """
    for number, entry in enumerate(part.sharing_log):
        consent = consent_of(entry, context)
        if consent and consent.children and _rests_on_consent(entry):
            for place, child in enumerate(entry.children):
                if child not in consent.children:
                    message = "The consent that the sharing rests on does not name this child."
                    yield Problem(f"/sharingLog/{number}/children/{place}", message)


@rule("SHR-009", Severity.WARNING, cites=("S-058", "G-143", "N-014"))
@asks("Is the Data Protection Act 2018 meant?")
@passes(sharingLog=[_HELD_BACK | {"balancingNote": "Data Protection Act 2018"}])
@fails(sharingLog=[_HELD_BACK | {"balancingNote": "Data Protection Act 2019"}])
def names_an_act_that_does_not_exist(part: Record, _: Context) -> Problems:
    """A reason for sharing names a Data Protection Act of 2019.

    The Act is of 2018. The wrong year stands in a guidance document and is
    copied from there.
    """
    lists = (("consents", part.consents), ("sharingLog", part.sharing_log))
    for name, entries in lists:
        for number, entry in enumerate(entries):
            texts = (getattr(entry, text, None) for text in _TEXTS)
            if any(_WRONG_ACT in text.casefold() for text in texts if text):
                message = "The text names a Data Protection Act of 2019. The Act is of 2018."
                yield Problem(f"/{name}/{number}", message)


@rule("SHR-004", Severity.WARNING, cites=("G-018", "G-102", "E-051"), family="recipients")
@asks("Does the family agree that this recipient is told?")
@passes(recipients=[{"organisation": "o3"}])
@fails(recipients=[{"organisation": "o1"}])
def shared_outside_consent(part: SharingLogEntry, context: Context) -> Problems:
    """Information was shared with somebody whom the consent for it does not name.

    The family chose who may know. Either consent has to be asked for again,
    or the sharing rests on something else.
    """
    consent = consent_of(part, context)
    if not consent or not consent.recipients:
        return
    allowed = names((*consent.recipients, *consent.copy_recipients))
    excluded = names(consent.recipients_excluded)
    for number, recipient in enumerate(part.recipients):
        known = names((recipient,))
        if known and not is_named(context, recipient, allowed) and known.isdisjoint(excluded):
            message = "The consent that is named for the sharing does not name this recipient."
            yield Problem(f"/recipients/{number}", message)


@rule("SHR-005", Severity.ERROR, cites=("G-102", "G-144", "N-004"), family="recipients")
@on(example="gloucestershire/my-plan-plus")
@asks("The family did not want this recipient to know. Why was this shared?")
@passes(consent="cs2", recipients=[{"organisation": "o5"}])
@fails(consent="cs2", recipients=[{"person": "p5"}])
def shared_with_somebody_excluded(part: SharingLogEntry, context: Context) -> Problems:
    """Information was shared with somebody with whom the family did not want to share it.

    It can break trust and put people at risk. If it was needed to keep a
    child safe, say so.
    """
    consent = consent_of(part, context)
    if not consent:
        return
    allowed, excluded = names(consent.recipients), names(consent.recipients_excluded)
    for number, recipient in enumerate(part.recipients):
        if excluded.intersection(names((recipient,))) and allowed.isdisjoint(names((recipient,))):
            message = "The recipient is among those with whom the family did not want to share."
            yield Problem(f"/recipients/{number}", message)


@rule("SHR-006", Severity.ERROR, cites=("G-102", "N-004"), family="recipients")
@on(example="minimal/consent-record")
@asks("The family did not want this shared. Why was it shared?")
@passes(_ENTRY, items=["School attendance"])
@fails(_ENTRY, items=["Bed-wetting, as Rowan asked"])
def shared_what_was_excluded(part: SharingLogEntry, context: Context) -> Problems:
    """Information was shared that the family did not want shared.

    It can break trust. If it was needed to keep a child safe, say so.
    """
    consent = consent_of(part, context)
    for number, item in enumerate(part.items if consent else ()):
        if consent and item in consent.items_excluded:
            yield Problem(
                f"/items/{number}", "The item is among those that the family did not want shared."
            )


@rule("SHR-007", Severity.WARNING, cites=("N-005",), family="recipients")
@on(example="gloucestershire/marf")
@asks("Was anything shared that must be kept from this person?")
@passes(recipients=[{"person": "p4"}], shared=True, consent=None)
@fails(recipients=[{"person": "p3"}], shared=True, consent=None)
def shared_with_somebody_to_keep_it_from(part: SharingLogEntry, context: Context) -> Problems:
    """Information was shared with a person from whom something in the record is kept.

    Somebody may be at risk because of it. Check at once what was passed on.
    """
    record = context.record
    hidden = {who for safety_warning in record.safety_warnings for who in safety_warning.keep_from}
    hidden.update(who for withheld in record.withheld_information for who in withheld.keep_from)
    for number, recipient in enumerate(part.recipients if part.shared else ()):
        if recipient.person in hidden:
            message = "Something in the record has to be kept from this person."
            yield Problem(f"/recipients/{number}/person", message)


_YES_IN_MAY: Final = {
    "person": "p1",
    "capacity": "parent",
    "decision": "agreed",
    "on": "2026-05-22",
}
_TO_SCHOOL: Final[dict[str, Any]] = {
    "id": "cs1",
    "purposes": ["start-plan", "hold-taf", "information-sharing"],
    "status": "given",
    "children": ["c1"],
    "recipients": [{"organisation": "o1"}],
    "givers": [_YES_IN_MAY],
}
_TO_BOTH: Final = _TO_SCHOOL | {"recipients": [{"organisation": "o1"}, {"organisation": "o2"}]}
_LED: Final = {"practitioner": "w1", "organisation": "o1", "joinedOn": "2026-06-01"}
_HELPED: Final = {"organisation": "o2", "joinedOn": "2026-06-01"}
_BEFORE: Final = _HELPED | {"joinedOn": "2026-05-20"}
_JOINT: Final = {"responseMode": "multi-agency"}


def _joined_outside(context: Context) -> list[tuple[int, bool]]:
    """Return who is in the team but not covered by consent, and whether they joined since."""
    plan, known, outside = context.record, context.once(consents), []
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
        outside.append((number, bool(looked and member.joined_on and member.joined_on > looked)))
    return outside


def _shares(consent: Consent) -> bool:
    return "information-sharing" in consent.purposes


def _agency(member: TeamMember, context: Context) -> set[str]:
    return agencies(context, (member.organisation, member.practitioner))


def _covers(consent: Consent, member: TeamMember, agency: set[str], context: Context) -> bool:
    named = names(consent.recipients)
    return not named.isdisjoint({*agency, member.practitioner}) or not agency.isdisjoint(
        agencies(context, named)
    )


@rule("CNS-307", Severity.WARNING, cites=("G-077", "E-051"), family="services")
@asks("A new service has joined. Please look at consent with the family again.")
@passes(_JOINT, consents=[_TO_BOTH], team=[_LED, _HELPED])
@fails(_JOINT, consents=[_TO_SCHOOL], team=[_LED, _HELPED])
def service_joined_since_consent(_: Plan, context: Context) -> Problems:
    """A service joined the team after consent was last looked at, and consent does not name it.

    Consent is looked at again whenever a new service joins.
    """
    for number, since in context.once(_joined_outside):
        if since:
            message = (
                "The service joined after consent was last looked at, and consent does not name it."
            )
            yield Problem(f"/team/{number}", message)


@rule("CNS-308", Severity.WARNING, cites=("G-018", "E-051"), family="services")
@asks("Does the family agree that this service is told about them?")
@passes(_JOINT, consents=[_TO_BOTH], team=[_LED, _BEFORE])
@fails(_JOINT, consents=[_TO_SCHOOL], team=[_LED, _BEFORE])
def team_member_outside_consent(_: Plan, context: Context) -> Problems:
    """A service is in the team and no consent names it.

    Other practitioners are brought in with information that is shared by
    consent. Often the list of recipients is shorter than the team.
    """
    for number, since in context.once(_joined_outside):
        if not since:
            yield Problem(f"/team/{number}", "The service is in the team, and no consent names it.")


@rule("CNS-309", Severity.WARNING, cites=("G-018", "E-050"), family="services")
@on(example="gloucestershire/my-plan")
@asks("Does the family agree that this service is told about them?")
@passes(joinedOn="2025-09-22", consent="cs1")
@fails(joinedOn="2025-09-15", consent="cs1")
def joined_before_consent(part: TeamMember, context: Context) -> Problems:
    """A service joined the team before the consent that covers it was given, or without it.

    Other practitioners are brought in with information that is shared by
    consent, and not before.
    """
    consent = context.once(consents).get(part.consent or "")
    agreed = agreed_on(consent) if consent else None
    if consent and consent.status in {"refused", "not-sought", "not-obtained"}:
        yield Problem("/consent", "The consent that is named for the service was not given.")
    elif agreed and part.joined_on and part.joined_on < agreed:
        yield Problem(
            "/joinedOn", "The service joined before the consent that is named for it was given."
        )
