"""Whether the typed resources of a Bundle say what its form says.

The form is what counts: it holds every field. The typed resources are made from
it once more and compared. What differs is told, and never merged in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from eh_interop.fhir.bundle import built
from eh_interop.pointer import Steps


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One element of a typed resource that the form says otherwise.

    Attributes:
        kind: ``differs``, ``missing`` (the form says more) or ``added`` (the resource does).
        path: FHIRPath in the Bundle, such as ``Bundle.entry[3].resource.birthDate``; of what
            is missing, that of the nearest thing that is there.
        place: steps of the item in the record from which the resource is made.
    """

    kind: str
    path: str
    place: Steps


_IGNORED: Final = frozenset({"meta", "text", "id", "implicitRules", "language"})
"""What a server or an editor may add to a resource without saying anything about the family."""


def disagreements(bundle: Mapping[str, Any], record: Mapping[str, Any]) -> list[Disagreement]:
    """Compare the typed resources of a Bundle with those that its record makes.

    Args:
        bundle: a Bundle with our own form in it.
        record: what the form says, decoded.
    """
    theirs = {
        each["resource"].get("id"): (f"Bundle.entry[{number}].resource", each["resource"])
        for number, each in enumerate(bundle.get("entry", ()))
        if isinstance(each.get("resource"), dict)
    }
    found: list[Disagreement] = []
    ours = {resource["id"]: (place, resource) for place, resource in built(record)}
    for key, (place, resource) in ours.items():
        if resource["resourceType"] == "QuestionnaireResponse":
            continue
        if key not in theirs:
            found.append(Disagreement("missing", "Bundle", place))
            continue
        path, their = theirs[key]
        found += (Disagreement(kind, at, place) for kind, at in _differ(resource, their, path))
    for key, (path, their) in theirs.items():
        if key not in ours and their.get("resourceType") != "QuestionnaireResponse":
            found.append(Disagreement("added", path, ()))
    return found


def _differ(ours: Any, theirs: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        yield from _objects_differ(ours, theirs, path)
    elif isinstance(ours, list) and isinstance(theirs, list):
        yield from _lists_differ(ours, theirs, path)
    elif not _same(ours, theirs):
        yield "differs", path


def _objects_differ(
    ours: Mapping[str, Any], theirs: Mapping[str, Any], path: str
) -> Iterator[tuple[str, str]]:
    ignored = _IGNORED if path.endswith(".resource") else frozenset()
    for name in sorted((ours.keys() | theirs.keys()) - ignored):
        if name not in theirs:
            yield "missing", path
        elif name not in ours:
            yield "added", f"{path}.{name}"
        else:
            yield from _differ(ours[name], theirs[name], f"{path}.{name}")


def _lists_differ(ours: list[Any], theirs: list[Any], path: str) -> Iterator[tuple[str, str]]:
    for number, (our, their) in enumerate(zip(ours, theirs, strict=False)):
        yield from _differ(our, their, f"{path}[{number}]")
    if len(ours) > len(theirs):
        yield "missing", path
    yield from (("added", f"{path}[{number}]") for number in range(len(ours), len(theirs)))


def _same(ours: Any, theirs: Any) -> bool:
    """Compare plain values: a moment in another spelling is the same moment."""
    if ours == theirs and isinstance(ours, bool) == isinstance(theirs, bool):
        return True
    if isinstance(ours, str) and isinstance(theirs, str) and "T" in ours and "T" in theirs:
        try:
            return _moment(ours) == _moment(theirs)
        except ValueError:
            return False
    return False


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
