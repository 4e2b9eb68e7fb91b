"""Verification: whether a receiver of FHIR R4 and UK Core would accept a document.

Three layers. The compiled schema of :mod:`.gate` holds structure, required codes and most
invariants; the models of ``fhir.resources`` (R4B, which has the same elements as R4 in the resource
types of this project) know the calendar; one walk looks at what takes more than one element to see.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from eh_interop.core.findings import Severity
from eh_interop.core.pointer import Steps, join
from eh_interop.formats.fhir.verification import r4
from eh_interop.formats.fhir.verification.gate import (
    TOO_DEEP,
    UNKNOWN_TYPE,
    resources_in,
    schema_issues,
)
from eh_interop.formats.fhir.verification.invariants import (
    BundleIndex,
    LookupScope,
    base_of,
    bundled,
)
from eh_interop.formats.fhir.verification.issues import Issue, IssueKind, LocalIssue
from eh_interop.formats.fhir.verification.walk import walk


class Thoroughness(StrEnum):
    """How thoroughly one document is verified."""

    FULL = "full"
    """The schema, the library's models and the walk."""
    FAST = "fast"
    """The schema alone: structure, required codes, most invariants."""
    NONE = "none"


class Sampling(StrEnum):
    """Which of many documents are verified fully."""

    ALL = "all"
    SAMPLE = "sample"
    """The first and every n-th; the others by the fast gate."""
    NONE = "none"


EVERY = 100
"""In a sample, one document of so many is verified fully."""


def verify(document: Any, how: Thoroughness | str = Thoroughness.FULL) -> tuple[Issue, ...]:
    """Return what is wrong with a resource or a Bundle, in the order of its places.

    Args:
        document: parsed FHIR JSON. It is not changed.
        how: how thoroughly; see :class:`Thoroughness`.
    """
    issues = _LAYERS[Thoroughness(how)](document)
    if not issues:
        return ()
    return tuple(_issue(document, issue) for issue in sorted(issues, key=_order))


def how_thoroughly(which: Sampling | str, number: int, every: int = EVERY) -> Thoroughness:
    """Return how thoroughly one of many documents is verified, by its number from 0."""
    which = Sampling(which)
    if which is Sampling.NONE:
        return Thoroughness.NONE
    return Thoroughness.FULL if which is Sampling.ALL or number % every == 0 else Thoroughness.FAST


def _full(document: Any) -> list[LocalIssue]:
    issues = schema_issues(document)
    errors = {issue.rule for issue in issues if issue.severity is Severity.ERROR}
    if errors.isdisjoint((TOO_DEEP, UNKNOWN_TYPE)):
        # What the models found and the schema did not, so that nothing is said twice.
        reported = {issue.steps for issue in issues}
        issues += [issue for issue in _model_issues(document) if issue.steps not in reported]
    return issues + _walked(document)


def _walked(document: Any) -> list[LocalIssue]:
    if not isinstance(document, dict):
        return []
    issues: list[LocalIssue] = []
    beside = bundled(document)
    for steps, resource in resources_in(document):
        if isinstance(resource, dict):
            issues += walk(resource, steps, _scope(document, steps, resource, beside))
    return issues


def _scope(document: Any, steps: Steps, resource: Any, beside: BundleIndex) -> LookupScope:
    entry = document["entry"][steps[1]] if steps[:1] == ("entry",) else {}
    around = resource
    if "contained" in steps:
        around = entry["resource"] if entry else document
    return LookupScope(around, beside, base_of(entry.get("fullUrl")))


_LAYERS: dict[Thoroughness, Callable[[Any], list[LocalIssue]]] = {
    Thoroughness.FULL: _full,
    Thoroughness.FAST: schema_issues,
    Thoroughness.NONE: lambda _: [],
}


def _order(issue: LocalIssue) -> tuple[list[tuple[bool, str | int]], str]:
    return [(isinstance(step, int), step) for step in issue.steps], issue.rule


def _issue(document: Any, issue: LocalIssue) -> Issue:
    return Issue(
        path=r4.fhirpath(document, issue.steps),
        place=join(issue.steps),
        message=issue.message,
        severity=issue.severity,
        kind=issue.kind,
        rule=issue.rule,
    )


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


def _model_issues(document: Any) -> list[LocalIssue]:
    """Return what the model of a document's type finds wrong with it.

    The messages of the library quote the data, so only the kind and the place of an error are used.
    It is imported by the first use: that takes a fifth of a second.
    """
    from fhir.resources.R4B import get_fhir_model_class
    from pydantic import ValidationError

    try:
        get_fhir_model_class(document["resourceType"]).model_validate(document)
    except ValidationError as error:
        listed = error.errors(include_url=False, include_context=False, include_input=False)
        return [_model_issue(str(wrong["type"]), wrong["loc"]) for wrong in listed]
    except KeyError:  # a resource type that R4B does not have, here or inside
        return [LocalIssue((), _UNKNOWN_TYPE, IssueKind.UNCHECKED, "model", Severity.WARNING)]
    except RecursionError:
        return [LocalIssue((), _TOO_DEEP, IssueKind.STRUCTURE, "too-deep")]
    return []


def _model_issue(kind: str, steps: tuple[int | str, ...]) -> LocalIssue:
    if kind in _MISSING:
        return LocalIssue(steps, "This is required and is missing.", IssueKind.REQUIRED, "required")
    if kind == "extra_forbidden":  # the last step is the field's name, which may be anything
        message = "There is a field here that FHIR R4 does not have."
        return LocalIssue(steps[:-1], message, IssueKind.STRUCTURE, "additionalProperties")
    if kind in _TYPES:
        return LocalIssue(steps, _TYPES[kind], IssueKind.STRUCTURE, "type")
    if kind.startswith(("date", "time")):
        return LocalIssue(steps, _CALENDAR, IssueKind.VALUE, "form")
    return LocalIssue(steps, "This is not in the form that FHIR R4 wants.", IssueKind.VALUE, "form")
