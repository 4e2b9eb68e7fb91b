"""Invented early help plans."""

from __future__ import annotations

from datetime import date, timedelta

from eh_interop.samples.agreed import goal, level, need
from eh_interop.samples.children import Json
from eh_interop.samples.consents import Asking, given
from eh_interop.samples.envelope import Setup, body
from eh_interop.samples.family import Family
from eh_interop.samples.services import EARLY_HELP, Services


def make_plan(setup: Setup) -> Json:
    """Make an open plan up that two agencies carry."""
    dice = setup.dice
    start = dice.before(setup.as_of, 60, 150)
    asked = dice.before(start, 3, 10)
    reviewed = dice.before(setup.as_of, 5, 25)
    following = dice.after(setup.as_of, 10, 30)
    family = setup.family(start)
    services = setup.services(family)
    asking = Asking(
        ("start-plan", "hold-taf", "information-sharing"),
        asked,
        start,
        tuple(dict.fromkeys((services.home, EARLY_HELP))),
    )
    record = {
        **setup.head("plan", start),
        **_plan(setup, family, start, asked, following),
        **body(setup, family, services, asked),
        "consents": [given(dice, family, asking)],
        **_team(services, start),
        **_agreed(family, start, following),
        "reviews": [_review(family, reviewed, following)],
    }
    record["absent"] = {
        "safetyWarnings": "not-applicable",
        "statutoryPlans": "not-applicable",
        "attachments": "not-applicable",
    }
    return record


def _plan(setup: Setup, family: Family, start: date, asked: date, following: date) -> Json:
    local = "my-plan" in setup.area.labels.get("plan-type", {})
    team = "Early help team"
    return {
        "planType": "my-plan" if local else "early-help-action-plan",
        "status": "open",
        "scope": "child" if len(family.children) == 1 else "family",
        "responseMode": "multi-agency",
        "origin": "new",
        "startedOn": start.isoformat(),
        "agreedOn": start.isoformat(),
        "nextReviewOn": following.isoformat(),
        "reasons": list(family.story.reasons),
        "registrationCheck": {
            "on": asked.isoformat(),
            "askedOf": team,
            "covers": ["my-plan", "my-plan-plus"],
            "result": "not-found",
        },
        "notification": {"status": "registered", "on": start.isoformat(), "to": team},
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
                ("w1", services.home, services.setting.role),
                ("w3", EARLY_HELP, "early-help-coordinator"),
            )
        ]
        + [{"person": "p1", "joinedOn": joined}],
    }


def _agreed(family: Family, start: date, following: date) -> Json:
    """Return what was agreed: strengths, needs, the level, goals and actions."""
    story, done = family.story, start + timedelta(days=14)
    return {
        "strengths": [
            {"id": "s1", "people": ["c1", "p1"], "statement": family.tell(story.strength)}
        ],
        "needs": [need(family)],
        "levels": [level(family, start, following)],
        "goals": [goal(family, following)],
        "actions": [
            {
                "id": f"ac{number}",
                "description": family.tell(text),
                "goal": "g1",
                "needs": ["n1"],
                "for": ["c1"],
                "owner": owner,
                **stands,
            }
            for number, (text, owner, stands) in enumerate(
                zip(
                    story.actions,
                    ("w1", "w3"),
                    (
                        {
                            "dueOn": done.isoformat(),
                            "status": "done",
                            "completedOn": done.isoformat(),
                        },
                        {"dueOn": following.isoformat(), "status": "in-progress"},
                    ),
                    strict=True,
                ),
                1,
            )
        ],
        "bottomLine": family.tell("If it gets worse, {child}'s plan is looked at again at once."),
    }


def _review(family: Family, on: date, following: date) -> Json:
    return {
        "id": "r1",
        "on": on.isoformat(),
        "held": True,
        "attendees": ["p1", "w1", "w3"],
        "familyPresent": True,
        "familyViews": family.tell(family.story.parent[0]),
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
