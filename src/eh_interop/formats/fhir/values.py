"""Values of the standard as values of FHIR, and back: codes, and what every converter may look up.

``to_target`` of a converter gets a value of ours, ``from_target`` one of theirs, and each gets what
references lead to. Both return None for what they have no word for: the value then stays in the
QuestionnaireResponse, or is listed as unmapped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Protocol

from eh_interop.core.lenient import items, objects
from eh_interop.formats._shared.code_maps import load_code_map
from eh_interop.formats.fhir.names import code_system
from eh_interop.standard.code_lists import titles


class References(Protocol):
    """What a value may need to know of the record around it."""

    def url(self, lists: tuple[str, ...], local_id: str) -> str | None:
        """Return the URL of the resource that stands for a member of one of these lists."""

    def local_id(self, lists: tuple[str, ...], reference: str) -> str | None:
        """Return the local id of what a reference leads to, if it is in one of these lists."""


def reference_to(
    lists: tuple[str, ...], local_id: str, references: References
) -> dict[str, str] | None:
    """Return a Reference to a member of one of these lists; None if there is no such member."""
    url = references.url(lists, local_id)
    return {"reference": url} if url else None


def local_id_of(lists: tuple[str, ...], value: Any, references: References) -> str | None:
    """Return the local id of what a Reference leads to, if it is in one of these lists."""
    reference = value.get("reference") if isinstance(value, Mapping) else None
    return references.local_id(lists, reference) if isinstance(reference, str) else None


@cache
def codings(code_list: str, codes: str) -> Mapping[str, list[dict[str, str]]]:
    """Give each code its codings: that of the map first, for readers who do not know ours."""
    return {
        code: [
            *([coding] if codes and (coding := mapped_coding(codes, code)) else []),
            {"system": code_system(code_list), "code": code, "display": title},
        ]
        for code, title in titles(code_list).items()
    }


def mapped_coding(codes: str, code: str) -> dict[str, str] | None:
    """Return the coding that a map has for a code of ours; None if it has none."""
    pair = load_code_map(codes).to_target(code)
    if pair is None:
        return None
    named = {"system": pair.system, "display": pair.display}
    return {**{name: value for name, value in named.items() if value}, "code": pair.theirs}


def code_of_coding(coding: Any, code_list: str, codes: str) -> str | None:
    """Return the code of ours that a Coding states; None if it states none."""
    if not isinstance(coding, Mapping):
        return None
    system, code = coding.get("system"), coding.get("code")
    if not isinstance(code, str) or not isinstance(system, str | None):
        return None
    if system == code_system(code_list):
        return code if code in titles(code_list) else None
    return load_code_map(codes).from_target(code, system or "") if codes else None


@cache
def concept(code_list: str, codes: str) -> Callable[[str], dict[str, Any] | None]:
    """Return what makes a CodeableConcept of a code of a list; None for an unknown code."""
    known = {code: {"coding": coding} for code, coding in codings(code_list, codes).items()}
    return known.get


def code_of_concept(value: Any, code_list: str, codes: str) -> str | None:
    """Return the code of ours that a CodeableConcept states; None if it states none."""
    listed = items(value.get("coding")) if isinstance(value, Mapping) else []
    found = [code_of_coding(coding, code_list, codes) for coding in listed]
    # Our own coding stands last and is exact: a map may be many to one.
    return next((code for code in reversed(found) if code), None)


@cache
def _codes_by_title(code_list: str) -> Mapping[str, str]:
    return {title.casefold(): code for code, title in titles(code_list).items()}


def code_by_title(value: Any, code_list: str) -> str | None:
    """Return the code whose title is what a concept without a code that we know says."""
    if not isinstance(value, Mapping) or value.keys() & {"reference", "identifier"}:
        return None
    words = [value.get("text"), value.get("display")]
    words += [coding.get("display") for coding in objects(value, "coding")]
    known = _codes_by_title(code_list)
    codes = (known.get(word.strip().casefold()) for word in words if isinstance(word, str))
    return next((code for code in codes if code), None)
