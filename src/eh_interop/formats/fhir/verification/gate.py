"""The fast gate: HL7's own JSON Schema for R4, with required codes and invariants, compiled.

A document that is in order costs one call. It does not
see what the library's models see (days that no calendar has, two values where one
is allowed) nor what takes more than one element to tell (references, narratives).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema_rs

from eh_interop.core.findings import Severity
from eh_interop.formats.fhir.verification import r4
from eh_interop.formats.fhir.verification.problem import Kind, Seen
from eh_interop.formats.fhir.verification.words import in_words

TOO_DEEP = "too-deep"
"""The rule of a document that cannot be checked at all."""
UNKNOWN_TYPE = "resource-type"
"""The rule of a resource whose type R4 does not have."""
_DEEP = "This cannot be checked: its fields stand too deep inside each other, or it is not JSON."


def gate(document: Any) -> list[Seen]:
    """Return what the schema finds wrong with a document and every resource in it."""
    seen = [each for steps, resource in resources_in(document) for each in _type(steps, resource)]
    try:
        if _validator().is_valid(document):
            return seen
        errors = _validator().iter_errors(document)
        found = [in_words(error) for error in errors]
    except ValueError:
        return [*seen, Seen((), _DEEP, Kind.STRUCTURE, TOO_DEEP)]
    return [*seen, *dict.fromkeys(found)]


def resources_in(document: Any) -> Iterator[tuple[r4.Steps, Any]]:
    """Yield a document and each resource in it, with the steps to it."""
    waiting: list[tuple[r4.Steps, Any]] = [((), document)]
    while waiting:
        steps, resource = waiting.pop()
        yield steps, resource
        if not isinstance(resource, dict):
            continue
        if "contained" in resource:
            held = enumerate(_list(resource["contained"]))
            waiting += [((*steps, "contained", index), each) for index, each in held]
        if "entry" in resource and resource.get("resourceType") == "Bundle":
            waiting += _entries(steps, resource["entry"])


def _entries(steps: r4.Steps, entries: Any) -> Iterator[tuple[r4.Steps, Any]]:
    for index, entry in enumerate(_list(entries)):
        if not isinstance(entry, dict):
            continue
        if "resource" in entry:
            yield (*steps, "entry", index, "resource"), entry["resource"]
        if isinstance(entry.get("response"), dict) and "outcome" in entry["response"]:
            yield (*steps, "entry", index, "response", "outcome"), entry["response"]["outcome"]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _type(steps: r4.Steps, resource: Any) -> Iterator[Seen]:
    name = resource.get("resourceType") if isinstance(resource, dict) else None
    if isinstance(name, str) and name in r4.ours():
        return
    if not isinstance(name, str) or name not in r4.elements()["resources"]:
        yield _unknown(steps, resource)
        return
    message = "Resources of this type are not checked by our own rules."
    yield Seen(steps, message, Kind.UNCHECKED, UNKNOWN_TYPE, Severity.INFO)


def _unknown(steps: r4.Steps, resource: Any) -> Seen:
    if not isinstance(resource, dict):
        return Seen(steps, "This should be a resource.", Kind.STRUCTURE, UNKNOWN_TYPE)
    if "resourceType" not in resource:
        message = "This resource does not say which type it has (resourceType)."
        return Seen((*steps, "resourceType"), message, Kind.REQUIRED, UNKNOWN_TYPE)
    message = "FHIR R4 has no resource of this type."
    return Seen((*steps, "resourceType"), message, Kind.STRUCTURE, UNKNOWN_TYPE)


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    """Compile once. One validator for all types stays smaller than one for each, so faster."""
    schema = {"definitions": r4.definitions(), "$ref": f"#/definitions/{r4.RESOURCE}"}
    return jsonschema_rs.Draft202012Validator(schema)
