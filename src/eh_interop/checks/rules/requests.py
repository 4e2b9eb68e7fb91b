"""Requests for early help, and the outcomes of referrals: who decided what, in which order."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

from eh_interop.checks.rules._help import agreed_on, before, consents_about
from eh_interop.checks.rules.engine import Context, Problem, Problems, asks, fails, passes, rule
from eh_interop.core.findings import Severity
from eh_interop.core.uk_time import uk_day
from eh_interop.standard.model import EarlyHelpRequest, ReferralOutcome

_DATED: Final = {
    "outcome": "passed-to-social-care",
    "receivedOn": "2026-10-01",
    "decidedOn": "2026-10-02",
}
_PEOPLE: Final[dict[str, Any]] = {"people": [{"id": "p1"}], "practitioners": [{"id": "w1"}]}
_CONSENT: Final = {"id": "cs1", "purposes": ["referral-to-agency"], "children": ["c1"]}
_FAMILY: Final = frozenset({"parent", "child-or-young-person", "family-member"})
_HELP: Final = frozenset({"family-support-accepted", "plan-or-assessment-needed"})


@rule("RQS-001", Severity.ERROR, cites=("O-027", "E-037"))
@asks("When did the request arrive, and when was it decided?")
@passes(_DATED, passedToSocialCareOn="2026-10-02")
@fails(_DATED, passedToSocialCareOn="2026-10-01")
def request_dates_out_of_order(part: EarlyHelpRequest, _: Context) -> Problems:
    """A request was decided before it arrived, or passed on or answered before it was decided.

    Whether there was a delay is seen from these dates.
    """
    decided = part.decided_on
    if before(decided, part.received_on):
        yield Problem("/decidedOn", "The decision is dated before the request arrived.")
    if before(part.passed_to_social_care_on, decided):
        yield Problem("/passedToSocialCareOn", "The request was passed on before it was decided.")
    if before(part.requester_told_on, decided):
        yield Problem("/requesterToldOn", "The requester was told before the request was decided.")


@rule("RQS-002", Severity.ERROR, cites=("O-027", "E-037"))
@asks("Was the request passed to social care?")
@passes(_DATED, passedToSocialCareOn="2026-10-02")
@fails(_DATED, passedToSocialCareOn="2026-10-02", outcome="signposted")
def passed_on_but_decided_otherwise(part: EarlyHelpRequest, _: Context) -> Problems:
    """A request was passed to social care, and its result says something else.

    Nobody may be looking after the child.
    """
    if part.passed_to_social_care_on and part.outcome not in {None, "passed-to-social-care"}:
        yield Problem(
            "/outcome", "There is a day of passing the request to social care, and another outcome."
        )


@rule("RQS-003", Severity.ERROR, cites=("E-037", "S-059", "O-026"))
@asks("Who asks: somebody in the family, or a practitioner?")
@passes(_PEOPLE, source="parent", requester={"person": "p1"})
@fails(_PEOPLE, source="parent", requester={"practitioner": "w1"})
def source_does_not_fit_requester(part: EarlyHelpRequest, _: Context) -> Problems:
    """The family is said to ask, and the person who asks is a practitioner, or the other way round.

    Whoever asked has to be answered.
    """
    who = part.requester
    if who and part.source in _FAMILY and who.practitioner and not who.person:
        yield Problem(
            "/source", "The source is the family, and the person who asks is a practitioner."
        )
    if who and part.source in {"professional", "mash"} and who.person and not who.practitioner:
        yield Problem(
            "/source", "The source is a professional, and the person who asks is in the family."
        )


@rule("RQS-004", Severity.ERROR, cites=("E-037", "O-033"))
@asks("How did the request come?")
@passes(route="self-referral", source="parent")
@fails(route="self-referral", source="professional")
def route_does_not_fit_source(part: EarlyHelpRequest, _: Context) -> Problems:
    """A request is said to come from the family itself, and from a professional.

    Requests are counted by the way they come.
    """
    if part.route == "self-referral" and part.source in {"professional", "mash"}:
        yield Problem("/route", "A professional asks, so the family does not ask for itself.")
    if (
        part.route in {"partner-front-door", "step-down-from-social-care"}
        and part.source in _FAMILY
    ):
        yield Problem("/route", "Somebody in the family asks, so no service passed it on.")


@rule("RQS-005", Severity.WARNING, cites=("E-037", "O-014"))
@asks("Was only advice asked for?")
@passes(adviceOnly=True, outcome="information-and-advice")
@fails(adviceOnly=True, outcome="family-support-accepted")
def more_than_advice(part: EarlyHelpRequest, _: Context) -> Problems:
    """Only advice was asked for, and the family was given more.

    A family may not know that a service will call. Say so if the request grew.
    """
    if part.advice_only and part.outcome in _HELP:
        yield Problem("/outcome", "Only advice was asked for, and the outcome is more than advice.")


@rule("RQS-006", Severity.WARNING, cites=("G-034", "G-071", "E-050"))
@asks("Does the family agree to this request?")
@passes(source="professional", consents=[_CONSENT | {"status": "given"}])
@fails(source="professional", consents=[_CONSENT | {"status": "refused"}])
def asked_for_help_without_consent(part: EarlyHelpRequest, _: Context) -> Problems:
    """A professional asks another agency for early help, and the family has not agreed.

    Early help is voluntary. Advice without names needs no consent.
    """
    asks = part.source in {"professional", "mash"} and not part.advice_only
    passed = part.outcome == "passed-to-social-care" or part.immediate_risk
    wanted = frozenset({"referral-to-agency"})
    about = [consents_about(part, child.id, wanted) for child in part.children]
    answers = [consents for consents in about if consents] or [list(part.consents)]
    if (
        asks
        and part.consents
        and not passed
        and any(all(consent.status != "given" for consent in consents) for consents in answers)
    ):
        yield Problem(
            "/consents", "No consent to the request is given for a child whom it is about."
        )


@rule("RQS-007", Severity.WARNING, cites=("G-063", "S-022", "E-038"))
@asks("A child may be at immediate risk. Has social care or the police been told?")
@passes(immediateRisk=True, outcome="passed-to-social-care")
@fails(immediateRisk=True, outcome="signposted")
def immediate_risk_kept_in_early_help(part: EarlyHelpRequest, _: Context) -> Problems:
    """A child is at immediate risk, and the request was not passed to social care.

    Contact the front door at once, and the police on 999 in an emergency.
    """
    if part.immediate_risk and part.outcome not in {None, "passed-to-social-care"}:
        yield Problem(
            "/outcome",
            "A child is at immediate risk, and the request was not passed to social care.",
        )


@rule("RQS-008", Severity.WARNING, cites=("E-037", "G-036"))
@asks("Is there an open plan?")
@passes(outcome="existing-plan-found", earlyHelpPlans=[{"status": "open"}])
@fails(outcome="existing-plan-found", earlyHelpPlans=[{"status": "closed"}])
def existing_plan_is_closed(part: EarlyHelpRequest, _: Context) -> Problems:
    """A request was sent to the lead of an existing plan, and all plans named are closed.

    Nobody may be there to answer.
    """
    plans = part.early_help_plans
    if (
        part.outcome == "existing-plan-found"
        and plans
        and all(plan.status == "closed" for plan in plans)
    ):
        yield Problem(
            "/earlyHelpPlans",
            "The outcome is an existing plan, and every plan that is named is closed.",
        )


_DECIDED: Final[dict[str, Any]] = {
    "receivedAt": "2026-10-12T15:40:00+01:00",
    "decidedAt": "2026-10-13T11:00:00+01:00",
}
_TO_SOCIAL_CARE: Final[dict[str, Any]] = {
    "id": "cs1",
    "purposes": ["referral-to-social-care"],
    "status": "given",
    "children": ["c1"],
}


@rule("OUT-001", Severity.ERROR, cites=("E-037", "E-032"), family="outcomes")
@asks("When did the referral arrive, and when was it decided?")
@passes(_DECIDED)
@fails(_DECIDED, decidedAt="2026-10-11T11:00:00+01:00")
def decided_before_it_arrived(part: ReferralOutcome, _: Context) -> Problems:
    """A referral was decided before it arrived, or people were told before it was decided.

    How long a child waited is counted from these dates.
    """
    decided = part.decided_at
    if decided is None:
        return
    if part.received_at and decided < part.received_at:
        yield Problem("/decidedAt", "The decision is dated before the referral arrived.")
    for name, who, day in (
        ("referrerToldOn", "referrer", part.referrer_told_on),
        ("familyToldOn", "family", part.family_told_on),
    ):
        if day and day < uk_day(decided):
            yield Problem(f"/{name}", f"The {who} was told before the decision was made.")


@rule("OUT-004", Severity.WARNING, cites=("G-114", "E-037"), family="outcomes")
@asks("Consent was sent with the referral. What is missing from it?")
@passes(outcome="consent-to-be-obtained", consents=[_TO_SOCIAL_CARE | {"status": "not-sought"}])
@fails(outcome="consent-to-be-obtained", consents=[_TO_SOCIAL_CARE])
def asked_for_consent_that_was_given(part: ReferralOutcome, _: Context) -> Problems:
    """The referrer was asked to get consent, and consent is recorded as given.

    The child waits for something that is there. Often the form was overlooked,
    or somebody else's consent was meant.
    """
    decided = uk_day(part.decided_at) if part.decided_at else None
    for consent in part.consents if part.outcome == "consent-to-be-obtained" else ():
        agreed = agreed_on(consent)
        later = bool(agreed and decided and agreed > decided)
        if (
            "referral-to-social-care" in consent.purposes
            and consent.status == "given"
            and not later
        ):
            yield Problem(
                "/outcome",
                "The referrer was asked to get consent, and consent to the referral is given.",
            )


@rule("OUT-005", Severity.WARNING, cites=("G-114", "E-053"), family="outcomes")
@asks("Has consent come? If not, what happens now?")
@passes(outcome="consent-to-be-obtained", consentRequestedBy="2026-11-01")
@fails(outcome="consent-to-be-obtained", consentRequestedBy="2026-10-31")
def consent_did_not_come_in_time(part: ReferralOutcome, context: Context) -> Problems:
    """Consent was to come by a day that has passed, and nothing says what followed.

    The child waits, and nobody looks. There is a new referral, or a note says
    why there is none.
    """
    due, follows = part.consent_requested_by, part.follow_up_referral or part.closing_note
    if part.outcome == "consent-to-be-obtained" and due and due < context.today and not follows:
        yield Problem(
            "/consentRequestedBy",
            "The day for the consent has passed, and no referral or note followed.",
        )


@rule("OUT-006", Severity.WARNING, cites=("G-116", "G-122", "E-037"), family="outcomes")
@passes(_DECIDED, informedOn="2026-10-13")
@fails(_DECIDED, informedOn="2026-10-12")
def early_help_told_before_decision(part: ReferralOutcome, _: Context) -> Problems:
    """Early help was told of a decision before it was made.

    Usually an earlier talk about the child was put in.
    """
    if part.decided_at and part.informed_on and part.informed_on < uk_day(part.decided_at):
        yield Problem("/informedOn", "Early help was told before the decision was made.")


@rule("OUT-007", Severity.INFO, cites=("G-118", "E-037"), family="outcomes")
@passes(outcome="emergency-response", immediateRisk=True)
@fails(outcome="emergency-response", immediateRisk=False)
def emergency_without_immediate_risk(part: ReferralOutcome, _: Context) -> Problems:
    """Social care acted at once, and immediate risk is said not to be there.

    Worth a look: the risk may have come to light after the referral.
    """
    if part.outcome == "emergency-response" and part.immediate_risk is False:
        yield Problem(
            "/immediateRisk", "Social care acted at once, and the answer on immediate risk is no."
        )


@rule("OUT-012", Severity.ERROR, cites=("E-037",), family="outcomes")
@asks("When was each step of the screening?")
@passes(_DECIDED, screenings=[{"at": "2026-10-12T16:00:00+01:00"}])
@fails(_DECIDED, screenings=[{"at": "2026-10-12T15:00:00+01:00"}])
def screening_out_of_order(part: ReferralOutcome, _context: Context) -> Problems:
    """A step of the screening is dated before the referral arrived or after the next step.

    How long a child waited is counted from these times.
    """
    timed = [
        (number, screening.at) for number, screening in enumerate(part.screenings) if screening.at
    ]
    for number, at in timed:
        if part.received_at and at < part.received_at:
            yield Problem(
                f"/screenings/{number}/at", "The screening is dated before the referral arrived."
            )
        if part.decided_at and at > part.decided_at:
            yield Problem(f"/screenings/{number}/at", "The screening is dated after the decision.")
    for (_, earlier), (number, later) in pairwise(timed):
        if later < earlier:
            yield Problem(
                f"/screenings/{number}/at", "The screening is dated before the one before it."
            )
