"""The register: what the early help team is told while a plan goes on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from eh_interop.checks.rules._levels import LEVEL_3
from eh_interop.checks.rules.engine import Context, Problem, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Plan

_FELL: Final[dict[str, Any]] = {
    "levels": [
        {
            "id": "l1",
            "level": 2,
            "children": ["c1"],
            "change": "decrease",
            "previousLevel": 3,
            "decidedOn": "2026-07-10",
            "needs": ["n1"],
        }
    ]
}
_CLOSED: Final[dict[str, Any]] = {
    "status": "closed",
    "goals": [{"id": "g1", "status": "met"}],
    "actions": [{"id": "ac1", "owner": "w1"}],
}


@rule(
    "NTF-007",
    looks_at=Plan,
    severity=Severity.WARNING,
    cites=("G-054",),
    ask="Has the early help team been told that the level has fallen?",
    passes=_FELL | {"notification": {"on": "2026-07-13"}},
    fails=_FELL,
)
def fall_from_level_3_not_told(part: Plan, _: Context) -> Iterator[Problem]:
    """A level fell from 3, and the early help team has not been told since.

    Any step down from level 3 is told, so that the register is right.
    """
    notes = (part.notification, part.closure.notification if part.closure else None)
    told = [note.on for note in notes if note and note.on]
    for number, decision in enumerate(part.levels):
        if (
            decision.previous_level == LEVEL_3
            and decision.level < LEVEL_3
            and decision.decided_on
            and not any(day >= decision.decided_on for day in told)
        ):
            message = "The early help team has not been told since."
            yield Problem(f"/levels/{number}", message)


@rule(
    "NTF-008",
    looks_at=Plan,
    severity=Severity.WARNING,
    cites=("G-039", "G-051"),
    ask="When did the plan start or end, and when was the early help team told?",
    passes=_CLOSED | {"closure": {"on": "2026-10-09", "notification": {"on": "2026-10-09"}}},
    fails=_CLOSED | {"closure": {"on": "2026-10-09", "notification": {"on": "2026-10-08"}}},
)
def register_told_before_plan_closed(part: Plan, _: Context) -> Iterator[Problem]:
    """The early help team was told of the end of a plan before it ended.

    Usually the notice of the start was put in again.
    """
    closure = part.closure
    told = closure.notification.on if closure and closure.notification else None
    if closure and closure.on and told and told < closure.on:
        yield Problem("/closure/notification/on", "This is before the plan ended.")
