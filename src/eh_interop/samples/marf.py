"""Invented referrals to children's social care (MARF), with earlier help and papers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from eh_interop.samples.consents import consent_of_referral
from eh_interop.samples.family import SampleFamily
from eh_interop.samples.invented import Json
from eh_interop.samples.record_parts import Services, Setup, body, plan_type

_ABUSE: Final = ("suffered-significant-harm", "likely-significant-harm")


def make_marf(setup: Setup) -> Json:
    """Make a referral up."""
    random = setup.random
    day = random.before(setup.as_of, 0, 20)
    asked = random.before(day, 2, 6)
    family = setup.family(day)
    services = setup.services(family, early_help=False)
    at_risk = family.story.harm and random.chance(0.1)
    record = {
        "immediateRisk": at_risk,
        **({"contacts": [family.part("call", day=day)]} if at_risk else {}),
        **setup.head("marf", day),
        **_referral(setup, family, services, day, asked, at_risk=at_risk),
        **body(setup, family, services, asked),
    }
    for child in family.born:
        child["seen"] = _seen(setup, family, day)
    record["consents"] = [consent_of_referral(setup, family, asked, day)]
    record |= _concern(setup, family, day)
    record |= _tried(setup, family, services, day)
    logged = random.chance(0.4)
    if logged or record["consents"][0]["status"] != "given":  # then it always is written down
        record["sharingLog"] = [_shared(record, family, day)]
    record["absent"] = {"safetyWarnings": "not-applicable", "statutoryPlans": "not-applicable"}
    return record


def _seen(setup: Setup, family: SampleFamily, day: date) -> Json:
    if not setup.random.chance(0.85):
        return family.part("not-seen")
    on = setup.random.before(day, 0, 3)
    return family.part("seen", on=on, alone=setup.random.chance(0.6))


def _referral(
    setup: Setup, family: SampleFamily, services: Services, day: date, asked: date, *, at_risk: bool
) -> Json:
    harm, disabled = family.story.harm, "disability" in family.story.types
    basis = setup.random.pick(_ABUSE) if harm else "impaired-health-or-development"
    trigger = "immediate-risk" if at_risk else setup.random.pick(("no-progress", "increasing-need"))
    return family.part(
        "referral",
        day=day,
        asked=asked,
        job=services.workplace.job,
        source=services.workplace.source,
        request="child-protection" if harm else "child-in-need",
        trigger=trigger,
        basis="disability" if disabled else basis,
        in_need=None if harm else ["disabled" if disabled else "reasonable-standard"],
    )


def _concern(setup: Setup, family: SampleFamily, day: date) -> Json:
    story, random = family.story, setup.random
    exploited = "child-criminal-exploitation" in story.types
    concern = family.part(
        "concern",
        seen=family.fill_in(random.pick(story.seen)),
        harm_status="likely" if story.harm else "none-known",
        duration=random.pick(("Several weeks.", "Since the summer.", "More than a year.")),
        frequency=random.pick(("Most days.", "About once a week.", "Four times this month.")),
        exploitation=random.pick(("medium", "high")) if exploited else None,
    )
    parts: Json = {"concerns": [concern], "riskStatement": family.texts["risk"]}
    if random.chance(0.5):
        basis = "likely-significant-harm" if story.harm else "impaired-health-or-development"
        review = day + timedelta(days=60)
        parts["needs"] = [family.part("need-for-care")]
        parts["levels"] = [family.part("level-of-care", day=day, review=review, basis=basis)]
    strengths = [family.part("strength")]
    return {**parts, "strengths": strengths, "whatShouldChange": family.texts["change"]}


def _tried(setup: Setup, family: SampleFamily, services: Services, day: date) -> Json:
    random = setup.random
    outcome = random.pick(("helped-partly", "did-not-help", "still-under-way"))
    papers = [("genogram", day if random.chance(0.5) else None)]
    if family.story.paper:
        papers.append((family.story.paper, day if random.chance(0.7) else None))
    earlier: Json = {
        "previousSupport": [family.part("own-support", home=services.home, outcome=outcome)]
    }
    if random.chance(0.6):
        start = random.before(day, 90, 300)
        review = random.after(start, 40, 80)
        kind = plan_type(setup)
        plan = family.part("earlier-plan", record_id=setup.record_id, plan_type=kind, start=start)
        earlier["earlyHelpPlans"] = [plan]
        earlier["leadPractitioner"] = "w1"
        earlier["latestReviewOn"] = review.isoformat()
        papers += [(kind, start), ("taf-review-minutes", review)]
    else:
        earlier["noEarlyHelpReason"] = "The family did not want a plan until now."
    earlier["attachments"] = [
        family.part("paper" if on else "no-paper", number=number, kind=kind, on=on)
        for number, (kind, on) in enumerate(papers, 1)
    ]
    return earlier


def _shared(record: Json, family: SampleFamily, day: date) -> Json:
    consent = record["consents"][0]
    parent = consent["parentInformed"]
    return family.part(
        "shared",
        day=day,
        informed=parent["informed"],
        consent=consent["id"] if consent["status"] == "given" else None,
        reason_not=parent.get("reasonNot"),
    )
