"""The fast gate: HL7's own JSON Schema for R4, with required codes and invariants, compiled.

A document that is in order costs one call for each of its resources. It does not
see what the library's models see (days that no calendar has, two values where one
is allowed) nor what takes more than one element to tell (references, narratives).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import jsonschema_rs

from eh_interop.findings import Severity
from eh_interop.fhir import r4
from eh_interop.fhir.problem import Kind, Seen
from eh_interop.fhir.words import in_words

_BASE = "urn:hl7-fhir-r4"
TOO_DEEP = "too-deep"
"""The rule of a document that cannot be checked at all."""
UNKNOWN_TYPE = "resource-type"
"""The rule of a resource whose type R4 does not have."""
_DEEP = "This cannot be checked: its fields stand too deep inside each other, or it is not JSON."


def gate(document: Any) -> list[Seen]:
    """Return what the schema finds wrong with a document and every resource in it."""
    return [seen for steps, resource in resources_in(document) for seen in _judge(steps, resource)]


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


def _judge(steps: r4.Steps, resource: Any) -> Iterator[Seen]:
    name = resource.get("resourceType") if isinstance(resource, Mapping) else None
    if not isinstance(name, str) or name not in _known():
        yield _unknown(steps, resource)
        return
    validator = _validator(name) if name in r4.definitions() else None
    if validator is None:
        message = "Resources of this type are not checked by our own rules."
        yield Seen(steps, message, Kind.UNCHECKED, UNKNOWN_TYPE, Severity.INFO)
        return
    try:
        if validator.is_valid(resource):
            return
        errors = list(validator.iter_errors(resource))
    except ValueError:
        yield Seen(steps, _DEEP, Kind.STRUCTURE, TOO_DEEP)
        return
    told = set()
    for error in errors:
        seen = in_words(steps, error)
        if (seen.steps, seen.rule) not in told:
            told.add((seen.steps, seen.rule))
            yield seen


def _unknown(steps: r4.Steps, resource: Any) -> Seen:
    if not isinstance(resource, Mapping):
        return Seen(steps, "This should be a resource.", Kind.STRUCTURE, UNKNOWN_TYPE)
    if "resourceType" not in resource:
        message = "This resource does not say which type it has (resourceType)."
        return Seen((*steps, "resourceType"), message, Kind.REQUIRED, UNKNOWN_TYPE)
    message = "FHIR R4 has no resource of this type."
    return Seen((*steps, "resourceType"), message, Kind.STRUCTURE, UNKNOWN_TYPE)


@cache
def _known() -> frozenset[str]:
    return frozenset(r4.elements()["resources"])


@cache
def _registry() -> jsonschema_rs.Registry:
    schema: dict[str, Any] = {"definitions": r4.definitions()}
    return jsonschema_rs.Registry([(_BASE, schema)])


@cache
def _validator(name: str) -> jsonschema_rs.Draft202012Validator:
    schema = {"$ref": f"{_BASE}#/definitions/{name}"}
    return jsonschema_rs.Draft202012Validator(schema, registry=_registry())
