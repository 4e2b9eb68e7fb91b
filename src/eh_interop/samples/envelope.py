"""What every invented record has: its head, the family, and the services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from eh_interop.samples import children
from eh_interop.samples.children import Json
from eh_interop.samples.dice import Dice
from eh_interop.samples.family import Family, make_family
from eh_interop.samples.services import Services, make_services
from eh_interop.standard.areas import Area
from eh_interop.standard.guidance import documents
from eh_interop.standard.schemas import CURRENT


@dataclass(frozen=True, slots=True)
class Setup:
    """What one record is made from.

    Attributes:
        dice: where chance comes from.
        area: whose guidance the record follows.
        record_id: the record's own id.
        as_of: the day on which the record is to be judged.
    """

    dice: Dice
    area: Area
    record_id: str
    as_of: date

    def family(self, day: date) -> Family:
        """Make up the family that a record is about."""
        return make_family(self.dice, day, self.as_of, self.area.facts.get("local-authority"))

    def services(self, family: Family, *, early_help: bool = True) -> Services:
        """Make up the services around a family."""
        return make_services(self.dice, family, early_help=early_help)

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
        time = f"{self.dice.number(8, 17):02}:{self.dice.number(0, 59):02}:00"
        return {**head, "createdAt": f"{made.isoformat()}T{time}Z", "createdBy": "w1"}


def body(setup: Setup, family: Family, services: Services, heard: date) -> Json:
    """Return the people and services of a record; ``heard`` is when they were asked."""
    dice, story = setup.dice, family.story
    words = tuple(family.tell(each) for each in story.child)
    for child in family.born:
        child["views"] = children.views(dice, child, words, heard, family.day)
    family.people[0]["views"] = [
        {
            "text": family.tell(dice.pick(story.parent)),
            "method": dice.pick(("conversation", "meeting", "remote-conversation")),
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
