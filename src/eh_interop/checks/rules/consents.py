"""Consents: what they cover, and whether their status fits what was decided."""

from __future__ import annotations

from collections.abc import Iterator

from eh_interop.checks.rules._help import DAY, NOT_ASKED, REFUSED, UNSHARED, YES, names
from eh_interop.checks.rules.engine import Context, Problem, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Consent, Record


@rule(
    "CNS-201",
    looks_at=Record,
    severity=Severity.WARNING,
    cites=("E-018", "G-074", "S-007"),
    ask="Does the consent cover this child too? If not, please say what was decided.",
    passes={"children": [{"id": "c1", "dateOfBirth": "2019-06-14"}]},
    fails={"children": [{"id": "c1", "dateOfBirth": "2019-06-14"}, {"id": "c2"}]},
)
def child_without_consent(part: Record, _: Context) -> Iterator[Problem]:
    """No consent in the record covers one of its children.

    Nothing says whether information about this child may be shared. It
    happens when a brother or sister is added later.
    """
    if part.consents and all(consent.children for consent in part.consents):
        covered = {child for consent in part.consents for child in consent.children}
        for number, child in enumerate(part.children):
            if child.id not in covered:
                yield Problem(f"/children/{number}", "No consent in the record covers this child.")


@rule(
    "CNS-202",
    looks_at=Consent,
    severity=Severity.ERROR,
    cites=("E-037", "G-144", "S-047"),
    ask="May information be shared here, or not?",
    passes={"recipientsExcluded": [{"organisation": "o1"}]},
    fails={"recipientsExcluded": [{"organisation": "o3"}]},
)
def allowed_and_excluded(part: Consent, _: Context) -> Iterator[Problem]:
    """Somebody is both among those who may receive information and those who may not.

    The family's wish cannot be followed. It happens when an exclusion is
    added and the standard list of recipients stays.
    """
    allowed = names(part.recipients) if part.recipients_excluded else set[str]()
    for number, recipient in enumerate(part.recipients_excluded):
        if allowed.intersection(names((recipient,))):
            message = "This recipient is also among those who may receive information."
            yield Problem(f"/recipientsExcluded/{number}", message)


@rule(
    "CNS-203",
    looks_at=Consent,
    severity=Severity.ERROR,
    cites=("E-037", "G-144", "S-047"),
    ask="May this information be shared, or not?",
    passes={"items": ["School attendance"], "itemsExcluded": ["Medical history"]},
    fails={"items": ["School attendance"], "itemsExcluded": ["School attendance"]},
)
def item_shared_and_excluded(part: Consent, _: Context) -> Iterator[Problem]:
    """The same information is to be shared and not to be shared.

    The family's wish cannot be followed.
    """
    for number, item in enumerate(part.items_excluded):
        if item in part.items:
            message = "This is also among the information that may be shared."
            yield Problem(f"/itemsExcluded/{number}", message)


@rule(
    "CNS-204",
    looks_at=Consent,
    severity=Severity.ERROR,
    cites=("E-037", "E-018"),
    ask="Did the family agree, or was it not asked?",
    passes=NOT_ASKED | {"exemption": "increased-risk-of-significant-harm"},
    fails={"exemption": "cannot-give"},
)
def given_and_reason_for_not_asking(part: Consent, _: Context) -> Iterator[Problem]:
    """Consent is given, and a reason is recorded why it was not asked for.

    Nobody can tell whether the family knows. It happens when consent comes
    later and the reason is left standing.
    """
    if part.status == "given" and part.exemption:
        yield Problem("/exemption", "Consent is given, so there is no reason for not asking.")


@rule(
    "CNS-205",
    looks_at=Consent,
    severity=Severity.ERROR,
    cites=("E-037", "E-018"),
    ask="Was the family asked, and what did it say?",
    passes=NOT_ASKED | {"exemption": "increased-risk-of-significant-harm"},
    fails=NOT_ASKED
    | {"exemption": "increased-risk-of-significant-harm", "givers": [YES | {"on": DAY}]},
)
def not_asked_but_answered(part: Consent, _: Context) -> Iterator[Problem]:
    """Consent was not asked for or no answer came, and somebody decided.

    Nobody can tell whether the family knows and what it wants. Change the
    status when an answer comes.
    """
    if part.status in {"not-sought", "not-obtained"} and part.givers:
        yield Problem("/status", "Somebody has decided, so this status does not fit.")


@rule(
    "CNS-213",
    looks_at=Consent,
    severity=Severity.ERROR,
    cites=("N-011", "G-143"),
    ask="On which lawful basis is information shared?",
    passes=REFUSED | {"lawfulBasis": "public-task"},
    fails=REFUSED | {"lawfulBasis": "consent"},
)
def consent_as_basis_but_not_given(part: Consent, _: Context) -> Iterator[Problem]:
    """Consent is named as the lawful basis, and it was not given.

    Then there is no lawful basis. Safeguarding mostly rests on another one,
    such as a public task, and that can be named.
    """
    if part.lawful_basis == "consent" and part.status in UNSHARED:
        yield Problem("/lawfulBasis", "Consent was not given, so it cannot be the lawful basis.")
