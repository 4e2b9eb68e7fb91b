"""Systems of identifiers for which nobody else has registered a URI."""

from __future__ import annotations

from collections.abc import Iterator

from eh_interop.formats.fhir.guide.about import Resource, about, computer_name
from eh_interop.formats.fhir.guide.inputs import IdentifierSystem, Inputs

_LOCAL = "Unique only together with who gave the number: say who in the identifier's assigner."
_ANYWHERE = "Unique without saying who gave the number."


def make(inputs: Inputs) -> Iterator[Resource]:
    """Yield a NamingSystem for each system of our own."""
    yield from (_naming_system(identifier) for identifier in inputs.identifiers if identifier.own)


def _naming_system(system: IdentifierSystem) -> Resource:
    facts = about()
    key = system.system.rsplit("/", 1)[-1]
    return {
        "resourceType": "NamingSystem",
        "id": key,
        "name": computer_name(key),
        "status": facts.status,
        "kind": "identifier",
        "date": facts.date,
        "publisher": facts.publisher,
        "responsible": system.responsible,
        "description": f"{system.title}. {system.description}",
        "jurisdiction": [{"coding": [facts.jurisdiction]}],
        "usage": _LOCAL if system.local else _ANYWHERE,
        "uniqueId": [{"type": "uri", "value": system.system, "preferred": True}],
    }
