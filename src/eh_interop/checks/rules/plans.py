"""Plans: kind, scope, agencies and status."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from eh_interop.checks.rules._help import LEVEL_3, helpers, histories
from eh_interop.checks.rules.engine import Context, Problem, asks, example, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Plan, StatutoryPlan

_STATUTORY: Final = {"id": "sp1", "type": "pathway-plan"}


@rule("PLA-012", Severity.WARNING, cites=("G-031",))
@asks("At which level did the My Plan start?")
@example(
    of="gloucestershire/my-plan",
    passes={"levels": [{"id": "l1", "level": 2, "decidedOn": "2025-09-22"}]},
    fails={"levels": [{"id": "l1", "level": 3, "decidedOn": "2025-09-22"}]},
)
def my_plan_not_for_level_2(part: Plan, context: Context) -> Iterator[Problem]:
    """A My Plan started with another level than 2.

    A My Plan is made for level 2 and a My Plan+ for level 3. Either the kind
    of plan or the level was picked by mistake. The level is for people to
    judge.
    """
    if part.plan_type == "my-plan":
        first = {history[0] for history in histories(context.record).values() if history}
        for number, entry in sorted(first, key=lambda placed: placed[0]):
            if entry.level + 1 != LEVEL_3:
                message = "A My Plan is made for level 2, and this is another level."
                yield Problem(f"/levels/{number}/level", message)


@rule("PLA-013", Severity.WARNING, cites=("S-003", "E-037"))
@asks("Does one agency help, or several?")
@example(passes={"responseMode": "single-agency"}, fails={"responseMode": "multi-agency"})
def number_of_agencies_disagrees(part: Plan, context: Context) -> Iterator[Problem]:
    """A plan of one agency names several, or a plan of several agencies names one.

    Who has to be invited and told depends on it. Often a service has left or
    joined since.
    """
    count = len(helpers(context, part))
    if part.response_mode == "single-agency" and count > 1:
        yield Problem("/responseMode", "More than one agency is in the plan.")
    if part.response_mode == "multi-agency" and count == 1 and part.team:
        yield Problem("/responseMode", "Only one agency is in the plan.")


@rule("PLA-014", Severity.WARNING, cites=("E-037", "O-035"))
@asks("Is the plan for one child or for the whole family?")
@example(passes={"scope": "family"}, fails={"scope": "unborn"})
def scope_disagrees_with_children(part: Plan, _: Context) -> Iterator[Problem]:
    """A plan is said to be for one child or an unborn baby, and its children say otherwise.

    Children, families and plans are counted apart.
    """
    if part.scope == "child" and len(part.children) > 1:
        yield Problem("/scope", "The plan is said to be for one child, but names several.")
    if part.scope == "unborn" and part.children and not any(x.unborn for x in part.children):
        yield Problem("/scope", "The plan is said to be for an unborn baby, but names none.")


@rule("PLA-015", Severity.ERROR, cites=("E-037",))
@asks("Is the plan on hold?")
@example(
    passes={"status": "paused", "pausedOn": "2026-09-01"},
    fails={"status": "paused", "pausedOn": "2026-09-01", "resumedOn": "2026-10-01"},
)
def pause_disagrees_with_status(part: Plan, _: Context) -> Iterator[Problem]:
    """A plan is said to be on hold and has started again, or the other way round.

    Nobody knows whether help goes on.
    """
    paused, again = part.paused_on, part.resumed_on
    goes_on = bool(again and (not paused or again >= paused))
    if part.status == "paused" and goes_on:
        yield Problem("/status", "The plan is said to be on hold, but it has started again.")
    if part.status == "open" and paused and not goes_on:
        yield Problem("/status", "The plan is on hold and has not started again.")


@rule("PLA-018", Severity.ERROR, cites=("E-037",))
@asks("Is this plan still in force?")
@example(
    passes=_STATUTORY | {"status": "ended", "to": "2026-08-30"},
    fails=_STATUTORY | {"status": "current", "to": "2026-08-30"},
)
def statutory_plan_status_disagrees(part: StatutoryPlan, context: Context) -> Iterator[Problem]:
    """A statutory plan is said to be in force and has ended, or the other way round.

    Who is responsible for the child depends on it. Often the end date came
    later and the status was not changed.
    """
    if part.to and part.status == "current" and part.to < context.today:
        yield Problem("/status", "This plan has an end date that has passed.")
    if part.to and part.status == "ended" and part.to > context.today:
        yield Problem("/status", "This plan has an end date that has not come yet.")
