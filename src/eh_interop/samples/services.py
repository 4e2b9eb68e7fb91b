"""The services around an invented family, and who works for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from eh_interop.samples import names, numbers
from eh_interop.samples.children import Json
from eh_interop.samples.dice import Dice
from eh_interop.samples.family import Family

SOCIAL_CARE: Final = "o-csc"
EARLY_HELP: Final = "o-eh"


class Setting(NamedTuple):
    """Where the person who writes the record works."""

    organisation: str
    sector: str
    source: str
    role: str
    job: str
    adviser: str
    adviser_job: str


_SCHOOL: Final = Setting(
    "",
    "school",
    "2A",
    "designated-safeguarding-lead",
    "Designated safeguarding lead",
    "headteacher",
    "Headteacher",
)
_NURSERY: Final = Setting(
    "",
    "early-years",
    "2B",
    "early-years-practitioner",
    "Key person",
    "line-manager",
    "Nursery manager",
)
_OTHERS: Final = (
    Setting(
        "{} Health Visiting Service",
        "health",
        "3B",
        "health-visitor",
        "Health visitor",
        "named-professional",
        "Named nurse for safeguarding",
    ),
    Setting(
        "{} Families Team",
        "local-authority-early-help",
        "5D",
        "family-support-worker",
        "Family support worker",
        "line-manager",
        "Team manager",
    ),
    Setting(
        "{} Family Project",
        "voluntary-sector",
        "8",
        "voluntary-sector-worker",
        "Family worker",
        "line-manager",
        "Project manager",
    ),
)


@dataclass(frozen=True, slots=True)
class Services:
    """Who helps, in the form in which records hold it.

    ``w1`` writes the record, ``w2`` advises, ``w3`` is from another service.
    """

    setting: Setting
    home: str
    organisations: list[Json]
    practitioners: list[Json]
    involvements: list[Json]


def make_services(dice: Dice, family: Family, *, early_help: bool) -> Services:
    """Make the services up that fit the age of the first child.

    Args:
        dice: where chance comes from.
        family: whom they help.
        early_help: whether the early help team takes part, with ``w3``.
    """
    setting, home, own = _setting(dice, family)
    council = [
        _organisation(dice, SOCIAL_CARE, family.council, "local-authority-childrens-social-care"),
        _organisation(dice, EARLY_HELP, family.council, "local-authority-early-help"),
    ]
    council[0]["service"], council[1]["service"] = "Front door", "Early help team"
    for each in council:
        each["localAuthority"] = family.local_authority
    workers = [
        _worker(dice, "w1", setting.role, setting.job, home),
        _worker(dice, "w2", setting.adviser, setting.adviser_job, home),
        _worker(dice, "w3", "early-help-coordinator", "Early help coordinator", EARLY_HELP),
    ]
    if not early_help:
        del council[1], workers[2]
    known = [organisation for organisation in family.organisations if organisation["id"] != home]
    involvements = [_involvement("w1", home, family, "Sees the family most weeks.")]
    return Services(setting, home, [own, *council, *known], workers, involvements)


def _setting(dice: Dice, family: Family) -> tuple[Setting, str, Json]:
    """Choose who writes: mostly the school or nursery, if the first child goes to one."""
    taught = family.children[0]["education"][0].get("organisation")
    if taught and dice.chance(0.7):
        own = next(
            organisation for organisation in family.organisations if organisation["id"] == taught
        )
        return (_NURSERY if own["sector"] == "early-years" else _SCHOOL), taught, own
    setting = dice.pick(_OTHERS)
    name = setting.organisation.format(family.town)
    return setting, "o-own", _organisation(dice, "o-own", name, setting.sector)


def _organisation(dice: Dice, local_id: str, name: str, sector: str) -> Json:
    contacts = [{"kind": "phone", "value": numbers.phone(dice)}]
    return {"id": local_id, "name": name, "sector": sector, "contacts": contacts}


def _worker(dice: Dice, local_id: str, role: str, job: str, organisation: str) -> Json:
    given, surname = dice.pick(names.WORKERS[0]), dice.pick(names.WORKERS[1])
    email = f"{given[0]}.{surname}@{organisation.removeprefix('o-')}.example.org".lower()
    contact = {"kind": "email", "value": email}
    if dice.chance(0.5):
        contact = {"kind": "phone", "value": numbers.phone(dice)}
    return {
        "id": local_id,
        "name": {"given": given, "family": surname},
        "jobTitle": job,
        "role": role,
        "organisation": organisation,
        "contacts": [contact],
    }


def _involvement(worker: str, organisation: str, family: Family, support: str) -> Json:
    return {
        "practitioner": worker,
        "organisation": organisation,
        "with": [*family.child_ids, "p1"],
        "support": support,
    }
