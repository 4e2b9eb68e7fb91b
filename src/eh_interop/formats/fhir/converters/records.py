"""Ids, versions and technical facts of records and files, where FHIR is stricter or wider."""
# DOC converters.text: Text that FHIR holds in another form.
# DOC converters.plans: What FHIR says of meetings, plans and those who take part in another shape.
# DOC converters.consent: Consent: what its status and each decision mean in R4's Consent.

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from typing import Any, Final

from eh_interop.formats.fhir.names import RECORD_IDENTIFIER, code_system
from eh_interop.formats.fhir.values import Pair, Scene, concept, concept_back
from eh_interop.standard.code_lists import titles

_CODE: Final = re.compile(r"[^\s]+(\s[^\s]+)*")
_MEDIA_TYPE: Final = re.compile(r"[^\s/;]+/[^\s/;]+(\s*;.*)?")
_LARGEST: Final = 2**31 - 1
"""Of an integer in R4."""


def _identifier(value: str, _: Scene) -> dict[str, str]:
    return {"system": RECORD_IDENTIFIER, "value": value}


def _record_id(value: Any, _: Scene) -> str | None:
    if isinstance(value, dict) and value.get("system") == RECORD_IDENTIFIER:
        found = value.get("value")
        return found if isinstance(found, str) else None
    return None


RECORD_ID = Pair(_identifier, _record_id)
"""A record's id, as an Identifier: records are found by it, not by an address."""


def _type_coding(value: str, _: Scene) -> dict[str, str] | None:
    known = titles("record-type").get(value)
    if known is None:
        return None
    return {"system": code_system("record-type"), "code": value, "display": known}


def _record_type(value: Any, _: Scene) -> str | None:
    if isinstance(value, dict) and value.get("system") == code_system("record-type"):
        code = value.get("code")
        return code if code in titles("record-type") else None
    return None


RECORD_TYPE = Pair(_type_coding, _record_type)
"""What kind of record it is, as a Coding."""


def _number(value: Any, _: Scene) -> int | None:
    return int(value) if re.fullmatch(r"[1-9][0-9]{0,17}", str(value)) else None


NUMBER_TEXT = Pair(lambda value, _: str(value), _number)
"""A whole number, as text."""


def _code(value: str, _: Scene) -> str | None:
    return value if _CODE.fullmatch(value) else None


CODE_TEXT = Pair(_code, lambda value, _: value)
"""Text of one line, as a code: None if it has spaces that a code cannot have."""


def _media_type(value: str, _: Scene) -> str | None:
    return value if _MEDIA_TYPE.fullmatch(value) and _CODE.fullmatch(value) else None


MEDIA_TYPE = Pair(_media_type, lambda value, _: value)
"""The type of a file: None if it is said in words of people (RFC 2046 wants ``image/png``)."""


def _size(value: int, _: Scene) -> int | None:
    return value if value <= _LARGEST else None


SIZE = Pair(_size, lambda value, _: value)
"""The size of a file in bytes: None if R4 has no number so large."""


_OPENS: Final = '<div xmlns="http://www.w3.org/1999/xhtml"><p>'
_CLOSES: Final = "</p></div>"
_BREAK: Final = "<br/>"


def _narrative(value: str, _: Scene) -> dict[str, str]:
    lines = _BREAK.join(escape(line, quote=False) for line in value.split("\n"))
    return {"status": "additional", "div": f"{_OPENS}{lines}{_CLOSES}"}


def _plain(value: dict[str, Any], _: Scene) -> str | None:
    div = value.get("div", "")
    if not (div.startswith(_OPENS) and div.endswith(_CLOSES)):
        return None
    return "\n".join(
        unescape(line) for line in div.removeprefix(_OPENS).removesuffix(_CLOSES).split(_BREAK)
    )


NARRATIVE = Pair(_narrative, _plain)
"""Text as a narrative: one paragraph, with its line breaks."""


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


_PERMITS: Final = {
    "given": "permit",
    # Sharing goes on, under another lawful basis.
    "not-sought": "permit",
    "refused": "deny",
    "withdrawn": "deny",
    # Nothing is permitted until there is an answer.
    "not-obtained": "deny",
}
_PERMITS_BACK: Final = {"permit": "given", "deny": "refused"}
_NO_AGREEMENT: Final = frozenset(_PERMITS) - {"given"}
_AGREED: Final = {"agreed": True, "refused": False, "withdrew": False}


def _only_to(theirs: str) -> Pair:
    """Make a pair for a text whose presence alone says something.

    The text cannot be had back from that: ``back`` has no word for it.
    """

    def there(value: str, _: Scene) -> str:
        del value
        return theirs

    return Pair(there, lambda *_: None)


def _looked_up(there: Mapping[Any, Any], back: Mapping[Any, Any]) -> Pair:
    return Pair(lambda value, _: there.get(value), lambda value, _: back.get(value))


PROVISION_TYPE = _looked_up(_PERMITS, _PERMITS_BACK)
"""A consent's status as what its provision does. The exact status stands in an extension."""

GOES_AHEAD = _only_to("active")
"""The reason to go ahead without agreement, as the status of a Consent in force."""

GOES_AHEAD_PROVISION = _only_to("permit")
"""The reason to go ahead without agreement, as what the provision does."""

NO_AGREEMENT = Pair(
    lambda value, _: False if value in _NO_AGREEMENT else None,
    lambda value, _: "not-sought" if value is False else None,
)
"""A status without agreement, as a verification that says false, even if nobody is named."""

AGREED = _looked_up(_AGREED, {True: "agreed", False: "refused"})
"""One person's decision, as whether agreement was verified with that person."""
