"""Other records: an example with other people and days."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

import orjson

from eh_interop.core.resources import folder
from eh_interop.samples import names, numbers
from eh_interop.samples.children import Json
from eh_interop.samples.dice import Dice
from eh_interop.samples.envelope import Setup

_JUDGED_ON: Final = date(2026, 11, 1)
"""The day on which the examples are judged."""
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_MONTHS: Final = tuple(calendar.month_name)[1:]
_WRITTEN: Final = re.compile(rf"(?:(\d{{1,2}}) )?({'|'.join(_MONTHS)}) (\d{{4}})")
_FIXED: Final = frozenset({"edition", "document"})


def disguised(record_type: str, setup: Setup) -> Json:
    """Return an example of a record type about somebody else, on other days.

    An area may ask for more than the minimal example has, so examples of the
    area itself come first.
    """
    dice = setup.dice
    later = setup.as_of - _JUDGED_ON - timedelta(days=dice.number(0, 9))
    chosen = dice.pick(_examples(record_type, setup.area.key))
    others = _other_names(dice, chosen)
    people = re.compile(rf"\b({'|'.join(others)})\b")

    def told(name: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: told(key, each) for key, each in value.items()}
        if isinstance(value, list):
            return [told(name, each) for each in value]
        if not isinstance(value, str) or name in _FIXED:
            return value
        text = people.sub(lambda found: others[found[1]], value) if others else value
        text = _DAY.sub(lambda found: _moved(found[0], later), text)
        return _WRITTEN.sub(lambda found: _written(found, later), text)

    record: Json = told("", chosen)
    for each in (*record.get("children", ()), *record.get("people", ())):
        _renumbered(each, setup)
    head = setup.head(record_type, setup.as_of)
    kept = ("recordType", "standardVersion", "recordId", "area", "guidance")
    return {**{name: head[name] for name in kept if name in head}, **_without(record, kept)}


def _other_names(dice: Dice, record: Json) -> dict[str, str]:
    """Choose other names for the family: for each first name one of the same sex."""
    heritage = names.HERITAGES[0][0]
    everybody = [*record.get("children", ()), *record.get("people", ())]
    spare = {"F": dice.some(heritage.girls, 20), "M": dice.some(heritage.boys, 20)}
    found: dict[str, str] = {}
    for each in everybody:
        name = each.get("name", {})
        if "given" in name and name["given"] not in found:
            found[name["given"]] = spare["M" if each.get("sex") == "M" else "F"].pop()
    surnames = {each.get("name", {}).get("family") for each in everybody} - {None}
    others = dice.some(heritage.families, len(surnames))
    return found | dict(zip(sorted(surnames), others, strict=True))


def _without(record: Json, names: tuple[str, ...]) -> Json:
    return {name: value for name, value in record.items() if name not in names}


def _renumbered(person: Json, setup: Setup) -> None:
    """Give a person numbers of their own."""
    dice = setup.dice
    if "dateOfBirth" in person:
        born = date.fromisoformat(person["dateOfBirth"])
        person["dateOfBirth"] = dice.before(born, 0, 40).isoformat()
    for identifier in person.get("identifiers", ()):
        if identifier["type"] == "upn":
            identifier["value"] = numbers.upn(dice, "830", 2023)
        elif identifier["type"] == "nhs-number" and "value" in identifier:
            identifier["value"] = numbers.nhs_number(dice)
    for contact in person.get("contacts", ()):
        if contact["kind"] == "mobile":
            contact["value"] = numbers.mobile(dice)


def _moved(day: str, later: timedelta) -> str:
    return (date.fromisoformat(day) + later).isoformat()


def _written(found: re.Match[str], later: timedelta) -> str:
    """Move a day that stands in a sentence: ``22 May 2026`` or ``May 2026``."""
    day, month, year = found.groups()
    moved = date(int(year), _MONTHS.index(month) + 1, int(day or 15)) + later
    written = f"{_MONTHS[moved.month - 1]} {moved.year}"
    return f"{moved.day} {written}" if day else written


@cache
def _examples(record_type: str, area: str) -> tuple[Json, ...]:
    """Return the area's own examples of a record type, or the minimal one."""
    found = (
        orjson.loads(path.read_bytes())
        for path in sorted((folder("examples") / area).glob("*.json"))
    )
    own = tuple(each for each in found if each["recordType"] == record_type)
    minimal = folder("examples") / "minimal" / f"{record_type}.json"
    return own or (orjson.loads(minimal.read_bytes()),)
