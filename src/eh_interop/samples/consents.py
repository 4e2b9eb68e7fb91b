"""Consent in invented records: given, refused, not sought, not obtained or withdrawn."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from eh_interop.samples.family import SampleFamily
from eh_interop.samples.invented import Json
from eh_interop.samples.record_parts import SOCIAL_CARE, Setup
from eh_interop.samples.seeded_random import SeededRandom

_EXEMPTION: Final = "increased-risk-of-significant-harm"
"""The one reason for not asking that every area accepts, if an area names none."""
_STATUSES: Final = (
    ("given", 45),
    ("refused", 25),
    ("not-sought", 15),
    ("not-obtained", 10),
    ("withdrawn", 5),
)


def consent_given(
    random: SeededRandom,
    family: SampleFamily,
    asked: date,
    purposes: tuple[str, ...],
    recipients: tuple[str, ...],
) -> Json:
    """Return a consent that was given on the day it was asked for, with all that belongs to it."""
    givers, missing = _givers(random, family, asked)
    adults = [giver["person"] for giver in givers if giver["person"].startswith("p")]
    return family.part(
        "consent-given",
        purposes=(*purposes, "information-sharing"),
        adults_asked=adults,
        asked=asked,
        method=random.pick(("By secure email.", "By secure email and in meetings.")),
        recipients=[{"organisation": recipient} for recipient in dict.fromkeys(recipients)],
        givers=givers,
        missing=missing or None,
        excluded=["What the parents say about each other"] if random.chance(0.25) else None,
    )


def _givers(
    random: SeededRandom, family: SampleFamily, asked: date
) -> tuple[list[Json], list[Json]]:
    givers = [_agreed(random, family, "p1", "parent", asked)]
    missing: list[Json] = []
    if family.decides is not None:
        young = _agreed(random, family, family.decides["id"], "young-person", asked)
        givers.append(young | family.part("competent", asked=asked))
    else:
        missing.append(family.part("too-young"))
    if family.second_parent and random.chance(0.5):
        givers.append(_agreed(random, family, "p2", "parental-responsibility-holder", asked))
    else:
        missing.append(family.part("not-available"))
    return givers, missing


def _agreed(
    random: SeededRandom, family: SampleFamily, person: str, capacity: str, asked: date
) -> Json:
    """Return that somebody agreed, mostly by signing."""
    signed = random.chance(0.85)
    return family.part(
        "agreed",
        person=person,
        capacity=capacity,
        asked=asked,
        method=random.pick(("signed-on-paper", "signed-electronically")) if signed else "verbal",
        verbal_reason=None if signed else "It was agreed by telephone.",
    )


def consent_of_referral(setup: Setup, family: SampleFamily, asked: date, day: date) -> Json:
    """Return the consent of a referral. Without a yes, all reasons are given.

    Consent is only left out where somebody may come to significant harm.

    Args:
        setup: what the record is made from.
        family: whom it is about.
        asked: when they were asked.
        day: when the referral is made.
    """
    random, purpose = setup.random, "referral-to-social-care"
    status = random.weighted(_STATUSES) if family.story.harm else "given"
    if status == "given":
        consent = consent_given(random, family, asked, (purpose,), (SOCIAL_CARE,))
        informed = family.part("informed", day=day)
        return {**consent, "confirmedInReferral": True, "parentInformed": informed}
    values: dict[str, Any] = {"asked": asked, "day": day, "withdrawn": asked + timedelta(days=1)}
    if status == "not-sought":
        accepted = setup.area.facts.get("marf-exemptions", ())
        reasons = [reason for reason in accepted if reason != "agreement-not-required"]
        values["exemption"] = random.pick(reasons or [_EXEMPTION])
    if status == "withdrawn":
        values["giver"] = _agreed(random, family, "p1", "parent", asked)
    return {
        "id": "cs1",
        "purposes": [purpose, "information-sharing"],
        "status": status,
        "children": family.child_ids,
        **family.part(f"consent-{status}", **values),
        **family.part("going-ahead", **values),
    }
