"""An invented family: who they are, where they live, and how they belong together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from eh_interop.samples import children, names, relatives
from eh_interop.samples.children import Json
from eh_interop.samples.dice import Dice
from eh_interop.samples.stories import STORIES, Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """An invented family on the day on which a record is made.

    The lists are in the form in which records hold them. The mother is ``p1``;
    a father, if anything is known of him, ``p2``.
    """

    day: date
    story: Story
    local_authority: str
    council: str
    town: str
    children: list[Json]
    people: list[Json]
    households: list[Json]
    relationships: list[Json]
    parental_responsibility: list[Json]
    organisations: list[Json]
    words: dict[str, str] = field(repr=False)

    def tell(self, text: str) -> str:
        """Put this family's names into a sentence."""
        told = text.format(**self.words)
        return told[0].upper() + told[1:]

    @property
    def child_ids(self) -> list[str]:
        """The local ids of all children."""
        return [child["id"] for child in self.children]

    @property
    def born(self) -> list[Json]:
        """The children who are born."""
        return [child for child in self.children if not child.get("unborn")]

    def age(self, child: Json) -> int:
        """Return a child's age in years; 0 for an unborn baby."""
        return children.age_on(date.fromisoformat(child["dateOfBirth"]), self.day)

    @property
    def decides(self) -> Json | None:
        """The first child, if old enough to decide for themselves."""
        first = self.born[0]
        return first if self.age(first) >= children.SECONDARY else None

    @property
    def second_parent(self) -> bool:
        """Whether the father can be asked."""
        return any(person["id"] == "p2" and "name" in person for person in self.people)


def make_family(dice: Dice, day: date, as_of: date, local_authority: str | None) -> Family:
    """Make a family up.

    Args:
        dice: where chance comes from.
        day: the day on which the record is made.
        as_of: the day on which it is judged; nobody who is unborn is due before it.
        local_authority: code of the council; any, if the area names none.
    """
    council_code = local_authority if local_authority in names.HOMES else dice.pick(names.ANYWHERE)
    place = names.HOMES[council_code]
    town, district = dice.pick(place.towns)
    story = dice.pick(STORIES)
    heritage = dice.weighted(names.HERITAGES)
    namer = children.Namer(dice, heritage)
    homes = [children.address(dice, town, district, council_code) for _ in range(2)]
    schools: dict[str, Json] = {}
    young = [
        children.make_child(
            dice, namer.person(f"c{number}"), heritage, born, day, homes[0], schools
        )
        for number, born in enumerate(_birthdays(dice, day, story), 1)
    ]
    if "disability" in story.types:
        young[0]["disability"] = "yes"
        young[0]["specialEducationalNeeds"] = {"status": "sen-support"}
    oldest = min(date.fromisoformat(each["dateOfBirth"]) for each in young)
    if dice.chance(0.12):
        young.append(_unborn(dice, f"c{len(young) + 1}", as_of))
    words = {"child": young[0]["name"]["given"], "carer": "mum"}
    apart = "parental-conflict" in story.types
    adults = list(relatives.adults(dice, heritage, namer, oldest, homes, apart=apart))
    return Family(
        day=day,
        story=story,
        local_authority=council_code,
        council=place.council,
        town=town,
        children=young,
        people=adults,
        households=relatives.households(adults, young),
        relationships=list(relatives.relationships(adults, young)),
        parental_responsibility=list(relatives.responsibility(dice, adults, young)),
        organisations=[*schools.values(), relatives.practice(dice)],
        words=words,
    )


def _birthdays(dice: Dice, day: date, story: Story) -> Iterator[date]:
    """Yield the birthdays of the children, the one the worry is about first."""
    first = dice.born(day, *story.ages)
    yield first
    count = dice.weighted(((0, 52), (1, 28), (2, 14), (3, 6)))
    taken = {first}
    while count:
        born = dice.born(day, 0, 15)
        if all(abs((born - each).days) > 300 for each in taken):  # noqa: PLR2004 (a pregnancy)
            taken.add(born)
            yield born
            count -= 1
        elif dice.chance(0.3):
            return


def _unborn(dice: Dice, child_id: str, as_of: date) -> Json:
    return {
        "id": child_id,
        "unborn": True,
        "expectedDateOfBirth": dice.after(as_of, 10, 100).isoformat(),
        "mother": "p1",
        "sex": "U",
        "absent": {"name": "not-applicable"},
    }
