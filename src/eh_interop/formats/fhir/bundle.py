"""A record as a FHIR document: one Bundle with everything in it.

The Composition comes first, then the QuestionnaireResponse that holds every
field, the typed resources, and a Provenance that says what they were made from.
The same record gives the same Bundle. The typed resources are a projection of the record by
the mapping tables (:func:`project`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from eh_interop.core.pointer import Steps, join
from eh_interop.formats.fhir.compile import compiled_tables
from eh_interop.formats.fhir.compiled import (
    CompiledElement,
    CompiledList,
    CompiledRows,
    CompiledTable,
    get,
    put,
)
from eh_interop.formats.fhir.form_items import encode
from eh_interop.formats.fhir.modifiers import REQUEST, restore_modifiers
from eh_interop.formats.fhir.names import (
    RECORD_IDENTIFIER,
    UK_CORE,
    code_system,
    questionnaire,
    resource_id,
    versioned,
)
from eh_interop.formats.fhir.tables import load_tables
from eh_interop.formats.fhir.values import is_later, last_updated, to_fhir_strings
from eh_interop.formats.fhir.variables import (
    VARIABLES,
    MappedItem,
    ProjectionContext,
    ReferenceResolver,
    Resource,
    author,
)
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
    for projected in typed:
        if "deceasedDateTime" in projected.resource:
            projected.resource.pop("deceasedBoolean", None)
    resources = (projected.resource for projected in typed)
    restore_modifiers(record, [one for one in resources if one["resourceType"] == REQUEST])
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


@dataclass(frozen=True, slots=True)
class ProjectedResource:
    """A typed resource, and the table and the item that it is made from."""

    table: CompiledTable
    item: MappedItem
    resource: Resource


def project(
    record: Mapping[str, Any], resolver: ReferenceResolver, composition: Resource
) -> list[ProjectedResource]:
    """Return every typed resource of a record, and write what tables add to its Composition.

    A resource of which only constants and references could be said is not made,
    unless others refer to it (``main`` and ``always``).
    """
    made: list[ProjectedResource] = []
    for compiled in compiled_tables(str(record["recordType"])):
        table, keys = compiled.table, compiled.rows.keys
        # Made of an item with nothing to say as well: the document's Composition is there anyway.
        empty = table.main or table.always or table.type == "Composition"
        for item in resolver.items(compiled.items):
            if keys is not None and not empty and keys.isdisjoint(item.value):
                continue
            if table.type == "Composition":
                compiled.rows.write_constants(composition)
                _fill(compiled.rows, item.value, ProjectionContext(item, resolver), composition)
                continue
            for number, child in enumerate(_children(compiled, item, resolver)):
                resource: Resource = orjson.loads(compiled.template)
                context = ProjectionContext(item, resolver, child)
                filled = _fill(compiled.rows, item.value, context, resource)
                if not (filled or (filled is False and empty)):
                    continue
                if not compiled.onto:
                    # The first has the id without a child: references to the item lead to it.
                    resource["id"] = resolver.id_of(table.key, item, child if number else "")
                made.append(ProjectedResource(compiled, item, resource))
    return _with_extensions(made, resolver)


def _with_extensions(
    made: list[ProjectedResource], resolver: ReferenceResolver
) -> list[ProjectedResource]:
    """Let what only says more of another resource become its extension."""
    whole = [projected for projected in made if not projected.table.onto]
    by_url = {f"urn:uuid:{projected.resource['id']}": projected.resource for projected in whole}
    for projected in made:
        onto = projected.table.onto
        if onto:
            lists = ("children", "people", "organisations")
            url = resolver.url(lists, projected.item.value.get(onto, ""))
            if url in by_url:
                by_url[url].setdefault("extension", []).append(projected.resource)
    return whole


def _children(table: CompiledTable, item: MappedItem, resolver: ReferenceResolver) -> list[str]:
    if not table.table.per:
        return [""]
    named = item.value.get(table.table.per)
    if named is None or not table.items:  # the record's own children are all of them
        return resolver.children or [""]
    # A child who is named twice gets one resource all the same.
    urls = dict.fromkeys(resolver.url(("children",), child) for child in named)
    return [url for url in urls if url] or [""]


def _fill(
    rows: CompiledRows, value: Any, at: ProjectionContext, target: dict[str, Any]
) -> bool | None:
    """Write what the rows say. True if anything of the value was; None if what must be is not."""
    made = False
    contradicting = _contradicting(rows, value, at) if rows.in_order else ()
    for number, row in enumerate(rows.fields):
        if (row.key and row.key not in value) or number in contradicting:
            theirs = None
        else:
            theirs = _theirs(row, value, at)
        if theirs is not None:
            put(target, row.theirs, theirs)
            made = made or not row.variable
        elif row.required:
            return None
    for listed in rows.lists:
        if not listed.ours or listed.ours[0] in value:
            made = _fill_list(listed, value, at, target) or made
    return made


def _theirs(row: CompiledElement, value: Any, at: ProjectionContext) -> Any:
    if row.variable:
        return VARIABLES[row.variable](at)
    if row.up:
        value = at.item.around[row.up - 1]
    for step in row.ours:
        value = value.get(step)
        if value is None:
            return None
    return row.converter.to_target(value, at.resolver)


def _contradicting(rows: CompiledRows, value: Any, at: ProjectionContext) -> set[int]:
    """Return the dates that are the wrong way round: one is wrong, and nobody knows which."""
    return {
        number
        for first, last in rows.in_order
        if is_later(_theirs(rows.fields[first], value, at), _theirs(rows.fields[last], value, at))
        for number in (first, last)
    }


def _fill_list(
    row: CompiledList, value: Any, at: ProjectionContext, target: dict[str, Any]
) -> bool:
    for step in row.ours:
        value = value.get(step)
        if value is None:
            return False
    entries = [entry for member in value if (entry := _entry(row, member, at)) is not None]
    if not entries:
        return False
    if row.holder:
        held = get(target, row.holder)
        if held is None:
            put(target, row.holder, {})
            held = get(target, row.holder)
        target = held
    target.setdefault(row.element, []).extend(entries)
    return True


def _entry(row: CompiledList, value: Any, at: ProjectionContext) -> Any:
    """Return an entry of a list, or None if nothing can be said in it."""
    if row.is_plain:
        theirs = row.rows.fields[0].converter.to_target(value, at.resolver)
        if theirs is None or not row.entry.facts:
            return theirs
        return {**orjson.loads(row.template), **theirs}
    entry: dict[str, Any] = orjson.loads(row.template)
    return entry if _fill(row.rows, value, at, entry) else None
