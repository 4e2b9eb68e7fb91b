"""The fast gate: HL7's own JSON Schema for R4, with required codes and invariants, compiled.

A document that is in order costs one call. It does not
see days that no calendar has, nor two values where one is allowed, nor what takes more than one
element to tell (references, narratives).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema_rs

from eh_interop.core.findings import Severity
from eh_interop.core.lenient import items
from eh_interop.core.pointer import Steps
from eh_interop.formats.fhir.verification import r4
from eh_interop.formats.fhir.verification.issues import IssueKind, LocalIssue, sentence

TOO_DEEP = "too-deep"
"""The rule of a document that cannot be checked at all."""
UNKNOWN_TYPE = "resource-type"
"""The rule of a resource whose type R4 does not have."""
_DEEP = "This cannot be checked: its fields stand too deep inside each other, or it is not JSON."


def schema_issues(document: Any) -> list[LocalIssue]:
    """Return what the schema finds wrong with a document and every resource in it."""
    issues = [
        issue for steps, resource in resources_in(document) for issue in _type(steps, resource)
    ]
    try:
        if _validator().is_valid(document):
            return issues
        errors = _validator().iter_errors(document)
        of_schema = [in_words(error) for error in errors]
    except ValueError:
        return [*issues, LocalIssue((), _DEEP, IssueKind.STRUCTURE, TOO_DEEP)]
    return [*issues, *dict.fromkeys(of_schema)]


def resources_in(document: Any) -> Iterator[tuple[Steps, Any]]:
    """Yield a document and each resource in it, with the steps to it."""
    waiting: list[tuple[Steps, Any]] = [((), document)]
    while waiting:
        steps, resource = waiting.pop()
        yield steps, resource
        if not isinstance(resource, dict):
            continue
        if "contained" in resource:
            held = enumerate(items(resource["contained"]))
            waiting += [((*steps, "contained", index), contained) for index, contained in held]
        if "entry" in resource and resource.get("resourceType") == "Bundle":
            waiting += _entries(steps, resource["entry"])


def _entries(steps: Steps, entries: Any) -> Iterator[tuple[Steps, Any]]:
    for index, entry in enumerate(items(entries)):
        if not isinstance(entry, dict):
            continue
        if "resource" in entry:
            yield (*steps, "entry", index, "resource"), entry["resource"]
        if isinstance(entry.get("response"), dict) and "outcome" in entry["response"]:
            yield (*steps, "entry", index, "response", "outcome"), entry["response"]["outcome"]


def _type(steps: Steps, resource: Any) -> Iterator[LocalIssue]:
    name = resource.get("resourceType") if isinstance(resource, dict) else None
    if isinstance(name, str) and name in r4.ours():
        return
    if not isinstance(name, str) or name not in r4.elements()["resources"]:
        yield _unknown(steps, resource)
        return
    message = "Resources of this type are not checked by our own rules."
    yield LocalIssue(steps, message, IssueKind.UNCHECKED, UNKNOWN_TYPE, Severity.INFO)


def _unknown(steps: Steps, resource: Any) -> LocalIssue:
    if not isinstance(resource, dict):
        return LocalIssue(steps, "This should be a resource.", IssueKind.STRUCTURE, UNKNOWN_TYPE)
    if "resourceType" not in resource:
        message = "This resource does not say which type it has (resourceType)."
        return LocalIssue((*steps, "resourceType"), message, IssueKind.REQUIRED, UNKNOWN_TYPE)
    message = "FHIR R4 has no resource of this type."
    return LocalIssue((*steps, "resourceType"), message, IssueKind.STRUCTURE, UNKNOWN_TYPE)


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    """Compile once. One validator for all types stays smaller than one for each, so faster."""
    schema = {"definitions": r4.definitions(), "$ref": f"#/definitions/{r4.RESOURCE}"}
    return jsonschema_rs.Draft202012Validator(schema)


_OTHER_FORM = "This is not in the form that FHIR R4 wants."
_FEW = 12
"""Lists of codes up to this length are named in the message."""

_MESSAGES: dict[str, Any] = tomllib.loads(
    files(__package__).joinpath("messages.toml").read_text(encoding="utf-8")
)


def in_words(error: jsonschema_rs.ValidationError) -> LocalIssue:
    """Put one error of the schema into words. No word comes from the record."""
    place = tuple(error.instance_path)
    path, keyword = error.schema_path, error.kind.name
    invariant = _invariant(path)
    if invariant:
        message = sentence(invariant.says, invariant.key)
        return LocalIssue(place, message, IssueKind.INVARIANT, invariant.key)
    if keyword in {"required", "anyOf"}:
        return _missing(place, path, keyword, error.kind.value)
    if keyword in _MESSAGES["keywords"]:
        kind, message = _MESSAGES["keywords"][keyword]
        return LocalIssue(place, message, IssueKind(kind), keyword)
    if keyword == "enum":
        return LocalIssue(place, _codes(error.kind.value), IssueKind.CODE, "code")
    if keyword == "type":
        return _other_type(place, error)
    message = _MESSAGES["forms"].get(str(path[1]), _OTHER_FORM)
    return LocalIssue(place, message, IssueKind.VALUE, "form")


def _invariant(path: list[str | int]) -> r4.SchemaInvariant | None:
    match path:
        case ["definitions", str(on), "allOf", int(position), *_]:
            return r4.invariants().get((on, position))
    return None


def _missing(place: Steps, path: list[str | int], keyword: str, value: Any) -> LocalIssue:
    if keyword == "required":
        return _required((*place, value))
    options = r4.definitions()[str(path[1])]
    for step in path[2:]:
        options = options[step]
    if "required" not in options[0]:  # an entry of a list: the form, or null beside an extension
        return LocalIssue(place, _OTHER_FORM, IssueKind.VALUE, "form")
    return _required((*place, options[0]["required"][0]))


def _required(place: Steps) -> LocalIssue:
    return LocalIssue(place, "This is required and is missing.", IssueKind.REQUIRED, "required")


def _other_type(place: Steps, error: jsonschema_rs.ValidationError) -> LocalIssue:
    wanted = error.kind.value
    names = " or ".join(
        map(_MESSAGES["types"].get, [wanted] if isinstance(wanted, str) else wanted)
    )
    return LocalIssue(place, f"This should be {names}.", IssueKind.STRUCTURE, "type")


def _codes(codes: list[Any]) -> str:
    named = f": {', '.join(codes)}" if len(codes) <= _FEW else ""
    return f"This is not one of the codes that FHIR R4 allows here{named}."
