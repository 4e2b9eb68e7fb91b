"""Verification: whether a receiver of FHIR R4 and UK Core would accept a document.

Three layers. The compiled schema of :mod:`.gate` holds structure, required codes and most
invariants; the walk of :mod:`..files.inspection` knows the calendar and the elements of every
type; one more walk looks at what takes more than one element to see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from eh_interop.core.findings import Severity
from eh_interop.core.pointer import Steps, join
from eh_interop.formats.fhir.files.inspection import inspect
from eh_interop.formats.fhir.files.problems import FhirFault
from eh_interop.formats.fhir.files.r4 import RESOURCE, fhirpath
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
from eh_interop.reading import Fault


class Thoroughness(StrEnum):
    """How thoroughly one document is verified."""

    FULL = "full"
    """The schema, the types of R4 and the walk."""
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
        # What the types show and the schema did not, so that nothing is said twice.
        reported = {issue.steps for issue in issues}
        issues += [issue for issue in _type_issues(document) if issue.steps not in reported]
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
    path = fhirpath(document, issue.steps)
    return Issue(
        path=path if path[:1].isalpha() else f"{RESOURCE}{path}",
        place=join(issue.steps),
        message=issue.message,
        severity=issue.severity,
        kind=issue.kind,
        rule=issue.rule,
    )


_UNKNOWN_TYPE = "The structure of this resource was not checked: we do not know its type."
_TOO_DEEP = "This cannot be checked: its fields stand too deep inside each other."
_CALENDAR = "This is not a date or time that a calendar and a clock have, in FHIR's form."
_DOUBLED = "Two values stand here, and there can be only one."
_UNKNOWN_FIELD = "There is a field here that FHIR R4 does not have."


def _type_issues(document: Mapping[str, Any]) -> Iterator[LocalIssue]:
    """Yield what does not fit the types of R4."""
    inspection = inspect(document)
    for steps in inspection.doubled:
        yield LocalIssue(steps, _DOUBLED, IssueKind.VALUE, "form")
    for problem in inspection.problems:
        steps = problem.at
        match problem.fault:
            case FhirFault.WRONG_DATE:
                yield LocalIssue(steps, _CALENDAR, IssueKind.VALUE, "form")
            case FhirFault.UNKNOWN_ELEMENT:
                rule = "additionalProperties"
                yield LocalIssue(steps, _UNKNOWN_FIELD, IssueKind.STRUCTURE, rule)
            case FhirFault.UNKNOWN_RESOURCE_TYPE:
                kind = IssueKind.UNCHECKED
                yield LocalIssue(steps, _UNKNOWN_TYPE, kind, "type", Severity.WARNING)
            case Fault.NESTED_TOO_DEEPLY:
                yield LocalIssue(steps, _TOO_DEEP, IssueKind.STRUCTURE, TOO_DEEP)
            case _:
                yield LocalIssue(steps, problem.message, IssueKind.STRUCTURE, "type")
