"""A record as a FHIR document: one Bundle with everything in it.

The Composition comes first, then the QuestionnaireResponse that holds every
field, the typed resources, and a Provenance that says what they were made from.
The same record gives the same Bundle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from eh_interop.core.pointer import Steps, join
from eh_interop.formats.fhir.compile import compiled_tables
from eh_interop.formats.fhir.form_items import encode
from eh_interop.formats.fhir.names import (
    RECORD_IDENTIFIER,
    UK_CORE,
    code_system,
    questionnaire,
    resource_id,
    versioned,
)
from eh_interop.formats.fhir.primitives import last_updated, to_fhir_strings
from eh_interop.formats.fhir.project import ProjectedResource, project
from eh_interop.formats.fhir.tables import load_tables
from eh_interop.formats.fhir.variables import ReferenceResolver, Resource, author
from eh_interop.protection import CONFIDENTIALITY, Label, protections
from eh_interop.standard.code_lists import titles
from eh_interop.standard.schemas import load_standard


def to_bundle(record: Mapping[str, Any]) -> Resource:
    """Return a record as a FHIR R4 document Bundle, as plain JSON values.

    Args:
        record: a record whose shape is sound, as :func:`eh_interop.check` says.

    Raises:
        MappingError: a mapping table of this installation is broken.
        StandardError: the record's type or version is not known.
    """
    resources = [resource for _, resource in built(record)]
    return {
        "resourceType": "Bundle",
        "id": resource_id(f"{record['recordId']}/bundle"),
        "meta": {"profile": [f"{UK_CORE}Bundle"], **_labels(resources[0])},
        "identifier": {"system": RECORD_IDENTIFIER, "value": _edition(record)},
        "type": "document",
        "timestamp": last_updated(record),
        "entry": [
            {"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource}
            for resource in resources
        ],
    }


def built(record: Mapping[str, Any]) -> list[tuple[Steps, Resource]]:
    """Return every resource of the document, each with the place of what it is made from.

    Raises:
        MappingError: a mapping table of this installation is broken.
        StandardError: the record's type or version is not known.
    """
    allowed = to_fhir_strings(record)
    resolver = ReferenceResolver(allowed, compiled_tables(str(record["recordType"])))
    form = _form(record, resolver)
    composition = _composition(record, resolver)
    typed = project(allowed, resolver, composition)
    _add_sections(composition, typed)
    _protect(record, composition, typed)
    form["meta"] |= _labels(composition)
    return [
        ((), composition),
        ((), form),
        *(((), group) for group in _family(resolver)),
        *((projected.item.place, projected.resource) for projected in typed),
        ((), _provenance(record, resolver, typed)),
    ]


def _protect(
    record: Mapping[str, Any], composition: Resource, typed: Iterable[ProjectedResource]
) -> None:
    """Label each resource that is made from something protected, and the document."""
    labels = protections([record]).security_labels(record)
    if not labels:
        return
    _add_labels(composition, labels.get("", ()))
    for projected in typed:
        _add_labels(projected.resource, labels.get(join(projected.item.place), ()))


def _add_labels(resource: Resource, labels: Iterable[Label]) -> None:
    """Add security labels: of several confidentialities only the highest stays."""
    added = [
        {"system": label.system, "code": label.code, "display": label.display} for label in labels
    ]
    if not added:
        return
    meta = resource.setdefault("meta", {})
    before = meta.get("security", [])
    known = {(one.get("system"), one.get("code")) for one in before}
    every = [*before, *(one for one in added if (one["system"], one["code"]) not in known)]
    codes = {one.get("code") for one in every if one.get("system") == CONFIDENTIALITY}
    lower = {"R"} if "V" in codes else set()
    meta["security"] = [
        one
        for one in every
        if not (one.get("system") == CONFIDENTIALITY and one.get("code") in lower)
    ]


def _labels(composition: Resource) -> dict[str, Any]:
    """Return the security labels of the document, for whatever else holds the whole record."""
    security = composition["meta"].get("security")
    return {"security": [dict(label) for label in security]} if security else {}


def _edition(record: Mapping[str, Any]) -> str:
    version = record.get("version")
    return f"{record['recordId']}" if version is None else f"{record['recordId']}|{version}"


def _form(record: Mapping[str, Any], resolver: ReferenceResolver) -> Resource:
    record_type = str(record["recordType"])
    version = str(record["standardVersion"])
    return {
        "resourceType": "QuestionnaireResponse",
        "id": resolver.own_id("form"),
        "meta": {"profile": [f"{UK_CORE}QuestionnaireResponse"]},
        "questionnaire": versioned(questionnaire(record_type), version),
        "status": "completed",
        **_subject(resolver),
        "authored": last_updated(record),
        "item": encode(record, record_type, version),
    }


def _subject(resolver: ReferenceResolver) -> Resource:
    return {"subject": {"reference": resolver.subject}} if resolver.subject else {}


def _composition(record: Mapping[str, Any], resolver: ReferenceResolver) -> Resource:
    record_type = str(record["recordType"])
    title = str(load_standard(str(record["standardVersion"])).record_schema(record_type)["title"])
    coding = {
        "system": code_system("record-type"),
        "code": record_type,
        "display": titles("record-type")[record_type],
    }
    return {
        "resourceType": "Composition",
        "id": resolver.own_id("composition"),
        "meta": {"profile": [f"{UK_CORE}Composition"]},
        "identifier": {"system": RECORD_IDENTIFIER, "value": str(record["recordId"])},
        "status": "final",
        "type": {"coding": [coding], "text": title},
        **_subject(resolver),
        "date": last_updated(record),
        "author": [author(resolver)],
        "title": title,
        "confidentiality": "R",
        "section": [
            {"title": "The whole record", "entry": [{"reference": resolver.form}]},
        ],
    }


def _add_sections(composition: Resource, typed: Iterable[ProjectedResource]) -> None:
    """List every typed resource under the section that its table names."""
    entries: dict[str, list[dict[str, str]]] = {}
    for projected in typed:
        reference = {"reference": f"urn:uuid:{projected.resource['id']}"}
        entries.setdefault(projected.table.table.section, []).append(reference)
    for code, section in load_tables().sections.items():
        if code in entries:
            coding = {"system": section["system"], "code": code, "display": section["display"]}
            composition["section"].append(
                {"title": section["title"], "code": {"coding": [coding]}, "entry": entries[code]}
            )


def _family(resolver: ReferenceResolver) -> list[Resource]:
    """Return the Group of the children, if a record is about several."""
    if len(resolver.children) < 2:  # noqa: PLR2004 (one child is a Patient)
        return []
    return [
        {
            "resourceType": "Group",
            "id": resolver.own_id("children"),
            "type": "person",
            "actual": True,
            "name": "The children in this record",
            "quantity": len(resolver.children),
            "member": [{"entity": {"reference": url}} for url in resolver.children],
        }
    ]


def _provenance(
    record: Mapping[str, Any], resolver: ReferenceResolver, typed: Iterable[ProjectedResource]
) -> Resource:
    return {
        "resourceType": "Provenance",
        "id": resolver.own_id("provenance"),
        "meta": {"profile": [f"{UK_CORE}Provenance"]},
        "target": [
            {"reference": f"urn:uuid:{resolver.own_id('composition')}"},
            *({"reference": f"urn:uuid:{projected.resource['id']}"} for projected in typed),
        ],
        "recorded": last_updated(record),
        "agent": [{"who": author(resolver)}],
        "entity": [{"role": "source", "what": {"reference": resolver.form}}],
    }
