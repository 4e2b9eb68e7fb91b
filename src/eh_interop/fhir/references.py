"""References: is what they point to there, and is it a type of resource that may stand there?"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from eh_interop.fhir.problem import Kind, Seen
from eh_interop.fhir.r4 import Steps
from eh_interop.fhir.scope import Element, Scope, is_reference, type_in
from eh_interop.findings import Severity

_FEW = 8
_SELF_CONTAINED = frozenset({"document", "message"})
"""Types of Bundle that have to hold what they refer to by a relative address."""


class Fault(NamedTuple):
    """What is wrong with a reference."""

    message: str
    rule: str
    severity: Severity = Severity.ERROR

    def at(self, steps: Steps) -> Seen:
        """Say it of a place."""
        return Seen(steps, self.message, Kind.REFERENCE, self.rule, self.severity)


_NO_REFERENCE = Fault(
    "This is not a reference: it is neither a URL, a type with an id, nor a URN.", "reference-form"
)
_NOT_CONTAINED = Fault("This points to a contained resource that is not there (ref-1).", "ref-1")
_NOT_BUNDLED = Fault("This points to a resource that is not in the Bundle.", "dangling")
_OTHER_TYPE = Fault(
    "This points to another type of resource than the reference says.", "reference-type"
)


def fault(reference: Element, targets: Collection[str], scope: Scope) -> Fault | None:
    """Return what is wrong with a reference; nothing if it is in order.

    ``targets`` are the types it may point to; none means any.
    """
    text, said = reference.get("reference"), reference.get("type")
    if not isinstance(text, str):
        return None
    found = scope.find(text)
    if found is None:
        if not is_reference(text):
            return _NO_REFERENCE
        if missing := _missing(text, scope):
            return missing
    name = found.get("resourceType") if found else type_in(text) or said
    if not name:
        return None
    if isinstance(said, str) and said != name:
        return _OTHER_TYPE
    return _wrong_target(targets) if targets and name not in targets else None


def _missing(text: str, scope: Scope) -> Fault | None:
    if text.startswith("#"):
        return _NOT_CONTAINED
    if not scope.bundled.kind or text.startswith("http"):
        return None  # it may be on a server
    if text.startswith("urn:") or scope.bundled.kind in _SELF_CONTAINED:
        return _NOT_BUNDLED
    return _NOT_BUNDLED._replace(severity=Severity.WARNING)


def _wrong_target(targets: Collection[str]) -> Fault:
    known = f": {', '.join(sorted(targets))}" if len(targets) <= _FEW else ""
    return Fault(
        f"This points to a type of resource that may not stand here{known}.", "target-type"
    )
