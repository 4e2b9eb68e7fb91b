"""Consent in invented records: given, refused, not sought, not obtained or withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from eh_interop.samples.family import SampleFamily
from eh_interop.samples.family_members import Json
from eh_interop.samples.seeded_random import SeededRandom
from eh_interop.standard.areas import Area

_EXEMPTION: Final = "increased-risk-of-significant-harm"
"""The one reason for not asking that every area accepts, if an area names none."""
_STATUSES: Final = (
    ("given", 45),
    ("refused", 25),
    ("not-sought", 15),
    ("not-obtained", 10),
    ("withdrawn", 5),
)


@dataclass(frozen=True, slots=True)
class ConsentRequest:
    """What consent was asked for, from when on it may be used, and of whom it was asked."""

    purposes: tuple[str, ...]
    asked: date
    used: date
    recipients: tuple[str, ...]


def consent_given(random: SeededRandom, family: SampleFamily, request: ConsentRequest) -> Json:
    """Return a consent that was given, with everything that belongs to it."""
    on = request.asked.isoformat()
    givers, missing = _givers(random, family, request.asked)
    consent: Json = {
        "id": "cs1",
        "purposes": list(request.purposes),
        "status": "given",
        "children": family.child_ids,
        "people": [giver["person"] for giver in givers if giver["person"].startswith("p")],
        "why": family.fill_in("So that the right people can help {child} and the family."),
        "items": ["What is written in this record", "What {child} says".format(**family.words)],
        "sharingMethod": random.pick(("By secure email.", "By secure email and in meetings.")),
        "recipients": [{"organisation": recipient} for recipient in request.recipients],
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
    if random.chance(0.25):
        consent["itemsExcluded"] = ["What the parents say about each other"]
    return consent


def _givers(
    random: SeededRandom, family: SampleFamily, asked: date
) -> tuple[list[Json], list[Json]]:
    on = asked.isoformat()
    givers: list[Json] = [_agreed(random, "p1", "parent", on)]
    missing: list[Json] = []
    young = family.decides
    if young is not None:
        judged = {"assessedCompetent": "yes", "assessedBy": "w1", "assessedOn": on}
        givers.append({**_agreed(random, young["id"], "young-person", on), **judged})
    else:
        missing.append({"capacity": "child", "reason": "too-young"})
    if family.second_parent and random.chance(0.5):
        givers.append(_agreed(random, "p2", "parental-responsibility-holder", on))
    else:
        missing.append(
            {
                "capacity": "parental-responsibility-holder",
                "reason": "not-available",
                "note": "The father could not be reached.",
            }
        )
    return givers, missing


def _agreed(random: SeededRandom, person: str, capacity: str, on: str) -> Json:
    """Return that somebody agreed, mostly by signing."""
    giver = {"person": person, "capacity": capacity, "decision": "agreed", "on": on}
    if random.chance(0.85):
        return {**giver, "method": random.pick(("signed-on-paper", "signed-electronically"))}
    return {**giver, "method": "verbal", "verbalReason": "It was agreed by telephone."}


def consent_of_referral(
    random: SeededRandom, area: Area, family: SampleFamily, request: ConsentRequest
) -> Json:
    """Return the consent of a referral. Without a yes, all reasons are given.

    Consent is only left out where somebody may come to significant harm.
    """
    status = "given"
    if family.story.harm:
        status = random.weighted(_STATUSES)
    if status == "given":
        consent = consent_given(random, family, request)
        consent["confirmedInReferral"] = True
        consent["parentInformed"] = _informed(request.used)
        return consent
    return {
        "id": "cs1",
        "purposes": list(request.purposes),
        "status": status,
        "children": family.child_ids,
        **_without(status, area, random, request),
        **_reasons(family, request),
    }


def _reasons(family: SampleFamily, request: ConsentRequest) -> Json:
    """Return why the referral goes ahead without consent, and who looked at that."""
    on = request.used.isoformat()
    return {
        "rationale": family.fill_in("{child} may come to significant harm if nobody acts now."),
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


def _without(status: str, area: Area, random: SeededRandom, request: ConsentRequest) -> Json:
    """Return what happened instead of a yes."""
    on = request.asked.isoformat()
    if status == "not-sought":
        accepted = area.facts.get("marf-exemptions", ())
        reasons = [reason for reason in accepted if reason != "agreement-not-required"]
        return {
            "exemption": random.pick(reasons or [_EXEMPTION]),
            "parentInformed": _not_informed("Telling now could put the child at more risk."),
        }
    sought: Json = {"soughtOn": on, "soughtBy": "w1"}
    if status == "not-obtained":
        harm = {
            "answer": "yes",
            "by": "w2",
            "on": request.used.isoformat(),
            "reason": "What was seen cannot wait until the family answers.",
        }
        not_informed = _not_informed("Nobody opened the door or answered the telephone.")
        return {**sought, "harmDetermination": harm, "parentInformed": not_informed}
    informed = _informed(request.used)
    if status == "refused":
        refusal = {"person": "p1", "capacity": "parent", "decision": "refused", "on": on}
        return {**sought, "givers": [refusal], "parentInformed": informed}
    return {
        **sought,
        "givers": [_agreed(random, "p1", "parent", on)],
        "giversMissing": [{"capacity": "child", "reason": "too-young"}],
        "withdrawnOn": (request.asked + timedelta(days=1)).isoformat(),
        "withdrawnBy": "p1",
        "parentInformed": informed,
    }


def _informed(on: date) -> Json:
    return {"informed": "yes", "person": "p1", "on": on.isoformat(), "by": "w1"}


def _not_informed(reason: str) -> Json:
    return {"informed": "no", "person": "p1", "reasonNot": reason}
