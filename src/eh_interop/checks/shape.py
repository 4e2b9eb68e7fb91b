"""Shape: what the JSON Schemas say, put into words that a practitioner understands."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import NamedTuple

from eh_interop.checks.engine import DEPTH, Violation
from eh_interop.core.findings import Finding
from eh_interop.core.pointer import join
from eh_interop.standard.finding_codes import finding_code
from eh_interop.standard.schemas import Schema, Standard

_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a group of fields",
}


UNKNOWN_FIELD = "SHP-002"
"""The code of the fault that a property is not in the standard."""

FEW = 8
"""Code lists up to this length are named in the message."""


class _Wording(NamedTuple):
    """The code of one kind of fault, and what follows the title of the field."""

    code: str
    message: Callable[[Violation, Schema], str]


def _wrong_type(violation: Violation, _: Schema) -> str:
    return f"should be {' or '.join(_TYPES[name] for name in violation.wanted)}"


def _wrong_form(_: Violation, schema: Schema) -> str:
    return f"not in the right form. {schema.get('description', '').rstrip('.')}".rstrip(". ")


def _unknown_code(violation: Violation, _: Schema) -> str:
    if len(violation.wanted) <= FEW:
        return f"not one of the allowed codes, which are {', '.join(violation.wanted)}"
    return "not one of the allowed codes"


_EMPTY = _Wording("SHP-004", lambda *_: "empty. Leave it out, or say why it is missing")
_FORM = _Wording("SHP-006", _wrong_form)
_RANGE = _Wording("SHP-007", lambda *_: "outside the range that makes sense")
_DEPTH = "its fields stand too deep inside each other to be checked"
_NAME = "there is a field name here that does not belong"

_WORDINGS = {
    "required": _Wording("SHP-001", lambda *_: "missing"),
    "type": _Wording("SHP-003", _wrong_type),
    "minLength": _EMPTY,
    "minItems": _EMPTY,
    "minProperties": _EMPTY,
    "enum": _Wording("SHP-005", _unknown_code),
    "pattern": _FORM,
    "format": _FORM,
    "minimum": _RANGE,
    "maximum": _RANGE,
    "maxLength": _Wording("SHP-008", lambda p, _: f"more than {p.wanted:,} characters"),
    "const": _Wording("SHP-009", lambda *_: "not the value that belongs here"),
    DEPTH: _Wording("SHP-012", lambda *_: _DEPTH),
    "propertyNames": _Wording("SHP-010", lambda *_: _NAME),
}
_OTHER = _Wording("SHP-011", lambda *_: "does not fit the standard")


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
    wording = _EMPTY if empty else _WORDINGS.get(violation.keyword, _OTHER)
    schema = standard.definition(record_type, steps)
    title = standard.title(record_type, steps)
    message = f"{title}: {wording.message(violation, schema)}."
    return finding_code(wording.code).at(join(steps), message)


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
    return finding_code(UNKNOWN_FIELD).at(
        join(violation.steps), f"{message} Facts of your own go in localData."
    )
