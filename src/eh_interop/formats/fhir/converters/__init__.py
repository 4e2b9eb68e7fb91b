"""Converters: what turns a value of a table's row into a value of FHIR, and back.

Most rows need one of a few forms. What a table cannot say is a named converter (``via``) in a
module here: every public module-level :class:`Converter` is found by itself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

from eh_interop.core.errors import MappingError
from eh_interop.formats._shared.code_maps import load_code_map
from eh_interop.formats._shared.converters import Converter, find_converters
from eh_interop.formats.fhir.tables import ElementRow
from eh_interop.formats.fhir.values import (
    code_of_coding,
    code_of_concept,
    codings,
    concept,
    local_id_of,
    reference_to,
)
from eh_interop.standard.fields import Field, Kind

_SAME: Final = Converter(
    name="value", to_target=lambda value, _: value, from_target=lambda value, _: value
)
_COMPONENT_VALUES: Final = {
    Kind.CODE: "valueCodeableConcept",
    Kind.BOOLEAN: "valueBoolean",
    Kind.INTEGER: "valueInteger",
    Kind.DECIMAL: "valueQuantity",
    Kind.DATE: "valueDateTime",
    Kind.DATE_TIME: "valueDateTime",
    Kind.TEXT: "valueString",
    Kind.LINE: "valueString",
}


@cache
def converters() -> Mapping[str, Converter]:
    """Return every named converter by the name that tables use."""
    return find_converters(sys.modules[__name__], Converter)


def component_value(field: Field) -> str:
    """Return the element of a component that holds a field.

    Raises:
        MappingError: a component cannot hold it.
    """
    if field.kind not in _COMPONENT_VALUES or field.refers_to:
        raise MappingError(f"{field.link}: a component cannot hold this.")
    return _COMPONENT_VALUES[field.kind]


def converter_for(row: ElementRow, field: Field | None) -> Converter:
    """Return the converter for a row of a table. A variable (``@subject``) needs none.

    Raises:
        MappingError: the row asks for what its field does not have.
    """
    if row.ours.startswith("@"):
        return _SAME
    if row.via:
        if row.via not in converters():
            raise MappingError(f"There is no converter {row.via}.")
        return converters()[row.via]
    if field is None:
        raise MappingError(f"{row.ours}: there is no such field, so it needs a via.")
    form = row.form or _usual_form(field)
    if form not in _FORMS:
        raise MappingError(f"{row.ours}: {form} is not a form.")
    return _FORMS[form](row, field)


def _usual_form(field: Field) -> str:
    if field.refers_to:
        return "reference"
    return "concept" if field.kind is Kind.CODE else "value"


def _reference(row: ElementRow, field: Field) -> Converter:
    lists = row.only or field.refers_to
    return Converter(
        name="reference",
        to_target=lambda value, references: reference_to(lists, value, references),
        from_target=lambda value, references: local_id_of(lists, value, references),
    )


def _concept(row: ElementRow, field: Field) -> Converter:
    to_concept = concept(field.code_list, row.codes)
    return Converter(
        name="concept",
        to_target=lambda value, _: to_concept(value),
        from_target=lambda value, _: code_of_concept(value, field.code_list, row.codes),
    )


def _mapped(row: ElementRow, field: Field) -> Converter:
    """As a concept, but only for the codes of which the map knows one of theirs."""
    known, to_concept = {*load_code_map(row.codes).mapped}, concept(field.code_list, row.codes)
    return Converter(
        name="mapped",
        to_target=lambda value, _: to_concept(value) if value in known else None,
        from_target=lambda value, _: code_of_concept(value, field.code_list, row.codes),
    )


def _coding(row: ElementRow, field: Field) -> Converter:
    first = {code: listed[0] for code, listed in codings(field.code_list, row.codes).items()}
    return Converter(
        name="coding",
        to_target=lambda value, _: first.get(value),
        from_target=lambda value, _: code_of_coding(value, field.code_list, row.codes),
    )


def _code(row: ElementRow, _: Field) -> Converter:
    pairs = load_code_map(row.codes).pairs
    to_target = {pair.ours: pair.theirs for pair in pairs if pair.leads_to_target}
    from_target = {pair.theirs: pair.ours for pair in pairs if pair.leads_from_target}
    return Converter(
        name="code",
        to_target=lambda value, _: to_target.get(value),
        from_target=lambda value, _: from_target.get(value),
    )


def _fact(row: ElementRow, field: Field) -> Converter:
    if field.kind is Kind.CODE:
        return _concept(row, field)
    if field.kind is Kind.DECIMAL:
        return Converter(
            name="fact",
            to_target=lambda value, _: {"value": value},
            from_target=lambda value, _: value.get("value"),
        )
    return _SAME


_FORMS: Final[Mapping[str, Callable[[ElementRow, Field], Converter]]] = {
    "reference": _reference,
    "concept": _concept,
    "mapped": _mapped,
    "coding": _coding,
    "code": _code,
    "fact": _fact,
    "value": lambda *_: _SAME,
}
