"""Recipients: who was told, and whether the family agreed to that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from eh_interop.checks.rules._help import consent_of, is_named, names
from eh_interop.checks.rules.engine import Context, Problem, asks, example, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import SharingLogEntry

_ENTRY: Final[dict[str, Any]] = {
    "id": "sh1",
    "shared": True,
    "on": "2026-05-20",
    "consent": "cs1",
    "recipients": [{"organisation": "o1"}],
}


@rule("SHR-004", Severity.ERROR, cites=("G-018", "G-102"))
@asks("Does the family agree that this recipient is told?")
@example(
    passes={"recipients": [{"organisation": "o3"}]}, fails={"recipients": [{"organisation": "o1"}]}
)
def shared_outside_consent(part: SharingLogEntry, context: Context) -> Iterator[Problem]:
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
            message = "The consent for this does not name this recipient."
            yield Problem(f"/recipients/{number}", message)


@rule("SHR-005", Severity.ERROR, cites=("G-102", "G-144", "N-004"))
@asks("The family did not want this recipient to know. Why was this shared?")
@example(
    of="gloucestershire/my-plan-plus",
    passes={"consent": "cs2", "recipients": [{"organisation": "o5"}]},
    fails={"consent": "cs2", "recipients": [{"person": "p5"}]},
)
def shared_with_somebody_excluded(part: SharingLogEntry, context: Context) -> Iterator[Problem]:
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
            message = "The family did not want anything shared with this recipient."
            yield Problem(f"/recipients/{number}", message)


@rule("SHR-006", Severity.ERROR, cites=("G-102", "N-004"))
@asks("The family did not want this shared. Why was it shared?")
@example(
    of="minimal/consent-record",
    passes=_ENTRY | {"items": ["School attendance"]},
    fails=_ENTRY | {"items": ["Bed-wetting, as Rowan asked"]},
)
def shared_what_was_excluded(part: SharingLogEntry, context: Context) -> Iterator[Problem]:
    """Information was shared that the family did not want shared.

    It can break trust. If it was needed to keep a child safe, say so.
    """
    consent = consent_of(part, context)
    for number, item in enumerate(part.items if consent else ()):
        if consent and item in consent.items_excluded:
            yield Problem(f"/items/{number}", "The family did not want this shared.")


@rule("SHR-007", Severity.WARNING, cites=("N-005",))
@asks("Was anything shared that must be kept from this person?")
@example(
    of="gloucestershire/marf",
    passes={"recipients": [{"person": "p4"}], "shared": True, "consent": None},
    fails={"recipients": [{"person": "p3"}], "shared": True, "consent": None},
)
def shared_with_somebody_to_keep_it_from(
    part: SharingLogEntry, context: Context
) -> Iterator[Problem]:
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
