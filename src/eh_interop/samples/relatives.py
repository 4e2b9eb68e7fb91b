"""The adults of an invented family, and how everybody belongs together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from eh_interop.samples import children, names, numbers
from eh_interop.samples.children import Json
from eh_interop.samples.dice import Dice

_GROWN_UP: Final = 17
"""Years between the oldest child and a parent, at least."""


def adults(
    dice: Dice,
    heritage: names.Heritage,
    namer: children.Namer,
    oldest: date,
    homes: list[Json],
    *,
    apart: bool,
) -> Iterator[Json]:
    """Yield the mother, what is known of the father, and sometimes a grandmother."""
    latest = date(oldest.year - _GROWN_UP, oldest.month, 1)
    yield children.make_adult(dice, namer.person("p1", "F"), heritage, latest, homes[0])
    lives = 1 if apart else dice.weighted(((0, 35), (1, 25), (None, 40)))
    if lives is None:
        yield dict(_UNKNOWN_FATHER)
    else:
        yield children.make_adult(dice, namer.person("p2", "M"), heritage, latest, homes[lives])
    if dice.chance(0.2):
        elder = date(latest.year - _GROWN_UP, 1, 1)
        yield children.make_adult(dice, namer.person("p3", "F"), heritage, elder, homes[0])


_UNKNOWN_FATHER: Final = {
    "id": "p2",
    "detailsKnown": "no",
    "note": "Nobody asked knows how to reach him.",
    "absent": {
        "name": "not-known",
        "dateOfBirth": "not-known",
        "addresses": "not-known",
        "contacts": "not-known",
    },
}


def households(adults: list[Json], young: list[Json]) -> list[Json]:
    """Return one household, or two if the father lives somewhere else."""
    home = adults[0]["addresses"]
    here = [adult["id"] for adult in adults if adult.get("addresses") == home]
    everybody = [each["id"] for each in young if not each.get("unborn")]
    found: list[Json] = [{"id": "h1", "name": "Home", "members": [*here, *everybody]}]
    if "name" in adults[1] and "p2" not in here:
        found.append({"id": "h2", "name": "Father's home", "members": ["p2", everybody[0]]})
        young[0]["addresses"] = [
            *young[0]["addresses"],
            {**adults[1]["addresses"][0], "kind": "second-home"},
        ]
    return found


def relationships(adults: list[Json], young: list[Json]) -> Iterator[Json]:
    """Yield who is what to whom."""
    kinds = {"p1": "mother", "p2": "father", "p3": "grandparent"}
    for adult in adults:
        for child in young:
            if child.get("unborn") and adult["id"] == "p3":
                continue
            yield {
                "person": adult["id"],
                "relatedTo": child["id"],
                "type": kinds[adult["id"]],
            }
    for child in young[1:]:
        yield {"person": young[0]["id"], "relatedTo": child["id"], "type": "sibling"}


def responsibility(dice: Dice, adults: list[Json], young: list[Json]) -> Iterator[Json]:
    """Yield who has parental responsibility."""
    known = "name" in adults[1]
    basis = dice.pick(("married-father", "named-on-birth-certificate"))
    for child in young:
        if child.get("unborn"):
            continue
        yield {"holder": "p1", "child": child["id"], "holds": "yes", "basis": "birth-mother"}
        if known:
            yield {"holder": "p2", "child": child["id"], "holds": "yes", "basis": basis}
        else:
            yield {"holder": "p2", "child": child["id"], "holds": "unknown"}


def practice(dice: Dice) -> Json:
    """Make a GP practice up."""
    return {
        "id": children.PRACTICE,
        "name": f"{dice.pick(names.SITES)} Surgery",
        "sector": "health",
        "contacts": [{"kind": "phone", "value": numbers.phone(dice)}],
    }
