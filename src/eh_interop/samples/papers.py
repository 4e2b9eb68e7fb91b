"""What goes with an invented referral: earlier help, papers, and the note of sharing it."""

from __future__ import annotations

from datetime import date

from eh_interop.samples.children import Json
from eh_interop.samples.envelope import Setup
from eh_interop.samples.family import Family
from eh_interop.samples.services import SOCIAL_CARE, Services


def tried(setup: Setup, family: Family, services: Services, day: date) -> Json:
    """Return what has been tried, and the papers that show it."""
    dice = setup.dice
    support = {
        "kind": "own-agency",
        "what": family.tell(family.story.tried),
        "organisation": services.home,
        "outcome": dice.pick(("helped-partly", "did-not-help", "still-under-way")),
    }
    papers = [_paper("genogram", day if dice.chance(0.5) else None)]
    if family.story.paper:
        papers.append(_paper(family.story.paper, day if dice.chance(0.7) else None))
    found: Json = {"previousSupport": [support]}
    if dice.chance(0.6):
        start = dice.before(day, 90, 300)
        review = dice.after(start, 40, 80)
        kind = (
            "my-plan"
            if "my-plan" in setup.area.labels.get("plan-type", {})
            else "early-help-action-plan"
        )
        found["earlyHelpPlans"] = [
            {
                "recordId": f"plan-of-{setup.record_id}",
                "recordType": "plan",
                "planType": kind,
                "date": start.isoformat(),
                "lead": "w1",
                "status": "open",
            }
        ]
        found["leadPractitioner"] = "w1"
        found["latestReviewOn"] = review.isoformat()
        papers += [_paper(kind, start), _paper("taf-review-minutes", review)]
    else:
        found["noEarlyHelpReason"] = "The family did not want a plan until now."
    for number, paper in enumerate(papers, 1):
        paper["id"] = f"a{number}"
    found["attachments"] = papers
    return found


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


def shared(record: Json, family: Family, day: date) -> Json:
    """Return the note that the referral was sent."""
    consent = record["consents"][0]
    told = consent["parentInformed"]["informed"]
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
        "familyInformed": told,
    }
    if consent["status"] == "given":
        entry["consent"] = consent["id"]
    if told == "no":
        entry["familyNotInformedReason"] = consent["parentInformed"]["reasonNot"]
    return entry
