"""Invented early help plans."""

from __future__ import annotations

from datetime import date, timedelta

from eh_interop.samples.consents import ConsentRequest, consent_given
from eh_interop.samples.family import SampleFamily
from eh_interop.samples.family_members import Json
from eh_interop.samples.record_parts import (
    REGISTRAR,
    Setup,
    actions,
    body,
    goal,
    level,
    need,
    plan_type,
    registration_check,
    strengths,
)
from eh_interop.samples.services import EARLY_HELP, Services


def make_plan(setup: Setup) -> Json:
    """Make an open plan up that two agencies carry."""
    random = setup.random
    start = random.before(setup.as_of, 60, 150)
    asked = random.before(start, 3, 10)
    reviewed = random.before(setup.as_of, 5, 25)
    following = random.after(setup.as_of, 10, 30)
    family = setup.family(start)
    services = setup.services(family)
    request = ConsentRequest(
        ("start-plan", "hold-taf", "information-sharing"),
        asked,
        start,
        tuple(dict.fromkeys((services.home, EARLY_HELP))),
    )
    return {
        **setup.head("plan", start),
        **_plan(setup, family, start, asked, following),
        **body(setup, family, services, asked),
        "consents": [consent_given(random, family, request)],
        **_team(services, start),
        **_agreed(family, start, following),
        "reviews": [_review(family, reviewed, following)],
        "absent": dict.fromkeys(
            ("safetyWarnings", "statutoryPlans", "attachments"), "not-applicable"
        ),
    }


def _plan(setup: Setup, family: SampleFamily, start: date, asked: date, following: date) -> Json:
    return {
        "planType": plan_type(setup),
        "status": "open",
        "scope": "child" if len(family.children) == 1 else "family",
        "responseMode": "multi-agency",
        "origin": "new",
        "startedOn": start.isoformat(),
        "agreedOn": start.isoformat(),
        "nextReviewOn": following.isoformat(),
        "reasons": list(family.story.reasons),
        "registrationCheck": registration_check(asked),
        "notification": {"status": "registered", "on": start.isoformat(), "to": REGISTRAR},
    }


def _team(services: Services, start: date) -> Json:
    joined = start.isoformat()
    return {
        "leads": [
            {
                "practitioner": "w1",
                "from": joined,
                "agreedBy": ["p1", "w1"],
                "familyView": "We know each other.",
                "knownToFamily": True,
            }
        ],
        "team": [
            {
                "practitioner": worker,
                "organisation": organisation,
                "role": role,
                "joinedOn": joined,
                "consent": "cs1",
            }
            for worker, organisation, role in (
                ("w1", services.home, services.workplace.role),
                ("w3", EARLY_HELP, "early-help-coordinator"),
            )
        ]
        + [{"person": "p1", "joinedOn": joined}],
    }


def _agreed(family: SampleFamily, start: date, following: date) -> Json:
    """Return what was agreed: strengths, needs, the level, goals and actions."""
    done = (start + timedelta(days=14)).isoformat()
    if_worse = "If it gets worse, {child}'s plan is looked at again at once."
    progress: tuple[Json, Json] = (
        {"dueOn": done, "status": "done", "completedOn": done},
        {"dueOn": following.isoformat(), "status": "in-progress"},
    )
    return {
        "strengths": strengths(family),
        "needs": [need(family)],
        "levels": [level(family, start, following)],
        "goals": [goal(family, following)],
        "actions": actions(family, progress),
        "bottomLine": family.fill_in(if_worse),
    }


def _review(family: SampleFamily, on: date, following: date) -> Json:
    return {
        "id": "r1",
        "on": on.isoformat(),
        "held": True,
        "attendees": ["p1", "w1", "w3"],
        "familyPresent": True,
        "familyViews": family.fill_in(family.story.parent[0]),
        "goals": [
            {
                "goal": "g1",
                "status": "partly-met",
                "progress": "Better in most weeks.",
                "reason": "Weekends are still hard.",
                "change": "Somebody calls on Saturdays.",
            }
        ],
        "progress": "some",
        "informationGaps": "Nothing is unknown.",
        "decision": "continue",
        "nextReviewOn": following.isoformat(),
    }
