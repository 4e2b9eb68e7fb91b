"""Shape: what the JSON Schemas say, put into words that a practitioner understands."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import NamedTuple

from eh_interop.checks.engine import DEPTH, Violation
from eh_interop.core.findings import Finding, Layer, Severity
from eh_interop.core.pointer import join
from eh_interop.standard.schemas import Schema, Standard

_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a group of fields",
}


UNKNOWN_FIELD = "unknown-field"
"""The name of the fault that a property is not in the standard."""

FEW = 8
"""Code lists up to this length are named in the message."""


class _Words(NamedTuple):
    """How one kind of fault is named and told."""

    code: str
    name: str
    tell: Callable[[Violation, Schema], str]


def _wrong_type(violation: Violation, _: Schema) -> str:
    return f"should be {' or '.join(_TYPES[each] for each in violation.wanted)}"


def _wrong_form(_: Violation, schema: Schema) -> str:
    return f"not in the right form. {schema.get('description', '').rstrip('.')}".rstrip(". ")


def _unknown_code(violation: Violation, _: Schema) -> str:
    if len(violation.wanted) <= FEW:
        return f"not one of the allowed codes, which are {', '.join(violation.wanted)}"
    return "not one of the allowed codes"


_EMPTY = _Words("SHP-004", "empty", lambda *_: "empty. Leave it out, or say why it is missing")
_FORM = _Words("SHP-006", "wrong-form", _wrong_form)
_RANGE = _Words("SHP-007", "out-of-range", lambda *_: "outside the range that makes sense")
_DEPTH = "its fields stand too deep inside each other to be checked"
_NAME = "there is a field name here that does not belong"

_WORDS = {
    "required": _Words("SHP-001", "missing-field", lambda *_: "missing"),
    "type": _Words("SHP-003", "wrong-type", _wrong_type),
    "minLength": _EMPTY,
    "minItems": _EMPTY,
    "minProperties": _EMPTY,
    "enum": _Words("SHP-005", "unknown-code", _unknown_code),
    "pattern": _FORM,
    "format": _FORM,
    "minimum": _RANGE,
    "maximum": _RANGE,
    "maxLength": _Words("SHP-008", "too-long", lambda p, _: f"more than {p.wanted:,} characters"),
    "const": _Words("SHP-009", "wrong-value", lambda *_: "not the value that belongs here"),
    DEPTH: _Words("SHP-012", "nested-too-deeply", lambda *_: _DEPTH),
    "propertyNames": _Words("SHP-010", "wrong-name", lambda *_: _NAME),
}
_OTHER = _Words("SHP-011", "not-allowed", lambda *_: "does not fit the standard")


def shape_finding(
    standard: Standard, record_type: str, violation: Violation, *, empty: bool
) -> Finding:
    """Put one violation of shape into words. No word comes from the record.

    ``empty`` says that the value is ``null`` or blank, which people write for "nothing here".
    """
    if violation.keyword == "additionalProperties":
        return _unknown_field(standard, record_type, violation)
    steps = violation.steps
    if violation.keyword == "required":
        steps = (*steps, violation.wanted)
    words = _EMPTY if empty else _WORDS.get(violation.keyword, _OTHER)
    schema = standard.definition(record_type, steps)
    return Finding(
        code=words.code,
        name=words.name,
        layer=Layer.SHAPE,
        severity=Severity.ERROR,
        place=join(steps),
        message=f"{standard.title(record_type, steps)}: {words.tell(violation, schema)}.",
    )


def _unknown_field(standard: Standard, record_type: str, violation: Violation) -> Finding:
    """Tell of properties that the standard does not have, without printing their names.

    A name may be a person's. A near miss is told by the name that was meant.
    """
    known = list(standard.definition(record_type, violation.steps).get("properties", ()))
    meant = sorted(
        {match for name in violation.names for match in get_close_matches(name, known, 1)}
    )
    count = len(violation.names)
    message = "There is a field here that the standard does not have."
    if count > 1:
        message = f"There are {count} fields here that the standard does not have."
    if meant:
        message += f" Did you mean {' or '.join(meant)}?"
    return Finding(
        code="SHP-002",
        name=UNKNOWN_FIELD,
        layer=Layer.SHAPE,
        severity=Severity.ERROR,
        place=join(violation.steps),
        message=f"{message} Facts of your own go in localData.",
    )
