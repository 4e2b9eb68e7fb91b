"""An invented family: its members, where they live, and how they belong together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

from eh_interop.samples.family_members import (
    PRACTICE,
    SECONDARY,
    Namer,
    address,
    age_on,
    by_phone,
    make_adult,
    make_child,
)
from eh_interop.samples.invented import Heritage, Json, Story, invented, part
from eh_interop.samples.seeded_random import SeededRandom

_GROWN_UP: Final = 17
"""Years between the oldest child and a parent, at least."""
_PREGNANCY: Final = 300
"""Days between the birthdays of two children, at least."""


@dataclass(frozen=True, kw_only=True)
class SampleFamily:
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

    def fill_in(self, text: str) -> str:
        """Put this family's names into a sentence."""
        sentence = text.format(child=self.children[0]["name"]["given"], carer="mum")
        return sentence[0].upper() + sentence[1:]

    @cached_property
    def texts(self) -> Json:
        """What parts of a record are filled in with: the texts and codes of the story."""
        story = asdict(self.story)
        sentences = {
            name: self.fill_in(text) if " " in text else text
            for name, text in story.items()
            if isinstance(text, str)
        }
        first, second = map(self.fill_in, self.story.actions)
        return {
            **sentences,
            "types": self.story.types,
            "reasons": self.story.reasons,
            "child": self.children[0]["name"]["given"],
            "first_action": first,
            "second_action": second,
        }

    def part(self, name: str, **values: Any) -> Json:
        """Return a part of a record about this family; ``values`` fill in what is not its own."""
        return part(name, {**self.texts, "children": self.child_ids, **values})

    @property
    def child_ids(self) -> list[str]:
        """The local ids of all children."""
        return [child["id"] for child in self.children]

    @property
    def born(self) -> list[Json]:
        """The children who are born."""
        return [child for child in self.children if not child.get("unborn")]

    @property
    def decides(self) -> Json | None:
        """The first child, if old enough to decide for themselves."""
        first = self.born[0]
        age = age_on(date.fromisoformat(first["dateOfBirth"]), self.day)
        return first if age >= SECONDARY else None

    @property
    def second_parent(self) -> bool:
        """Whether the father can be asked."""
        return any(person["id"] == "p2" and "name" in person for person in self.people)


def make_family(
    random: SeededRandom, day: date, as_of: date, local_authority: str | None
) -> SampleFamily:
    """Make a family up.

    Args:
        random: where random choices come from.
        day: the day on which the record is made.
        as_of: the day on which it is judged; nobody who is unborn is due before it.
        local_authority: code of the council; any, if the area names none.
    """
    councils = {council.code: council for council in invented().councils}
    anywhere = [council for council in invented().councils if not council.named_only]
    council = councils.get(local_authority or "") or random.pick(anywhere)
    town, district = random.pick(council.towns)
    story = random.pick(invented().stories)
    heritage = random.weighted([(kind, kind.weight) for kind in invented().heritages])
    namer = Namer(random, invented().names[heritage.names])
    homes = [address(random, town, district, council.code) for _ in range(2)]
    schools: dict[str, Json] = {}
    young = [
        make_child(random, namer.person(f"c{number}"), heritage, born, day, homes[0], schools)
        for number, born in enumerate(_birthdays(random, day, story), 1)
    ]
    if "disability" in story.types:
        young[0]["disability"] = "yes"
        young[0]["specialEducationalNeeds"] = {"status": "sen-support"}
    oldest = min(date.fromisoformat(child["dateOfBirth"]) for child in young)
    if random.chance(0.12):
        due = random.after(as_of, 10, 100)
        young.append(part("unborn", {"id": f"c{len(young) + 1}", "due": due}))
    apart = "parental-conflict" in story.types
    adults = list(_adults(random, heritage, namer, oldest, homes, apart=apart))
    return SampleFamily(
        day=day,
        story=story,
        local_authority=council.code,
        council=council.name,
        town=town,
        children=young,
        people=adults,
        households=_households(adults, young),
        relationships=list(_relationships(adults, young)),
        parental_responsibility=list(_responsibility(random, adults, young)),
        organisations=[*schools.values(), _practice(random)],
    )


def _birthdays(random: SeededRandom, day: date, story: Story) -> Iterator[date]:
    """Yield the birthdays of the children, the one the worry is about first."""
    first = random.born(day, *story.ages)
    yield first
    count = random.weighted(((0, 52), (1, 28), (2, 14), (3, 6)))
    taken = {first}
    while count:
        born = random.born(day, 0, 15)
        if all(abs((born - other).days) > _PREGNANCY for other in taken):
            taken.add(born)
            yield born
            count -= 1
        elif random.chance(0.3):
            return


def _adults(
    random: SeededRandom,
    heritage: Heritage,
    namer: Namer,
    oldest: date,
    homes: list[Json],
    *,
    apart: bool,
) -> Iterator[Json]:
    """Yield the mother, what is known of the father, and sometimes a grandmother."""
    latest = date(oldest.year - _GROWN_UP, oldest.month, 1)
    yield make_adult(random, namer.person("p1", "F"), heritage, latest, homes[0])
    lives = 1 if apart else random.weighted(((0, 35), (1, 25), (None, 40)))
    if lives is None:
        yield part("unknown-father", {})
    else:
        yield make_adult(random, namer.person("p2", "M"), heritage, latest, homes[lives])
    if random.chance(0.2):
        elder = date(latest.year - _GROWN_UP, 1, 1)
        yield make_adult(random, namer.person("p3", "F"), heritage, elder, homes[0])


def _households(adults: list[Json], young: list[Json]) -> list[Json]:
    """Return one household, or two if the father lives somewhere else."""
    home = adults[0]["addresses"]
    here = [adult["id"] for adult in adults if adult.get("addresses") == home]
    everybody = [child["id"] for child in young if not child.get("unborn")]
    households: list[Json] = [{"id": "h1", "name": "Home", "members": [*here, *everybody]}]
    if "name" in adults[1] and "p2" not in here:
        households.append({"id": "h2", "name": "Father's home", "members": ["p2", everybody[0]]})
        young[0]["addresses"] = [
            *young[0]["addresses"],
            {**adults[1]["addresses"][0], "kind": "second-home"},
        ]
    return households


def _relationships(adults: list[Json], young: list[Json]) -> Iterator[Json]:
    kinds = {"p1": "mother", "p2": "father", "p3": "grandparent"}
    for adult in adults:
        for child in young:
            if child.get("unborn") and adult["id"] == "p3":
                continue
            who = adult["id"]
            yield {"person": who, "relatedTo": child["id"], "type": kinds[who]}
    for child in young[1:]:
        yield {"person": young[0]["id"], "relatedTo": child["id"], "type": "sibling"}


def _responsibility(random: SeededRandom, adults: list[Json], young: list[Json]) -> Iterator[Json]:
    father_known = "name" in adults[1]
    basis = random.pick(("married-father", "named-on-birth-certificate"))
    for child in young:
        if child.get("unborn"):
            continue
        yield {"holder": "p1", "child": child["id"], "holds": "yes", "basis": "birth-mother"}
        if father_known:
            yield {"holder": "p2", "child": child["id"], "holds": "yes", "basis": basis}
        else:
            yield {"holder": "p2", "child": child["id"], "holds": "unknown"}


def _practice(random: SeededRandom) -> Json:
    return {
        "id": PRACTICE,
        "name": f"{random.pick(invented().sites)} Surgery",
        "sector": "health",
        "contacts": by_phone(random),
    }
