"""What FHIR says of people in another shape: names, answers, addresses and whose part they are."""
# DOC converters.flags: Yes or no, where FHIR has no boolean: a flag is there or it is not.

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

from eh_interop.formats.fhir.compiled import says
from eh_interop.formats.fhir.names import code_system, identifier_system
from eh_interop.formats.fhir.values import Pair, Scene
from eh_interop.standard.code_lists import code_map, titles

_ADDRESS_KEYS: Final = "https://fhir.hl7.org.uk/CodeSystem/UKCore-AddressKeyType"
_UPRN: Final = {
    "system": _ADDRESS_KEYS,
    "code": "UPRN",
    "display": "Unique Property Reference Number",
}
_ANSWERS: Final = {"yes": True, "no": False}


def _answer(value: str, _: Scene) -> bool | None:
    return _ANSWERS.get(value)


def _word(value: Any, _: Scene) -> str | None:
    return next((word for word, answer in _ANSWERS.items() if answer is value), None)


YES_NO = Pair(_answer, _word)
"""Yes and no as a boolean; FHIR has no third answer, so "not known" stays in the form."""


def _address_key(value: str, _: Scene) -> dict[str, Any]:
    return {
        "extension": [
            {"url": "type", "valueCodeableConcept": {"coding": [dict(_UPRN)]}},
            {"url": "value", "valueString": value},
        ]
    }


def _uprn(value: Mapping[str, Any], _: Scene) -> str | None:
    parts = {each.get("url"): each for each in value.get("extension", ())}
    codings = parts.get("type", {}).get("valueCodeableConcept", {}).get("coding", ())
    if not any(
        (coding.get("system"), coding.get("code")) == (_ADDRESS_KEYS, "UPRN") for coding in codings
    ):
        return None
    found = parts.get("value", {}).get("valueString")
    return found if isinstance(found, str) else None


UPRN = Pair(_address_key, _uprn)
"""A unique property reference number as UK Core's AddressKey, which also knows other keys."""


def _human_name(value: Mapping[str, Any], _: Scene) -> dict[str, Any] | None:
    if "full" not in value:
        return None
    use = code_map("name-kind").there.get(value.get("kind", ""))
    return {**({"use": use["code"]} if use else {}), "text": value["full"]}


def _other_name(value: Mapping[str, Any], _: Scene) -> dict[str, Any] | None:
    """Return a name that is not the person's own; that stands under ``name``."""
    uses = {code: kind for (_, code), kind in code_map("name-kind").back.items()}
    kind, text = uses.get(value.get("use", "")), value.get("text") or _in_one_line(value)
    return {"kind": kind, "full": text} if kind and text else None


def _in_one_line(value: Mapping[str, Any]) -> str:
    family = (value["family"],) if "family" in value else ()
    return " ".join((*value.get("prefix", ()), *value.get("given", ()), *family))


OTHER_NAME = Pair(_human_name, _other_name)
"""An earlier or other name as a HumanName whose use says what kind of name it is."""


def _belongs_to(code_list: str) -> Pair:
    system = identifier_system(code_list)

    def there(value: str, _: Scene) -> dict[str, Any]:
        said = {"identifier": {"system": system, "value": value}}
        title = titles(code_list).get(value)
        return {**said, "display": title} if title else said

    def back(value: Mapping[str, Any], _: Scene) -> str | None:
        identifier = value.get("identifier", {})
        code = identifier.get("value") if identifier.get("system") == system else None
        return code if code in titles(code_list) else None

    return Pair(there, back)


COUNCIL = _belongs_to("local-authority")
"""The council of which an organisation is a part, by the Department for Education's number."""
POLICE_FORCE = _belongs_to("police-force")
"""The police force of which an organisation is a part."""


_VERY_RESTRICTED: Final = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
    "code": "V",
    "display": "very restricted",
}


def _if_true(theirs: Any) -> Pair:
    """Make a pair in which true has a word, and false has none."""

    def there(value: bool, _: Scene) -> Any:
        return deepcopy(theirs) if value else None

    return Pair(there, lambda value, _: True if says(value, theirs) else None)


def _ours(code_list: str, code: str) -> dict[str, Any]:
    coding = {
        "system": code_system(code_list),
        "code": code,
        "display": titles(code_list)[code],
    }
    return {"coding": [coding]}


ANONYMITY_WANTED = _if_true(_ours("safety-warning-type", "source-wishes-anonymity"))
"""Whether somebody wants to stay anonymous, as the code of a Flag."""

IMMEDIATE_RISK = _if_true(_ours("referral-trigger", "immediate-risk"))
"""Whether there is immediate risk, as the code of a Flag."""

AT_ONCE = _if_true("stat")
"""Whether there is immediate risk, as a priority."""

VERY_RESTRICTED = _if_true({"coding": [_VERY_RESTRICTED]})
"""Whether something must be kept from the family, as a security label of a document."""

VERY_RESTRICTED_LABEL = _if_true(_VERY_RESTRICTED)
"""The same as a security label of a resource."""

SHARED_OR_NOT = Pair(
    lambda value, _: "completed" if value else "not-done",
    lambda value, _: {"completed": True, "not-done": False}.get(value),
)
"""Whether information was shared, as the status of a Communication."""
