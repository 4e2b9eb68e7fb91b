"""A FHIR document, opened: the record in it, what was wrong, and where each field stood.

Our own form is decoded, and the typed resources are compared with it. Without it
the record is gathered from the typed resources, and what was not read is listed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from eh_interop.fhir.compare import Disagreement, disagreements
from eh_interop.fhir.files.faults import FhirFault
from eh_interop.fhir.files.source import FhirSource
from eh_interop.fhir.gather import gather, record_type_of
from eh_interop.fhir.ours import Form, UnknownItemError, find_form
from eh_interop.findings import Finding, Origin
from eh_interop.pointer import Steps, join, steps_of

MOST_TOLD: Final = 50
"""How many elements of one kind are told one by one; of the others, the number."""

_DIFFERS: Final = {
    "differs": "A typed resource says something else than the form. The form was used.",
    "missing": "A typed resource lacks what the form says. The form was used.",
    "added": "A typed resource says what the form does not. It was not used.",
}


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
            *(self._of_file(each, first_line) for each in self.source.findings),
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
        found = self.source.origins_of_paths(sorted(paths)) if paths else {}
        return {
            path: replace(origin, line=origin.line + first_line - 1, path=path)
            for path, origin in found.items()
        }


def open_fhir(source: FhirSource, record_type: str | None = None) -> Opened:
    """Open a FHIR file as a record.

    Args:
        source: the file as it was read.
        record_type: which type a Bundle of somebody else's is; by default what it turns on.

    Raises:
        MappingError: a mapping table of this installation is broken.
    """
    document = source.document
    if document is None:
        return _nothing(source)
    form = find_form(document)
    if form is not None:
        return _from_form(source, document, form)
    wanted = record_type or record_type_of(document)
    if wanted is None:
        return _nothing(source, FhirFault.NO_RECORD)
    gathered = gather(document, wanted)
    paths = gathered.paths

    def path_of(steps: Steps) -> str:
        while steps and steps not in paths:
            steps = steps[:-1]
        return paths.get(steps, str(document.get("resourceType")))

    return Opened(source, gathered.record, path_of, tuple(_unread(gathered.unread)))


def _nothing(source: FhirSource, fault: FhirFault | None = None) -> Opened:
    seen = (_Seen(fault.finding(f"{fault.title}."), ""),) if fault else ()
    return Opened(source, None, lambda _: "", seen)


def _from_form(source: FhirSource, document: Mapping[str, Any], form: Form) -> Opened:
    try:
        record = form.record()
    except UnknownItemError as error:
        path = form.path
        finding = FhirFault.FORM_UNREADABLE.finding(str(error))
        return Opened(source, None, lambda _: path, (_Seen(finding, path),))
    found = disagreements(document, record) if document["resourceType"] == "Bundle" else []
    return Opened(source, record, form.path_of, tuple(_disagreeing(found)))


def _disagreeing(found: Iterable[Disagreement]) -> Iterator[_Seen]:
    """Tell of each place in the record once for each kind: a name changed is one fact."""
    told: Counter[str] = Counter()
    for each in found:
        told[each.kind] += 1
        if told[each.kind] <= MOST_TOLD:
            finding = FhirFault.DISAGREEMENT.finding(_DIFFERS[each.kind], place=join(each.place))
            yield _Seen(finding, each.path)
    yield from _more(told, FhirFault.DISAGREEMENT)


def _unread(paths: Iterable[str]) -> Iterator[_Seen]:
    told: Counter[str] = Counter()
    for path in paths:
        kind = "resource" if path.endswith((".resource", "]")) else "element"
        told[kind] += 1
        if told[kind] <= MOST_TOLD:
            message = f"This {kind} has no place in the record, so it was not read."
            yield _Seen(FhirFault.NOT_READ.finding(message), path)
    yield from _more(told, FhirFault.NOT_READ)


def _more(told: Mapping[str, int], fault: FhirFault) -> Iterator[_Seen]:
    for kind, count in told.items():
        if count > MOST_TOLD:
            message = f"There are {count - MOST_TOLD} more of this kind ({kind})."
            yield _Seen(fault.finding(message), "")
