"""What the schema says is wrong, in words that do not need FHIR's JSON Schema to be known."""

from __future__ import annotations

from typing import Any

import jsonschema_rs

from eh_interop.formats.fhir.verification import r4
from eh_interop.formats.fhir.verification.problem import Kind, Seen, sentence

_FEW = 12
"""Lists of codes up to this length are named in the message."""

_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false, without quotation marks",
    "array": "a list",
    "object": "a group of fields",
    "null": "nothing",
}
_FORMS = {
    "date": "This is not a date in the form that FHIR wants: 2026, 2026-05 or 2026-05-04.",
    "dateTime": "This is not a date or time in the form that FHIR wants. A time has a time zone.",
    "instant": "This is not a moment in the form that FHIR wants: date, time and time zone.",
    "time": "This is not a time of day in the form that FHIR wants: 14:30:00.",
    "id": "An id is 1 to 64 letters, digits, hyphens and full stops.",
    "uri": "A URI has no spaces and is not empty.",
    "url": "A URL has no spaces and is not empty.",
    "canonical": "A URL has no spaces and is not empty.",
    "uuid": "This is not a UUID.",
    "oid": "This is not an OID.",
    "code": "A code is not empty and has no spaces before, after or doubled.",
    "string": "This text is empty or holds characters that FHIR does not allow.",
    "markdown": "This text is empty or holds characters that FHIR does not allow.",
    "base64Binary": "This is not base64.",
}
_PLAIN = {
    "additionalProperties": (Kind.STRUCTURE, "There is a field here that FHIR R4 does not have."),
    "minItems": (Kind.VALUE, "This list is empty. Leave it out."),
    "minProperties": (Kind.VALUE, "This is empty. Leave it out."),
    "not": (Kind.VALUE, "This holds nothing but an id. Leave it out."),
    "contains": (Kind.CODE, "There is no code here from the list that must be used."),
}


def in_words(error: jsonschema_rs.ValidationError) -> Seen:
    """Put one error of the schema into words. No word comes from the record."""
    place = tuple(error.instance_path)
    path, keyword = error.schema_path, error.kind.name
    invariant = _invariant(path)
    if invariant:
        return Seen(place, sentence(invariant.says, invariant.key), Kind.INVARIANT, invariant.key)
    if keyword in {"required", "anyOf"}:
        return _missing(place, path, keyword, error.kind.value)
    if keyword in _PLAIN:
        kind, message = _PLAIN[keyword]
        return Seen(place, message, kind, keyword)
    if keyword == "enum":
        return Seen(place, _codes(error.kind.value), Kind.CODE, "code")
    if keyword == "type":
        return _other_type(place, error)
    message = _FORMS.get(str(path[1]), "This is not in the form that FHIR R4 wants.")
    return Seen(place, message, Kind.VALUE, "form")


def _invariant(path: list[str | int]) -> r4.Invariant | None:
    match path:
        case ["definitions", str(on), "allOf", int(position), *_]:
            return r4.invariants().get((on, position))
    return None


def _missing(place: r4.Steps, path: list[str | int], keyword: str, value: Any) -> Seen:
    if keyword == "required":
        return Seen((*place, value), "This is required and is missing.", Kind.REQUIRED, "required")
    options = r4.definitions()[str(path[1])]
    for step in path[2:]:
        options = options[step]
    if "required" not in options[0]:  # an entry of a list: the form, or null beside an extension
        return Seen(place, "This is not in the form that FHIR R4 wants.", Kind.VALUE, "form")
    name = options[0]["required"][0]
    return Seen((*place, name), "This is required and is missing.", Kind.REQUIRED, "required")


def _other_type(place: r4.Steps, error: jsonschema_rs.ValidationError) -> Seen:
    wanted = error.kind.value
    names = " or ".join(_TYPES[each] for each in ([wanted] if isinstance(wanted, str) else wanted))
    return Seen(place, f"This should be {names}.", Kind.STRUCTURE, "type")


def _codes(codes: list[Any]) -> str:
    if len(codes) <= _FEW:
        return f"This is not one of the codes that FHIR R4 allows here: {', '.join(codes)}."
    return "This is not one of the codes that FHIR R4 allows here."
