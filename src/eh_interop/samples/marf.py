"""Invented referrals to children's social care."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from eh_interop.samples.children import Json
from eh_interop.samples.consents import Asking
from eh_interop.samples.envelope import Setup, body
from eh_interop.samples.family import Family
from eh_interop.samples.papers import shared, tried
from eh_interop.samples.services import SOCIAL_CARE, Services
from eh_interop.samples.without_consent import for_referral

_ABUSE: Final = ("suffered-significant-harm", "likely-significant-harm")


def make_marf(setup: Setup) -> Json:
    """Make a referral up."""
    dice = setup.dice
    day = dice.before(setup.as_of, 0, 20)
    asked = dice.before(day, 2, 6)
    family = setup.family(day)
    services = setup.services(family, early_help=False)
    at_risk = family.story.harm and dice.chance(0.1)
    record = {
        "immediateRisk": at_risk,
        **({"contacts": [_call(day)]} if at_risk else {}),
        **setup.head("marf", day),
        **_referral(setup, family, services, day, asked, at_risk=at_risk),
        **body(setup, family, services, asked),
    }
    for child in family.born:
        child["seen"] = _seen(setup, day)
    asking = Asking(("referral-to-social-care", "information-sharing"), asked, day, (SOCIAL_CARE,))
    record["consents"] = [for_referral(dice, setup.area, family, asking)]
    record |= _concern(setup, family, day)
    record |= tried(setup, family, services, day)
    if dice.chance(0.4):
        record["sharingLog"] = [shared(record, family, day)]
    record["absent"] = {"safetyWarnings": "not-applicable", "statutoryPlans": "not-applicable"}
    return record


def _call(day: date) -> Json:
    return {
        "id": "ct1",
        "at": f"{day.isoformat()}T08:00:00Z",
        "mode": "phone",
        "by": "w1",
        "emergencyService": "mash",
        "summary": "The hub was told before this form was written.",
    }


def _seen(setup: Setup, day: date) -> Json:
    if setup.dice.chance(0.85):
        on = setup.dice.before(day, 0, 3).isoformat()
        return {"seen": True, "lastSeenOn": on, "seenBy": "w1", "seenAlone": setup.dice.chance(0.6)}
    return {"seen": False, "reasonNotSeen": "Not at school or at home when somebody called."}


def _referral(
    setup: Setup, family: Family, services: Services, day: date, asked: date, *, at_risk: bool
) -> Json:
    harm = family.story.harm
    disabled = "disability" in family.story.types
    basis = setup.dice.pick(_ABUSE) if harm else "impaired-health-or-development"
    trigger = "immediate-risk" if at_risk else setup.dice.pick(("no-progress", "increasing-need"))
    found: Json = {
        "referredOn": day.isoformat(),
        "referrer": {
            "practitioner": "w1",
            "relationshipToChild": services.setting.job,
            "source": services.setting.source,
        },
        "requestTypes": ["child-protection" if harm else "child-in-need"],
        "trigger": trigger,
        "statutoryBasis": ["disability" if disabled else basis],
    }
    if not harm:
        found["childInNeedBasis"] = ["disabled" if disabled else "reasonable-standard"]
    found["consultations"] = [
        {
            "with": "w2",
            "role": "manager",
            "on": asked.isoformat(),
            "advice": "Speak with the family, then refer.",
            "outcome": "refer",
        }
    ]
    return found


def _concern(setup: Setup, family: Family, day: date) -> Json:
    story, dice = family.story, setup.dice
    concern: Json = {
        "id": "k1",
        "types": list(story.types),
        "subject": "person",
        "people": ["c1"],
        "description": family.tell(dice.pick(story.seen)),
        "impact": family.tell(story.impact),
        "evidence": family.tell(story.evidence),
        "harmStatus": "likely" if story.harm else "none-known",
        "pattern": "cumulative",
        "duration": dice.pick(("Several weeks.", "Since the summer.", "More than a year.")),
        "frequency": dice.pick(("Most days.", "About once a week.", "Four times this month.")),
        "severity": "Serious for a child of this age.",
    }
    if "child-criminal-exploitation" in story.types:
        concern["exploitationRisk"] = dice.pick(("medium", "high"))
    need = {
        "id": "n1",
        "people": ["c1"],
        "area": story.area,
        "domain": story.domain,
        "subdomain": story.subdomain,
        "statement": family.tell(story.need),
        "evidence": family.tell(story.evidence),
        "level": 4,
    }
    found: Json = {"concerns": [concern], "riskStatement": family.tell(story.risk)}
    if dice.chance(0.5):
        found |= {"needs": [need], "levels": [_level(family, day)]}
    strength = {"id": "s1", "people": ["c1", "p1"], "statement": family.tell(story.strength)}
    return {**found, "strengths": [strength], "whatShouldChange": family.tell(story.change)}


def _level(family: Family, day: date) -> Json:
    basis = "likely-significant-harm" if family.story.harm else "impaired-health-or-development"
    return {
        "id": "l1",
        "level": 4,
        "children": ["c1"],
        "change": "increase",
        "previousLevel": 3,
        "changeReason": "increasing-need",
        "route": "social-care",
        "decidedOn": day.isoformat(),
        "decidedBy": ["w1", "w2"],
        "rationale": family.tell(family.story.risk),
        "discussedWithFamily": False,
        "discussedWithAdviser": {"with": "w2", "role": "manager", "on": day.isoformat()},
        "needs": ["n1"],
        "statutoryBasis": [basis],
        "reviewOn": (day + timedelta(days=60)).isoformat(),
    }
