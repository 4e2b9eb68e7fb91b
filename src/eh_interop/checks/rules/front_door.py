"""Figures that an area states: how soon a call is written up, decided on, reviewed, signed off."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from eh_interop.checks.rules._help import age_on, held
from eh_interop.checks.rules.engine import Context, Problem, Problems, asks, fails, on, passes, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Consent, Marf, Plan, ReferralOutcome

_STATED: Final = "E-039"
_RED: Final = "hub-hours-red"
_AMBER: Final = "hub-hours-amber"
_GREEN: Final = "hub-hours-green"
_CLOCKS: Final = {"red": _RED, "amber": _AMBER, "green": _GREEN}
_CALL: Final[dict[str, Any]] = {"id": "ct1", "mode": "phone", "by": "w1"}
_CLOSED: Final = {
    "status": "closed", "nextReviewOn": None, "goals": None, "actions": None, "reviews": None,
}  # fmt: skip


@rule("AFG-001", Severity.WARNING, cites=(_STATED,))
@on(needs=("written-follow-up-hours",))
@asks("When was the call followed up in writing?")
@passes(
    contacts=[_CALL | {"at": "2026-10-19T10:00:00+01:00"}], referredAt="2026-10-20T10:00:00+01:00"
)
@fails(
    contacts=[_CALL | {"at": "2026-10-18T09:00:00+01:00"}], referredAt="2026-10-20T10:00:00+01:00"
)
def call_followed_up_late(part: Marf, context: Context) -> Problems:
    """A referral was sent in writing later after the telephone call than the area allows.

    What was said on the telephone is forgotten or misheard until it is written down.
    """
    limit = timedelta(hours=context.settings["written-follow-up-hours"])
    calls = [contact.at for contact in part.contacts if contact.mode == "phone"]
    if calls and part.referred_at and part.referred_at - min(calls) > limit:
        yield Problem("/referredAt", "This is later after the call than the area allows.")


@rule("AFG-002", Severity.WARNING, cites=(_STATED,))
@on(needs=(_RED, _AMBER, _GREEN))
@asks("Why did the decision take longer than your area allows?")
@passes(
    receivedAt="2026-10-20T10:00:00+01:00",
    decidedAt="2026-10-20T12:00:00+01:00",
    screenings=[{"rating": "red"}],
)
@fails(
    receivedAt="2026-10-20T10:00:00+01:00",
    decidedAt="2026-10-20T12:01:00+01:00",
    screenings=[{"rating": "red"}],
)
def decided_later_than_the_rating_allows(part: ReferralOutcome, context: Context) -> Problems:
    """A decision on a referral came later than the area's clock for its rating allows.

    The last rating counts. Other agencies may have been slow to answer: say when each was asked.
    """
    ratings = [screening.rating for screening in part.screenings if screening.rating in _CLOCKS]
    if ratings and part.received_at and part.decided_at:
        limit = timedelta(hours=context.settings[_CLOCKS[ratings[-1] or ""]])
        if part.decided_at - part.received_at > limit:
            yield Problem("/decidedAt", "This is later than the area allows for the rating.")


@rule("AFG-003", Severity.WARNING, cites=(_STATED,))
@on(example="minimal/plan", needs=("review-interval-days",))
@asks("When will the plan be reviewed?")
@passes(reviews=None, nextReviewOn="2026-11-28")
@fails(reviews=None, nextReviewOn="2026-11-29")
def review_later_than_the_area_allows(part: Plan, context: Context) -> Problems:
    """The next review of an ordinary plan is later than the area's interval allows.

    A plan that is not looked at drifts. Plans after a child in need plan, and those of disabled
    children with services, have intervals of their own.
    """
    took_place = held(part)
    last = took_place[-1][1].on if took_place else part.started_on
    limit = timedelta(days=context.settings["review-interval-days"])
    ordinary = part.review_basis in {None, "ordinary"}
    if ordinary and last and part.next_review_on and part.next_review_on - last > limit:
        yield Problem("/nextReviewOn", "This is later than the area's interval allows.")


def _asked_on(part: Consent, context: Context) -> date:
    return part.sought_on or context.today


@rule("AFG-004", Severity.WARNING, cites=(_STATED,))
@on(needs=("child-asked-from-age",))
@asks("Was this child asked? If not, please say why.")
@passes(giversMissing=[{"capacity": "child", "person": "c1", "reason": "too-young"}])
@fails(giversMissing=None)
def child_of_that_age_not_asked(part: Consent, context: Context) -> Problems:
    """A child of the age from which the area asks children did not decide, and no reason is given.

    Areas differ in the age. It happens when a form has room for the parents alone.
    """
    decided = {giver.person for giver in part.givers}
    explained = any(one.capacity in {"child", "young-person"} for one in part.givers_missing)
    children = {child.id: child for child in context.record.children}
    for number, local_id in enumerate(part.children):
        child = children.get(local_id)
        born = child.date_of_birth if child else None
        if part.status != "given" or born is None or local_id in decided or explained:
            continue
        if age_on(born, _asked_on(part, context)) >= context.settings["child-asked-from-age"]:
            yield Problem(f"/children/{number}", "This child is old enough to be asked here.")


@rule("AFG-005", Severity.WARNING, cites=(_STATED,))
@on(example="minimal/plan", needs=("closure-sign-off-days",))
@asks("Who signed off the closure, and when?")
@passes(_CLOSED, closure={"on": "2026-10-01", "signedOffBy": "w1", "signedOffOn": "2026-10-08"})
@fails(_CLOSED, closure={"on": "2026-10-01"})
def closure_not_signed_off(part: Plan, context: Context) -> Problems:
    """A closure was not signed off, or later than the area allows.

    A second person looks whether the family has what it needs.
    """
    closure = part.closure
    limit = timedelta(days=context.settings["closure-sign-off-days"])
    if closure and closure.on:
        signed = closure.signed_off_on or context.today
        if signed - closure.on > limit:
            yield Problem("/closure", "The closure was not signed off in the time that is allowed.")
