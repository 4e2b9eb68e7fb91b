"""Consents: what they cover, their status, going on without one, reviews and withdrawals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from eh_interop.checks.rules._help import (
    UNSHARED,
    agreed_on,
    before,
    consents_about,
    duty_to_share,
    last_looked_at,
    names,
)
from eh_interop.checks.rules.engine import Context, Problem, Problems, asks, fails, on, passes, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import (
    Consent,
    ConsentRecord,
    EarlyHelpAssessment,
    EarlyHelpRequest,
    Marf,
    Plan,
    Record,
    StepDown,
)

_DAY: Final = "2026-10-19"
_YES: Final = {"person": "p1", "capacity": "parent", "decision": "agreed", "on": _DAY}
_REFERRAL: Final[dict[str, Any]] = {
    "id": "cs1",
    "purposes": ["referral-to-social-care"],
    "status": "given",
    "children": ["c1"],
}
_REASON: Final = {"goAheadReason": "The child's health is at risk."}
_REFUSED: Final = {"status": "refused", "givers": [_YES | {"decision": "refused"}], **_REASON}
_NOT_ASKED: Final = {
    "status": "not-sought",
    "soughtOn": None,
    "givers": None,
    "giversMissing": None,
    **_REASON,
}


@rule("CNS-201", Severity.WARNING, cites=("E-018", "G-074", "S-007", "E-054"))
@asks("Does the consent cover this child too? If not, please say what was decided.")
@passes(children=[{"id": "c1", "dateOfBirth": "2019-06-14"}])
@fails(children=[{"id": "c1", "dateOfBirth": "2019-06-14"}, {"id": "c2"}])
def child_without_consent(part: Record, _: Context) -> Problems:
    """No consent in the record covers one of its children.

    Nothing says whether information about this child may be shared. It
    happens when a brother or sister is added later.
    """
    if part.consents and all(consent.children for consent in part.consents):
        covered = {child for consent in part.consents for child in consent.children}
        for number, child in enumerate(part.children):
            if child.id not in covered:
                yield Problem(f"/children/{number}", "No consent in the record covers this child.")


_ASKED_FOR: Final[Mapping[type[Record], tuple[frozenset[str], ...]]] = {
    EarlyHelpAssessment: (frozenset({"early-help-assessment", "start-my-plan-plus"}),),
    EarlyHelpRequest: (frozenset({"referral-to-agency"}),),
    Marf: (frozenset({"referral-to-social-care"}),),
    Plan: (frozenset({"start-plan", "start-my-plan-plus"}),),
    StepDown: (frozenset({"continued-support"}), frozenset({"information-sharing"})),
}
"""What consent is asked for in a kind of record: one of the purposes in each set."""


@rule("CNS-219", Severity.WARNING, cites=("E-054", "E-018", "G-110", "S-016"))
@on(example="minimal/marf")
@asks("Does the family agree for this child too? If not, please say what was decided.")
@passes(
    children=[{"id": "c1", "dateOfBirth": "2019-06-14"}, {"id": "c2"}],
    consents=[_REFERRAL | {"children": ["c1", "c2"]}],
)
@fails(
    children=[{"id": "c1", "dateOfBirth": "2019-06-14"}, {"id": "c2"}],
    consents=[
        _REFERRAL,
        _REFERRAL | {"id": "cs2", "purposes": ["information-sharing"], "children": ["c2"]},
    ],
)
def consent_leaves_out_a_child(part: Record, _: Context) -> Problems:
    """A consent to what the record is for leaves out a child, whom only other consents cover.

    Each child counts. Consent to share information about a brother or sister
    is not consent to refer them or to make a plan with them.
    """
    for purposes in _ASKED_FOR.get(type(part), ()):
        if not any(purposes.intersection(consent.purposes) for consent in part.consents):
            continue
        for number, child in enumerate(part.children):
            covered = any(child.id in consent.children for consent in part.consents)
            if covered and not child.unborn and not consents_about(part, child.id, purposes):
                message = "The consent to what the record is for does not cover this child."
                yield Problem(f"/children/{number}", message)


@rule("CNS-202", Severity.ERROR, cites=("E-037", "G-144", "S-047"))
@asks("May information be shared here, or not?")
@passes(recipientsExcluded=[{"organisation": "o1"}])
@fails(recipientsExcluded=[{"organisation": "o3"}])
def allowed_and_excluded(part: Consent, _: Context) -> Problems:
    """Somebody is both among those who may receive information and those who may not.

    The family's wish cannot be followed. It happens when an exclusion is
    added and the standard list of recipients stays.
    """
    allowed = names(part.recipients) if part.recipients_excluded else set[str]()
    for number, recipient in enumerate(part.recipients_excluded):
        if allowed.intersection(names((recipient,))):
            message = "This recipient is also among those who may receive information."
            yield Problem(f"/recipientsExcluded/{number}", message)


@rule("CNS-203", Severity.ERROR, cites=("E-037", "G-144", "S-047"))
@asks("May this information be shared, or not?")
@passes(items=["School attendance"], itemsExcluded=["Medical history"])
@fails(items=["School attendance"], itemsExcluded=["School attendance"])
def item_shared_and_excluded(part: Consent, _: Context) -> Problems:
    """The same information is to be shared and not to be shared.

    The family's wish cannot be followed.
    """
    for number, item in enumerate(part.items_excluded):
        if item in part.items:
            message = "The same information is also listed as what may be shared."
            yield Problem(f"/itemsExcluded/{number}", message)


@rule("CNS-204", Severity.ERROR, cites=("E-037", "E-018"))
@asks("Did the family agree, or was it not asked?")
@passes(_NOT_ASKED, exemption="increased-risk-of-significant-harm")
@fails(exemption="cannot-give")
def given_and_reason_for_not_asking(part: Consent, _: Context) -> Problems:
    """Consent is given, and a reason is recorded why it was not asked for.

    Nobody can tell whether the family knows. It happens when consent comes
    later and the reason is left standing.
    """
    if part.status == "given" and part.exemption:
        yield Problem("/exemption", "Consent is given, so there is no reason for not asking.")


@rule("CNS-205", Severity.ERROR, cites=("E-037", "E-018"))
@asks("Was the family asked, and what did it say?")
@passes(_NOT_ASKED, exemption="increased-risk-of-significant-harm")
@fails(_NOT_ASKED, exemption="increased-risk-of-significant-harm", givers=[_YES | {"on": _DAY}])
def not_asked_but_answered(part: Consent, _: Context) -> Problems:
    """Consent was not asked for or no answer came, and somebody decided.

    Nobody can tell whether the family knows and what it wants. Change the
    status when an answer comes.
    """
    if part.status in {"not-sought", "not-obtained"} and part.givers:
        yield Problem(
            "/status", "The status says that nobody answered, and somebody is named who decided."
        )


@rule("CNS-213", Severity.ERROR, cites=("N-011", "G-143"))
@asks("On which lawful basis is information shared?")
@passes(_REFUSED, lawfulBasis="public-task")
@fails(_REFUSED, lawfulBasis="consent")
def consent_as_basis_but_not_given(part: Consent, _: Context) -> Problems:
    """Consent is named as the lawful basis, and it was not given.

    Then there is no lawful basis. Safeguarding mostly rests on another one,
    such as a public task, and that can be named.
    """
    if part.lawful_basis == "consent" and part.status in UNSHARED:
        yield Problem("/lawfulBasis", "Consent was not given, so it cannot be the lawful basis.")


@rule("CNS-214", Severity.WARNING, cites=("S-051", "S-053", "E-037"), family="without_consent")
@asks("Who approved the decision to go ahead?")
@passes(_REFUSED, decidedBy="w1", approval={"by": "w2", "role": "manager", "on": "2026-10-20"})
@fails(_REFUSED, decidedBy="w2", approval={"by": "w2", "role": "manager", "on": "2026-10-20"})
def approved_by_the_person_who_decided(part: Consent, _: Context) -> Problems:
    """Going ahead without consent was approved by the person who decided it.

    A second, senior person is to look at it. It happens when a manager makes
    the referral.
    """
    if (
        part.status in UNSHARED
        and part.approval
        and part.decided_by
        and part.approval.by == part.decided_by
    ):
        yield Problem("/approval/by", "The person who approved is also the person who decided.")


@rule("CNS-215", Severity.WARNING, cites=("N-005",), family="without_consent")
@asks("Was somebody told who must not be told?")
@passes(recipientsExcluded=[{"person": "p2"}])
@fails(recipientsExcluded=[{"person": "p1"}])
def told_although_excluded(part: Consent, _: Context) -> Problems:
    """A parent was told of the referral and is among those who must not be told.

    Somebody may be at risk because of it. Or the wrong parent is named, which
    may lead others to tell the wrong one.
    """
    informed = part.parent_informed
    if (
        informed
        and informed.informed == "yes"
        and informed.person in names(part.recipients_excluded)
    ):
        message = "The person who was told is among those with whom nothing may be shared."
        yield Problem("/parentInformed/person", message)


@rule("CNS-216", Severity.WARNING, cites=("S-007", "E-050"), family="without_consent")
@asks("Please ask the parent, carer or young person whether they agree to the assessment.")
@passes(consents=[{"id": "cs1", "purposes": ["hold-taf"], "status": "not-sought"}])
@fails(consents=[{"id": "cs1", "purposes": ["early-help-assessment"], "status": "not-sought"}])
def assessment_without_asking(part: EarlyHelpAssessment, _: Context) -> Problems:
    """An early help assessment was made without asking for consent.

    Early help is voluntary: it is always asked for, with no exception. If the
    child may be at risk of harm, refer to social care instead.
    """
    for number, consent in enumerate(part.consents):
        if consent.status == "not-sought" and "early-help-assessment" in consent.purposes:
            message = "Consent is always asked for before an early help assessment."
            yield Problem(f"/consents/{number}/status", message)


@rule("CNS-217", Severity.WARNING, cites=("S-007", "G-090", "E-050"), family="without_consent")
@asks("The family did not agree. Why was the assessment finished?")
@passes(
    completedOn=None,
    consents=[{"id": "cs1", "purposes": ["early-help-assessment"], "status": "refused"}],
)
@fails(consents=[{"id": "cs1", "purposes": ["early-help-assessment"], "status": "refused"}])
def assessment_finished_after_a_no(part: EarlyHelpAssessment, _: Context) -> Problems:
    """An assessment was finished although consent to it was refused or withdrawn.

    Without consent there is no shared assessment. Ordinary help goes on, and
    the offer stays open.
    """
    wanted = frozenset({"early-help-assessment", "start-my-plan-plus"})
    for child in part.children if part.completed_on else ():
        about = consents_about(part, child.id, wanted)
        if about and all(_is_no(consent, part.completed_on) for consent in about):
            yield Problem(
                "/completedOn",
                "The assessment is completed, and consent to it was refused or withdrawn.",
            )
            return


def _is_no(consent: Consent, day: date | None) -> bool:
    """Return whether nobody agreed, or nobody agreed any more on a day."""
    withdrawn = consent.withdrawn_on
    return consent.status == "refused" or (
        consent.status == "withdrawn" and (withdrawn is None or before(withdrawn, day))
    )


@rule("CNS-218", Severity.WARNING, cites=("G-111",), family="without_consent")
@on(needs=("marf-exemptions",))
@asks("Would asking have raised the risk of significant harm? If not, please ask the family.")
@passes(_NOT_ASKED, exemption="increased-risk-of-significant-harm")
@fails(_NOT_ASKED, exemption="not-reasonable-to-obtain")
def reason_for_not_asking_not_accepted_here(part: Consent, context: Context) -> Problems:
    """The reason for not asking for consent to a referral is not one that this area accepts.

    Areas differ. Where only a higher risk of significant harm counts, other
    reasons call for asking first.
    """
    accepted = context.facts["marf-exemptions"]
    if duty_to_share(context):
        accepted = (*accepted, "consent-not-the-basis")
    if (
        isinstance(context.record, Marf)
        and part.status == "not-sought"
        and part.exemption
        and part.exemption not in accepted
    ):
        yield Problem("/exemption", "The area's guidance does not accept this reason.")


_WITHDRAWN: Final = {"status": "withdrawn", "withdrawnBy": "p1", **_REASON}


@rule("CNS-206", Severity.ERROR, cites=("G-091", "E-037"), family="withdrawals")
@asks("Has consent been withdrawn?")
@passes(_WITHDRAWN, withdrawnOn="2026-10-20")
@fails(withdrawnOn="2026-10-20")
def withdrawn_but_status_says_otherwise(part: Consent, _: Context) -> Problems:
    """Consent has a date of withdrawal, and its status does not say withdrawn.

    Sharing may go on against the family's wish. It happens when the date is
    filled in and the status is not changed.
    """
    if part.withdrawn_on and part.status != "withdrawn":
        yield Problem(
            "/status", "There is a date of withdrawal, and the status is not 'withdrawn'."
        )


@rule("CNS-207", Severity.ERROR, cites=("G-091", "E-037"), family="withdrawals")
@asks("When was consent given, and when was it withdrawn?")
@passes(_WITHDRAWN, withdrawnOn="2026-10-20")
@fails(_WITHDRAWN, withdrawnOn="2026-10-18")
def withdrawn_before_given(part: Consent, _: Context) -> Problems:
    """Consent was withdrawn before it was given.

    To say no from the start is a refusal, which is another status.
    """
    if before(part.withdrawn_on, agreed_on(part)):
        yield Problem("/withdrawnOn", "The withdrawal is dated before anybody agreed.")


@rule("CNS-208", Severity.WARNING, cites=("G-091", "E-051"), family="withdrawals")
@asks("Who withdrew consent, and had they given it?")
@passes(_WITHDRAWN, withdrawnOn="2026-10-20")
@fails(_WITHDRAWN, withdrawnOn="2026-10-20", withdrawnBy="p2")
def withdrawn_by_somebody_else(part: Consent, _: Context) -> Problems:
    """Consent was withdrawn by somebody who had not given it.

    The person who gave it may still agree. Say what each person decided.
    """
    if (
        part.withdrawn_by
        and part.givers
        and part.withdrawn_by not in {giver.person for giver in part.givers}
    ):
        yield Problem(
            "/withdrawnBy", "The person who withdrew is not among those who gave consent."
        )


@rule("CNS-209", Severity.WARNING, cites=("G-076", "N-011", "E-050"), family="withdrawals")
@asks("Was the form talked through before it was signed?")
@passes(explainedOn=_DAY)
@fails(explainedOn="2026-10-20")
def explained_after_it_was_given(part: Consent, _: Context) -> Problems:
    """Consent was explained after somebody had agreed.

    People can only agree to what they understand. It happens when the form
    comes back by post and is talked about at the first visit.
    """
    if before(agreed_on(part), part.explained_on):
        yield Problem("/explainedOn", "The explanation is dated after somebody had agreed.")


@rule("CNS-210", Severity.ERROR, cites=("E-037",), family="withdrawals")
@asks("When was consent asked for, and when was it given?")
@passes(soughtOn=_DAY)
@fails(soughtOn="2026-10-20")
def given_before_it_was_asked_for(part: Consent, _: Context) -> Problems:
    """Somebody agreed before consent was asked for.

    Usually an earlier consent for something else was taken over.
    """
    if before(agreed_on(part), part.sought_on):
        yield Problem("/soughtOn", "The day of asking is after the day on which somebody agreed.")


@rule("CNS-211", Severity.ERROR, cites=("E-037", "G-077"), family="withdrawals")
@asks("When was consent last looked at with the family?")
@passes(lastReviewedOn="2026-10-20", reviews=[{"on": "2026-10-20"}])
@fails(lastReviewedOn=_DAY, reviews=[{"on": "2026-10-20"}])
def last_review_of_consent_disagrees(part: Consent, _: Context) -> Problems:
    """The date of the last review of consent is not that of the latest review, or too early.

    Whether consent still holds for a new service depends on it.
    """
    last, given = part.last_reviewed_on, agreed_on(part)
    latest = max((review.on for review in part.reviews), default=None)
    if before(last, latest):
        yield Problem(
            "/lastReviewedOn", "The last review is dated before one of the reviews that are listed."
        )
    elif before(last, given):
        yield Problem(
            "/lastReviewedOn", "The last review of consent is dated before anybody agreed."
        )


@rule("CNS-212", Severity.WARNING, cites=("G-077", "E-053"), family="withdrawals")
@on(example="minimal/plan")
@asks("Does the family still agree? Please look at consent together again.")
@passes(reviewOn="2026-11-01")
@fails(reviewOn="2026-10-31")
def consent_not_looked_at_again(part: Consent, context: Context) -> Problems:
    """The day on which consent was to be looked at again has passed.

    Families change their minds and services come and go. Asking again keeps
    the family in charge.
    """
    record, looked = context.record, last_looked_at(part)
    lives = isinstance(record, ConsentRecord) or (
        isinstance(record, Plan) and record.status == "open"
    )
    if (
        lives
        and part.status == "given"
        and part.review_on
        and part.review_on < context.today
        and (not looked or looked < part.review_on)
    ):
        yield Problem(
            "/reviewOn",
            "The day for looking at consent again has passed without a review.",
        )
