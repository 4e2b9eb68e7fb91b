"""The people of a record: what is shown of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from eh_interop.genogram.reading import Record, day, entries, inner, text

Names = Literal["first", "initials"]
NAMELESS: Final = "Not named"
"""What somebody is called whose name the record does not know."""

_LONGEST: Final = 16
_SEXES: Final = {"M": "male", "F": "female"}


@dataclass(frozen=True, slots=True)
class Member:
    """One person.

    Attributes:
        id: the record's own local id.
        name: first name or initials, as asked for.
        sex: ``male``, ``female`` or ``not known``.
        age: such as ``14`` or ``about 30``; empty if it is not known.
        index: one of the children whom the record is about.
        unborn: not born yet.
        deceased: has died.
        born: for the order of brothers and sisters; the day a baby is due, or the last day of all.
    """

    id: str
    name: str
    sex: str
    age: str
    index: bool
    unborn: bool
    deceased: bool
    born: date


def members(record: Record, names: Names, as_of: date) -> dict[str, Member]:
    """Read everybody who is listed, by local id; the children of the record first."""
    listed = list(_listed(record))
    shown = [_name(person, names) for person, _ in listed]
    twice = {name for name, count in Counter(shown).items() if count > 1} - {NAMELESS}
    found: dict[str, Member] = {}
    for (person, index), name in zip(listed, shown, strict=True):
        whole = _with_initial(person, name) if name in twice and names == "first" else name
        found.setdefault(text(person, "id"), _member(person, whole, as_of, index=index))
    return found


def _listed(record: Record) -> Iterator[tuple[Record, bool]]:
    for name in ("children", "people"):
        for person in entries(record, name):
            if text(person, "id"):
                yield person, name == "children"


def _member(person: Record, name: str, as_of: date, *, index: bool) -> Member:
    unborn = person.get("unborn") is True
    return Member(
        id=text(person, "id"),
        name=name,
        sex="not known" if unborn else _SEXES.get(text(person, "sex"), "not known"),
        age="" if unborn else _age(person, as_of),
        index=index,
        unborn=unborn,
        deceased=person.get("deceased") is True or bool(text(person, "deceasedOn")),
        born=day(person, "dateOfBirth") or day(person, "expectedDateOfBirth") or date.max,
    )


def _age(person: Record, as_of: date) -> str:
    """Work the age out in whole years: on ``as_of``, or on the day the person died."""
    born, until = day(person, "dateOfBirth"), day(person, "deceasedOn") or as_of
    if born and born <= until and not (person.get("deceased") and not day(person, "deceasedOn")):
        years = until.year - born.year - ((until.month, until.day) < (born.month, born.day))
        return f"about {years}" if person.get("dateOfBirthEstimated") is True else str(years)
    guess = person.get("estimatedAge")
    return f"about {guess:g}" if isinstance(guess, int | float) and guess is not True else ""


def _name(person: Record, names: Names) -> str:
    name = inner(person, "name")
    given = text(name, "preferred") or " ".join(text(name, "given").split()[:1])
    family, full = text(name, "family"), text(name, "full")
    if names == "initials":
        parts = [given, family] if given or family else full.split()
        shown = ".".join(part[0].upper() for part in parts if part)
        return f"{shown}." if shown else _nameless(person)
    if person.get("unborn") is True and not given:
        return _nameless(person)
    return _short(given or full or family) or _nameless(person)


def _nameless(person: Record) -> str:
    return "Unborn baby" if person.get("unborn") is True else NAMELESS


def _with_initial(person: Record, name: str) -> str:
    """Tell people of the same first name apart."""
    family = text(inner(person, "name"), "family")
    return f"{name} {family[0].upper()}" if family and not name.endswith(family) else name


def _short(name: str) -> str:
    one_line = " ".join(name.split())
    return one_line if len(one_line) <= _LONGEST else f"{one_line[: _LONGEST - 1]}…"


def joined(names: Iterable[str]) -> str:
    """Write a list in words: ``Freya, Jonah and Poppy``."""
    *most, last = list(names) or [""]
    return f"{', '.join(most)} and {last}" if most else last
