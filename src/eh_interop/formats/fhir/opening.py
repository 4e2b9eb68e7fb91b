"""A FHIR document, opened: the record in it, what was wrong, and where each field stood.

Our own form is decoded, and the typed resources are compared with it. Without it
the record is gathered from the typed resources, and what was not read is listed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from eh_interop.core.findings import Finding, Origin
from eh_interop.core.pointer import Steps, join, steps_of
from eh_interop.formats.fhir.files import FhirSource
from eh_interop.formats.fhir.files.problems import FhirFault
from eh_interop.formats.fhir.focus import guess
from eh_interop.formats.fhir.questionnaire_response import (
    Disagreement,
    Form,
    UnknownItemError,
    disagreements,
    find_forms,
)
from eh_interop.formats.fhir.record_from_bundle import Unread, gather

MOST_TOLD: Final = 50
"""How many elements of one kind are told one by one; of the others, the number."""

_DIFFERS: Final = {
    "differs": "A typed resource says something else than the form. The form was used.",
    "missing": "A typed resource lacks what the form says. The form was used.",
    "added": "A typed resource says what the form does not. It was not used.",
}


_UNREAD: Final = {
    "resource": "This resource has no place in the record, so it was not read.",
    "void": "This resource was entered in error, so it was not read.",
    "element": "This element has no place in the record, so it was not read.",
    "date": "This date names no day, and the record has no place for a year or month alone.",
}
_INSTEAD: Final = "The typed resources were read instead."
_UNKNOWN_FORM: Final = (
    "The form is of a record type or version that this installation does not know. " + _INSTEAD
)
_SECOND: Final = "This is a second form of the standard. The first was read, and not this one."
_NOT_COMPARED: Final = (
    "The form has values that are not of their kind, so the typed resources were not compared."
)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A finding, and the FHIRPath of what it is about."""

    finding: Finding
    path: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A FHIR document as a record.

    Attributes:
        source: the file as it was read.
        record: the record; None if there is none in it.
        path_of: gives the FHIRPath of what stands at a place in the record.
        seen: what was found beyond the findings of ``source``.
    """

    source: FhirSource = field(repr=False)
    record: dict[str, Any] | None = field(repr=False)
    path_of: Callable[[Steps], str] = field(repr=False)
    seen: tuple[_Seen, ...] = ()

    def origins(self, places: Iterable[Steps], first_line: int = 1) -> dict[Steps, Origin]:
        """Find where values of the record stand in the source: line, column and FHIRPath."""
        paths = {steps: self.path_of(steps) for steps in places}
        found = self._located(set(paths.values()), first_line)
        return {steps: found[path] for steps, path in paths.items() if path in found}

    def findings(self, first_line: int = 1) -> tuple[Finding, ...]:
        """Return all that was found when the file was read and opened.

        Places are those of the record; where in the FHIR it is, the origin says.
        """
        found = self._located({each.path for each in self.seen}, first_line)
        return (
            *(self._of_file(finding, first_line) for finding in self.source.findings),
            *(replace(each.finding, origin=found.get(each.path)) for each in self.seen),
        )

    def _of_file(self, finding: Finding, first_line: int) -> Finding:
        """Turn a place in the FHIR, which means nothing in the record, into an origin's path."""
        origin = finding.origin
        if origin is not None:
            path = self.source.fhirpath(steps_of(finding.place)) if finding.place else ""
            origin = replace(origin, line=origin.line + first_line - 1, path=path)
        return replace(finding, place="", origin=origin)

    def _located(self, paths: set[str], first_line: int) -> dict[str, Origin]:
        found = self.source.origins_of_paths(sorted(paths - {""}))
        return {
            path: replace(origin, line=origin.line + first_line - 1, path=path)
            for path, origin in found.items()
        }


def open_fhir(source: FhirSource, record_type: str | None = None) -> Opened:
    """Open a FHIR file as a record.

    Args:
        source: the file as it was read.
        record_type: which type a Bundle of somebody else's is; by default what it says, or
            turns on.

    Raises:
        MappingError: a mapping table of this installation is broken.
        StandardError: there is no such record type.
    """
    document = source.document
    if document is None:
        return _nothing(source)
    forms = find_forms(document)
    known = [form for form in forms if form.is_known]
    if not known:
        seen = [_unreadable(_UNKNOWN_FORM, form.path) for form in forms]
        return _from_typed(source, document, record_type, seen)
    form = known[0]
    seen = [_Seen(FhirFault.SECOND_FORM.finding(_SECOND), other.path) for other in known[1:]]
    try:
        record = form.record()
    except UnknownItemError as error:
        why = f"{error} {_INSTEAD}"
        seen.append(_unreadable(why, form.path_of_link(error.link)))
        return _from_typed(source, document, record_type or form.record_type, seen)
    seen += _compared(source, form, record)
    return Opened(source, record, form.path_of, tuple(seen))


def _unreadable(why: str, path: str) -> _Seen:
    return _Seen(FhirFault.FORM_UNREADABLE.finding(why), path)


def _compared(source: FhirSource, form: Form, record: dict[str, Any]) -> Iterator[_Seen]:
    document = source.document
    if document is None or document["resourceType"] != "Bundle":
        return
    if form.is_sound(record):
        yield from _disagreeing(disagreements(document, record), source)
    else:
        yield _Seen(FhirFault.DISAGREEMENT.finding(_NOT_COMPARED), form.path)


def _from_typed(
    source: FhirSource, document: dict[str, Any], record_type: str | None, seen: list[_Seen]
) -> Opened:
    """Open a file without a form that we can read: its typed resources are all there is."""
    guessed = None if record_type else guess(document)
    wanted = record_type or (guessed.record_type if guessed else None)
    if wanted is None:
        seen.append(_Seen(FhirFault.NO_RECORD.finding(), ""))
        return Opened(source, None, lambda _: "", tuple(seen))
    if guessed and not guessed.stated:
        finding = FhirFault.GUESSED.finding(guessed.why)
        seen.append(_Seen(finding, source.fhirpath(guessed.steps)))
    gathered = gather(document, wanted)

    def path_of(steps: Steps) -> str:
        while steps and steps not in gathered.paths:
            steps = steps[:-1]
        return source.fhirpath(gathered.paths.get(steps, ()))

    seen += _unread(gathered.unread, source)
    return Opened(source, gathered.record, path_of, tuple(seen))


def _nothing(source: FhirSource) -> Opened:
    return Opened(source, None, lambda _: "")


def _disagreeing(found: Iterable[Disagreement], source: FhirSource) -> Iterator[_Seen]:
    """Tell of each place in the record once for each kind: a name changed is one fact."""
    told: Counter[str] = Counter()
    for each in found:
        told[each.kind] += 1
        if told[each.kind] <= MOST_TOLD:
            finding = FhirFault.DISAGREEMENT.finding(_DIFFERS[each.kind], place=join(each.place))
            yield _Seen(finding, source.fhirpath(each.steps))
    yield from _more(told, FhirFault.DISAGREEMENT)


def _unread(unread: Iterable[Unread], source: FhirSource) -> Iterator[_Seen]:
    """Tell of each place once: names that R4 does not have end the path before them."""
    told: Counter[str] = Counter()
    for kind, path in dict.fromkeys((each.kind, source.fhirpath(each.steps)) for each in unread):
        told[kind] += 1
        if told[kind] <= MOST_TOLD:
            yield _Seen(FhirFault.NOT_READ.finding(_UNREAD[kind]), path)
    yield from _more(told, FhirFault.NOT_READ)


def _more(told: Mapping[str, int], fault: FhirFault) -> Iterator[_Seen]:
    for kind, count in told.items():
        if count > MOST_TOLD:
            message = f"There are {count - MOST_TOLD} more of this kind ({kind})."
            yield _Seen(fault.finding(message), "")
