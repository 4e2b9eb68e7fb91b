"""What record a Bundle is: its type, the resource that it is about (its focus), and its id."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from eh_interop.core.lenient import items
from eh_interop.core.pointer import Steps
from eh_interop.formats.fhir.names import RECORD_IDENTIFIER, code_system, resource_id
from eh_interop.formats.fhir.normalise import InputResource, InputResources
from eh_interop.standard.code_lists import titles
from eh_interop.standard.schemas import CURRENT, load_standard

_FOCUSES: Final = (
    ("ServiceRequest", "marf"),
    ("Task", "referral-outcome"),
    ("CarePlan", "plan"),
    ("Consent", "consent-record"),
    ("Encounter", "meeting"),
    ("Appointment", "meeting"),
    ("QuestionnaireResponse", "early-help-assessment"),
    ("RiskAssessment", "early-help-assessment"),
    ("Observation", "early-help-assessment"),
    ("Condition", "early-help-assessment"),
    ("Goal", "plan"),
    ("Patient", "early-help-request"),
)
"""What a Bundle turns on, the surest sign first, and the record that is most often about it."""
_ENDED: Final = frozenset({"revoked", "cancelled", "rejected"})
"""The status of a request that nobody follows any more."""
_LOCAL_ID: Final = re.compile(r"[A-Za-z0-9.-]{1,64}")
_NAMED: Final = ("Composition", "ServiceRequest", "CarePlan", "Consent", "Task")
"""Resources whose identifier may name the record. Never a person's: that is not a record's."""


@dataclass(frozen=True, slots=True)
class RecordTypeGuess:
    """A record type, and what it was taken from.

    Attributes:
        steps: the resource that shows it.
        stated: the FHIR itself says it.
    """

    record_type: str
    why: str
    steps: Steps
    stated: bool = False


def guess_record_type(resources: InputResources) -> RecordTypeGuess | None:
    """Return which record type resources are: as they state, else by what they turn on."""
    valid = [resource for resource in resources.all if not resource.entered_in_error]
    stated = next((guess for resource in valid for guess in _stated(resource)), None)
    return stated or _likely(valid)


def _stated(resource: InputResource) -> Iterator[RecordTypeGuess]:
    if resource.type not in {"Composition", "ServiceRequest", "Task", "CarePlan"}:
        return
    system, known = code_system("record-type"), load_standard().record_types
    names = ("type",) if resource.type == "Composition" else ("category", "code")
    for coding in (coding for name in names for coding in _codings(resource.resource.get(name))):
        code = coding.get("code")
        if coding.get("system") == system and code in known:
            yield RecordTypeGuess(str(code), "", resource.steps, stated=True)


def _codings(value: Any) -> Iterator[Mapping[str, Any]]:
    for concept in value if isinstance(value, list) else [value]:
        codings = items(concept.get("coding")) if isinstance(concept, Mapping) else []
        yield from (coding for coding in codings if isinstance(coding, Mapping))


def _likely(resources: Iterable[InputResource]) -> RecordTypeGuess | None:
    first: dict[str, InputResource] = {}
    for resource in resources:
        first.setdefault(resource.type, resource)
    for focus, record_type in _FOCUSES:
        if focus in first:
            title = titles("record-type")[record_type]
            why = (
                f"Nothing in the FHIR says which record it is. It was read as {title!r}, "
                f"because it has a {focus}. If it is another, say which."
            )
            return RecordTypeGuess(record_type, why, first[focus].steps)
    return None


def focus_resource(
    resources: InputResources, is_candidate: Callable[[InputResource], bool]
) -> InputResource | None:
    """Return the resource that is the record itself; None if there is none.

    Of several it is the one that a message is about (``MessageHeader.focus``), else the
    latest that is neither ended nor replaced by another.
    """
    candidates = [resource for resource in resources.all if is_candidate(resource)]
    focused = [
        target
        for header in resources.of_type("MessageHeader")
        for target in _targets(resources, header, "focus")
        if target in candidates
    ]
    replaced = [old for new in candidates for old in _targets(resources, new, "replaces")]
    current = [
        candidate
        for candidate in candidates
        if candidate not in replaced and not _is_ended(candidate)
    ]
    for those in (focused, current, candidates):
        if those:
            return max(those, key=lambda candidate: _day(candidate.resource))
    return None


def _is_ended(resource: InputResource) -> bool:
    status = resource.resource.get("status")
    return isinstance(status, str) and status in _ENDED


def _targets(resources: InputResources, resource: InputResource, name: str) -> list[InputResource]:
    references = items(resource.resource.get(name))
    targets = (resources.lookup(reference, resource) for reference in references)
    return [target for target in targets if target is not None]


def _day(resource: Mapping[str, Any]) -> str:
    days = (resource.get(name) for name in ("authoredOn", "created", "dateTime"))
    return next((day for day in days if isinstance(day, str)), "")


def in_envelope(
    record: Mapping[str, Any],
    record_type: str,
    document: Mapping[str, Any],
    resources: InputResources,
) -> dict[str, Any]:
    """Return a record that says what it is: its type, the version of the standard and its id."""
    known = {"recordType": record_type, "standardVersion": CURRENT}
    record_id = (
        record.get("recordId")
        or _identifier_of_sender(document, resources)
        or _made_id(document, resources)
    )
    rest = {name: value for name, value in record.items() if name not in known}
    return {**known, **rest, "recordId": record_id}


def _identifier_of_sender(document: Mapping[str, Any], resources: InputResources) -> str | None:
    """Take the sender's own identifier, if it has the form of an id."""
    named = [document] if document.get("resourceType") == "Bundle" else []
    named += [resource.resource for kind in _NAMED for resource in resources.of_type(kind)]
    for resource in named:
        given = resource.get("identifier")
        for identifier in given if isinstance(given, list) else [given]:
            value = identifier.get("value") if isinstance(identifier, Mapping) else None
            if isinstance(value, str) and _LOCAL_ID.fullmatch(value):
                return value
    return None


def _made_id(document: Mapping[str, Any], resources: InputResources) -> str:
    """Make an id of the names of the resources: the same file always gets the same."""
    names = "/".join(name for resource in resources.all for name in resource.names[:1])
    return resource_id(f"{RECORD_IDENTIFIER}/{document.get('id')}/{names}")
