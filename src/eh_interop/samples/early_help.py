"""Invented early help assessments and plans, and records of consent."""

from __future__ import annotations

from datetime import timedelta

from eh_interop.samples.consents import consent_given
from eh_interop.samples.invented import Json
from eh_interop.samples.record_parts import EARLY_HELP, Setup, body, plan_type


def make_assessment(setup: Setup) -> Json:
    """Make a finished assessment up."""
    random = setup.random
    finished = random.before(setup.as_of, 1, 30)
    start = random.before(finished, 7, 30)
    asked = random.before(start, 0, 7)
    review = random.after(setup.as_of, 10, 40)
    family = setup.family(start)
    services = setup.services(family)
    purposes, recipients = ("early-help-assessment",), (services.home, EARLY_HELP)
    return {
        **setup.head("early-help-assessment", start),
        **family.part(
            "assessment-made",
            start=start,
            finished=finished,
            asked=asked,
            seen=family.fill_in(random.pick(family.story.seen)),
        ),
        **body(setup, family, services, start),
        "consents": [consent_given(random, family, asked, purposes, recipients)],
        **family.part(
            "assessment",
            home=services.home,
            outcome="helped-partly",
            decided=finished,
            review=review,
            first_due=review,
            first_status="not-started",
            first_done=None,
            second_status="not-started",
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
    purposes, recipients = ("early-help-assessment",), (services.home, EARLY_HELP)
    consent = consent_given(random, family, asked, purposes, recipients)
    consent["reviewOn"] = random.after(setup.as_of, 30, 90).isoformat()
    assessment = {"recordId": f"eha-of-{setup.record_id}", "recordType": "early-help-assessment"}
    return {
        **setup.head("consent-record", asked),
        **people,
        "consents": [consent],
        "appliesTo": [assessment],
    }


def make_plan(setup: Setup) -> Json:
    """Make an open plan up that two agencies carry."""
    random = setup.random
    start = random.before(setup.as_of, 60, 150)
    asked = random.before(start, 3, 10)
    reviewed = random.before(setup.as_of, 5, 25)
    review = random.after(setup.as_of, 10, 30)
    family = setup.family(start)
    services = setup.services(family)
    purposes, recipients = ("start-plan", "hold-taf"), (services.home, EARLY_HELP)
    done = start + timedelta(days=14)
    return {
        **setup.head("plan", start),
        **family.part(
            "plan-made",
            start=start,
            asked=asked,
            review=review,
            plan_type=plan_type(setup),
            scope="child" if len(family.children) == 1 else "family",
        ),
        **body(setup, family, services, asked),
        "consents": [consent_given(random, family, asked, purposes, recipients)],
        **family.part(
            "plan",
            start=start,
            home=services.home,
            role=services.workplace.role,
            decided=start,
            review=review,
            reviewed=reviewed,
            family_view=family.fill_in(family.story.parent[0]),
            first_due=done,
            first_status="done",
            first_done=done,
            second_status="in-progress",
        ),
    }
