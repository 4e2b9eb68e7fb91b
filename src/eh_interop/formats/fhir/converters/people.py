"""Converters for names, booleans, flags, UPRNs and owning organisations."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

from eh_interop.formats._shared.code_maps import load_code_map
from eh_interop.formats._shared.converters import Converter
from eh_interop.formats.fhir.compiled import states
from eh_interop.formats.fhir.names import code_system, identifier_system, name_in_one_line
from eh_interop.formats.fhir.values import References
from eh_interop.standard.code_lists import titles

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
    found = parts.get("value", {}).get("valueString")
    return found if isinstance(found, str) else None


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
SHARED_OR_NOT = Converter(
    name="shared-or-not",
    to_target=lambda value, _: "completed" if value else "not-done",
    from_target=lambda value, _: {"completed": True, "not-done": False}.get(value),
)
"""Whether information was shared, as the status of a Communication."""
