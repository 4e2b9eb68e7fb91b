"""The ImplementationGuide: what is in the package and what it builds on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from eh_interop.formats.fhir.guide.about import Resource, about, definition
from eh_interop.formats.fhir.names import FHIR_VERSION, implementation_guide


def guide(definitions: Iterable[Resource], examples: Iterable[tuple[str, Resource]]) -> Resource:
    """Return the ImplementationGuide of some definitions and named examples."""
    facts = about()
    head = definition(
        "ImplementationGuide",
        implementation_guide(facts.package),
        title=facts.title,
        description=facts.description,
        name=facts.name,
    )
    listed = [
        *(
            _listed(each, str(each.get("title", each["name"])), example=False)
            for each in definitions
        ),
        *(_listed(bundle, name, example=True) for name, bundle in examples),
    ]
    return {
        **head,
        "version": facts.version,
        "packageId": facts.package,
        "license": facts.license,
        "fhirVersion": [FHIR_VERSION],
        "dependsOn": [
            {"uri": each.uri, "packageId": each.package, "version": each.version}
            for each in facts.dependency
        ],
        "definition": {"resource": listed},
    }


def _title(resource: Resource) -> str:
    """Return what people call it; a NamingSystem has only a name."""
    title: str = resource.get("title") or resource["name"]
    return title


def _listed(resource: Resource, name: str, *, example: bool) -> dict[str, Any]:
    return {
        "reference": {"reference": f"{resource['resourceType']}/{resource['id']}"},
        "name": name,
        "exampleBoolean": example,
    }
