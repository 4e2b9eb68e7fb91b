"""The models of ``fhir.resources`` (R4B): what they find, without what they print.

Their messages quote the data, so only the kind and the place of an error are used.
R4B has the same elements as R4 in the resource types of this project. The library
is imported by the first use: it takes a fifth of a second.
"""

from __future__ import annotations

from typing import Any

from eh_interop.core.findings import Severity
from eh_interop.formats.fhir.verification.problem import Kind, Seen

_MISSING = frozenset({"missing", "model_field_validation.missing"})
_UNKNOWN_TYPE = "The models have no resource of this type, so its structure was not checked."
_TOO_DEEP = "This cannot be checked: its fields stand too deep inside each other."
_CALENDAR = "This is not a date or time that a calendar and a clock have, in FHIR's form."
_TYPES = {
    "list_type": "This should be a list.",
    "string_type": "This should be text.",
    "dict_type": "This should be a group of fields.",
    "model_type": "This should be a group of fields.",
}


def faults(document: Any) -> list[Seen]:
    """Return what the model of a document's type finds wrong with it."""
    from fhir.resources.R4B import get_fhir_model_class
    from pydantic import ValidationError

    try:
        get_fhir_model_class(document["resourceType"]).model_validate(document)
    except ValidationError as error:
        listed = error.errors(include_url=False, include_context=False, include_input=False)
        return [_seen(str(each["type"]), each["loc"]) for each in listed]
    except KeyError:  # a resource type that R4B does not have, here or inside
        return [Seen((), _UNKNOWN_TYPE, Kind.UNCHECKED, "model", Severity.WARNING)]
    except RecursionError:
        return [Seen((), _TOO_DEEP, Kind.STRUCTURE, "too-deep")]
    return []


def _seen(kind: str, steps: tuple[int | str, ...]) -> Seen:
    if kind in _MISSING:
        return Seen(steps, "This is required and is missing.", Kind.REQUIRED, "required")
    if kind == "extra_forbidden":  # the last step is the field's name, which may be anything
        message = "There is a field here that FHIR R4 does not have."
        return Seen(steps[:-1], message, Kind.STRUCTURE, "additionalProperties")
    if kind in _TYPES:
        return Seen(steps, _TYPES[kind], Kind.STRUCTURE, "type")
    if kind.startswith(("date", "time")):
        return Seen(steps, _CALENDAR, Kind.VALUE, "form")
    return Seen(steps, "This is not in the form that FHIR R4 wants.", Kind.VALUE, "form")
