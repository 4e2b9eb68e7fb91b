"""Consent that was given, and what every consent is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from eh_interop.samples.children import Json
from eh_interop.samples.dice import Dice
from eh_interop.samples.family import Family


@dataclass(frozen=True, slots=True)
class Asking:
    """What consent was asked for, from when on it may be used, and of whom it was asked."""

    purposes: tuple[str, ...]
    asked: date
    used: date
    recipients: tuple[str, ...]


def given(dice: Dice, family: Family, asking: Asking) -> Json:
    """Return a consent that was given, with everything that belongs to it."""
    on = asking.asked.isoformat()
    givers, missing = _givers(dice, family, asking.asked)
    consent: Json = {
        "id": "cs1",
        "purposes": list(asking.purposes),
        "status": "given",
        "children": family.child_ids,
        "people": [giver["person"] for giver in givers if giver["person"].startswith("p")],
        "why": family.tell("So that the right people can help {child} and the family."),
        "items": ["What is written in this record", "What {child} says".format(**family.words)],
        "sharingMethod": dice.pick(("By secure email.", "By secure email and in meetings.")),
        "recipients": [{"organisation": recipient} for recipient in asking.recipients],
        "explained": True,
        "explainedBy": "w1",
        "explainedOn": on,
        "explicit": True,
        "freelyGiven": True,
        "soughtOn": on,
        "soughtBy": "w1",
        "givers": givers,
    }
    if missing:
        consent["giversMissing"] = missing
    if dice.chance(0.25):
        consent["itemsExcluded"] = ["What the parents say about each other"]
    return consent


def _givers(dice: Dice, family: Family, asked: date) -> tuple[list[Json], list[Json]]:
    on = asked.isoformat()
    givers: list[Json] = [agreed(dice, "p1", "parent", on)]
    missing: list[Json] = []
    young = family.decides
    if young is not None:
        judged = {"assessedCompetent": "yes", "assessedBy": "w1", "assessedOn": on}
        givers.append({**agreed(dice, young["id"], "young-person", on), **judged})
    else:
        missing.append({"capacity": "child", "reason": "too-young"})
    if family.second_parent and dice.chance(0.5):
        givers.append(agreed(dice, "p2", "parental-responsibility-holder", on))
    else:
        missing.append(
            {
                "capacity": "parental-responsibility-holder",
                "reason": "not-available",
                "note": "The father could not be reached.",
            }
        )
    return givers, missing


def agreed(dice: Dice, person: str, capacity: str, on: str) -> Json:
    """Say that somebody agreed, mostly by signing."""
    giver = {"person": person, "capacity": capacity, "decision": "agreed", "on": on}
    if dice.chance(0.85):
        return {**giver, "method": dice.pick(("signed-on-paper", "signed-electronically"))}
    return {**giver, "method": "verbal", "verbalReason": "It was agreed by telephone."}
