"""Invented referrals to children's social care (MARF), with earlier help and papers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from eh_interop.samples.consents import ConsentRequest, consent_of_referral
from eh_interop.samples.family import SampleFamily
from eh_interop.samples.family_members import Json
from eh_interop.samples.record_parts import Setup, body, need, plan_type, strengths
from eh_interop.samples.services import SOCIAL_CARE, Services

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
        **({"contacts": [_call(day)]} if at_risk else {}),
        **setup.head("marf", day),
        **_referral(setup, family, services, day, asked, at_risk=at_risk),
        **body(setup, family, services, asked),
    }
    for child in family.born:
        child["seen"] = _seen(setup, day)
    request = ConsentRequest(
        ("referral-to-social-care", "information-sharing"), asked, day, (SOCIAL_CARE,)
    )
    record["consents"] = [consent_of_referral(random, setup.area, family, request)]
    record |= _concern(setup, family, day)
    record |= _tried(setup, family, services, day)
    if random.chance(0.4):
        record["sharingLog"] = [_shared(record, family, day)]
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
    if setup.random.chance(0.85):
        on = setup.random.before(day, 0, 3).isoformat()
        alone = setup.random.chance(0.6)
        return {"seen": True, "lastSeenOn": on, "seenBy": "w1", "seenAlone": alone}
    return {"seen": False, "reasonNotSeen": "Not at school or at home when somebody called."}


def _referral(
    setup: Setup, family: SampleFamily, services: Services, day: date, asked: date, *, at_risk: bool
) -> Json:
    harm = family.story.harm
    disabled = "disability" in family.story.types
    basis = setup.random.pick(_ABUSE) if harm else "impaired-health-or-development"
    trigger = "immediate-risk" if at_risk else setup.random.pick(("no-progress", "increasing-need"))
    referral: Json = {
        "referredOn": day.isoformat(),
        "referrer": {
            "practitioner": "w1",
            "relationshipToChild": services.workplace.job,
            "source": services.workplace.source,
        },
        "requestTypes": ["child-protection" if harm else "child-in-need"],
        "trigger": trigger,
        "statutoryBasis": ["disability" if disabled else basis],
    }
    if not harm:
        referral["childInNeedBasis"] = ["disabled" if disabled else "reasonable-standard"]
    referral["consultations"] = [
        {
            "with": "w2",
            "role": "manager",
            "on": asked.isoformat(),
            "advice": "Speak with the family, then refer.",
            "outcome": "refer",
        }
    ]
    return referral


def _concern(setup: Setup, family: SampleFamily, day: date) -> Json:
    story, random = family.story, setup.random
    concern: Json = {
        "id": "k1",
        "types": list(story.types),
        "subject": "person",
        "people": ["c1"],
        "description": family.fill_in(random.pick(story.seen)),
        "impact": family.fill_in(story.impact),
        "evidence": family.fill_in(story.evidence),
        "harmStatus": "likely" if story.harm else "none-known",
        "pattern": "cumulative",
        "duration": random.pick(("Several weeks.", "Since the summer.", "More than a year.")),
        "frequency": random.pick(("Most days.", "About once a week.", "Four times this month.")),
        "severity": "Serious for a child of this age.",
    }
    if "child-criminal-exploitation" in story.types:
        concern["exploitationRisk"] = random.pick(("medium", "high"))
    known_need = {**need(family), "level": 4}
    del known_need["impact"]
    parts: Json = {"concerns": [concern], "riskStatement": family.fill_in(story.risk)}
    if random.chance(0.5):
        parts |= {"needs": [known_need], "levels": [_level(family, day)]}
    change = family.fill_in(story.change)
    return {**parts, "strengths": strengths(family), "whatShouldChange": change}


def _level(family: SampleFamily, day: date) -> Json:
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
        "rationale": family.fill_in(family.story.risk),
        "discussedWithFamily": False,
        "discussedWithAdviser": {"with": "w2", "role": "manager", "on": day.isoformat()},
        "needs": ["n1"],
        "statutoryBasis": [basis],
        "reviewOn": (day + timedelta(days=60)).isoformat(),
    }


def _tried(setup: Setup, family: SampleFamily, services: Services, day: date) -> Json:
    """Return what has been tried, and the papers that show it."""
    random = setup.random
    support = {
        "kind": "own-agency",
        "what": family.fill_in(family.story.tried),
        "organisation": services.home,
        "outcome": random.pick(("helped-partly", "did-not-help", "still-under-way")),
    }
    papers = [_paper("genogram", day if random.chance(0.5) else None)]
    if family.story.paper:
        papers.append(_paper(family.story.paper, day if random.chance(0.7) else None))
    earlier: Json = {"previousSupport": [support]}
    if random.chance(0.6):
        start = random.before(day, 90, 300)
        review = random.after(start, 40, 80)
        kind = plan_type(setup)
        earlier["earlyHelpPlans"] = [
            {
                "recordId": f"plan-of-{setup.record_id}",
                "recordType": "plan",
                "planType": kind,
                "date": start.isoformat(),
                "lead": "w1",
                "status": "open",
            }
        ]
        earlier["leadPractitioner"] = "w1"
        earlier["latestReviewOn"] = review.isoformat()
        papers += [_paper(kind, start), _paper("taf-review-minutes", review)]
    else:
        earlier["noEarlyHelpReason"] = "The family did not want a plan until now."
    for number, paper in enumerate(papers, 1):
        paper["id"] = f"a{number}"
    earlier["attachments"] = papers
    return earlier


def _paper(kind: str, on: date | None) -> Json:
    if on is None:
        return {
            "id": "",
            "type": kind,
            "status": "not-attached",
            "reason": "not-obtained",
            "reasonNote": "There was no time to make one.",
        }
    return {"id": "", "type": kind, "status": "attached", "date": on.isoformat()}


def _shared(record: Json, family: SampleFamily, day: date) -> Json:
    """Return the note that the referral was sent."""
    consent = record["consents"][0]
    informed = consent["parentInformed"]["informed"]
    entry: Json = {
        "id": "sh1",
        "shared": True,
        "on": day.isoformat(),
        "decidedBy": "w1",
        "recipients": [{"organisation": SOCIAL_CARE}],
        "children": family.child_ids,
        "items": ["This referral and the papers with it"],
        "originalPurpose": "Everyday help for the child",
        "newPurpose": "A decision on help by social care",
        "compatible": True,
        "lawfulBasis": "public-task",
        "balancingNote": "Only what bears on the worry was sent.",
        "method": "Secure email",
        "familyInformed": informed,
    }
    if consent["status"] == "given":
        entry["consent"] = consent["id"]
    if informed == "no":
        entry["familyNotInformedReason"] = consent["parentInformed"]["reasonNot"]
    return entry
