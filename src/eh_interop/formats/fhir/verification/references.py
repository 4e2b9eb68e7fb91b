"""References: what they point to has to be there, and of a type that may stand there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from eh_interop.core.findings import Severity
from eh_interop.formats.fhir.verification.problem import Kind, Seen
from eh_interop.formats.fhir.verification.scope import Element, Scope, is_reference, type_in

_FEW = 8
_SELF_CONTAINED = frozenset({"document", "message"})
"""Types of Bundle that have to hold what they refer to by a relative address."""


def _fault(message: str, rule: str, severity: Severity = Severity.ERROR) -> Seen:
    return Seen(("reference",), message, Kind.REFERENCE, rule, severity)


_NO_REFERENCE = _fault(
    "This is not a reference: it is neither a URL, a type with an id, nor a URN.", "reference-form"
)
_NOT_CONTAINED = _fault("This points to a contained resource that is not there (ref-1).", "ref-1")
_NOT_BUNDLED = _fault("This points to a resource that is not in the Bundle.", "dangling")
_MAYBE_ELSEWHERE = replace(_NOT_BUNDLED, severity=Severity.WARNING)
_OTHER_TYPE = _fault(
    "This points to another type of resource than the reference says.", "reference-type"
)


def fault(reference: Element, targets: Collection[str], scope: Scope) -> Seen | None:
    """Return what is wrong with a reference; nothing if it is in order.

    ``targets`` are the types it may point to; none means any.
    """
    text, said = reference.get("reference"), reference.get("type")
    if not isinstance(text, str):
        return None
    found = scope.bundled.by_url.get(text) or scope.find(text)
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


def _missing(text: str, scope: Scope) -> Seen | None:
    if text.startswith("#"):
        return _NOT_CONTAINED
    if not scope.bundled.kind or text.startswith("http"):
        return None  # it may be on a server
    if text.startswith("urn:") or scope.bundled.kind in _SELF_CONTAINED:
        return _NOT_BUNDLED
    return _MAYBE_ELSEWHERE


def _wrong_target(targets: Collection[str]) -> Seen:
    known = f": {', '.join(sorted(targets))}" if len(targets) <= _FEW else ""
    return _fault(
        f"This points to a type of resource that may not stand here{known}.", "target-type"
    )
