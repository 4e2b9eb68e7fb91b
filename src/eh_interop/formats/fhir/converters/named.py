"""Named converters: ids, files, narratives, meetings, plans, consent, names, flags and owners."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from html import escape, unescape
from typing import Any, Final

from eh_interop.core.uk_time import uk_day_of
from eh_interop.formats._shared.code_maps import load_code_map
from eh_interop.formats._shared.converters import Converter
from eh_interop.formats.fhir.compiled import states
from eh_interop.formats.fhir.names import (
    RECORD_IDENTIFIER,
    code_system,
    identifier_system,
    name_in_one_line,
)
from eh_interop.formats.fhir.values import (
    References,
    code_of_concept,
    concept,
    local_id_of,
    reference_to,
)
from eh_interop.standard.code_lists import titles

_CODE: Final = re.compile(r"[^\s]+(\s[^\s]+)*")
_MEDIA_TYPE: Final = re.compile(r"[^\s/;]+/[^\s/;]+(\s*;.*)?")
_LARGEST: Final = 2**31 - 1
"""Of an integer in R4."""


def _record_id(value: Any, _: References) -> str | None:
    if isinstance(value, dict) and value.get("system") == RECORD_IDENTIFIER:
        record_id = value.get("value")
        return record_id if isinstance(record_id, str) else None
    return None


RECORD_ID = Converter(
    name="record-id",
    to_target=lambda value, _: {"system": RECORD_IDENTIFIER, "value": value},
    from_target=_record_id,
)
"""A record's id, as an Identifier: records are found by it, not by an address."""


def _type_coding(value: str, _: References) -> dict[str, str] | None:
    known = titles("record-type").get(value)
    if known is None:
        return None
    return {"system": code_system("record-type"), "code": value, "display": known}


def _record_type(value: Any, _: References) -> str | None:
    if isinstance(value, dict) and value.get("system") == code_system("record-type"):
        code = value.get("code")
        return code if code in titles("record-type") else None
    return None


RECORD_TYPE = Converter(name="record-type", to_target=_type_coding, from_target=_record_type)
"""What kind of record it is, as a Coding."""


def _number(value: Any, _: References) -> int | None:
    return int(value) if re.fullmatch(r"[1-9][0-9]{0,17}", str(value)) else None


NUMBER_TEXT = Converter(
    name="number-text", to_target=lambda value, _: str(value), from_target=_number
)
"""A whole number, as text."""


def _same(value: Any, _: References) -> Any:
    return value


def _matching(name: str, *patterns: re.Pattern[str]) -> Converter:
    """Make a converter that leaves a value as it is, if it has the form that FHIR wants."""
    return Converter(
        name=name,
        to_target=lambda value, _: value if all(p.fullmatch(value) for p in patterns) else None,
        from_target=_same,
    )


CODE_TEXT = _matching("code-text", _CODE)
"""Text of one line, as a code: None if it has spaces that a code cannot have."""
MEDIA_TYPE = _matching("media-type", _MEDIA_TYPE, _CODE)
"""The type of a file: None if it is written in words for people (RFC 2046 wants ``image/png``)."""
SIZE = Converter(
    name="size",
    to_target=lambda value, _: value if value <= _LARGEST else None,
    from_target=_same,
)
"""The size of a file in bytes: None if R4 has no number so large."""

# Text.

_OPENS: Final = '<div xmlns="http://www.w3.org/1999/xhtml"><p>'
_CLOSES: Final = "</p></div>"
_BREAK: Final = "<br/>"


def _narrative(value: str, _: References) -> dict[str, str]:
    lines = _BREAK.join(escape(line, quote=False) for line in value.split("\n"))
    return {"status": "additional", "div": f"{_OPENS}{lines}{_CLOSES}"}


def _plain_text(value: dict[str, Any], _: References) -> str | None:
    div = value.get("div", "")
    if not (div.startswith(_OPENS) and div.endswith(_CLOSES)):
        return None
    return "\n".join(
        unescape(line) for line in div.removeprefix(_OPENS).removesuffix(_CLOSES).split(_BREAK)
    )


NARRATIVE = Converter(name="narrative", to_target=_narrative, from_target=_plain_text)
"""Text as a narrative: one paragraph, with its line breaks."""

# Meetings and plans.

_PRESENT: Final = "attended"
_WHO: Final = ("people", "practitioners")
"""Who can take part in an Encounter: a child is its subject."""


def _looked_up(
    name: str, to_target: Mapping[Any, Any], from_target: Mapping[Any, Any] | None = None
) -> Converter:
    """Make a converter of a table; ``to_target`` is turned round if there is no other way back."""
    back = from_target or {theirs: ours for ours, theirs in to_target.items()}
    return Converter(
        name=name,
        to_target=lambda value, _: to_target.get(value),
        from_target=lambda value, _: back.get(value),
    )


HELD = _looked_up("held", {True: "finished", False: "cancelled"})
"""Whether a meeting took place, as the status of an Encounter."""
STILL_CURRENT = _looked_up("still-current", {True: "current", False: "superseded"})
"""Whether an assessment is still right, as the status of a DocumentReference."""

DAY = Converter(name="day", to_target=_same, from_target=lambda value, _: uk_day_of(value))
"""A day; of a date and time the day."""
MOMENT = Converter(
    name="moment",
    to_target=_same,
    from_target=lambda value, _: value if "T" in value else None,
)
"""A date and time; a day alone is not one."""

ACTION = Converter(
    name="action",
    to_target=lambda value, references: reference_to(("actions",), value, references),
    from_target=lambda value, references: local_id_of(("actions",), value, references),
)
"""An action by its id, as a reference to the resource that says more of it."""


def _participant(value: Mapping[str, Any], references: References) -> dict[str, Any] | None:
    """Return an invited person as a participant, if they came; None for children, too."""
    who = reference_to(_WHO, value.get("who", ""), references)
    if who is None or value.get("attendance") != _PRESENT:
        return None
    role = concept("practitioner-role", "")(str(value.get("role", "")))
    types = [concept("attendance", "")(_PRESENT), role]
    return {"type": [kind for kind in types if kind], "individual": who}


def _invited(value: Mapping[str, Any], references: References) -> dict[str, Any] | None:
    who = local_id_of(_WHO, value.get("individual"), references)
    if who is None:
        return None
    roles = (code_of_concept(kind, "practitioner-role", "") for kind in value.get("type", ()))
    role = next((code for code in roles if code), None)
    return {"who": who, **({"role": role} if role else {}), "attendance": _PRESENT}


PRESENT = Converter(name="present", to_target=_participant, from_target=_invited)
"""Somebody who was invited and came, as a participant of an Encounter, with their role."""


def _lead_now(value: list[Mapping[str, Any]], references: References) -> dict[str, str] | None:
    """Return the practitioner who leads: the last who began and has not handed over."""
    now = [lead.get("practitioner", "") for lead in value if "to" not in lead]
    return reference_to(("practitioners",), now[-1], references) if now else None


def _leads(value: Any, references: References) -> list[dict[str, str]] | None:
    lead = local_id_of(("practitioners",), value, references)
    return [{"practitioner": lead}] if lead else None


CURRENT_LEAD = Converter(name="current-lead", to_target=_lead_now, from_target=_leads)
"""The list of lead practitioners, as the one who leads now."""

# Consent.

_PERMITS: Final = {
    "given": "permit",
    # Sharing goes on, under another lawful basis.
    "not-sought": "permit",
    "refused": "deny",
    "withdrawn": "deny",
    # Nothing is permitted until there is an answer.
    "not-obtained": "deny",
}
_NO_AGREEMENT: Final = frozenset(_PERMITS) - {"given"}


def _only_to(name: str, theirs: str) -> Converter:
    """Make a converter for a text whose presence alone says something.

    The text cannot be had back from that: ``from_target`` has no word for it.
    """
    return Converter(name=name, to_target=lambda *_: theirs, from_target=lambda *_: None)


PROVISION_TYPE = _looked_up("provision-type", _PERMITS, {"permit": "given", "deny": "refused"})
"""A consent's status as what its provision does. The exact status stands in an extension."""
GOES_AHEAD = _only_to("goes-ahead", "active")
"""The reason to go ahead without agreement, as the status of a Consent in force."""
GOES_AHEAD_PROVISION = _only_to("goes-ahead-provision", "permit")
"""The reason to go ahead without agreement, as what the provision does."""
NO_AGREEMENT = Converter(
    name="no-agreement",
    to_target=lambda value, _: False if value in _NO_AGREEMENT else None,
    from_target=lambda value, _: "not-sought" if value is False else None,
)
"""A status without agreement, as a verification that says false, even if nobody is named."""
AGREED = _looked_up(
    "agreed",
    {"agreed": True, "refused": False, "withdrew": False},
    {True: "agreed", False: "refused"},
)
"""One person's decision, as whether agreement was verified with that person."""


_ADDRESS_KEYS: Final = "https://fhir.hl7.org.uk/CodeSystem/UKCore-AddressKeyType"
_UPRN: Final = {
    "system": _ADDRESS_KEYS,
    "code": "UPRN",
    "display": "Unique Property Reference Number",
}
_ANSWERS: Final = {"yes": True, "no": False}
_VERY_RESTRICTED: Final = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
    "code": "V",
    "display": "very restricted",
}


def _answer_in_words(value: Any, _: References) -> str | None:
    return next((word for word, answer in _ANSWERS.items() if answer is value), None)


YES_NO = Converter(
    name="yes-no",
    to_target=lambda value, _: _ANSWERS.get(value),
    from_target=_answer_in_words,
)
"""Yes and no as a boolean; FHIR has no third answer, so "not known" stays in the form."""


def _address_key(value: str, _: References) -> dict[str, Any]:
    return {
        "extension": [
            {"url": "type", "valueCodeableConcept": {"coding": [dict(_UPRN)]}},
            {"url": "value", "valueString": value},
        ]
    }


def _uprn(value: Mapping[str, Any], _: References) -> str | None:
    parts = {part.get("url"): part for part in value.get("extension", ())}
    codings = parts.get("type", {}).get("valueCodeableConcept", {}).get("coding", ())
    if not any(
        (coding.get("system"), coding.get("code")) == (_ADDRESS_KEYS, "UPRN") for coding in codings
    ):
        return None
    number = parts.get("value", {}).get("valueString")
    return number if isinstance(number, str) else None


UPRN = Converter(name="uprn", to_target=_address_key, from_target=_uprn)
"""A unique property reference number as UK Core's AddressKey, which also knows other keys."""


def _human_name(value: Mapping[str, Any], _: References) -> dict[str, Any] | None:
    if "full" not in value:
        return None
    pair = load_code_map("name-kind").to_target(value.get("kind", ""))
    return {**({"use": pair.theirs} if pair else {}), "text": value["full"]}


def _other_name(value: Mapping[str, Any], _: References) -> dict[str, Any] | None:
    """Return a name that is not the person's own; that stands under ``name``."""
    pairs = load_code_map("name-kind").pairs
    uses = {pair.theirs: pair.ours for pair in pairs if pair.leads_from_target}
    kind, text = uses.get(value.get("use", "")), value.get("text") or name_in_one_line(value)
    return {"kind": kind, "full": text} if kind and text else None


OTHER_NAME = Converter(name="other-name", to_target=_human_name, from_target=_other_name)
"""An earlier or other name as a HumanName whose use says what kind of name it is."""


def _belongs_to(name: str, code_list: str) -> Converter:
    system = identifier_system(code_list)

    def to_target(value: str, _: References) -> dict[str, Any]:
        reference = {"identifier": {"system": system, "value": value}}
        title = titles(code_list).get(value)
        return {**reference, "display": title} if title else reference

    def from_target(value: Mapping[str, Any], _: References) -> str | None:
        identifier = value.get("identifier", {})
        code = identifier.get("value") if identifier.get("system") == system else None
        return code if code in titles(code_list) else None

    return Converter(name=name, to_target=to_target, from_target=from_target)


COUNCIL = _belongs_to("council", "local-authority")
"""The council of which an organisation is a part, by the Department for Education's number."""
POLICE_FORCE = _belongs_to("police-force", "police-force")
"""The police force of which an organisation is a part."""


def _if_true(name: str, theirs: Any) -> Converter:
    """Make a converter in which true has a word, and false has none."""
    return Converter(
        name=name,
        to_target=lambda value, _: deepcopy(theirs) if value else None,
        from_target=lambda value, _: True if states(value, theirs) else None,
    )


def _ours(code_list: str, code: str) -> dict[str, Any]:
    display = titles(code_list)[code]
    return {"coding": [{"system": code_system(code_list), "code": code, "display": display}]}


ANONYMITY_WANTED = _if_true(
    "anonymity-wanted", _ours("safety-warning-type", "source-wishes-anonymity")
)
"""Whether somebody wants to stay anonymous, as the code of a Flag."""
IMMEDIATE_RISK = _if_true("immediate-risk", _ours("referral-trigger", "immediate-risk"))
"""Whether there is immediate risk, as the code of a Flag."""
AT_ONCE = _if_true("at-once", "stat")
"""Whether there is immediate risk, as a priority."""
VERY_RESTRICTED = _if_true("very-restricted", {"coding": [_VERY_RESTRICTED]})
"""Whether something must be kept from the family, as a security label of a document."""
VERY_RESTRICTED_LABEL = _if_true("very-restricted-label", _VERY_RESTRICTED)
"""The same as a security label of a resource."""
SHARED_OR_NOT = _looked_up("shared-or-not", {True: "completed", False: "not-done"})
"""Whether information was shared, as the status of a Communication."""
