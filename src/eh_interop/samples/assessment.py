"""Invented early help assessments, and records of consent to them."""

from __future__ import annotations

from datetime import date

from eh_interop.samples.consents import ConsentRequest, consent_given
from eh_interop.samples.family import SampleFamily
from eh_interop.samples.family_members import Json
from eh_interop.samples.record_parts import (
    Setup,
    actions,
    body,
    goal,
    level,
    need,
    registration_check,
    strengths,
)
from eh_interop.samples.services import EARLY_HELP, Services


def make_assessment(setup: Setup) -> Json:
    """Make a finished assessment up."""
    random = setup.random
    finished = random.before(setup.as_of, 1, 30)
    start = random.before(finished, 7, 30)
    asked = random.before(start, 0, 7)
    review = random.after(setup.as_of, 10, 40)
    family = setup.family(start)
    services = setup.services(family)
    return {
        **setup.head("early-help-assessment", start),
        **_assessment(setup, family, start, finished, asked),
        **body(setup, family, services, start),
        "consents": [consent_given(random, family, _request(services, asked, start))],
        "strengths": strengths(family),
        "needs": [need(family)],
        **_picture(family, services),
        "levels": [level(family, finished, review)],
        "goals": [goal(family, review)],
        **_help(family, review),
        "conclusion": "A plan is made together.",
        "outcome": "plan-started",
        "nextReviewOn": review.isoformat(),
        "absent": dict.fromkeys(
            ("attachments", "safetyWarnings", "statutoryPlans"), "not-applicable"
        ),
    }


def make_consent_record(setup: Setup) -> Json:
    """Make a record of consent up."""
    random = setup.random
    asked = random.before(setup.as_of, 1, 60)
    family = setup.family(asked)
    services = setup.services(family)
    people = body(setup, family, services, asked)
    del people["households"], people["involvements"]
    consent = consent_given(random, family, _request(services, asked, asked))
    consent["reviewOn"] = random.after(setup.as_of, 30, 90).isoformat()
    return {
        **setup.head("consent-record", asked),
        **people,
        "consents": [consent],
        "appliesTo": [
            {"recordId": f"eha-of-{setup.record_id}", "recordType": "early-help-assessment"}
        ],
    }


def _request(services: Services, asked: date, used: date) -> ConsentRequest:
    recipients = tuple(dict.fromkeys((services.home, EARLY_HELP)))
    return ConsentRequest(("early-help-assessment", "information-sharing"), asked, used, recipients)


def _assessment(
    setup: Setup, family: SampleFamily, start: date, finished: date, asked: date
) -> Json:
    return {
        "updatedAt": f"{finished.isoformat()}T18:00:00Z",
        "startedOn": start.isoformat(),
        "completedOn": finished.isoformat(),
        "authors": ["w1"],
        "contributors": ["c1", "p1", "w3"],
        "reason": family.fill_in(setup.random.pick(family.story.seen)),
        "reasons": list(family.story.reasons),
        "registrationCheck": registration_check(asked),
        "immediateRisk": False,
    }


def _picture(family: SampleFamily, services: Services) -> Json:
    story = family.story
    return {
        "adultsConsidered": family.fill_in(story.adults),
        "history": family.fill_in("{child} and the family have lived here for some years."),
        "previousSupport": [
            {
                "kind": "own-agency",
                "what": family.fill_in(story.tried),
                "organisation": services.home,
                "outcome": "helped-partly",
            }
        ],
        "analysis": family.fill_in(story.impact),
        "riskStatement": family.fill_in(story.risk),
        "safeguardingCheck": "Nothing suggests significant harm at the moment.",
    }


def _help(family: SampleFamily, review: date) -> Json:
    story = family.story
    ahead: Json = {"dueOn": review.isoformat(), "status": "not-started"}
    return {
        "helpNeeded": [family.fill_in(story.change)],
        "servicesNeeded": [family.fill_in(action) for action in story.actions],
        "actions": actions(family, (ahead, ahead)),
    }
