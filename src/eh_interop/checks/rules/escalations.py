"""Escalations: disagreements between agencies, stage by stage."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any, Final

from eh_interop.checks.rules.engine import Context, Problem, Problems, asks, fails, on, passes, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Escalation

_FIRST: Final[dict[str, Any]] = {"stage": 1, "openedOn": "2026-09-01"}
_SECOND: Final[dict[str, Any]] = {"stage": 2, "openedOn": "2026-09-08"}
_CLOSED: Final = _FIRST | {"closedOn": "2026-09-08"}
_AGENCIES: Final = {
    "organisations": [{"id": "o1"}, {"id": "o2"}],
    "raisedBy": {"organisation": "o1"},
}
_ENDED: Final = frozenset({"resolved", "withdrawn", "closed-unresolved"})


@rule("ESC-001", Severity.ERROR, cites=("P-011", "E-037"))
@asks("Which stages did the disagreement go through?")
@passes(stages=[_FIRST, _SECOND])
@fails(stages=[_FIRST, _SECOND | {"stage": 3}])
def stage_left_out(part: Escalation, _: Context) -> Problems:
    """A stage of settling a disagreement is left out or given twice.

    Each stage gives people nearer to the family a chance to agree.
    """
    for number, stage in enumerate(part.stages):
        if stage.stage != number + 1:
            yield Problem(
                f"/stages/{number}/stage", "The stages are not numbered one after the other from 1."
            )
            return


@rule("ESC-002", Severity.ERROR, cites=("P-011", "E-037"))
@asks("When did each stage begin and end?")
@passes(raisedOn="2026-09-01", stages=[_FIRST, _SECOND])
@fails(raisedOn="2026-09-01", stages=[_FIRST, _SECOND | {"openedOn": "2026-08-31"}])
def stages_out_of_order(part: Escalation, _context: Context) -> Problems:
    """A stage began before the one that went before it, or before the matter was raised.

    How long a child waited for agencies to agree is seen from these dates.
    """
    opened = [(n, stage.opened_on) for n, stage in enumerate(part.stages) if stage.opened_on]
    for (_, earlier), (number, later) in pairwise(opened):
        if later < earlier:
            message = "The stage is dated before the stage that went before it."
            yield Problem(f"/stages/{number}/openedOn", message)
    for number, day in opened[:1]:
        if part.raised_on and day < part.raised_on:
            yield Problem(
                f"/stages/{number}/openedOn",
                "The first stage is dated before the matter was raised.",
            )


@rule("ESC-003", Severity.WARNING, cites=("P-010", "E-037"))
@asks("Which two agencies disagree?")
@passes(_AGENCIES, about={"organisation": "o2"})
@fails(_AGENCIES, about={"organisation": "o1"})
def agency_disagrees_with_itself(part: Escalation, _: Context) -> Problems:
    """The agency that raises a disagreement is the one that it is about.

    The guidance is for disagreements between agencies. Inside one agency, its
    own managers decide.
    """
    if (
        part.raised_by
        and part.about
        and part.raised_by.organisation
        and part.raised_by.organisation == part.about.organisation
    ):
        yield Problem(
            "/about/organisation",
            "The agency that the matter is about is also the agency that raised it.",
        )


@rule("ESC-004", Severity.ERROR, cites=("E-037", "E-035"))
@asks("Has the disagreement been settled?")
@passes(status="resolved", resolvedOn="2026-09-15", stages=[_CLOSED])
@fails(status="open", resolvedOn="2026-09-15", stages=[_CLOSED])
def settled_and_not(part: Escalation, _: Context) -> Problems:
    """What is said about how a disagreement ended cannot all be so.

    Nobody knows whether the child's plan is agreed.
    """
    if part.resolved_on and part.status == "open":
        yield Problem(
            "/status", "There is a day on which the matter was resolved, and the status is open."
        )
    last = part.stages[-1] if part.stages else None
    if last and last.opened_on and part.resolved_on and part.resolved_on < last.opened_on:
        yield Problem("/resolvedOn", "The resolution is dated before the last stage began.")
    if last and part.status in _ENDED and last.outcome == "open":
        yield Problem("/status", "The matter is said to have ended, and its last stage is open.")


@rule("ESC-005", Severity.WARNING, cites=("P-012", "P-011", "E-053"))
@asks("What happened at the next stage?")
@passes(status="open", stages=[_CLOSED | {"outcome": "moved-to-next-stage"}, _SECOND])
@fails(status="open", stages=[_CLOSED | {"outcome": "moved-to-next-stage"}])
def next_stage_missing(part: Escalation, _: Context) -> Problems:
    """A matter moved to the next stage, and there is no next stage.

    It may have been lost on the way, while the child waits.
    """
    last = part.stages[-1] if part.stages else None
    if last and last.outcome == "moved-to-next-stage":
        number = len(part.stages) - 1
        yield Problem(
            f"/stages/{number}/outcome",
            "The matter moved to the next stage, and no next stage is listed.",
        )


@rule("ESC-006", Severity.INFO, cites=("P-012",))
@on(needs=("escalation-stage-days",))
@asks("What keeps the matter from being settled?")
@passes(status="open", stages=[_FIRST | {"openedOn": "2026-10-18"}])
@fails(status="open", stages=[_FIRST | {"openedOn": "2026-10-17"}])
def stage_open_for_long(part: Escalation, context: Context) -> Problems:
    """A stage is open for longer than the area expects.

    Matters are settled at the earliest stage, without avoidable delay.
    """
    limit = timedelta(days=context.settings["escalation-stage-days"])
    for number, stage in enumerate(part.stages if part.status == "open" else ()):
        opened = stage.opened_on if stage.closed_on is None else None
        if opened and context.today - opened > limit:
            yield Problem(
                f"/stages/{number}/openedOn",
                f"The stage has been open for more than {limit.days} days.",
            )


@rule("ESC-007", Severity.ERROR, cites=("E-037",))
@passes(raisedOn="2026-09-01", partnershipToldOn="2026-09-20")
@fails(raisedOn="2026-09-01", partnershipToldOn="2026-08-31")
def partnership_told_before_it_was_raised(part: Escalation, _: Context) -> Problems:
    """The safeguarding partnership was told of a matter before it was raised.

    Usually the year is mistyped.
    """
    if part.raised_on and part.partnership_told_on and part.partnership_told_on < part.raised_on:
        yield Problem(
            "/partnershipToldOn",
            "The partnership is said to have been told before the matter was raised.",
        )


@rule("ESC-008", Severity.WARNING, cites=("P-011",))
@on(needs=("escalation.stages",))
@asks("Which stage of the area's procedure is this?")
@passes(stages=[{"stage": number} for number in (1, 2, 3, 4)])
@fails(stages=[{"stage": number} for number in (1, 2, 3, 4, 5)])
def stage_that_the_area_does_not_have(part: Escalation, context: Context) -> Problems:
    """A stage comes after the last one of the area's procedure.

    After the last stage the matter is decided. A meeting that was held again
    belongs to its stage. An area that names no stages (0) sets no limit.
    """
    last = context.facts["escalation"]["stages"]
    for number, stage in enumerate(part.stages):
        if last and stage.stage > last:
            message = f"In this area the last stage is stage {last}."
            yield Problem(f"/stages/{number}/stage", message)
