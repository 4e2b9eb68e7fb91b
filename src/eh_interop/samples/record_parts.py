"""Parts that invented records share: their head, the family, and the services around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from eh_interop.samples.family import SampleFamily, make_family
from eh_interop.samples.family_members import by_phone, views
from eh_interop.samples.invented import Json, Workplace, invented
from eh_interop.samples.seeded_random import SeededRandom
from eh_interop.standard.areas import Area
from eh_interop.standard.guidance import documents
from eh_interop.standard.schemas import CURRENT

SOCIAL_CARE: Final = "o-csc"
EARLY_HELP: Final = "o-eh"


@dataclass(frozen=True, slots=True)
class Services:
    """Who helps, in the form in which records hold it.

    ``w1`` writes the record, ``w2`` advises, ``w3`` is from another service.
    """

    workplace: Workplace
    home: str
    organisations: list[Json]
    practitioners: list[Json]
    involvements: list[Json]


def make_services(random: SeededRandom, family: SampleFamily, *, early_help: bool) -> Services:
    """Make the services up that fit the age of the first child.

    Args:
        random: where random choices come from.
        family: whom they help.
        early_help: whether the early help team takes part, with ``w3``.
    """
    workplace, home, own = _workplace(random, family)
    council = [
        _organisation(random, SOCIAL_CARE, family.council, "local-authority-childrens-social-care"),
        _organisation(random, EARLY_HELP, family.council, "local-authority-early-help"),
    ]
    council[0]["service"], council[1]["service"] = "Front door", "Early help team"
    for organisation in council:
        organisation["localAuthority"] = family.local_authority
    workers = [
        _worker(random, "w1", workplace.role, workplace.job, home),
        _worker(random, "w2", workplace.adviser, workplace.adviser_job, home),
        _worker(random, "w3", "early-help-coordinator", "Early help coordinator", EARLY_HELP),
    ]
    if not early_help:
        del council[1], workers[2]
    others = [organisation for organisation in family.organisations if organisation["id"] != home]
    involvement = family.part("involvement", home=home, clients=[*family.child_ids, "p1"])
    return Services(workplace, home, [own, *council, *others], workers, [involvement])


def _workplace(random: SeededRandom, family: SampleFamily) -> tuple[Workplace, str, Json]:
    """Choose who writes: mostly the school or nursery, if the first child goes to one."""
    taught = family.children[0]["education"][0].get("organisation")
    if taught and random.chance(0.7):
        own = next(place for place in family.organisations if place["id"] == taught)
        early_years = own["sector"] == "early-years"
        return invented().nursery if early_years else invented().school, taught, own
    workplace = random.pick(invented().workplaces)
    name = workplace.organisation.format(family.town)
    return workplace, "o-own", _organisation(random, "o-own", name, workplace.sector)


def _organisation(random: SeededRandom, local_id: str, name: str, sector: str) -> Json:
    return {"id": local_id, "name": name, "sector": sector, "contacts": by_phone(random)}


def _worker(random: SeededRandom, local_id: str, role: str, job: str, organisation: str) -> Json:
    given = random.pick(invented().worker_given_names)
    surname = random.pick(invented().worker_family_names)
    email = f"{given[0]}.{surname}@{organisation.removeprefix('o-')}.example.org".lower()
    by_email = [{"kind": "email", "value": email}]
    return {
        "id": local_id,
        "name": {"given": given, "family": surname},
        "jobTitle": job,
        "role": role,
        "organisation": organisation,
        "contacts": by_phone(random) if random.chance(0.5) else by_email,
    }


@dataclass(frozen=True, slots=True)
class Setup:
    """What one record is made from. It is to be judged on the day ``as_of``."""

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
        family.part(
            "view",
            text=family.fill_in(random.pick(story.parent)),
            method=random.pick(("conversation", "meeting", "remote-conversation")),
            on=heard,
        )
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


def plan_type(setup: Setup) -> str:
    """Return the type of plan that the area has."""
    local = "my-plan" in setup.area.labels.get("plan-type", {})
    return "my-plan" if local else "early-help-action-plan"
