"""Invented early help assessments, and records of consent to them."""

from __future__ import annotations

from datetime import date

from eh_interop.samples.agreed import goal, level, need
from eh_interop.samples.children import Json
from eh_interop.samples.consents import Asking, given
from eh_interop.samples.envelope import Setup, body
from eh_interop.samples.family import Family
from eh_interop.samples.services import EARLY_HELP, Services


def make_assessment(setup: Setup) -> Json:
    """Make a finished assessment up."""
    dice = setup.dice
    finished = dice.before(setup.as_of, 1, 30)
    start = dice.before(finished, 7, 30)
    asked = dice.before(start, 0, 7)
    review = dice.after(setup.as_of, 10, 40)
    family = setup.family(start)
    services = setup.services(family)
    return {
        **setup.head("early-help-assessment", start),
        **_assessment(setup, family, start, finished, asked),
        **body(setup, family, services, start),
        "consents": [given(dice, family, _asking(services, asked, start))],
        "strengths": [
            {"id": "s1", "people": ["c1", "p1"], "statement": family.tell(family.story.strength)}
        ],
        "needs": [need(family)],
        **_picture(family, services),
        "levels": [level(family, finished, review)],
        "goals": [goal(family, review)],
        **_help(family, review),
        "conclusion": "A plan is made together.",
        "outcome": "plan-started",
        "nextReviewOn": review.isoformat(),
        "absent": {
            "attachments": "not-applicable",
            "safetyWarnings": "not-applicable",
            "statutoryPlans": "not-applicable",
        },
    }


def make_consent_record(setup: Setup) -> Json:
    """Make a record of consent up."""
    dice = setup.dice
    asked = dice.before(setup.as_of, 1, 60)
    family = setup.family(asked)
    services = setup.services(family)
    held = body(setup, family, services, asked)
    kept = ("households", "involvements")
    consent = given(dice, family, _asking(services, asked, asked))
    consent["reviewOn"] = dice.after(setup.as_of, 30, 90).isoformat()
    return {
        **setup.head("consent-record", asked),
        **{name: value for name, value in held.items() if name not in kept},
        "consents": [consent],
        "appliesTo": [
            {"recordId": f"eha-of-{setup.record_id}", "recordType": "early-help-assessment"}
        ],
    }


def _asking(services: Services, asked: date, used: date) -> Asking:
    recipients = tuple(dict.fromkeys((services.home, EARLY_HELP)))
    return Asking(("early-help-assessment", "information-sharing"), asked, used, recipients)


def _assessment(setup: Setup, family: Family, start: date, finished: date, asked: date) -> Json:
    return {
        "updatedAt": f"{finished.isoformat()}T18:00:00Z",
        "startedOn": start.isoformat(),
        "completedOn": finished.isoformat(),
        "authors": ["w1"],
        "contributors": ["c1", "p1", "w3"],
        "reason": family.tell(setup.dice.pick(family.story.seen)),
        "reasons": list(family.story.reasons),
        "registrationCheck": {
            "on": asked.isoformat(),
            "askedOf": "Early help team",
            "covers": ["my-plan", "my-plan-plus"],
            "result": "not-found",
        },
        "immediateRisk": False,
    }


def _picture(family: Family, services: Services) -> Json:
    story = family.story
    return {
        "adultsConsidered": family.tell(story.adults),
        "history": family.tell("{child} and the family have lived here for some years."),
        "previousSupport": [
            {
                "kind": "own-agency",
                "what": family.tell(story.tried),
                "organisation": services.home,
                "outcome": "helped-partly",
            }
        ],
        "analysis": family.tell(story.impact),
        "riskStatement": family.tell(story.risk),
        "safeguardingCheck": "Nothing suggests significant harm at the moment.",
    }


def _help(family: Family, review: date) -> Json:
    story = family.story
    return {
        "helpNeeded": [family.tell(story.change)],
        "servicesNeeded": [family.tell(action) for action in story.actions],
        "actions": [
            {
                "id": f"ac{number}",
                "description": family.tell(text),
                "goal": "g1",
                "needs": ["n1"],
                "for": ["c1"],
                "owner": owner,
                "dueOn": review.isoformat(),
                "status": "not-started",
            }
            for number, (text, owner) in enumerate(zip(story.actions, ("w1", "w3"), strict=True), 1)
        ],
    }
