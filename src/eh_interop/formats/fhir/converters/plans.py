"""What FHIR says of meetings, plans and those who take part in another shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from eh_interop.formats.fhir.values import Pair, Scene, concept, concept_back

_PRESENT: Final = "attended"
_WHO: Final = ("people", "practitioners")
"""Who can take part in an Encounter: a child is its subject."""

_HELD: Final = {True: "finished", False: "cancelled"}
_CURRENT: Final = {True: "current", False: "superseded"}


def _flag(words: Mapping[bool, str]) -> Pair:
    """Say a yes or no in a word; other words of FHIR say neither."""
    answers = {word: answer for answer, word in words.items()}
    return Pair(lambda value, _: words[value], lambda value, _: answers.get(value))


HELD = _flag(_HELD)
"""Whether a meeting took place, as the status of an Encounter."""
STILL_CURRENT = _flag(_CURRENT)
"""Whether an assessment is still right, as the status of a DocumentReference."""

DAY = Pair(lambda value, _: value, lambda value, _: value[:10])
"""A day; of a moment the day."""
MOMENT = Pair(lambda value, _: value, lambda value, _: value if "T" in value else None)
"""A moment, with its time of day; a day alone is none."""


def _reference(lists: tuple[str, ...], local_id: str, scene: Scene) -> dict[str, str] | None:
    url = scene.url(lists, local_id)
    return {"reference": url} if url else None


def _referred(lists: tuple[str, ...], value: Any, scene: Scene) -> str | None:
    reference = value.get("reference") if isinstance(value, Mapping) else None
    return scene.local_id(lists, reference) if isinstance(reference, str) else None


ACTION = Pair(
    lambda value, scene: _reference(("actions",), value, scene),
    lambda value, scene: _referred(("actions",), value, scene),
)
"""An action by its id, as a reference to the resource that says more of it."""


def _participant(value: Mapping[str, Any], scene: Scene) -> dict[str, Any] | None:
    """Return an invited person as a participant, if they came; None for children, too."""
    who = _reference(_WHO, value.get("who", ""), scene)
    if who is None or value.get("attendance") != _PRESENT:
        return None
    types = [concept("attendance", "")(_PRESENT), concept("practitioner-role", "")(_role(value))]
    return {"type": [kind for kind in types if kind], "individual": who}


def _role(value: Mapping[str, Any]) -> str:
    return str(value.get("role", ""))


def _invited(value: Mapping[str, Any], scene: Scene) -> dict[str, Any] | None:
    who = _referred(_WHO, value.get("individual"), scene)
    if who is None:
        return None
    roles = (concept_back("practitioner-role", "", each) for each in value.get("type", ()))
    role = next((each for each in roles if each), None)
    return {"who": who, **({"role": role} if role else {}), "attendance": _PRESENT}


PRESENT = Pair(_participant, _invited)
"""Somebody who was invited and came, as a participant of an Encounter, with their role."""


def _lead_now(value: list[Mapping[str, Any]], scene: Scene) -> dict[str, str] | None:
    """Return the practitioner who leads: the last who began and has not handed over."""
    now = [each.get("practitioner", "") for each in value if "to" not in each]
    return _reference(("practitioners",), now[-1], scene) if now else None


def _leads(value: Any, scene: Scene) -> list[dict[str, str]] | None:
    lead = _referred(("practitioners",), value, scene)
    return [{"practitioner": lead}] if lead else None


CURRENT_LEAD = Pair(_lead_now, _leads)
"""The list of lead practitioners, as the one who leads now."""
