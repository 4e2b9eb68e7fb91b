"""Values of the standard as values of FHIR, and back: one pair of functions for each form.

``there`` gets a value of ours, ``back`` one of theirs. Both return None for what
they have no word for: the value then stays in the QuestionnaireResponse, or is
listed as not read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Protocol

from eh_interop.core.errors import MappingError
from eh_interop.formats.fhir.names import code_system
from eh_interop.formats.fhir.tables import FieldRow
from eh_interop.standard.code_lists import code_map, titles
from eh_interop.standard.fields import Field, Kind


class Scene(Protocol):
    """What a value may need to know of the record around it."""

    def url(self, lists: tuple[str, ...], local_id: str) -> str | None:
        """Return the URL of the resource that stands for a member of one of these lists."""

    def local_id(self, lists: tuple[str, ...], reference: str) -> str | None:
        """Return the local id of what a reference leads to, if it is in one of these lists."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A value there and back."""

    there: Callable[[Any, Scene], Any]
    back: Callable[[Any, Scene], Any]


SAME: Final = Pair(lambda value, _: value, lambda value, _: value)

_FACT_ELEMENTS: Final = {
    Kind.CODE: "valueCodeableConcept",
    Kind.BOOLEAN: "valueBoolean",
    Kind.INTEGER: "valueInteger",
    Kind.DECIMAL: "valueQuantity",
    Kind.DATE: "valueDateTime",
    Kind.DATE_TIME: "valueDateTime",
    Kind.TEXT: "valueString",
    Kind.LINE: "valueString",
}


def fact_element(field: Field) -> str:
    """Return the element of a component that holds a field.

    Raises:
        MappingError: a component cannot hold it.
    """
    if field.kind not in _FACT_ELEMENTS or field.refers_to:
        raise MappingError(f"{field.link}: a component cannot hold this.")
    return _FACT_ELEMENTS[field.kind]


def pair(row: FieldRow, field: Field | None) -> Pair:
    """Return the functions for a row of a table.

    Raises:
        MappingError: the row asks for what its field does not have.
    """
    if row.via:
        return _converter(row.via)
    if field is None:
        raise MappingError(f"{row.ours}: there is no such field, so it needs a via.")
    form = row.form or _usual_form(field)
    if form not in _FORMS:
        raise MappingError(f"{row.ours}: {form} is not a form.")
    return _FORMS[form](row, field)


def _converter(name: str) -> Pair:
    from eh_interop.formats.fhir.converters import converters  # it needs this module's Pair

    try:
        return converters()[name]
    except KeyError:
        raise MappingError(f"There is no converter {name}.") from None


def _usual_form(field: Field) -> str:
    if field.refers_to:
        return "reference"
    return "concept" if field.kind is Kind.CODE else "value"


def _reference(lists: tuple[str, ...]) -> Pair:
    def there(value: str, scene: Scene) -> dict[str, str] | None:
        url = scene.url(lists, value)
        return {"reference": url} if url else None

    def back(value: Mapping[str, Any], scene: Scene) -> str | None:
        reference = value.get("reference")
        return scene.local_id(lists, reference) if isinstance(reference, str) else None

    return Pair(there, back)


@cache
def _codings(code_list: str, codes: str) -> Mapping[str, list[dict[str, str]]]:
    """Give each code its codings: that of the map first, for readers who do not know ours."""
    theirs = code_map(codes).there if codes else {}
    return {
        code: [
            *([dict(theirs[code])] if code in theirs else []),
            {"system": code_system(code_list), "code": code, "display": title},
        ]
        for code, title in titles(code_list).items()
    }


def _ours_of(coding: Any, code_list: str, codes: str) -> str | None:
    if not isinstance(coding, Mapping):
        return None
    system, code = coding.get("system"), coding.get("code")
    if not isinstance(code, str) or not isinstance(system, str | None):
        return None
    if system == code_system(code_list):
        return code if code in titles(code_list) else None
    return code_map(codes).back.get((system or "", code)) if codes else None


@cache
def concept(code_list: str, codes: str) -> Callable[[str], dict[str, Any] | None]:
    """Return what makes a CodeableConcept of a code of a list; None for an unknown code."""
    known = {code: {"coding": codings} for code, codings in _codings(code_list, codes).items()}
    return known.get


def _concept(code_list: str, codes: str) -> Pair:
    there = concept(code_list, codes)
    return Pair(
        lambda value, _: there(value), lambda value, _: concept_back(code_list, codes, value)
    )


def concept_back(code_list: str, codes: str, value: Any) -> str | None:
    """Return the code of ours that a CodeableConcept says; None if it says none."""
    given = value.get("coding") if isinstance(value, Mapping) else None
    codings = given if isinstance(given, list) else []
    found = [_ours_of(coding, code_list, codes) for coding in codings]
    # Our own coding stands last and is exact: a map may be many to one.
    return next((each for each in reversed(found) if each), None)


def _mapped(code_list: str, codes: str) -> Pair:
    """As a concept, but only for the codes of which the map knows one of theirs."""
    known, found = code_map(codes).there, _concept(code_list, codes)
    return Pair(
        lambda value, scene: found.there(value, scene) if value in known else None, found.back
    )


def _coding(code_list: str, codes: str) -> Pair:
    first = {code: codings[0] for code, codings in _codings(code_list, codes).items()}
    return Pair(
        lambda value, _: first.get(value), lambda value, _: _ours_of(value, code_list, codes)
    )


def _code(codes: str) -> Pair:
    mapped = code_map(codes)
    there = {ours: coding["code"] for ours, coding in mapped.there.items()}
    back = {code: ours for (_, code), ours in mapped.back.items()}
    return Pair(lambda value, _: there.get(value), lambda value, _: back.get(value))


def _fact(row: FieldRow, field: Field) -> Pair:
    if field.kind is Kind.CODE:
        return _concept(field.code_list, row.codes)
    if field.kind is Kind.DECIMAL:
        return Pair(lambda value, _: {"value": value}, lambda value, _: value.get("value"))
    return SAME


_FORMS: Final[Mapping[str, Callable[[FieldRow, Field], Pair]]] = {
    "reference": lambda row, field: _reference(row.only or field.refers_to),
    "concept": lambda row, field: _concept(field.code_list, row.codes),
    "mapped": lambda row, field: _mapped(field.code_list, row.codes),
    "coding": lambda row, field: _coding(field.code_list, row.codes),
    "code": lambda row, _: _code(row.codes),
    "fact": _fact,
    "value": lambda *_: SAME,
}
