"""Conferences: what is looked at again some time after a family group conference."""

from __future__ import annotations

from collections.abc import Iterator

from eh_interop.checks.rules._days import months_after
from eh_interop.checks.rules.engine import Context, Problem, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Meeting


@rule(
    "MTG-015",
    looks_at=Meeting,
    severity=Severity.INFO,
    cites=("O-032",),
    needs=("fgc-follow-up-months",),
    of="gloucestershire/family-group-conference",
    passes={"followUps": None, "serviceEndedOn": "2026-05-01"},
    fails={"followUps": None, "serviceEndedOn": "2026-04-30"},
)
def conference_not_looked_at_again(part: Meeting, context: Context) -> Iterator[Problem]:
    """A conference service ended its work, and how things went since is not recorded in time.

    What conferences achieve is seen months later: who came home, and who needs
    less help. A follow-up counts from the day on which the service ended.
    """
    ended, months = part.service_ended_on, context.settings["fgc-follow-up-months"]
    if (
        ended
        and months_after(ended, months) < context.today
        and "followUps" not in (part.absent or {})
        and not any(follow_up.on >= ended for follow_up in part.follow_ups)
    ):
        yield Problem("/followUps", "It is time to look at how things are for the family now.")
