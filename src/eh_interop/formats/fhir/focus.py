"""Which record a Bundle of somebody else's is, and how that was found."""
# DOC centre: Which one of several requests a Bundle is about.
# DOC envelope: What makes a gathered record one of the standard: its type, its version and its id.

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from eh_interop.core.pointer import Steps
from eh_interop.formats.fhir.names import RECORD_IDENTIFIER, code_system, resource_id
from eh_interop.formats.fhir.normalise import Source, Sources
from eh_interop.standard.code_lists import titles
from eh_interop.standard.schemas import CURRENT, load_standard

_CENTRES: Final = (
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
"""What a Bundle turns on, the most telling first, and the record that is most often about it."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A record type, and what it was taken from.

    Attributes:
        record_type: the record type.
        why: a sentence for people.
        steps: the resource that tells.
        stated: the FHIR itself says it.
    """

    record_type: str
    why: str
    steps: Steps
    stated: bool = False


def guess(document: Mapping[str, Any]) -> Guess | None:
    """Say which record type a Bundle or a resource is: as it states, else by what it turns on."""
    sources = [each for each in Sources(document).all if not each.is_void]
    stated = next((found for source in sources for found in _stated(source)), None)
    return stated or _likely(sources)


def _stated(source: Source) -> Iterator[Guess]:
    """Yield the record types of ours that a resource says it is."""
    if source.type not in {"Composition", "ServiceRequest", "Task", "CarePlan"}:
        return
    system, known = code_system("record-type"), load_standard().record_types
    names = ("type",) if source.type == "Composition" else ("category", "code")
    for coding in (each for name in names for each in _codings(source.resource.get(name))):
        code = coding.get("code")
        if coding.get("system") == system and code in known:
            yield Guess(str(code), "", source.steps, stated=True)


def _codings(value: Any) -> Iterator[Mapping[str, Any]]:
    for concept in value if isinstance(value, list) else [value]:
        codings = concept.get("coding") if isinstance(concept, Mapping) else None
        for coding in codings if isinstance(codings, list) else ():
            if isinstance(coding, Mapping):
                yield coding


def _likely(sources: Iterable[Source]) -> Guess | None:
    first: dict[str, Source] = {}
    for source in sources:
        first.setdefault(source.type, source)
    for centre, record_type in _CENTRES:
        if centre in first:
            title = titles("record-type")[record_type]
            why = (
                f"Nothing in the FHIR says which record it is. It was read as {title!r}, "
                f"because it has a {centre}. If it is another, say which."
            )
            return Guess(record_type, why, first[centre].steps)
    return None


_ENDED: Final = frozenset({"revoked", "cancelled", "rejected"})
"""The status of a request that nobody follows any more."""


def centre_of(sources: Sources, is_centre: Callable[[Source], bool]) -> Source | None:
    """Return the resource that is the record itself; None if there is none.

    Of several it is the one that a message is about (``MessageHeader.focus``), else the
    latest that is neither ended nor replaced by another.
    """
    found = [each for each in sources.all if is_centre(each)]
    focused = _referred(sources, "MessageHeader", "focus")
    replaced = [old for each in found for old in _leads(sources, each, "replaces")]
    current = [each for each in found if each not in replaced and not _is_ended(each)]
    for those in ([each for each in focused if each in found], current, found):
        if those:
            return max(those, key=lambda each: _day(each.resource))
    return None


def _is_ended(source: Source) -> bool:
    status = source.resource.get("status")
    return isinstance(status, str) and status in _ENDED


def _referred(sources: Sources, kind: str, name: str) -> list[Source]:
    return [
        found for each in sources.all if each.type == kind for found in _leads(sources, each, name)
    ]


def _leads(sources: Sources, source: Source, name: str) -> list[Source]:
    given = source.resource.get(name)
    leads = (sources.lookup(each, source) for each in given) if isinstance(given, list) else ()
    return [lead for lead in leads if lead is not None]


def _day(resource: Mapping[str, Any]) -> str:
    days = (resource.get(name) for name in ("authoredOn", "created", "dateTime"))
    return next((day for day in days if isinstance(day, str)), "")


_LOCAL_ID: Final = re.compile(r"[A-Za-z0-9.-]{1,64}")
_NAMED: Final = ("Composition", "ServiceRequest", "CarePlan", "Consent", "Task")
"""Resources whose identifier may name the record. Never a person's: that is no record's."""


def in_envelope(
    record: Mapping[str, Any], record_type: str, document: Mapping[str, Any], sources: Sources
) -> dict[str, Any]:
    """Return a record that says what it is."""
    known = {"recordType": record_type, "standardVersion": CURRENT}
    given = record.get("recordId") or _given_id(document, sources) or _made_id(document, sources)
    rest = {name: value for name, value in record.items() if name not in known}
    return {**known, **rest, "recordId": given}


def _given_id(document: Mapping[str, Any], sources: Sources) -> str | None:
    """Take the sender's own identifier, if it has the form of an id."""
    named = [document] if document.get("resourceType") == "Bundle" else []
    named += [each.resource for kind in _NAMED for each in _of(kind, sources)]
    for resource in named:
        given = resource.get("identifier")
        for each in given if isinstance(given, list) else [given]:
            value = each.get("value") if isinstance(each, Mapping) else None
            if isinstance(value, str) and _LOCAL_ID.fullmatch(value):
                return value
    return None


def _of(kind: str, sources: Sources) -> Iterator[Source]:
    return (each for each in sources.all if each.type == kind)


def _made_id(document: Mapping[str, Any], sources: Sources) -> str:
    """Make an id of the names of the resources: the same file always gets the same."""
    names = "/".join(name for each in sources.all for name in each.names[:1])
    return resource_id(f"{RECORD_IDENTIFIER}/{document.get('id')}/{names}")
