"""Reviews: when they are held, and who takes part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from eh_interop.checks.rules._help import held, persons
from eh_interop.checks.rules.engine import Context, Problem, asks, example, rule
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
@example(
    passes={"nextReviewOn": "2026-11-01", "reviews": None},
    fails={"nextReviewOn": "2026-10-31", "reviews": None},
)
def review_overdue(part: Plan, context: Context) -> Iterator[Problem]:
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
        yield Problem("/nextReviewOn", "The day of the next review has passed.")


@rule("REV-002", Severity.WARNING, cites=("E-024", "E-037"))
@asks("When is the next review?")
@example(passes={"nextReviewOn": "2026-11-20"}, fails={"nextReviewOn": "2026-11-21"})
def next_review_disagrees(part: Plan, _: Context) -> Iterator[Problem]:
    """The next review of the plan is not on the day that the last review set.

    People come on different days. It happens when a review is moved and one
    of two places is changed.
    """
    reviews = held(part)
    agreed = reviews[-1][1].next_review_on if reviews else None
    if part.status == "open" and agreed and part.next_review_on not in {None, agreed}:
        yield Problem("/nextReviewOn", "The last review set another day.")


@rule("REV-003", Severity.WARNING, cites=("G-020",))
@asks("When did the plan start, and when was this review?")
@example(
    passes={"reviews": [_HELD | {"on": "2026-06-01"}]},
    fails={"reviews": [_HELD | {"on": "2026-05-31"}]},
)
def review_before_plan_started(part: Plan, _: Context) -> Iterator[Problem]:
    """A review was held before the plan started.

    The cycle is to assess, plan, do and review. Often a meeting that planned
    the work is recorded as a review.
    """
    for number, review in held(part):
        if part.started_on and review.on < part.started_on:
            yield Problem(f"/reviews/{number}/on", "This is before the plan started.")


@rule("REV-004", Severity.ERROR, cites=("E-037",))
@asks("When is the next review?")
@example(
    passes={"on": "2026-07-10"},
    fails={"on": "2026-07-10", "nextReviewOn": "2026-07-10", "held": False, "attendees": None},
)
def next_review_not_later(part: Review, _: Context) -> Iterator[Problem]:
    """The next review is not after this one.

    Usually the date of the meeting was copied, or the year is mistyped.
    """
    if part.next_review_on and part.next_review_on <= part.on:
        yield Problem("/nextReviewOn", "This is not after the review.")


@rule("REV-009", Severity.ERROR, cites=("E-037", "E-033"))
@asks("Who took part in the review?")
@example(
    passes={"attendees": ["w1"], "apologies": ["p1"], "familyPresent": False},
    fails={"attendees": ["w1", "p1"], "apologies": ["p1"], "familyPresent": True},
)
def who_took_part_disagrees(part: Review, context: Context) -> Iterator[Problem]:
    """What is said about who took part in a review cannot all be so.

    For example, somebody was there and sent apologies, or the family was not
    there and is among those who were. Whose views were heard depends on it.
    """
    family = context.once(persons)
    there = set(part.attendees)
    if part.held is False and there:
        yield Problem("/held", "People took part, so the review was held.")
    if there.intersection(part.apologies):
        yield Problem("/apologies", "Somebody is also among those who took part.")
    if part.family_present is False and there & family.keys():
        yield Problem("/familyPresent", "Somebody from the family took part.")
    if part.family_present and there and there.isdisjoint(family):
        yield Problem("/familyPresent", "Nobody from the family is among those who took part.")


@rule("REV-012", Severity.ERROR, cites=("E-037",))
@asks("Has this review taken place?")
@example(
    passes={"reviews": [_HELD | {"on": "2026-11-01"}]},
    fails={"reviews": [_HELD | {"on": "2026-11-02"}]},
)
def review_held_in_the_future(part: Plan, context: Context) -> Iterator[Problem]:
    """A review is said to have been held on a day that has not come yet.

    Usually the year is mistyped, or a planned review was marked as held.
    """
    for number, review in enumerate(part.reviews):
        if review.held and review.on > context.today:
            yield Problem(f"/reviews/{number}/on", "This day has not come yet.")
