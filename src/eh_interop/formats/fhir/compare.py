"""Whether the typed resources of a Bundle say what its form says.

The form is what counts: it holds every field. The typed resources are made from
it once more and compared. What differs is told, and never merged in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from eh_interop.core.pointer import Steps
from eh_interop.formats.fhir.bundle import built
from eh_interop.standard.fields import is_moment


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One element of a typed resource that the form says otherwise.

    Attributes:
        kind: ``differs``, ``missing`` (the form says more) or ``added`` (the resource does).
        steps: where it stands in the Bundle; of what is missing, the nearest that is there.
        place: steps of the item in the record from which the resource is made.
    """

    kind: str
    steps: Steps
    place: Steps


_IGNORED: Final = frozenset({"meta", "text", "id", "implicitRules", "language"})
"""What a server or an editor may add to a resource without saying anything about the family."""


def disagreements(bundle: Mapping[str, Any], record: Mapping[str, Any]) -> list[Disagreement]:
    """Compare the typed resources of a Bundle with those that its record makes.

    Args:
        bundle: a Bundle with our own form in it.
        record: what the form says, decoded.
    """
    found: list[Disagreement] = []
    theirs: dict[str, tuple[Steps, Mapping[str, Any]]] = {}
    for steps, resource in _resources(bundle):
        key = resource.get("id")
        if not isinstance(key, str) or key in theirs:
            # Nothing of ours has no id, or that of another.
            found.append(Disagreement("added", steps, ()))
        else:
            theirs[key] = steps, resource
    ours = {resource["id"]: (place, resource) for place, resource in built(record)}
    for key, (place, resource) in ours.items():
        if resource["resourceType"] == "QuestionnaireResponse":
            continue
        if key not in theirs:
            found.append(Disagreement("missing", (), place))
            continue
        steps, their = theirs[key]
        found += (Disagreement(kind, at, place) for kind, at in _differ(resource, their, steps))
    for key, (steps, their) in theirs.items():
        if key not in ours and their.get("resourceType") != "QuestionnaireResponse":
            found.append(Disagreement("added", steps, ()))
    return found


def _resources(bundle: Mapping[str, Any]) -> Iterator[tuple[Steps, Mapping[str, Any]]]:
    entries = bundle.get("entry")
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict):
            yield ("entry", number, "resource"), resource


def _differ(ours: Any, theirs: Any, at: Steps) -> Iterator[tuple[str, Steps]]:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        yield from _objects_differ(ours, theirs, at)
    elif isinstance(ours, list) and isinstance(theirs, list):
        yield from _lists_differ(ours, theirs, at)
    elif not _same(ours, theirs):
        yield "differs", at


def _objects_differ(
    ours: Mapping[str, Any], theirs: Mapping[str, Any], at: Steps
) -> Iterator[tuple[str, Steps]]:
    ignored = _IGNORED if at[-1:] == ("resource",) else frozenset()
    for name in sorted((ours.keys() | theirs.keys()) - ignored):
        if name not in theirs:
            yield "missing", at
        elif name not in ours:
            yield "added", (*at, name)
        else:
            yield from _differ(ours[name], theirs[name], (*at, name))


def _lists_differ(ours: list[Any], theirs: list[Any], at: Steps) -> Iterator[tuple[str, Steps]]:
    for number, (our, their) in enumerate(zip(ours, theirs, strict=False)):
        yield from _differ(our, their, (*at, number))
    if len(ours) > len(theirs):
        yield "missing", at
    yield from (("added", (*at, number)) for number in range(len(ours), len(theirs)))


def _same(ours: Any, theirs: Any) -> bool:
    """Compare plain values: a moment in another spelling is the same moment."""
    if ours == theirs and isinstance(ours, bool) == isinstance(theirs, bool):
        return True
    if isinstance(ours, str) and isinstance(theirs, str) and is_moment(ours) and is_moment(theirs):
        return datetime.fromisoformat(ours) == datetime.fromisoformat(theirs)
    return False
