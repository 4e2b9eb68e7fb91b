"""A record as a FHIR document: one Bundle with everything in it.

The Composition comes first, then the QuestionnaireResponse that holds every
field, the typed resources, and a Provenance that says what they were made from.
The same record gives the same Bundle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from eh_interop.core.pointer import Steps
from eh_interop.formats.fhir.compile import ready_tables
from eh_interop.formats.fhir.form_items import encode
from eh_interop.formats.fhir.names import (
    RECORD_IDENTIFIER,
    UK_CORE,
    code_system,
    questionnaire,
    resource_id,
    versioned,
)
from eh_interop.formats.fhir.primitives import moment_of, speakable
from eh_interop.formats.fhir.project import Projected, project
from eh_interop.formats.fhir.tables import load_tables
from eh_interop.formats.fhir.variables import RecordScene, Resource
from eh_interop.standard.code_lists import titles
from eh_interop.standard.schemas import load_standard

_NOT_RECORDED: Final = {"display": "Not recorded"}


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
        "timestamp": moment_of(record),
        "entry": [{"fullUrl": f"urn:uuid:{each['id']}", "resource": each} for each in resources],
    }


def built(record: Mapping[str, Any]) -> list[tuple[Steps, Resource]]:
    """Return every resource of the document, each with the place of what it is made from.

    Raises:
        MappingError: a mapping table of this installation is broken.
        StandardError: the record's type or version is not known.
    """
    said = speakable(record)
    scene = RecordScene(said, ready_tables(str(record["recordType"])))
    form = _form(record, scene)
    composition = _composition(record, scene)
    typed = project(said, scene, composition)
    _add_sections(composition, typed)
    form["meta"] |= _labels(composition)
    return [
        ((), composition),
        ((), form),
        *(((), each) for each in _family(scene)),
        *((each.item.place, each.resource) for each in typed),
        ((), _provenance(record, scene, typed)),
    ]


def _labels(composition: Resource) -> dict[str, Any]:
    """Return the security labels of the document, for whatever else holds the whole record."""
    security = composition["meta"].get("security")
    return {"security": [dict(each) for each in security]} if security else {}


def _edition(record: Mapping[str, Any]) -> str:
    version = record.get("version")
    return f"{record['recordId']}" if version is None else f"{record['recordId']}|{version}"


def _form(record: Mapping[str, Any], scene: RecordScene) -> Resource:
    record_type = str(record["recordType"])
    version = str(record["standardVersion"])
    return {
        "resourceType": "QuestionnaireResponse",
        "id": scene.own_id("form"),
        "meta": {"profile": [f"{UK_CORE}QuestionnaireResponse"]},
        "questionnaire": versioned(questionnaire(record_type), version),
        "status": "completed",
        **_subject(scene),
        "authored": moment_of(record),
        "item": encode(record, record_type, version),
    }


def _subject(scene: RecordScene) -> Resource:
    return {"subject": {"reference": scene.subject}} if scene.subject else {}


def _author(record: Mapping[str, Any], scene: RecordScene) -> dict[str, str]:
    url = scene.url(("practitioners",), record.get("createdBy", ""))
    return {"reference": url} if url else _NOT_RECORDED


def _composition(record: Mapping[str, Any], scene: RecordScene) -> Resource:
    record_type = str(record["recordType"])
    title = str(load_standard(str(record["standardVersion"])).record_schema(record_type)["title"])
    coding = {
        "system": code_system("record-type"),
        "code": record_type,
        "display": titles("record-type")[record_type],
    }
    return {
        "resourceType": "Composition",
        "id": scene.own_id("composition"),
        "meta": {"profile": [f"{UK_CORE}Composition"]},
        "identifier": {"system": RECORD_IDENTIFIER, "value": str(record["recordId"])},
        "status": "final",
        "type": {"coding": [coding], "text": title},
        **_subject(scene),
        "date": moment_of(record),
        "author": [_author(record, scene)],
        "title": title,
        "confidentiality": "R",
        "section": [
            {"title": "The whole record", "entry": [{"reference": scene.form}]},
        ],
    }


def _add_sections(composition: Resource, typed: Iterable[Projected]) -> None:
    """List every typed resource under the section that its table names."""
    entries: dict[str, list[dict[str, str]]] = {}
    for each in typed:
        reference = {"reference": f"urn:uuid:{each.resource['id']}"}
        entries.setdefault(each.ready.table.section, []).append(reference)
    for code, section in load_tables().sections.items():
        if code in entries:
            composition["section"].append(
                {
                    "title": section["title"],
                    "code": {
                        "coding": [
                            {
                                "system": section["system"],
                                "code": code,
                                "display": section["display"],
                            }
                        ]
                    },
                    "entry": entries[code],
                }
            )


def _family(scene: RecordScene) -> list[Resource]:
    """Return the Group of the children, if a record is about several."""
    if len(scene.children) < 2:  # noqa: PLR2004 (one child is a Patient)
        return []
    return [
        {
            "resourceType": "Group",
            "id": scene.own_id("children"),
            "type": "person",
            "actual": True,
            "name": "The children in this record",
            "quantity": len(scene.children),
            "member": [{"entity": {"reference": url}} for url in scene.children],
        }
    ]


def _provenance(
    record: Mapping[str, Any], scene: RecordScene, typed: Iterable[Projected]
) -> Resource:
    return {
        "resourceType": "Provenance",
        "id": scene.own_id("provenance"),
        "meta": {"profile": [f"{UK_CORE}Provenance"]},
        "target": [
            {"reference": f"urn:uuid:{scene.own_id('composition')}"},
            *({"reference": f"urn:uuid:{each.resource['id']}"} for each in typed),
        ],
        "recorded": moment_of(record),
        "agent": [{"who": _author(record, scene)}],
        "entity": [{"role": "source", "what": {"reference": scene.form}}],
    }
