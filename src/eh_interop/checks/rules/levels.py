"""Levels of need: whether what people decided is written down without contradiction, and in order.

No rule here works out, accepts or refuses a level. That is a judgement.
"""

from __future__ import annotations

from typing import Any, Final

from eh_interop.checks.rules._help import levels, role_of, steps
from eh_interop.checks.rules.engine import Context, Problem, Problems, asks, fails, on, passes, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import LevelDecision, Plan, Record

_UNEXPLAINED: Final[dict[str, Any]] = {
    "id": "l1",
    "level": 2,
    "children": ["c1"],
    "decidedOn": "2026-05-22",
    "needs": ["n1"],
}
_FIRST: Final = _UNEXPLAINED | {"rationale": "One need, caught early."}
_ADVISERS: Final = {
    "health": frozenset({"lead-health-professional", "named-professional"}),
    "education": frozenset({"lead-education-professional"}),
}


@rule("LEV-002", Severity.WARNING, cites=("S-027", "E-037"))
@asks("Which needs come first?")
@passes(priorityNeeds=["n1"])
@fails(needs=None, priorityNeeds=["n1"], absent={"needs": "not-applicable"})
def priority_need_not_among_needs(part: LevelDecision, _: Context) -> Problems:
    """A need comes first that is not among the needs the decision rests on.

    Practitioners decide which needs take priority, out of those they looked at.
    """
    for number, need in enumerate(part.priority_needs):
        if need not in part.needs:
            message = "The need that comes first is not among the needs that the decision rests on."
            yield Problem(f"/priorityNeeds/{number}", message)


@rule("LEV-006", Severity.WARNING, cites=("S-028", "E-037"))
@asks("When was the level talked over with the family?")
@passes(discussedOn="2026-10-20")
@fails(discussedOn="2026-10-21")
def talked_over_after_it_was_decided(part: LevelDecision, _: Context) -> Problems:
    """A level was talked over with the family after it had been decided, or is said not to be.

    Levels are settled in discussion, with the family too, and not told
    afterwards.
    """
    if part.discussed_on and part.decided_on and part.discussed_on > part.decided_on:
        yield Problem(
            "/discussedOn",
            "The talk about the level is dated after the day on which it was decided.",
        )
    if part.discussed_on and part.discussed_with_family is False:
        yield Problem(
            "/discussedWithFamily",
            "The level is said not to have been talked over, and there is a date of the talk.",
        )


@rule("LEV-011", Severity.WARNING, cites=("G-065", "E-054"))
@on(example="minimal/plan")
@asks("Why is the level as a whole lower than that of one of the needs?")
@passes(needs=[{"id": "n1", "level": 3}])
@fails(needs=[{"id": "n1", "level": 3}], levels=[_UNEXPLAINED])
def lower_than_a_need_without_reason(part: Record, _: Context) -> Problems:
    """A level is lower than that of one of the needs behind it, and no reason is given.

    Needs may sit at different levels, and all count. Strengths may offset
    them: any reason will do.
    """
    needs = {need.id: need.level or 0 for need in getattr(part, "needs", ())}
    for number, decision in enumerate(levels(part)):
        highest = max((needs.get(need, 0) for need in decision.needs), default=0)
        if highest > decision.level and not decision.rationale:
            message = "One of the needs is at a higher level, and no reason is given."
            yield Problem(f"/levels/{number}/rationale", message)


@rule("LEV-014", Severity.INFO, cites=("G-061", "G-062"))
@asks("Was the lead professional for health or education asked for advice?")
@passes(route="social-care")
@fails(route="health")
def adviser_does_not_fit_the_route(part: LevelDecision, context: Context) -> Problems:
    """A rising health or education need was talked over with somebody else.

    A rising health need goes to the lead health professional, and a rising
    education need to the lead education professional.
    """
    adviser, wanted = part.discussed_with_adviser, _ADVISERS.get(part.route or "")
    if (
        wanted
        and adviser
        and part.change == "increase"
        and not {adviser.role, role_of(context, adviser.with_)} & wanted
    ):
        message = "The adviser is not the lead professional for this kind of need."
        yield Problem("/discussedWithAdviser", message)


@rule("LEV-015", Severity.INFO, cites=("W-009", "E-054"))
@asks("Why is this the level for each child?")
@passes(levels=[_FIRST, _FIRST | {"id": "l2", "children": ["c1"], "decidedOn": "2026-07-10"}])
@fails(
    children=[{"id": "c1"}, {"id": "c2"}],
    levels=[_FIRST, _FIRST | {"id": "l2", "children": ["c2"]}],
    consents=None,
    sharingLog=None,
)
def same_reason_for_different_children(part: Record, _: Context) -> Problems:
    """The same words explain the level of different children.

    Each child is thought about apart. Copied words may hide what is different.
    """
    seen: dict[str, tuple[str, ...]] = {}
    for number, decision in enumerate(levels(part)):
        if (
            decision.rationale
            and seen.setdefault(decision.rationale, decision.children) != decision.children
        ):
            message = "The same words stand with a decision about another child."
            yield Problem(f"/levels/{number}/rationale", message)


_SAME: Final = {"change": "no-change", "previousLevel": 4, "changeReason": None}
_NEXT: Final = _FIRST | {"id": "l2", "decidedOn": "2026-07-10", "previousLevel": 2}


@rule("LEV-001", Severity.ERROR, cites=("E-037",), family="level_history")
@asks("Does the level go up, go down or stay?")
@passes(_SAME)
@fails(_SAME, previousLevel=2)
def change_of_level_disagrees(part: LevelDecision, _: Context) -> Problems:
    """A level is said to rise, fall or stay, and the level before says otherwise.

    What the family was told cannot be seen. Usually the level before was not
    brought up to date.
    """
    before = part.previous_level
    if before is None:
        return
    went = "increase" if part.level > before else "decrease" if part.level < before else "no-change"
    if part.change not in {None, "start", went}:
        yield Problem("/change", "The change does not agree with the level and the level before.")


@rule("LEV-003", Severity.ERROR, cites=("S-002", "E-037"), family="level_history")
@asks("Which of the two decisions holds?")
@passes(levels=[_FIRST | {"supersededBy": "l2"}, _NEXT | {"decidedOn": "2026-05-22"}])
@fails(levels=[_FIRST, _FIRST | {"id": "l2", "level": 4}])
def two_levels_on_one_day(part: Record, _context: Context) -> Problems:
    """Two decisions of the same day put the same child at two levels.

    Levels are kept as a history, and it has to be seen which decision came
    later. Say which one replaces the other.
    """
    for (_, earlier), (number, later) in steps(part):
        same_day = earlier.decided_on == later.decided_on and earlier.level != later.level
        if same_day and earlier.superseded_by != later.id and later.superseded_by != earlier.id:
            message = "Another decision of the same day gives another level."
            yield Problem(f"/levels/{number}", message)


@rule("LEV-004", Severity.WARNING, cites=("S-002", "E-037"), family="level_history")
@asks("At which level was the child before this decision?")
@passes(levels=[_FIRST, _NEXT])
@fails(levels=[_FIRST, _NEXT | {"previousLevel": 3}])
def level_before_is_not_the_last_one(part: Record, _context: Context) -> Problems:
    """The level before a decision is not the one that the last decision gave.

    A decision in between seems to be missing, or was overwritten.
    """
    for (_, earlier), (number, later) in steps(part):
        if (
            later.previous_level is not None
            and earlier.decided_on != later.decided_on
            and later.previous_level != earlier.level
        ):
            message = "The previous level is not the one that the last decision gives."
            yield Problem(f"/levels/{number}/previousLevel", message)


@rule("LEV-005", Severity.ERROR, cites=("E-037", "S-002"), family="level_history")
@asks("Which decision replaced this one?")
@passes(levels=[_FIRST | {"supersededBy": "l2"}, _NEXT])
@fails(levels=[_FIRST, _NEXT | {"supersededBy": "l1"}])
def replaced_by_an_earlier_decision(part: Record, _: Context) -> Problems:
    """A decision about the level is said to be replaced by an earlier one, or by itself.

    Which level holds now cannot be seen.
    """
    decided = {level.id: level.decided_on for level in levels(part)}
    for number, decision in enumerate(levels(part)):
        later = decided.get(decision.superseded_by or "")
        if decision.superseded_by == decision.id or (
            later and decision.decided_on and later < decision.decided_on
        ):
            message = "The decision that is said to replace this decision is not later than it."
            yield Problem(f"/levels/{number}/supersededBy", message)


@rule("LEV-016", Severity.INFO, cites=("S-026", "P-006", "E-053"), family="level_history")
@asks("Has the level been looked at again?")
@passes(levels=[_FIRST | {"reviewOn": "2026-11-01"}])
@fails(levels=[_FIRST | {"reviewOn": "2026-10-31"}])
def level_not_looked_at_again(part: Plan, context: Context) -> Problems:
    """The day on which a level was to be looked at again has passed.

    Needs change, and a level is not fixed.
    """
    latest = max((level.decided_on for level in part.levels if level.decided_on), default=None)
    for number, decision in enumerate(part.levels if part.status == "open" else ()):
        due = decision.review_on
        if (
            due
            and due < context.today
            and not decision.superseded_by
            and not (latest and decision.decided_on and latest > decision.decided_on)
        ):
            message = (
                "The day for looking at the level again has passed, and no later decision is "
                "recorded."
            )
            yield Problem(f"/levels/{number}/reviewOn", message)
