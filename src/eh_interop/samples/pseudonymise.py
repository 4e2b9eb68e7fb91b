"""Pseudonymise an example: the same record with other people, numbers and days."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

import orjson

from eh_interop.core.resources import folder
from eh_interop.samples.invented import Json, invented
from eh_interop.samples.record_parts import Setup
from eh_interop.samples.seeded_random import SeededRandom, mobile, nhs_number, upn

_JUDGED_ON: Final = date(2026, 11, 1)
"""The day on which the examples are judged."""
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_MONTHS: Final = tuple(calendar.month_name)[1:]
_WRITTEN: Final = re.compile(rf"(?:(\d{{1,2}}) )?({'|'.join(_MONTHS)}) (\d{{4}})")
_FIXED: Final = frozenset({"edition", "document"})


def pseudonymised(record_type: str, setup: Setup) -> Json:
    """Return an example of a record type about somebody else, on other days.

    An area may ask for more than the minimal example has, so examples of the
    area itself come first.
    """
    random = setup.random
    later = setup.as_of - _JUDGED_ON - timedelta(days=random.number(0, 9))
    chosen = random.pick(_examples(record_type, setup.area.key))
    others = _other_names(random, chosen)
    people = re.compile(rf"\b({'|'.join(others)})\b")

    def replaced(name: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: replaced(key, inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [replaced(name, item) for item in value]
        if not isinstance(value, str) or name in _FIXED:
            return value
        text = people.sub(lambda name: others[name[1]], value) if others else value
        text = _DAY.sub(lambda day: _moved(day[0], later), text)
        return _WRITTEN.sub(lambda day: _moved_in_words(day, later), text)

    record: Json = replaced("", chosen)
    for person in _everybody(record):
        _renumber(person, setup)
    head = setup.head(record_type, setup.as_of)
    kept = ("recordType", "standardVersion", "recordId", "area", "guidance")
    rest = {name: value for name, value in record.items() if name not in kept}
    return {**{name: head[name] for name in kept if name in head}, **rest}


def _everybody(record: Json) -> list[Json]:
    return [*record.get("children", ()), *record.get("people", ())]


def _other_names(random: SeededRandom, record: Json) -> dict[str, str]:
    """Choose other names for the family: for each first name one of the same sex."""
    names = invented().names[invented().heritages[0].names]
    spare = {"F": random.some(names.girls, 20), "M": random.some(names.boys, 20)}
    given: dict[str, str] = {}
    for person in _everybody(record):
        name = person.get("name", {})
        if "given" in name and name["given"] not in given:
            given[name["given"]] = spare["M" if person.get("sex") == "M" else "F"].pop()
    surnames = {person.get("name", {}).get("family") for person in _everybody(record)} - {None}
    others = random.some(names.families, len(surnames))
    return given | dict(zip(sorted(surnames), others, strict=True))


def _renumber(person: Json, setup: Setup) -> None:
    random = setup.random
    if "dateOfBirth" in person:
        born = date.fromisoformat(person["dateOfBirth"])
        person["dateOfBirth"] = random.before(born, 0, 40).isoformat()
    for identifier in person.get("identifiers", ()):
        if identifier["type"] == "upn":
            identifier["value"] = upn(random, "830", 2023)
        elif identifier["type"] == "nhs-number" and "value" in identifier:
            identifier["value"] = nhs_number(random)
    for contact in person.get("contacts", ()):
        if contact["kind"] == "mobile":
            contact["value"] = mobile(random)


def _moved(day: str, later: timedelta) -> str:
    return (date.fromisoformat(day) + later).isoformat()


def _moved_in_words(match: re.Match[str], later: timedelta) -> str:
    """Move a day that stands in a sentence: ``22 May 2026`` or ``May 2026``."""
    day, month, year = match.groups()
    moved = date(int(year), _MONTHS.index(month) + 1, int(day or 15)) + later
    written = f"{_MONTHS[moved.month - 1]} {moved.year}"
    return f"{moved.day} {written}" if day else written


@cache
def _examples(record_type: str, area: str) -> tuple[Json, ...]:
    """Return the area's own examples of a record type, or the minimal one."""
    examples = (
        orjson.loads(path.read_bytes())
        for path in sorted((folder("examples") / area).glob("*.json"))
    )
    own = tuple(example for example in examples if example["recordType"] == record_type)
    minimal = folder("examples") / "minimal" / f"{record_type}.json"
    return own or (orjson.loads(minimal.read_bytes()),)
