"""What plans and assessments agree on: a need, its level and a goal."""

from __future__ import annotations

from datetime import date

from eh_interop.samples.children import Json
from eh_interop.samples.family import Family


def need(family: Family) -> Json:
    """Return the need that the story is about."""
    story = family.story
    return {
        "id": "n1",
        "people": ["c1"],
        "area": story.area,
        "domain": story.domain,
        "subdomain": story.subdomain,
        "statement": family.tell(story.need),
        "evidence": family.tell(story.evidence),
        "impact": family.tell(story.impact),
        "level": 2,
    }


def level(family: Family, on: date, review: date) -> Json:
    """Return the decision that the child is at level 2."""
    return {
        "id": "l1",
        "level": 2,
        "children": family.child_ids,
        "change": "start",
        "decidedOn": on.isoformat(),
        "decidedBy": ["w1", "w3", "p1"],
        "rationale": "Two agencies can meet this need together with the family.",
        "discussedWithFamily": True,
        "discussedOn": on.isoformat(),
        "needs": ["n1"],
        "support": family.tell(family.story.actions[0]),
        "professionals": ["w1", "w3"],
        "reviewOn": review.isoformat(),
    }


def goal(family: Family, by: date) -> Json:
    """Return the goal that the story is about."""
    story = family.story
    return {
        "id": "g1",
        "statement": family.tell(story.goal),
        "kind": "wanted",
        "people": ["c1"],
        "needs": ["n1"],
        "measure": family.tell(story.measure),
        "agreedWith": ["p1", "w1", "w3"],
        "whyRealistic": family.tell(story.strength),
        "targetDate": by.isoformat(),
        "status": "open",
    }
