"""Disagreements between agencies that go on over several records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from eh_interop.checks.across.records import ChildRecords, Seen
from eh_interop.checks.across.summary import Summary
from eh_interop.checks.rules.engine import Context, rule
from eh_interop.core.findings import Severity

_FIRST: Final = "gloucestershire/escalation"
_NEXT: Final = "gloucestershire/escalation#2"
_MOVED: Final = {
    "status": "moved-to-next-stage",
    "resolution": None,
    "resolvedOn": None,
    "stages": [{"stage": 1, "openedOn": "2026-10-13", "closedOn": "2026-10-14"}],
}


def _goes_on(stage: int) -> dict[str, object]:
    """Return changes to an escalation after which it goes on from the first one at a stage."""
    return {
        "recordId": "escalation-2026-00020",
        "raisedOn": "2026-10-15",
        "relatedRecords": [
            {
                "recordId": "escalation-2026-00019",
                "recordType": "escalation",
                "relation": "predecessor",
            }
        ],
        "stages": [{"stage": stage, "openedOn": "2026-10-15", "closedOn": "2026-10-16"}],
    }


@rule(
    "ACR-014",
    looks_at=ChildRecords,
    severity=Severity.WARNING,
    cites=("P-011",),
    ask="Which stage comes next in this disagreement?",
    passes={_FIRST: _MOVED, _NEXT: _goes_on(2)},
    fails={_FIRST: _MOVED, _NEXT: _goes_on(3)},
)
def next_stage_not_in_order(part: ChildRecords, _: Context) -> Iterator[Seen]:
    """A disagreement moved to the next stage, and the record that goes on begins at another one.

    Each stage brings in more senior people. A stage that is left out or done
    again costs the child time.
    """
    for later in part.of_type("escalation"):
        for named, earlier in part.named(later, "relatedRecords"):
            goes_on = named.relation == "predecessor" and earlier.status == "moved-to-next-stage"
            reached, begins = _reached(earlier), min(_stages(later), default=None)
            if goes_on and reached and begins and begins != reached + 1:
                message = "It does not begin at the stage after the last one."
                yield Seen("/stages", message, later, (earlier,))


def _stages(record: Summary) -> list[int]:
    return [stage.stage for stage in record.stages]


def _reached(record: Summary) -> int | None:
    return max(_stages(record), default=None)
