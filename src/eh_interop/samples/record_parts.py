"""Parts that invented records share: head, family, services; needs and goals; actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from eh_interop.samples.family import SampleFamily, make_family
from eh_interop.samples.family_members import Json, views
from eh_interop.samples.seeded_random import SeededRandom
from eh_interop.samples.services import Services, make_services
from eh_interop.standard.areas import Area
from eh_interop.standard.guidance import documents
from eh_interop.standard.schemas import CURRENT

REGISTRAR: Final = "Early help team"


@dataclass(frozen=True, slots=True)
class Setup:
    """What one record is made from.

    Attributes:
        random: where random choices come from.
        area: whose guidance the record follows.
        record_id: the record's own id.
        as_of: the day on which the record is to be judged.
    """

    random: SeededRandom
    area: Area
    record_id: str
    as_of: date

    def family(self, day: date) -> SampleFamily:
        """Make up the family that a record is about."""
        return make_family(self.random, day, self.as_of, self.area.facts.get("local-authority"))

    def services(self, family: SampleFamily, *, early_help: bool = True) -> Services:
        """Make up the services around a family."""
        return make_services(self.random, family, early_help=early_help)

    def head(self, record_type: str, made: date) -> Json:
        """Return the head of a record that was made on a day."""
        head: Json = {
            "recordType": record_type,
            "standardVersion": CURRENT,
            "recordId": self.record_id,
            "area": self.area.key,
        }
        local = [
            {"document": document.title, "edition": document.edition}
            for document in documents().values()
            if self.area.extends and document.applies_in == self.area.key
        ]
        if local:
            head["guidance"] = local[:1]
        time = f"{self.random.number(8, 17):02}:{self.random.number(0, 59):02}:00"
        return {**head, "createdAt": f"{made.isoformat()}T{time}Z", "createdBy": "w1"}


def body(setup: Setup, family: SampleFamily, services: Services, heard: date) -> Json:
    """Return the people and services of a record; ``heard`` is when they were asked."""
    random, story = setup.random, family.story
    words = tuple(map(family.fill_in, story.child))
    for child in family.born:
        child["views"] = views(random, child, words, heard, family.day)
    family.people[0]["views"] = [
        {
            "text": family.fill_in(random.pick(story.parent)),
            "method": random.pick(("conversation", "meeting", "remote-conversation")),
            "gatheredOn": heard.isoformat(),
            "gatheredBy": "w1",
        }
    ]
    return {
        "children": family.children,
        "people": family.people,
        "households": family.households,
        "relationships": family.relationships,
        "parentalResponsibility": family.parental_responsibility,
        "organisations": services.organisations,
        "practitioners": services.practitioners,
        "involvements": services.involvements,
    }


def need(family: SampleFamily) -> Json:
    """Return the need that the story is about."""
    story = family.story
    return {
        "id": "n1",
        "people": ["c1"],
        "area": story.area,
        "domain": story.domain,
        "subdomain": story.subdomain,
        "statement": family.fill_in(story.need),
        "evidence": family.fill_in(story.evidence),
        "impact": family.fill_in(story.impact),
        "level": 2,
    }


def level(family: SampleFamily, on: date, review: date) -> Json:
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
        "support": family.fill_in(family.story.actions[0]),
        "professionals": ["w1", "w3"],
        "reviewOn": review.isoformat(),
    }


def goal(family: SampleFamily, by: date) -> Json:
    """Return the goal that the story is about."""
    story = family.story
    return {
        "id": "g1",
        "statement": family.fill_in(story.goal),
        "kind": "wanted",
        "people": ["c1"],
        "needs": ["n1"],
        "measure": family.fill_in(story.measure),
        "agreedWith": ["p1", "w1", "w3"],
        "whyRealistic": family.fill_in(story.strength),
        "targetDate": by.isoformat(),
        "status": "open",
    }


def strengths(family: SampleFamily) -> list[Json]:
    """Return what the family does well."""
    statement = family.fill_in(family.story.strength)
    return [{"id": "s1", "people": ["c1", "p1"], "statement": statement}]


def actions(family: SampleFamily, progress: tuple[Json, Json]) -> list[Json]:
    """Return the two actions of the story, and how far each is."""
    return [
        {
            "id": f"ac{number}",
            "description": family.fill_in(text),
            "goal": "g1",
            "needs": ["n1"],
            "for": ["c1"],
            "owner": owner,
            **done,
        }
        for number, text, owner, done in zip(
            (1, 2), family.story.actions, ("w1", "w3"), progress, strict=True
        )
    ]


def registration_check(asked: date) -> Json:
    """Return that nobody else has a plan for the family."""
    return {
        "on": asked.isoformat(),
        "askedOf": REGISTRAR,
        "covers": ["my-plan", "my-plan-plus"],
        "result": "not-found",
    }


def plan_type(setup: Setup) -> str:
    """Return the type of plan that the area has."""
    local = "my-plan" in setup.area.labels.get("plan-type", {})
    return "my-plan" if local else "early-help-action-plan"
