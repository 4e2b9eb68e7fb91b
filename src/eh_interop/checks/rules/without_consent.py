"""Without consent: what was decided when nobody was asked or somebody said no."""

from __future__ import annotations

from collections.abc import Iterator

from eh_interop.checks.rules._help import NOT_ASKED, REFUSED, UNSHARED, names
from eh_interop.checks.rules.engine import Context, Problem, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Consent, EarlyHelpAssessment, Marf


@rule(
    "CNS-214",
    looks_at=Consent,
    severity=Severity.WARNING,
    cites=("S-051", "S-053"),
    ask="Who approved the decision to go ahead?",
    passes=REFUSED
    | {"decidedBy": "w1", "approval": {"by": "w2", "role": "manager", "on": "2026-10-20"}},
    fails=REFUSED
    | {"decidedBy": "w2", "approval": {"by": "w2", "role": "manager", "on": "2026-10-20"}},
)
def approved_by_the_person_who_decided(part: Consent, _: Context) -> Iterator[Problem]:
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
        yield Problem("/approval/by", "This person also made the decision.")


@rule(
    "CNS-215",
    looks_at=Consent,
    severity=Severity.WARNING,
    cites=("N-005",),
    ask="Was somebody told who must not be told?",
    passes={"recipientsExcluded": [{"person": "p2"}]},
    fails={"recipientsExcluded": [{"person": "p1"}]},
)
def told_although_excluded(part: Consent, _: Context) -> Iterator[Problem]:
    """A parent was told of the referral and is among those who must not be told.

    Somebody may be at risk because of it. Or the wrong parent is named, which
    may lead others to tell the wrong one.
    """
    told = part.parent_informed
    if told and told.informed == "yes" and told.person in names(part.recipients_excluded):
        message = "This person is among those with whom nothing may be shared."
        yield Problem("/parentInformed/person", message)


@rule(
    "CNS-216",
    looks_at=EarlyHelpAssessment,
    severity=Severity.ERROR,
    cites=("S-007",),
    ask="Please ask the parent, carer or young person whether they agree to the assessment.",
    passes={"consents": [{"id": "cs1", "purposes": ["hold-taf"], "status": "not-sought"}]},
    fails={
        "consents": [{"id": "cs1", "purposes": ["early-help-assessment"], "status": "not-sought"}]
    },
)
def assessment_without_asking(part: EarlyHelpAssessment, _: Context) -> Iterator[Problem]:
    """An early help assessment was made without asking for consent.

    Early help is voluntary: it is always asked for, with no exception. If the
    child may be at risk of harm, refer to social care instead.
    """
    for number, consent in enumerate(part.consents):
        if consent.status == "not-sought" and "early-help-assessment" in consent.purposes:
            message = "Consent is always asked for before an early help assessment."
            yield Problem(f"/consents/{number}/status", message)


@rule(
    "CNS-217",
    looks_at=EarlyHelpAssessment,
    severity=Severity.ERROR,
    cites=("S-007", "G-090"),
    ask="The family did not agree. Why was the assessment finished?",
    passes={
        "completedOn": None,
        "consents": [{"id": "cs1", "purposes": ["early-help-assessment"], "status": "refused"}],
    },
    fails={"consents": [{"id": "cs1", "purposes": ["early-help-assessment"], "status": "refused"}]},
)
def assessment_finished_after_a_no(part: EarlyHelpAssessment, _: Context) -> Iterator[Problem]:
    """An assessment was finished although consent to it was refused or withdrawn.

    Without consent there is no shared assessment. Ordinary help goes on, and
    the offer stays open.
    """
    wanted = {"early-help-assessment", "start-my-plan-plus"}
    about = [consent for consent in part.consents if wanted.intersection(consent.purposes)]
    if not part.completed_on or any(consent.status == "given" for consent in about):
        return
    for consent in about:
        late = consent.withdrawn_on is None or consent.withdrawn_on < part.completed_on
        if consent.status == "refused" or (consent.status == "withdrawn" and late):
            yield Problem("/completedOn", "The assessment was finished without consent.")
            return


@rule(
    "CNS-218",
    looks_at=Consent,
    severity=Severity.WARNING,
    cites=("G-111",),
    needs=("marf-exemptions",),
    ask="Would asking have raised the risk of significant harm? If not, please ask the family.",
    passes=NOT_ASKED | {"exemption": "increased-risk-of-significant-harm"},
    fails=NOT_ASKED | {"exemption": "not-reasonable-to-obtain"},
)
def reason_for_not_asking_not_accepted_here(part: Consent, context: Context) -> Iterator[Problem]:
    """The reason for not asking for consent to a referral is not one that this area accepts.

    Areas differ. Where only a higher risk of significant harm counts, other
    reasons call for asking first.
    """
    accepted = context.facts["marf-exemptions"]
    if (
        isinstance(context.record, Marf)
        and part.status == "not-sought"
        and part.exemption
        and part.exemption not in accepted
    ):
        yield Problem("/exemption", "The area's guidance does not accept this reason.")
