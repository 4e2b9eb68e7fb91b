"""Reviews: when they are held, who takes part, and what follows from what they find."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

from eh_interop.checks.rules._help import held, months_after, persons
from eh_interop.checks.rules.engine import Context, Problem, Problems, asks, fails, on, passes, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Plan, Review

_HELD: Final[dict[str, Any]] = {
    "id": "r1",
    "on": "2026-07-10",
    "held": True,
    "goals": [{"goal": "g1", "status": "open"}],
    "nextReviewOn": "2026-11-20",
}


@rule("REV-001", Severity.WARNING, cites=("G-040", "E-024"))
@asks("Has the review taken place? If not, when will it?")
@passes(nextReviewOn="2026-11-01", reviews=None)
@fails(nextReviewOn="2026-10-31", reviews=None)
def review_overdue(part: Plan, context: Context) -> Problems:
    """The next review of an open plan was to be on a day that has passed.

    A plan that nobody looks at drifts. The review may have been held and not
    yet recorded.
    """
    due = part.next_review_on
    if (
        part.status == "open"
        and due
        and due < context.today
        and not any(review.on >= due for _, review in held(part))
    ):
        yield Problem(
            "/nextReviewOn",
            "The date of the next review has passed, and no review since then is recorded.",
        )


@rule("REV-002", Severity.WARNING, cites=("E-024", "E-037"))
@asks("When is the next review?")
@passes(nextReviewOn="2026-11-20")
@fails(nextReviewOn="2026-11-21")
def next_review_disagrees(part: Plan, _: Context) -> Problems:
    """The next review of the plan is not on the day that the last review set.

    People come on different days. It happens when a review is moved and one
    of two places is changed.
    """
    reviews = held(part)
    agreed = reviews[-1][1].next_review_on if reviews else None
    if part.status == "open" and agreed and part.next_review_on not in {None, agreed}:
        yield Problem(
            "/nextReviewOn", "The next review is not on the day that the last review set."
        )


@rule("REV-003", Severity.WARNING, cites=("G-020", "E-056"))
@asks("When did the plan start, and when was this review?")
@passes(reviews=[_HELD | {"on": "2026-06-01"}])
@fails(reviews=[_HELD | {"on": "2026-05-31"}])
def review_before_plan_started(part: Plan, _: Context) -> Problems:
    """A review was held before the plan started.

    The cycle is to assess, plan, do and review. Often a meeting that planned
    the work is recorded as a review.
    """
    for number, review in held(part):
        if part.started_on and review.on < part.started_on:
            yield Problem(f"/reviews/{number}/on", "The review is dated before the plan started.")


@rule("REV-004", Severity.ERROR, cites=("E-037",))
@asks("When is the next review?")
@passes(on="2026-07-10")
@fails(on="2026-07-10", nextReviewOn="2026-07-10", held=False, attendees=None)
def next_review_not_later(part: Review, _: Context) -> Problems:
    """The next review is not after this one.

    Usually the date of the meeting was copied, or the year is mistyped.
    """
    if part.next_review_on and part.next_review_on <= part.on:
        yield Problem("/nextReviewOn", "The next review is not dated after the review itself.")


@rule("REV-009", Severity.ERROR, cites=("E-037", "E-033"))
@asks("Who took part in the review?")
@passes(attendees=["w1"], apologies=["p1"], familyPresent=False)
@fails(attendees=["w1", "p1"], apologies=["p1"], familyPresent=True)
def who_took_part_disagrees(part: Review, context: Context) -> Problems:
    """What is said about who took part in a review cannot all be so.

    For example, somebody was there and sent apologies, or the family was not
    there and is among those who were. Whose views were heard depends on it.
    """
    family = context.once(persons)
    there = set(part.attendees)
    if part.held is False and there:
        yield Problem(
            "/held",
            "The review is said not to have been held, and people are said to have taken part.",
        )
    if there.intersection(part.apologies):
        yield Problem("/apologies", "Somebody sent apologies and is among those who took part.")
    if part.family_present is False and there & family.keys():
        yield Problem(
            "/familyPresent",
            "The answer is no, and somebody from the family is among those who took part.",
        )
    if part.family_present and there and there.isdisjoint(family):
        yield Problem(
            "/familyPresent",
            "The answer is yes, and nobody from the family is among those who took part.",
        )


@rule("REV-012", Severity.ERROR, cites=("E-037",))
@asks("Has this review taken place?")
@passes(reviews=[_HELD | {"on": "2026-11-01"}])
@fails(reviews=[_HELD | {"on": "2026-11-02"}])
def review_held_in_the_future(part: Plan, context: Context) -> Problems:
    """A review is said to have been held on a day that has not come yet.

    Usually the year is mistyped, or a planned review was marked as held.
    """
    for number, review in enumerate(part.reviews):
        if review.held and review.on > context.today:
            yield Problem(
                f"/reviews/{number}/on",
                "The review is said to have been held, and its date is after today.",
            )


_DECISIONS: Final = frozenset({"continue-level-3", "step-down-level-2", "step-up", "close"})
_BASE: Final[dict[str, Any]] = {
    "id": "r1",
    "held": True,
    "goals": [{"goal": "g1", "status": "open"}],
    "decision": "continue-level-3",
}
_SIX_WEEKS: Final = {"origin": "step-down-child-in-need", "nextReviewOn": None}
_SIX_MONTHS: Final = {"reviewBasis": "disabled-child-services", "nextReviewOn": None}


def is_six_weekly(part: Plan) -> bool:
    """Return whether a plan follows a child in need plan and has no other basis for reviews."""
    return part.review_basis == "step-down-child-in-need" or (
        part.origin == "step-down-child-in-need" and part.review_basis in {None, "ordinary"}
    )


def _days(part: Plan) -> list[tuple[str, date]]:
    """Return the start and the reviews held, with their places."""
    start = [("/startedOn", part.started_on)] if part.started_on else []
    return [*start, *((f"/reviews/{number}/on", review.on) for number, review in held(part))]


@rule("REV-101", Severity.ERROR, cites=("G-133",), family="review_intervals")
@on(needs=("cin-step-down-review-days",))
@asks("Please set the next review within the time that the guidance gives.")
@passes(
    _SIX_WEEKS
    | {"reviews": [_BASE | {"on": "2026-07-10"}, _BASE | {"id": "r2", "on": "2026-08-21"}]},
    nextReviewOn="2026-10-02",
    status="paused",
)
@fails(
    _SIX_WEEKS
    | {"reviews": [_BASE | {"on": "2026-07-10"}, _BASE | {"id": "r2", "on": "2026-08-21"}]},
    nextReviewOn="2026-10-03",
    status="paused",
)
def next_review_too_late_after_step_down(part: Plan, context: Context) -> Problems:
    """After a child in need plan, the next review is later than the guidance allows.

    Families are closest to needing social care again just after it has left.
    The days are counted from the last review, or from the start.
    """
    days = _days(part)
    limit = timedelta(days=context.settings["cin-step-down-review-days"])
    if (
        is_six_weekly(part)
        and part.status != "closed"
        and days
        and part.next_review_on
        and part.next_review_on - days[-1][1] > limit
    ):
        yield Problem(
            "/nextReviewOn",
            f"The next review is not within {limit.days} days of the last one or the start.",
        )


@rule("REV-102", Severity.WARNING, cites=("G-133",), family="review_intervals")
@on(needs=("cin-step-down-review-days",))
@passes(
    _SIX_WEEKS, reviews=[_BASE | {"on": "2026-07-13"}, _BASE | {"id": "r2", "on": "2026-08-24"}]
)
@fails(_SIX_WEEKS, reviews=[_BASE | {"on": "2026-07-13"}, _BASE | {"id": "r2", "on": "2026-08-25"}])
def review_held_late_after_step_down(part: Plan, context: Context) -> Problems:
    """After a child in need plan, a review was held later than the guidance allows.

    A good reason may explain it, such as a holiday that the family asked for.
    """
    limit = timedelta(days=context.settings["cin-step-down-review-days"])
    for (_, earlier), (place, later) in pairwise(_days(part) if is_six_weekly(part) else ()):
        if later - earlier > limit:
            yield Problem(
                place,
                f"The review was not held within {limit.days} days of the one before or the start.",
            )


@rule("REV-103", Severity.WARNING, cites=("G-135",), family="review_intervals")
@on(needs=("disabled-child-review-months",))
@asks("When will the plan be reviewed? Please keep to the time that the guidance gives.")
@passes(_SIX_MONTHS, reviews=[_BASE | {"on": "2026-08-31"}], nextReviewOn="2027-02-28")
@fails(_SIX_MONTHS, reviews=[_BASE | {"on": "2026-08-31"}], nextReviewOn="2027-03-01")
def review_too_late_for_disabled_child(part: Plan, context: Context) -> Problems:
    """A disabled child's services are reviewed later than the guidance allows.

    Children and their services change. Months are calendar months: six months
    after the last day of August is the last day of February.
    """
    months = context.settings["disabled-child-review-months"]
    if part.review_basis != "disabled-child-services":
        return
    days = _days(part)
    if part.next_review_on and part.status != "closed":
        days.append(("/nextReviewOn", part.next_review_on))
    for (_, earlier), (place, later) in pairwise(days):
        if later > months_after(earlier, months):
            yield Problem(
                place, f"The review is not within {months} months of the one before or the start."
            )


@rule("REV-104", Severity.ERROR, cites=("G-134",), family="review_intervals")
@asks("Does help go on at level 3, or move to level 2?")
@passes(_SIX_WEEKS, reviews=[_BASE | {"on": "2026-07-10"}])
@fails(_SIX_WEEKS, reviews=[_BASE | {"on": "2026-07-10", "decision": "continue"}])
def review_after_step_down_does_not_say_at_which_level(part: Plan, _: Context) -> Problems:
    """After a child in need plan, a review only says that the plan goes on.

    Each review decides whether help stays at level 3 or moves to level 2.
    """
    for number, review in held(part) if is_six_weekly(part) else ():
        if review.decision and review.decision not in _DECISIONS:
            message = "The decision does not say whether help stays at level 3 or moves to level 2."
            yield Problem(f"/reviews/{number}/decision", message)


_STALLED: Final = _HELD | {
    "progress": "none",
    "stepUpConsidered": True,
    "assessmentUpdated": True,
    "consentReviewed": True,
}
_LATER: Final = {"id": "r2", "on": "2026-09-10"}


@rule("REV-005", Severity.WARNING, cites=("G-019", "E-054"), family="review_findings")
@asks("How far has each open goal come?")
@passes(reviews=[_HELD])
@fails(goals=[{"id": "g1", "status": "open"}, {"id": "g2", "status": "open"}])
def review_leaves_out_a_goal(part: Plan, _: Context) -> Problems:
    """The latest review says nothing about a goal that is still open.

    A review asks of every goal whether it is met, and if not, why. Goals that
    are left out are forgotten. A goal agreed since then can be passed over.
    """
    reviews = held(part)
    if part.status == "open" and reviews and reviews[-1][1].goals:
        number, latest = reviews[-1]
        open_goals = {goal.id for goal in part.goals if goal.status == "open"}
        if open_goals - {goal.goal for goal in latest.goals}:
            yield Problem(
                f"/reviews/{number}/goals",
                "The review names goals and leaves out one that is open.",
            )


@rule("REV-006", Severity.WARNING, cites=("G-096",), family="review_findings")
@asks("Was it considered whether more help is needed?")
@passes(reviews=[_STALLED, _STALLED | _LATER])
@fails(reviews=[_STALLED, _STALLED | _LATER | {"stepUpConsidered": False}])
def stalled_twice_without_thought_of_more_help(part: Plan, _context: Context) -> Problems:
    """Two reviews in a row found no progress, and more help was not considered.

    When nothing gets better, the next step is the multi-agency flowchart.
    Children wait too long when a plan only goes on.
    """
    reviews = held(part)
    for (_, earlier), (number, later) in pairwise(reviews):
        if earlier.progress == later.progress == "none" and not later.step_up_considered:
            message = "Two reviews in a row found no progress, and more help was not considered."
            yield Problem(f"/reviews/{number}/stepUpConsidered", message)


@rule("REV-007", Severity.WARNING, cites=("G-058",), family="review_findings")
@asks("Have the assessment and consent been looked at again since the plan stalled?")
@passes(reviews=[_STALLED, _HELD | _LATER])
@fails(reviews=[_STALLED | {"assessmentUpdated": False}, _HELD | _LATER])
def stalled_and_nothing_brought_up_to_date(part: Plan, _context: Context) -> Problems:
    """A review found no progress, and by the next one nothing had been brought up to date.

    When a plan stalls, the assessment and the plan are updated, consent is
    looked at again and more help is drawn in.
    """
    reviews = held(part)
    for (number, earlier), (_, later) in pairwise(reviews):
        if earlier.progress == "none":
            assessed = earlier.assessment_updated or later.assessment_updated
            asked = earlier.consent_reviewed or later.consent_reviewed
            if not (assessed and asked):
                message = (
                    "No progress was found, and by the next review nothing had been brought up to "
                    "date."
                )
                yield Problem(f"/reviews/{number}", message)


@rule("REV-008", Severity.ERROR, cites=("E-037", "G-019"), family="review_findings")
@asks("Have all goals been reached?")
@passes(progress="outcomes-met", goals=[{"goal": "g1", "status": "met"}])
@fails(progress="outcomes-met", goals=[{"goal": "g1", "status": "not-met"}])
def all_reached_but_a_goal_is_not(part: Review, _: Context) -> Problems:
    """A review says that all outcomes were reached, and that a goal was not.

    Help may end too soon.
    """
    if part.progress == "outcomes-met":
        for number, goal in enumerate(part.goals):
            if goal.status in {"open", "not-met", "partly-met"}:
                message = "All outcomes are said to be reached, and this goal is not."
                yield Problem(f"/goals/{number}/status", message)


@rule("REV-010", Severity.WARNING, cites=("G-051", "E-037"), family="review_findings")
@asks("Is the plan closed?")
@passes(reviews=[_HELD | {"decision": "continue"}])
@fails(reviews=[_HELD | {"decision": "close"}])
def closure_agreed_but_plan_open(part: Plan, _: Context) -> Problems:
    """The latest review decided to close the plan, and it is still open.

    The early help team goes on counting it as open.
    """
    reviews = held(part)
    if part.status == "open" and reviews and reviews[-1][1].decision == "close":
        yield Problem(
            "/status", "The latest review decided to close the plan, and the status is open."
        )


@rule("REV-011", Severity.WARNING, cites=("G-077", "E-037"), family="review_findings")
@on(example="gloucestershire/my-plan")
@asks("When was consent last looked at with the family?")
@passes(consents=[{"id": "cs1", "purposes": ["start-plan"], "status": "given"}])
@fails(
    consents=[
        {
            "id": "cs1",
            "purposes": ["start-plan"],
            "status": "given",
            "children": ["c1", "c2", "c3"],
            "lastReviewedOn": "2025-11-17",
        }
    ]
)
def consent_review_not_in_consent(part: Plan, _: Context) -> Problems:
    """A review says that consent was looked at, and no consent says so.

    Whether consent still holds cannot be seen from the consent itself.
    """
    looked = [consent.last_reviewed_on for consent in part.consents if consent.last_reviewed_on]
    looked += [review.on for consent in part.consents for review in consent.reviews]
    for number, review in held(part) if looked else ():
        if review.consent_reviewed and max(looked) < review.on:
            message = (
                "Consent is said to have been reviewed, and no consent has that date or a later "
                "one."
            )
            yield Problem(f"/reviews/{number}/consentReviewed", message)
