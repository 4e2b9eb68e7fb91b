"""The services around an invented family, and who works for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from eh_interop.samples.family import SampleFamily
from eh_interop.samples.family_members import Json, by_phone
from eh_interop.samples.invented import Workplace, invented
from eh_interop.samples.seeded_random import SeededRandom

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
    involvement = {
        "practitioner": "w1",
        "organisation": home,
        "with": [*family.child_ids, "p1"],
        "support": "Sees the family most weeks.",
    }
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
