"""What must hold between values, where JSON Schema has no words for it.

One function for each, named as HL7 names the invariant (``per_1`` is per-1), with
the definition it belongs to. It is given the element and its scope and tells
whether the invariant holds. The docstring's first line is the message. A function
with :func:`on` is found by its mark; there is no list to extend. The other
invariants are in ``schemas/fhir-r4/invariants.json``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from eh_interop.formats.fhir.moments import later
from eh_interop.formats.fhir.verification import r4
from eh_interop.formats.fhir.verification.problem import Kind, Seen, sentence
from eh_interop.formats.fhir.verification.scope import Element, Scope, entries

Holds = Callable[[Element, Scope], bool]


@dataclass(frozen=True, slots=True)
class Invariant:
    """One function of this module.

    Attributes:
        key: HL7's name for it.
        definition: the element that it is about.
        broken: what to say where it does not hold.
        holds: the function.
    """

    key: str
    definition: str
    broken: Seen
    holds: Holds


def on(definition: str) -> Callable[[Holds], Invariant]:
    """Mark a function as an invariant of an element."""

    def mark(function: Holds) -> Invariant:
        says = (function.__doc__ or "").splitlines()[0].rstrip(".")
        key = function.__name__.replace("_", "-")
        broken = Seen((), sentence(says, key), Kind.INVARIANT, key)
        return Invariant(key, definition, broken, function)

    return mark


@cache
def of(definition: str) -> tuple[Invariant, ...]:
    """Return the invariants of an element, in the order of this module."""
    can_contain = "contained" in r4.definitions()[definition].get("properties", ())
    wanted = {definition, r4.CONTAINED} if can_contain else {definition}
    every = [each for each in globals().values() if isinstance(each, Invariant)]
    return tuple(each for each in every if each.definition in wanted)


@on("Period")
def per_1(period: Element, _: Scope) -> bool:
    """A period does not end before it starts."""
    return not later(period.get("start"), period.get("end"))


@on("Task")
def inv_1(task: Element, _: Scope) -> bool:
    """A task is not changed before it is written."""
    return not later(task.get("authoredOn"), task.get("lastModified"))


@on("Range")
def rng_2(extent: Element, _: Scope) -> bool:
    """The low end of a range is not above its high end."""
    low, high = (_number(extent.get(end)) for end in ("low", "high"))
    return low is None or high is None or low <= high


@on("Bundle")
def bdl_7(bundle: Element, _: Scope) -> bool:
    """Each fullUrl stands only once in a Bundle, or else with another version."""
    if bundle.get("type") == "history":
        return True
    named = [
        (entry["fullUrl"], _version(entry.get("resource")))
        for entry in entries(bundle, "entry")
        if isinstance(entry.get("fullUrl"), str)
    ]
    return len(named) == len(set(named))


@on("CareTeam_Participant")
def ctm_1(participant: Element, scope: Scope) -> bool:
    """Only a practitioner takes part on behalf of an organisation."""
    member = participant.get("member")
    if "onBehalfOf" not in participant or not isinstance(member, dict):
        return True
    found = scope.find(str(member.get("reference", "")))
    return found is None or found.get("resourceType") == "Practitioner"


@on("Observation")
def obs_7(observation: Element, _: Scope) -> bool:
    """An observation with a value has no component with the same code."""
    if not any(key.startswith("value") for key in observation):
        return True
    own = _codings(observation)
    return not any(own & _codings(entry) for entry in entries(observation, "component"))


@on("Questionnaire")
def que_2(questionnaire: Element, _: Scope) -> bool:
    """Each linkId stands only once in a Questionnaire."""
    found = list(_link_ids(questionnaire))
    return len(found) == len(set(found))


@on(r4.CONTAINED)
def dom_3(resource: Element, _: Scope) -> bool:
    """A contained resource is referred to by the resource around it, or refers to it."""
    if "contained" not in resource:
        return True
    texts = set(_texts(resource))
    return all(
        f"#{entry.get('id', '')}" in texts or "#" in set(_texts(entry))
        for entry in entries(resource, "contained")
    )


# --------------------------------------------------------------------------------- what they share


def _number(quantity: Any) -> float | None:
    value = quantity.get("value") if isinstance(quantity, dict) else None
    return value if isinstance(value, int | float) else None


def _version(resource: Any) -> str:
    meta = resource.get("meta") if isinstance(resource, dict) else None
    return str(meta.get("versionId", "")) if isinstance(meta, dict) else ""


def _codings(element: Element) -> set[tuple[str, str]]:
    code = element.get("code")
    held = entries(code, "coding") if isinstance(code, dict) else []
    return {(str(each.get("system", "")), str(each.get("code", ""))) for each in held}


def _link_ids(questionnaire: Element) -> Iterator[object]:
    waiting = [questionnaire]
    while waiting:
        for item in entries(waiting.pop(), "item"):
            yield str(item.get("linkId"))
            waiting.append(item)


def _texts(node: Any) -> Iterator[str]:
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
        elif isinstance(each, str):
            yield each
