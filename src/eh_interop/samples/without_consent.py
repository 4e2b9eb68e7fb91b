"""The consent of a referral: given, refused, not sought, not obtained or withdrawn."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from eh_interop.samples.children import Json
from eh_interop.samples.consents import Asking, agreed, given
from eh_interop.samples.dice import Dice
from eh_interop.samples.family import Family
from eh_interop.standard.areas import Area

_EXEMPTION: Final = "increased-risk-of-significant-harm"
"""The one reason for not asking that every area accepts, if an area names none."""


def for_referral(dice: Dice, area: Area, family: Family, asking: Asking) -> Json:
    """Return the consent of a referral. Without a yes, all reasons are given.

    Consent is only left out where somebody may come to significant harm.
    """
    status = "given"
    if family.story.harm:
        status = dice.weighted(
            (
                ("given", 45),
                ("refused", 25),
                ("not-sought", 15),
                ("not-obtained", 10),
                ("withdrawn", 5),
            )
        )
    if status == "given":
        consent = given(dice, family, asking)
        consent["confirmedInReferral"] = True
        consent["parentInformed"] = _told(asking.used)
        return consent
    return {
        "id": "cs1",
        "purposes": list(asking.purposes),
        "status": status,
        "children": family.child_ids,
        **_WITHOUT[status](area, dice, asking),
        **_reasons(family, asking),
    }


def _reasons(family: Family, asking: Asking) -> Json:
    """Say why the referral goes ahead without consent, and who looked at that."""
    on = asking.used.isoformat()
    return {
        "rationale": family.tell("{child} may come to significant harm if nobody acts now."),
        "decidedBy": "w1",
        "decidedOn": on,
        "approval": {"by": "w2", "role": "manager", "on": on},
        "consultation": {
            "with": "w2",
            "role": "manager",
            "on": on,
            "advice": "Refer now and tell the family, unless that puts somebody at risk.",
            "outcome": "refer",
        },
        "recipientTold": True,
        "lawfulBasis": "public-task",
        "balancingNote": "The risk to the child weighs more than the family's wish for privacy.",
    }


def _refused(area: Area, dice: Dice, asking: Asking) -> Json:
    del area, dice
    on = asking.asked.isoformat()
    refusal = {"person": "p1", "capacity": "parent", "decision": "refused", "on": on}
    return {
        "soughtOn": on,
        "soughtBy": "w1",
        "givers": [refusal],
        "parentInformed": _told(asking.used),
    }


def _not_sought(area: Area, dice: Dice, asking: Asking) -> Json:
    del asking
    accepted = area.facts.get("marf-exemptions", ())
    reasons = [each for each in accepted if each != "agreement-not-required"]
    return {
        "exemption": dice.pick(reasons or [_EXEMPTION]),
        "parentInformed": {
            "informed": "no",
            "person": "p1",
            "reasonNot": "Telling now could put the child at more risk.",
        },
    }


def _not_obtained(area: Area, dice: Dice, asking: Asking) -> Json:
    del area, dice
    on = asking.used.isoformat()
    return {
        "soughtOn": asking.asked.isoformat(),
        "soughtBy": "w1",
        "harmDetermination": {
            "answer": "yes",
            "by": "w2",
            "on": on,
            "reason": "What was seen cannot wait until the family answers.",
        },
        "parentInformed": {
            "informed": "no",
            "person": "p1",
            "reasonNot": "Nobody opened the door or answered the telephone.",
        },
    }


def _withdrawn(area: Area, dice: Dice, asking: Asking) -> Json:
    del area
    on = asking.asked.isoformat()
    return {
        "soughtOn": on,
        "soughtBy": "w1",
        "givers": [agreed(dice, "p1", "parent", on)],
        "giversMissing": [{"capacity": "child", "reason": "too-young"}],
        "withdrawnOn": (asking.asked + timedelta(days=1)).isoformat(),
        "withdrawnBy": "p1",
        "parentInformed": _told(asking.used),
    }


_WITHOUT: Final = {
    "refused": _refused,
    "not-sought": _not_sought,
    "not-obtained": _not_obtained,
    "withdrawn": _withdrawn,
}


def _told(on: date) -> Json:
    return {"informed": "yes", "person": "p1", "on": on.isoformat(), "by": "w1"}
