"""Open a FHIR document as a record: the record in it, what was wrong, and where each field stood.

Our own form is decoded, and the typed resources are compared with it. Without it
the record is made of the typed resources, and what was not read is listed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from eh_interop.core.findings import Finding, Origin
from eh_interop.core.pointer import Steps, join, steps_of
from eh_interop.formats.fhir.files import FhirSource
from eh_interop.formats.fhir.files.problems import FhirFault
from eh_interop.formats.fhir.focus import guess_record_type
from eh_interop.formats.fhir.form_items import UnknownItemError
from eh_interop.formats.fhir.modifiers import keep_modifiers
from eh_interop.formats.fhir.normalise import normalise
from eh_interop.formats.fhir.protective_facts import keep_protective_facts
from eh_interop.formats.fhir.questionnaire_response import (
    Disagreement,
    StandardForm,
    disagreements,
    find_forms,
)
from eh_interop.formats.fhir.record_from_bundle import (
    ImportedRecord,
    Unmapped,
    record_from_resources,
)

MAX_LISTED: Final = 50
"""How many elements of one kind are listed one by one; of the others, the number."""

_DIFFERS: Final = {
    "differs": "A typed resource says something else than the form. The form was used.",
    "missing": "A typed resource lacks what the form says. The form was used.",
    "added": "A typed resource says what the form does not. It was not used.",
}
_UNMAPPED: Final = {
    "resource": "This resource has no place in the record, so it was not read.",
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
class LocatedFinding:
    """A finding, and where in the FHIR it is; None if it is about no place in it.

    Every name in ``steps`` is one that R4 has: another may be anything, even that of a person.
    """

    finding: Finding
    steps: Steps | None


@dataclass(frozen=True, slots=True)
class OpenedFhir:
    """A FHIR document as a record.

    Attributes:
        read_from: the form, or the typed resources, that the record was read from.
        located: what was found beyond the findings of ``source``.
    """

    source: FhirSource = field(repr=False)
    record: dict[str, Any] | None = field(default=None, repr=False)
    read_from: StandardForm | ImportedRecord | None = field(default=None, repr=False)
    located: tuple[LocatedFinding, ...] = ()

    def origins(self, places: Iterable[Steps]) -> dict[Steps, Origin]:
        """Find where values of the record stand in the source: line, column and FHIRPath."""
        if self.read_from is None:
            return {}
        steps = {place: self.read_from.steps_of(place) for place in places}
        origins = self._origins_of(steps.values())
        return {place: origins[at] for place, at in steps.items() if at in origins}

    def findings(self) -> tuple[Finding, ...]:
        """Return all that was found when the file was read and opened.

        Places are those of the record; where in the FHIR it is, the origin says.
        """
        origins = self._origins_of(at.steps for at in self.located if at.steps is not None)
        return (
            *(self._of_file(finding) for finding in self.source.findings),
            *(
                replace(at.finding, origin=origins.get(at.steps) if at.steps is not None else None)
                for at in self.located
            ),
        )

    def _of_file(self, finding: Finding) -> Finding:
        """Turn a place in the FHIR, which means nothing in the record, into an origin's path."""
        origin = finding.origin
        if origin is not None:
            path = self.source.fhirpath(steps_of(finding.place)) if finding.place else ""
            origin = replace(origin, path=path)
        return replace(finding, place="", origin=origin)

    def _origins_of(self, steps: Iterable[Steps]) -> dict[Steps, Origin]:
        origins = self.source.origins(set(steps))
        return {at: replace(origins[at], path=self.source.fhirpath(at)) for at in origins}


def open_fhir(source: FhirSource, record_type: str | None = None) -> OpenedFhir:
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
        return OpenedFhir(source)
    forms = find_forms(document)
    known = [form for form in forms if form.is_known]
    if not known:
        located = [_form_unreadable(_UNKNOWN_FORM, form.steps) for form in forms]
        return _from_typed(source, document, record_type, located)
    form, *others = known
    located = [
        LocatedFinding(FhirFault.SECOND_FORM.finding(_SECOND), other.steps) for other in others
    ]
    try:
        record = form.record()
    except UnknownItemError as error:
        located.append(_form_unreadable(f"{error} {_INSTEAD}", form.steps_of_link(error.link)))
        return _from_typed(source, document, record_type or form.record_type, located)
    located += _compared(source, document, form, record)
    return OpenedFhir(source, record, form, tuple(located))


def _form_unreadable(why: str, steps: Steps) -> LocatedFinding:
    return LocatedFinding(FhirFault.FORM_UNREADABLE.finding(why), steps)


def _compared(
    source: FhirSource, document: Mapping[str, Any], form: StandardForm, record: dict[str, Any]
) -> Iterator[LocatedFinding]:
    if document["resourceType"] != "Bundle":
        return
    if form.is_valid(record):
        yield from _disagreeing(disagreements(document, record), source)
    else:
        yield LocatedFinding(FhirFault.DISAGREEMENT.finding(_NOT_COMPARED), form.steps)


def _from_typed(
    source: FhirSource,
    document: Mapping[str, Any],
    record_type: str | None,
    located: list[LocatedFinding],
) -> OpenedFhir:
    """Open a file without a form that we can read: its typed resources are all there is."""
    resources = normalise(document)
    guessed = None if record_type else guess_record_type(resources)
    wanted = record_type or (guessed.record_type if guessed else None)
    if wanted is None:
        located.append(LocatedFinding(FhirFault.NO_RECORD.finding(), None))
        return OpenedFhir(source, located=tuple(located))
    if guessed and not guessed.stated:
        located.append(LocatedFinding(FhirFault.GUESSED.finding(guessed.why), guessed.steps))
    imported = record_from_resources(resources, document, wanted)
    record, modified = keep_modifiers(document, imported.record, imported.unmapped)
    located += _unmapped((one for one in imported.unmapped if one.steps not in modified), source)
    located += [
        LocatedFinding(FhirFault.MODIFIED.finding(says), source.known_steps(at))
        for at, says in modified.items()
    ]
    record, labels = keep_protective_facts(document, record)
    located += [
        LocatedFinding(FhirFault.RESTRICTED.finding(), source.known_steps(at)) for at in labels
    ]
    return OpenedFhir(source, record, imported, tuple(located))


def _disagreeing(found: Iterable[Disagreement], source: FhirSource) -> Iterator[LocatedFinding]:
    """Report each place in the record once for each kind: a name changed is one fact."""
    count: Counter[str] = Counter()
    for disagreement in found:
        kind = disagreement.kind
        count[kind] += 1
        if count[kind] <= MAX_LISTED:
            place = join(disagreement.place)
            finding = FhirFault.DISAGREEMENT.finding(_DIFFERS[kind], place=place)
            yield LocatedFinding(finding, source.known_steps(disagreement.steps))
    yield from _more(count, FhirFault.DISAGREEMENT)


def _unmapped(found: Iterable[Unmapped], source: FhirSource) -> Iterator[LocatedFinding]:
    """Report each place once: names that R4 does not have end the path before them."""
    count: Counter[str] = Counter()
    for kind, steps in dict.fromkeys((one.kind, source.known_steps(one.steps)) for one in found):
        count[kind] += 1
        if count[kind] <= MAX_LISTED:
            yield LocatedFinding(FhirFault.NOT_READ.finding(_UNMAPPED[kind]), steps)
    yield from _more(count, FhirFault.NOT_READ)


def _more(count: Mapping[str, int], fault: FhirFault) -> Iterator[LocatedFinding]:
    for kind, number in count.items():
        if number > MAX_LISTED:
            message = f"There are {number - MAX_LISTED} more of this kind ({kind})."
            yield LocatedFinding(fault.finding(message), None)
