"""Members of an invented family: children and adults, one at a time."""

from __future__ import annotations

from datetime import date
from typing import Final

from eh_interop.samples.invented import Heritage, Json, NameList, invented, part
from eh_interop.samples.seeded_random import (
    SeededRandom,
    la_child_id,
    mobile,
    nhs_number,
    phone,
    postcode,
    upn,
)

PRACTICE: Final = "o-gp"
SECONDARY: Final = 12
"""From this age a young person may decide for themselves, in these samples."""
_SCHOOL: Final = 4
_SENIOR: Final = 11
_COLLEGE: Final = 16
_NURSERY: Final = 2
_FIRST_MONTH: Final = 9
_TALKS: Final = 4


def age_on(born: date, day: date) -> int:
    """Return an age in whole years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def address(random: SeededRandom, town: str, district: str, council: str) -> Json:
    """Make a home address up."""
    number = random.number(1, 140)
    street = f"{number} {random.pick(invented().streets)} {random.pick(invented().roads)}"
    return {
        "kind": "home",
        "lines": [street],
        "town": town,
        "postcode": postcode(random, district),
        "localAuthority": council,
    }


def by_phone(random: SeededRandom) -> list[Json]:
    """Return the contacts of an organisation."""
    return [{"kind": "phone", "value": phone(random)}]


def make_child(
    random: SeededRandom,
    who: Json,
    heritage: Heritage,
    born: date,
    day: date,
    home: Json,
    schools: dict[str, Json],
) -> Json:
    """Make a child up. ``who`` has the id, name and sex; new schools are added to ``schools``."""
    stage, year_group = _stage(born, day)
    child: Json = {**who, "dateOfBirth": born.isoformat()}
    absent: dict[str, str] = {}
    if random.chance(0.93):
        child["ethnicity"] = heritage.ethnicity
    else:
        absent["ethnicity"] = random.pick(("refused", "not-obtained"))
    child["language"] = _language(random, heritage)
    child["identifiers"] = _identifiers(random, home["localAuthority"], born, stage)
    child["addresses"] = [home]
    child["disability"] = random.weighted((("no", 85), ("unknown", 15)))
    status = random.weighted((("none", 75), ("sen-support", 20), ("unknown", 5)))
    child["specialEducationalNeeds"] = {"status": status}
    child["education"] = [_education(random, stage, year_group, schools)]
    if random.chance(0.9):
        child["generalPractice"] = PRACTICE
    else:
        absent["generalPractice"] = "not-known"
    child["socialCareStatus"] = random.weighted((("not-known", 60), ("closed", 40)))
    if absent:
        child["absent"] = absent
    return child


class Namer:
    """Gives out first names, never the same twice in a family."""

    def __init__(self, random: SeededRandom, names: NameList) -> None:
        self._random = random
        self._family = random.pick(names.families)
        girls, boys = random.some(names.girls, 8), random.some(names.boys, 8)
        self._given = {"F": girls, "M": boys}

    def person(self, local_id: str, sex: str | None = None) -> Json:
        """Return an id, a name and a sex."""
        sex = sex or self._random.pick(("F", "M"))
        name = {"given": self._given[sex].pop(), "family": self._family}
        return {"id": local_id, "name": name, "sex": sex}


def _language(random: SeededRandom, heritage: Heritage) -> Json:
    if heritage.language == "ENG" or random.chance(0.4):
        return {"firstLanguage": "ENG", "interpreterNeeded": "no"}
    needed = random.pick(("yes", "no"))
    return {"firstLanguage": heritage.language, "interpreterNeeded": needed}


def _identifiers(random: SeededRandom, council: str, born: date, stage: str) -> list[Json]:
    """Make the numbers of a child up.

    There are too few invented pupil numbers for everybody, so a child has one only beside an NHS
    number. The council's own number tells children apart who share a name and a birthday.
    """
    own = {"type": "la-child-id", "value": la_child_id(random), "issuer": council}
    if not random.chance(0.7):
        return [{"type": "nhs-number", "missingReason": "nhs-number-not-known"}, own]
    numbers: list[Json] = [{"type": "nhs-number", "value": nhs_number(random)}]
    if stage in {"primary", "secondary"}:
        numbers.append({"type": "upn", "value": upn(random, council, born.year + 5)})
    return [*numbers, own]


def _stage(born: date, day: date) -> tuple[str, str | None]:
    """Return where a child of this age is taught, and the year group."""
    year = day.year if day.month >= _FIRST_MONTH else day.year - 1
    age = age_on(born, date(year, 8, 31))
    if age < _NURSERY:
        return "home", None
    if age < _SCHOOL:
        return "nursery", None
    group = "Reception" if age == _SCHOOL else f"Year {age - _SCHOOL}"
    if age < _SENIOR:
        return "primary", group
    return ("secondary", group) if age < _COLLEGE else ("college", group)


def _education(
    random: SeededRandom, stage: str, group: str | None, schools: dict[str, Json]
) -> Json:
    if stage == "home":
        return {"status": "not-yet-school-age"}
    key, name, sector, status = invented().places[stage]
    if key not in schools:
        schools[key] = {
            "id": key,
            "name": name.format(random.pick(invented().sites)),
            "sector": sector,
            "contacts": by_phone(random),
        }
    education: Json = {"organisation": key, "status": status}
    return {**education, "yearGroup": group} if group else education


def make_adult(
    random: SeededRandom, who: Json, heritage: Heritage, latest: date, home: Json
) -> Json:
    """Make a parent or grandparent up who was born before ``latest``."""
    adult: Json = {"id": who["id"], "name": who["name"]}
    if random.chance(0.6):
        adult["dateOfBirth"] = random.before(latest, 30, 6000).isoformat()
    else:
        adult["absent"] = {"dateOfBirth": "not-obtained"}
    adult["sex"] = who["sex"]
    adult["ethnicity"] = heritage.ethnicity
    adult["language"] = _language(random, heritage)
    adult["addresses"] = [home]
    adult["contacts"] = [{"kind": "mobile", "value": mobile(random)}]
    return adult


def views(
    random: SeededRandom, child: Json, words: tuple[str, ...], on: date, day: date
) -> list[Json]:
    """Return what a child thinks, or why that is not known."""
    if age_on(date.fromisoformat(child["dateOfBirth"]), day) < _TALKS:
        return [{"notCapturedReason": "too-young"}]
    if child["id"] != "c1" and random.chance(0.3):
        return [{"notCapturedReason": "not-yet-asked"}]
    text = random.pick(words) if child["id"] == "c1" else '"I am all right."'
    method = random.pick(("conversation", "drawing-or-play", "my-progress-chart"))
    return [part("view", {"text": text, "method": method, "on": on})]
