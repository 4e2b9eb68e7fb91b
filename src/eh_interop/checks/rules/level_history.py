"""The history of levels: decisions that follow one another.

No rule here works out, accepts or refuses a level. That is a judgement.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from eh_interop.checks.rules._help import levels, steps
from eh_interop.checks.rules.engine import Context, Problem, asks, example, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import LevelDecision, Plan, Record

_SAME: Final = {"change": "no-change", "previousLevel": 4, "changeReason": None}
_UNEXPLAINED: Final[dict[str, Any]] = {
    "id": "l1",
    "level": 2,
    "children": ["c1"],
    "decidedOn": "2026-05-22",
    "needs": ["n1"],
}
_FIRST: Final = _UNEXPLAINED | {"rationale": "One need, caught early."}
_NEXT: Final = _FIRST | {"id": "l2", "decidedOn": "2026-07-10", "previousLevel": 2}


@rule("LEV-001", Severity.ERROR, cites=("E-037",))
@asks("Does the level go up, go down or stay?")
@example(passes=_SAME, fails=_SAME | {"previousLevel": 2})
def change_of_level_disagrees(part: LevelDecision, _: Context) -> Iterator[Problem]:
    """A level is said to rise, fall or stay, and the level before says otherwise.

    What the family was told cannot be seen. Usually the level before was not
    brought up to date.
    """
    before = part.previous_level
    if before is None:
        return
    went = "increase" if part.level > before else "decrease" if part.level < before else "no-change"
    if part.change not in {None, "start", went}:
        yield Problem("/change", "This does not agree with the level before.")


@rule("LEV-003", Severity.ERROR, cites=("S-002", "E-037"))
@asks("Which of the two decisions holds?")
@example(
    passes={"levels": [_FIRST | {"supersededBy": "l2"}, _NEXT | {"decidedOn": "2026-05-22"}]},
    fails={"levels": [_FIRST, _FIRST | {"id": "l2", "level": 4}]},
)
def two_levels_on_one_day(part: Record, context: Context) -> Iterator[Problem]:
    """Two decisions of the same day put the same child at two levels.

    Levels are kept as a history, and it has to be seen which decision came
    later. Say which one replaces the other.
    """
    del context
    for (_, earlier), (number, later) in steps(part):
        same_day = earlier.decided_on == later.decided_on and earlier.level != later.level
        if same_day and earlier.superseded_by != later.id and later.superseded_by != earlier.id:
            message = "Another decision of the same day gives another level."
            yield Problem(f"/levels/{number}", message)


@rule("LEV-004", Severity.WARNING, cites=("S-002", "E-037"))
@asks("At which level was the child before this decision?")
@example(
    passes={"levels": [_FIRST, _NEXT]}, fails={"levels": [_FIRST, _NEXT | {"previousLevel": 3}]}
)
def level_before_is_not_the_last_one(part: Record, context: Context) -> Iterator[Problem]:
    """The level before a decision is not the one that the last decision gave.

    A decision in between seems to be missing, or was overwritten.
    """
    del context
    for (_, earlier), (number, later) in steps(part):
        if (
            later.previous_level is not None
            and earlier.decided_on != later.decided_on
            and later.previous_level != earlier.level
        ):
            message = "The last decision before this one gives another level."
            yield Problem(f"/levels/{number}/previousLevel", message)


@rule("LEV-005", Severity.ERROR, cites=("E-037", "S-002"))
@asks("Which decision replaced this one?")
@example(
    passes={"levels": [_FIRST | {"supersededBy": "l2"}, _NEXT]},
    fails={"levels": [_FIRST, _NEXT | {"supersededBy": "l1"}]},
)
def replaced_by_an_earlier_decision(part: Record, _: Context) -> Iterator[Problem]:
    """A decision about the level is said to be replaced by an earlier one, or by itself.

    Which level holds now cannot be seen.
    """
    decided = {level.id: level.decided_on for level in levels(part)}
    for number, decision in enumerate(levels(part)):
        later = decided.get(decision.superseded_by or "")
        if decision.superseded_by == decision.id or (
            later and decision.decided_on and later < decision.decided_on
        ):
            message = "The decision that is said to replace this one is not later."
            yield Problem(f"/levels/{number}/supersededBy", message)


@rule("LEV-016", Severity.INFO, cites=("S-026", "P-006"))
@asks("Has the level been looked at again?")
@example(
    passes={"levels": [_FIRST | {"reviewOn": "2026-11-01"}]},
    fails={"levels": [_FIRST | {"reviewOn": "2026-10-31"}]},
)
def level_not_looked_at_again(part: Plan, context: Context) -> Iterator[Problem]:
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
            message = "The day for looking at the level again has passed."
            yield Problem(f"/levels/{number}/reviewOn", message)
