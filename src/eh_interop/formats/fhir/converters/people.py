"""What FHIR says of people in another shape: names, answers, addresses and whose part they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from eh_interop.formats.fhir.names import identifier_system
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
