"""Verification: whether a receiver of FHIR R4 and UK Core would accept a document.

Three layers. The compiled schema of :mod:`eh_interop.formats.fhir.verification.gate` holds structure,
required codes and most invariants; the models of ``fhir.resources`` know the
calendar; one walk looks at what takes more than one element to tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import Any

from eh_interop.core.findings import Severity
from eh_interop.core.pointer import join
from eh_interop.formats.fhir.verification import models, r4
from eh_interop.formats.fhir.verification.gate import TOO_DEEP, UNKNOWN_TYPE, gate, resources_in
from eh_interop.formats.fhir.verification.problem import Problem, Seen
from eh_interop.formats.fhir.verification.scope import Bundled, Scope, base_of, bundled
from eh_interop.formats.fhir.verification.walk import walk


class How(StrEnum):
    """How thoroughly one document is verified."""

    FULL = "full"
    """The schema, the library's models and the walk."""
    FAST = "fast"
    """The schema alone: structure, required codes, most invariants."""
    NONE = "none"


class Which(StrEnum):
    """Which of many documents are verified fully."""

    ALL = "all"
    SAMPLE = "sample"
    """The first and every n-th; the others by the fast gate."""
    NONE = "none"


EVERY = 100
"""In a sample, one document of so many is verified fully."""


def verify(document: Any, how: How | str = How.FULL) -> tuple[Problem, ...]:
    """Return what is wrong with a resource or a Bundle, in the order of its places.

    Args:
        document: parsed FHIR JSON. It is not changed.
        how: how thoroughly; see :class:`How`.
    """
    seen = _LAYERS[How(how)](document)
    if not seen:
        return ()
    return tuple(_problem(document, each) for each in sorted(seen, key=_order))


def verify_many(
    documents: Iterable[Any], which: Which | str = Which.SAMPLE, every: int = EVERY
) -> Iterator[tuple[Any, tuple[Problem, ...]]]:
    """Yield each document with what is wrong with it; nothing is kept.

    Args:
        documents: parsed FHIR JSON, one after another.
        which: which of them are verified fully; see :class:`Which`.
        every: in a sample, verify each n-th fully, beginning with the first.
    """
    which = Which(which)
    for number, document in enumerate(documents):
        yield document, verify(document, _how(which, number, every))


def _how(which: Which, number: int, every: int) -> How:
    if which is Which.NONE:
        return How.NONE
    return How.FULL if which is Which.ALL or number % every == 0 else How.FAST


def _full(document: Any) -> list[Seen]:
    seen = gate(document)
    if not any(each.rule in {TOO_DEEP, UNKNOWN_TYPE} for each in seen if _stops(each)):
        seen += _new(models.faults(document), seen)
    return seen + _walked(document)


def _stops(seen: Seen) -> bool:
    return seen.severity is Severity.ERROR


def _new(found: list[Seen], before: list[Seen]) -> Iterator[Seen]:
    """Yield what the models found and the schema did not, so that nothing is said twice."""
    told = {each.steps for each in before}
    return (each for each in found if each.steps not in told)


def _walked(document: Any) -> list[Seen]:
    if not isinstance(document, dict):
        return []
    seen: list[Seen] = []
    beside = bundled(document)
    for steps, resource in resources_in(document):
        if isinstance(resource, dict):
            seen += walk(resource, steps, _scope(document, steps, resource, beside))
    return seen


def _scope(document: Any, steps: r4.Steps, resource: Any, beside: Bundled) -> Scope:
    entry = document["entry"][steps[1]] if steps[:1] == ("entry",) else {}
    around = resource
    if "contained" in steps:
        around = entry["resource"] if entry else document
    return Scope(around, beside, base_of(entry.get("fullUrl")))


_LAYERS: dict[How, Callable[[Any], list[Seen]]] = {
    How.FULL: _full,
    How.FAST: gate,
    How.NONE: lambda _: [],
}


def _order(seen: Seen) -> tuple[list[tuple[bool, str | int]], str]:
    return [(isinstance(step, int), step) for step in seen.steps], seen.rule


def _problem(document: Any, seen: Seen) -> Problem:
    return Problem(
        path=r4.fhirpath(document, seen.steps),
        place=join(seen.steps),
        message=seen.message,
        severity=seen.severity,
        kind=seen.kind,
        rule=seen.rule,
    )
