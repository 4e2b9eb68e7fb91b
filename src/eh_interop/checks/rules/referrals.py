"""Referrals: when they were made, and on whose advice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from eh_interop.checks.rules._help import LEVEL_3, current_levels
from eh_interop.checks.rules.engine import Context, Problem, asks, example, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Marf

_CONCERN: Final[dict[str, Any]] = {"id": "k1", "subject": "person", "people": ["c1"]}
_CALL: Final = {"id": "ct1", "at": "2026-10-20T09:00:00+01:00", "mode": "phone", "by": "w1"}


@rule("RFL-001", Severity.ERROR, cites=("E-037", "E-011"))
@asks("When was the referral made?")
@example(
    passes={"referredAt": "2026-10-20T15:40:00+01:00"},
    fails={"referredAt": "2026-10-19T15:40:00+01:00"},
)
def two_days_for_one_referral(part: Marf, _: Context) -> Iterator[Problem]:
    """The date of a referral and its time are on different days.

    How long a child waited is counted from it.
    """
    if part.referred_on and part.referred_at and part.referred_at.date() != part.referred_on:
        yield Problem("/referredAt", "This is on another day than the date of the referral.")


@rule("RFL-002", Severity.ERROR, cites=("E-037",))
@asks("When was the referral made, and when did it arrive?")
@example(passes={"receivedOn": "2026-10-20"}, fails={"receivedOn": "2026-10-19"})
def received_before_it_was_made(part: Marf, _: Context) -> Iterator[Problem]:
    """A referral arrived before it was made.

    How long a child waited is counted from it. Often the day of an earlier
    telephone call was put in.
    """
    if part.received_on and part.referred_on and part.received_on < part.referred_on:
        yield Problem("/receivedOn", "This is before the referral was made.")


@rule("RFL-003", Severity.WARNING, cites=("G-060", "S-020"))
@asks("Was the worry talked over before the referral?")
@example(
    passes={"consultations": [{"role": "manager", "on": "2026-10-20"}]},
    fails={"consultations": [{"role": "manager", "on": "2026-10-21"}]},
)
def advice_after_referral(part: Marf, _: Context) -> Iterator[Problem]:
    """Advice was taken after the referral had been made.

    Advice comes first, unless a child is at immediate risk.
    """
    for number, consultation in enumerate(part.consultations if not part.immediate_risk else ()):
        if consultation.on and part.referred_on and consultation.on > part.referred_on:
            yield Problem(f"/consultations/{number}/on", "This is after the referral was made.")


@rule("RFL-004", Severity.WARNING, cites=("E-037",))
@asks("Please check this date and the date of the referral.")
@example(
    passes={"latestReviewOn": "2026-10-20", "attachments": None},
    fails={"latestReviewOn": "2026-10-21", "attachments": None},
)
def came_before_but_is_dated_later(part: Marf, _: Context) -> Iterator[Problem]:
    """What led to a referral is dated after it.

    A review, a plan or an event that led to it comes first. Often the date of
    the referral was not changed when the form was used again.
    """
    made = part.referred_on
    if made is None:
        return
    dated = [("/latestReviewOn", part.latest_review_on)]
    dated += [(f"/concerns/{n}/on", concern.on) for n, concern in enumerate(part.concerns)]
    dated += [
        (f"/earlyHelpPlans/{n}/date", plan.date) for n, plan in enumerate(part.early_help_plans)
    ]
    for place, day in dated:
        if day and day > made:
            yield Problem(place, "This is after the referral was made.")


@rule("RFL-014", Severity.INFO, cites=("S-062",))
@asks("Has the front door been telephoned?")
@example(passes={"contacts": [_CALL]}, fails={"contacts": [_CALL | {"mode": "email"}]})
def new_referral_without_a_call(part: Marf, context: Context) -> Iterator[Problem]:
    """A child who is new to social care was referred at level 3 or 4 without a telephone call.

    Such referrals are best made by telephone: questions can be answered at
    once.
    """
    new = any(child.social_care_status in {"not-known", "closed"} for child in part.children)
    high = any(level >= LEVEL_3 for level in current_levels(context.record))
    if new and high and part.contacts and all(contact.mode != "phone" for contact in part.contacts):
        yield Problem("/contacts", "No telephone call is recorded.")


@rule("RFL-015", Severity.WARNING, cites=("E-037", "N-005"))
@asks("Does the referrer want to stay anonymous?")
@example(passes={"referrer": {"source": "2A"}}, fails={"referrer": {"source": "9"}})
def anonymous_referrer_is_named(part: Marf, _: Context) -> Iterator[Problem]:
    """The source of a referral is anonymous, and the referrer is named.

    Somebody may have asked not to be named. Or the wrong source was picked.
    """
    referrer = part.referrer
    if referrer and referrer.source == "9" and (referrer.practitioner or referrer.person):
        yield Problem("/referrer/source", "The referrer is named, so the source is known.")


@rule("RFL-017", Severity.INFO, cites=("S-020",))
@example(
    passes={
        "consultations": [
            {"role": "manager", "on": "2026-10-16"},
            {"role": "social-worker", "on": "2026-10-16"},
        ]
    },
    fails={
        "consultations": [
            {"role": "manager", "on": "2026-10-17"},
            {"role": "social-worker", "on": "2026-10-16"},
        ]
    },
)
def advice_line_before_own_manager(part: Marf, _: Context) -> Iterator[Problem]:
    """The advice line was asked before a manager or safeguarding lead of the own agency.

    In doubt, the own agency comes first, because it knows the child.
    """
    line = [
        consultation.on
        for consultation in part.consultations
        if consultation.role == "social-worker" and consultation.on
    ]
    own = [
        consultation.on
        for consultation in part.consultations
        if consultation.role in {"manager", "designated-safeguarding-lead"} and consultation.on
    ]
    if line and own and min(line) < min(own):
        yield Problem("/consultations", "The own manager or safeguarding lead was asked later.")


@rule("RFL-018", Severity.INFO, cites=("G-094",), needs=("prompt-sharing-days",))
@example(
    passes={"concerns": [_CONCERN | {"on": "2026-10-13"}]},
    fails={"concerns": [_CONCERN | {"on": "2026-10-12"}]},
)
def worry_shared_late(part: Marf, context: Context) -> Iterator[Problem]:
    """The latest worry in a referral is older than the area expects.

    Reviews of serious cases teach to record, weigh up and share promptly.
    """
    limit = timedelta(days=context.settings["prompt-sharing-days"])
    days = [concern.on for concern in part.concerns if concern.on]
    if days and part.referred_on and part.referred_on - max(days) > limit:
        yield Problem("/referredOn", "This is long after the latest worry.")
