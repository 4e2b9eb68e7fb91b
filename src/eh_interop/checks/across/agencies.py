"""Agencies: who is brought in, with whose consent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from eh_interop.checks.across.records import ChildRecords, Seen
from eh_interop.checks.rules.engine import Context, rule
from eh_interop.core.findings import Severity

_PLUS: Final = "gloucestershire/my-plan-plus"
_CONSENT: Final = "gloucestershire/consent-record"


def _with_team(name: str) -> dict[str, Any]:
    """Return changes to a plan after which one agency of this name has joined its team."""
    return {
        "consents": None,
        "organisations": [{"id": "o1", "name": name, "sector": "school"}],
        "team": [{"organisation": "o1", "joinedOn": "2026-04-01"}],
    }


@rule(
    "ACR-013",
    looks_at=ChildRecords,
    severity=Severity.WARNING,
    cites=("G-018", "G-077"),
    ask="Does the family agree that this agency is in the team?",
    passes={_PLUS: _with_team("Tansy Lane Primary School"), _CONSENT: {}},
    fails={_PLUS: _with_team("Reedmace Community Choir"), _CONSENT: {}},
)
def agency_joined_without_consent(part: ChildRecords, _: Context) -> Iterator[Seen]:
    """An agency is in the team of a plan, and the consent given names other agencies only.

    Others are brought in by consent, which is looked at again when a service
    joins. It is looked at only if the plan has no consents of its own and every
    recipient in the consent record is an agency by name.
    """
    given = part.of_type("consent-record")
    consents = [
        consent
        for record in given
        for consent in record.consents
        if part.concerns(record, consent.children)
    ]
    if not consents or not all(consent.whole for consent in consents):
        return
    for plan in part.of_type("plan"):
        if plan.own_consents:
            continue
        for member in plan.joined:
            covered = any(
                member.agency in consent.agencies
                and not (consent.until and member.on and consent.until <= member.on)
                for consent in consents
            )
            if not covered:
                message = "The consent among the records given does not name this agency."
                yield Seen(member.place, message, plan, given)
