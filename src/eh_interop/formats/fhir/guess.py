"""Which record a Bundle of somebody else's is, and how that was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from eh_interop.core.pointer import Steps
from eh_interop.formats.fhir.names import code_system
from eh_interop.formats.fhir.sources import Source, Sources
from eh_interop.standard.code_lists import titles
from eh_interop.standard.schemas import load_standard

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
