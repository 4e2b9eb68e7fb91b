"""Sharing: what was passed on, to whom, and whether that is what the family agreed to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from eh_interop.checks.rules._help import UNSHARED, agreed_on, consent_of
from eh_interop.checks.rules.engine import Context, Problem, asks, example, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Record, SharingLogEntry

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
@asks("On which lawful basis was this shared?")
@example(
    of="staffordshire/referral-without-agreement",
    passes={"lawfulBasis": "public-task", "consent": "cs1"},
    fails={"lawfulBasis": "consent", "consent": "cs1"},
)
def shared_on_consent_that_was_not_given(
    part: SharingLogEntry, context: Context
) -> Iterator[Problem]:
    """Information was shared on the basis of a consent that was not given.

    Then there was no lawful basis. Where a child may come to harm there is
    another one, and it can be named.
    """
    consent = consent_of(part, context)
    if consent and _rests_on_consent(part) and consent.status in UNSHARED:
        yield Problem("/consent", "This consent was not given.")


@rule("SHR-002", Severity.ERROR, cites=("G-091", "N-011"))
@asks("On which lawful basis was this shared after consent was withdrawn?")
@example(
    passes={"consents": [_WITHDRAWN], "sharingLog": [_ENTRY | {"on": "2026-10-10"}]},
    fails={"consents": [_WITHDRAWN], "sharingLog": [_ENTRY | {"on": "2026-10-11"}]},
)
def shared_after_consent_was_withdrawn(part: Record, context: Context) -> Iterator[Problem]:
    """Information was shared on the basis of consent after that was withdrawn.

    People can change their minds, and sharing stops when they do, unless
    there is another lawful basis. Often not everybody was told in time.
    """
    for number, entry in enumerate(part.sharing_log):
        consent = consent_of(entry, context)
        withdrawn = consent.withdrawn_on if consent else None
        if withdrawn and entry.on > withdrawn and _rests_on_consent(entry):
            yield Problem(f"/sharingLog/{number}/on", "Consent had been withdrawn before this.")


@rule("SHR-003", Severity.ERROR, cites=("N-011", "G-018"))
@asks("When did the family agree, and when was this shared?")
@example(passes=_ON_CONSENT | {"on": "2026-10-19"}, fails=_ON_CONSENT | {"on": "2026-10-18"})
def shared_before_consent_was_given(part: SharingLogEntry, context: Context) -> Iterator[Problem]:
    """Information was shared on the basis of consent before anybody agreed.

    The family is asked first. If waiting was not safe, there is another
    lawful basis, and it can be named.
    """
    consent = consent_of(part, context)
    agreed = agreed_on(consent) if consent else None
    if agreed and part.on < agreed and _rests_on_consent(part):
        yield Problem("/on", "This was shared before anybody agreed.")


@rule("SHR-008", Severity.ERROR, cites=("E-019", "G-018"))
@asks("Does consent cover this child too?")
@example(
    passes={
        "children": [{"id": "c1"}, {"id": "c2"}],
        "consents": [_GIVEN | {"children": ["c1", "c2"]}],
        "sharingLog": [_ENTRY | _ON_CONSENT | {"on": "2026-10-20", "children": ["c2"]}],
    },
    fails={
        "children": [{"id": "c1"}, {"id": "c2"}],
        "consents": [_GIVEN, _GIVEN | {"id": "cs2", "children": ["c2"]}],
        "sharingLog": [_ENTRY | _ON_CONSENT | {"on": "2026-10-20", "children": ["c2"]}],
    },
)
def shared_about_child_not_covered(part: Record, context: Context) -> Iterator[Problem]:
    """Information about a child was shared on a consent that does not cover that child.

    Brothers and sisters each count. Often consent was asked for one child
    and the whole family's story was passed on.
    """
    for number, entry in enumerate(part.sharing_log):
        consent = consent_of(entry, context)
        if consent and consent.children and _rests_on_consent(entry):
            for place, child in enumerate(entry.children):
                if child not in consent.children:
                    message = "The consent for this does not cover this child."
                    yield Problem(f"/sharingLog/{number}/children/{place}", message)


@rule("SHR-009", Severity.WARNING, cites=("S-058", "G-143"))
@asks("Is the Data Protection Act 2018 meant?")
@example(
    passes={"sharingLog": [_HELD_BACK | {"balancingNote": "Data Protection Act 2018"}]},
    fails={"sharingLog": [_HELD_BACK | {"balancingNote": "Data Protection Act 2019"}]},
)
def names_an_act_that_does_not_exist(part: Record, _: Context) -> Iterator[Problem]:
    """A reason for sharing names a Data Protection Act of 2019.

    The Act is of 2018. The wrong year stands in a guidance document and is
    copied from there.
    """
    lists = (("consents", part.consents), ("sharingLog", part.sharing_log))
    for name, entries in lists:
        for number, entry in enumerate(entries):
            texts = (getattr(entry, text, None) for text in _TEXTS)
            if any(_WRONG_ACT in text.casefold() for text in texts if text):
                message = "This names a Data Protection Act of 2019; the Act is of 2018."
                yield Problem(f"/{name}/{number}", message)
