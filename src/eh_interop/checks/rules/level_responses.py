"""Levels and what is done: agencies, reviews and services that go with a level.

No rule here works out, accepts or refuses a level. That is a judgement.
"""

from __future__ import annotations

from typing import Any, Final

from eh_interop.checks.rules._help import (
    LEVEL_2,
    LEVEL_3,
    LEVEL_4,
    agencies,
    current_levels,
    helpers,
    levels_now,
    may_be_in_force,
    role_of,
)
from eh_interop.checks.rules.engine import Context, Problem, Problems, asks, fails, on, passes, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import EarlyHelpAssessment, Plan, Record

_UNEXPLAINED: Final[dict[str, Any]] = {
    "id": "l1",
    "level": 2,
    "children": ["c1"],
    "decidedOn": "2026-05-22",
    "needs": ["n1"],
}
_FIRST: Final = _UNEXPLAINED | {"rationale": "One need, caught early."}
_NEXT: Final = _FIRST | {"id": "l2", "decidedOn": "2026-07-10", "previousLevel": 2}
_ALONE: Final = {"actions": [{"id": "ac1", "owner": "w1"}], "responseMode": None}
_TEAM_OF_ONE: Final = {"team": [{"practitioner": "w1", "organisation": "o1"}]}
_TEAM_OF_TWO: Final = {
    "team": [{"practitioner": "w1", "organisation": "o1"}, {"organisation": "o2"}],
    "responseMode": "multi-agency",
}
_JOINT: Final = [{"id": "ac1", "owner": "w1"}, {"id": "ac2", "provider": "o2"}]
_ACTED: Final = {"actions": _JOINT, "responseMode": "multi-agency"}


@rule("LEV-007", Severity.WARNING, cites=("G-026",))
@asks("Is more than one agency needed?")
@passes(_ALONE | _TEAM_OF_ONE, levels=[_FIRST | {"level": 1}])
@fails(_TEAM_OF_TWO, levels=[_FIRST | {"level": 1}])
def several_agencies_at_level_1(part: Plan, context: Context) -> Problems:
    """A plan is recorded at level 1, and more than one agency has something to do.

    At level 1 one agency can meet the need. Either the list of agencies or
    the level is out of date. The level is for people to judge.
    """
    if current_levels(context.record) == {1} and len(helpers(context, part)) > 1:
        message = "The level is 1, at which one agency meets the need, and the plan names several."
        yield Problem("/levels", message)


@rule("LEV-008", Severity.WARNING, cites=("G-027", "S-030"))
@on(needs=("level-2-agencies",))
@asks("Which other agency helps?")
@passes(_TEAM_OF_TWO)
@fails(_ALONE | _TEAM_OF_ONE)
def too_few_agencies_at_level_2(part: Plan, context: Context) -> Problems:
    """A plan is recorded at level 2, and fewer agencies help than the area's level 2 has.

    Areas differ: in some, level 2 is joint work of at least two agencies; in
    others one is enough. The level is for people to judge.
    """
    count, wanted = len(helpers(context, part)), context.settings["level-2-agencies"]
    if current_levels(context.record) == {LEVEL_2} and part.status == "open" and 0 < count < wanted:
        message = (
            f"At level 2 at least {wanted} agencies work together here, and the plan names fewer."
        )
        yield Problem("/levels", message)


@rule("LEV-009", Severity.WARNING, cites=("S-031",))
@on(example="minimal/early-help-assessment")
@asks("Who does what in the plan, besides the social worker?")
@passes(levels=[_FIRST | {"level": 3}], actions=_JOINT)
@fails(levels=[_FIRST | {"level": 3}])
def level_3_without_joint_action(part: Record, context: Context) -> Problems:
    """At level 3 a social worker owns an action, or only one agency has any.

    Level 3 is co-ordinated help by several agencies, without statutory social
    work. The level is for people to judge.
    """
    if not isinstance(part, Plan | EarlyHelpAssessment) or current_levels(part) != {LEVEL_3}:
        return
    acting = agencies(context, (action.provider or action.owner for action in part.actions))
    if len(acting) == 1:
        yield Problem(
            "/actions", "The level is 3, at which several agencies act, and only one has an action."
        )
    for number, action in enumerate(part.actions):
        if role_of(context, action.owner) == "social-worker":
            message = (
                "The level is 3, without statutory social work, and a social worker owns the "
                "action."
            )
            yield Problem(f"/actions/{number}/owner", message)


@rule("LEV-010", Severity.WARNING, cites=("G-029", "O-034", "E-056"))
@asks("Which statutory service is responding?")
@passes(levels=[_FIRST | {"level": 4}], children=[{"id": "c1", "socialCareStatus": "open"}])
@fails(levels=[_FIRST | {"level": 4}])
def level_4_without_statutory_response(part: Plan, context: Context) -> Problems:
    """A plan is recorded at level 4 and names no statutory response.

    At level 4 needs call for one: social care, or an education, health and
    care plan. Early help may go on beside it. The level is for people to judge.
    """
    record, now = context.record, levels_now(context.record)
    for_all = any(
        practitioner.role == "social-worker" for practitioner in record.practitioners
    ) or any(related_record.relation == "successor" for related_record in record.related_records)
    for child in record.children if part.status == "open" and not for_all else ():
        responded = child.social_care_status == "open" or any(
            may_be_in_force(plan, child.id, context.today) for plan in record.statutory_plans
        )
        if now.get(child.id) == LEVEL_4 and not responded:
            message = "A child is at level 4, and no statutory response that goes on is named."
            yield Problem("/levels", message)
            return


@rule("LEV-012", Severity.WARNING, cites=("G-056",))
@asks("Was the early help team asked whether there is a plan already?")
@passes(levels=[_FIRST | {"previousLevel": 1}])
@fails(levels=[_FIRST | {"previousLevel": 1}], registrationCheck=None)
def level_2_without_asking_the_register(part: Plan, _: Context) -> Problems:
    """A need rose from level 1 to level 2, and nobody asked whether there is a plan already.

    Somebody else may have a plan with the family. Talk to the family, ask,
    and then contact its lead or start a plan.
    """
    asked = part.registration_check or "registrationCheck" in (part.absent or {})
    if not asked and part.plan_type not in {"my-plan", "my-plan-plus"}:  # these always ask
        for number, decision in enumerate(part.levels):
            if decision.level == LEVEL_2 and decision.previous_level == 1:
                message = (
                    "The level rose to 2, and nobody asked the early help team about other plans."
                )
                yield Problem(f"/levels/{number}", message)


@rule("LEV-013", Severity.WARNING, cites=("G-057",))
@asks("At which review was the move to level 3 agreed?")
@passes(_ACTED, levels=[_FIRST, _NEXT | {"level": 3}])
@fails(_ACTED, levels=[_FIRST, _NEXT | {"level": 3, "decidedOn": "2026-07-09"}])
def level_3_without_review(part: Plan, _: Context) -> Problems:
    """A need rose from level 2 to level 3, and no review had been held.

    A review with the family and the team settles it, and who leads the
    assessment.
    """
    held = [review.on for review in part.reviews if review.held is not False]
    for number, decision in enumerate(part.levels):
        if (
            decision.level == LEVEL_3
            and decision.previous_level == LEVEL_2
            and decision.decided_on
            and not decision.review_meeting
            and not any(day <= decision.decided_on for day in held)
        ):
            yield Problem(
                f"/levels/{number}",
                "The level rose to 3, and no review was held on or before the day of the decision.",
            )


_ASSESSMENT: Final = "early-help-assessment"


@rule("LEV-017", Severity.INFO, cites=("S-030",), family="assessed_plans")
@on(needs=("assessment.from-level",))
@passes(assessment={"recordId": "eha-0001", "recordType": _ASSESSMENT})
@fails(assessment=None)
def plan_at_this_level_without_assessment(part: Plan, context: Context) -> Problems:
    """A plan names no assessment, at a level from which the area expects a shared one.

    A shared assessment saves the family from telling its story again. The
    level is for people to judge: this is only a prompt.
    """
    lowest, levels = context.facts["assessment"]["from-level"], current_levels(part)
    if (
        max(levels, default=0) >= lowest
        and part.status in {"open", "paused"}
        and part.plan_type != "my-plan-plus"  # which has to have one at any level
        and not (LEVEL_3 in levels and len(helpers(context, part)) > 1)  # PLA-008 tells that
        and not _is_assessed(part)
    ):
        yield Problem(
            "/assessment",
            "The plan names no assessment, and the area expects a shared one at its level.",
        )


def _is_assessed(part: Plan) -> bool:
    """Return whether a plan names its assessment, in any of the places for it, or says why not."""
    return (
        part.assessment is not None
        or "assessment" in (part.absent or {})
        or any(related_record.record_type == _ASSESSMENT for related_record in part.related_records)
        or any(attachment.type == _ASSESSMENT for attachment in part.attachments)
    )
