"""CodeSystems, ValueSets, ConceptMaps and NamingSystems: everything that has codes of our own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

from eh_interop.core.errors import StandardError
from eh_interop.formats._shared.code_maps import CodePair
from eh_interop.formats.fhir.guide.about import Resource, about, computer_name, definition
from eh_interop.formats.fhir.guide.code_inputs import (
    ConceptMapInput,
    IdentifierSystem,
    OwnConcept,
    OwnSystem,
)
from eh_interop.formats.fhir.guide.inputs import GuideInputs
from eh_interop.formats.fhir.names import code_system, concept_map, value_set
from eh_interop.standard.schemas import BASE, CURRENT, Code, load_standard

_SOURCE = "source"


def make_code_systems(inputs: GuideInputs) -> Iterator[Resource]:
    """Yield a CodeSystem for each code list, then for each other system of our own."""
    standard = load_standard()
    lists = standard.schemas[f"{BASE}{CURRENT}/types/codes.schema.json"]["$defs"]
    for name in standard.codelists:
        yield _code_system(name, lists[name]["title"], standard.codes(name))
    yield from (_own_system(system) for system in inputs.systems)


def _code_system(name: str, title: str, codes: tuple[Code, ...]) -> Resource:
    head = definition(
        "CodeSystem",
        code_system(name),
        title=title,
        description=f"Code list {name} of the Early Help data standard: {title.lower()}.",
    )
    return {
        **head,
        "caseSensitive": True,
        "valueSet": value_set(name),
        "content": "complete",
        "count": len(codes),
        "property": [
            {"code": _SOURCE, "description": "Where the code comes from.", "type": "string"}
        ],
        "concept": [_concept(code) for code in codes],
    }


def _concept(code: Code) -> dict[str, Any]:
    concept: dict[str, Any] = {"code": code.code, "display": code.title}
    if code.description:
        concept["definition"] = code.description
    return {**concept, "property": [{"code": _SOURCE, "valueString": code.source}]}


def _own_system(system: OwnSystem) -> Resource:
    head = definition(
        "CodeSystem",
        code_system(system.name),
        title=system.title,
        description=system.description,
    )
    return {
        **head,
        "caseSensitive": True,
        "valueSet": value_set(system.name),
        "content": "complete" if system.complete else "fragment",
        "count": len(system.concepts),
        "concept": [_own_concept(concept) for concept in system.concepts],
    }


def _own_concept(concept: OwnConcept) -> dict[str, Any]:
    said: dict[str, Any] = {"code": concept.code, "display": concept.title}
    if concept.description:
        said["definition"] = concept.description
    if concept.others:
        said["designation"] = [{"value": other} for other in concept.others]
    return said


def make_value_sets(inputs: GuideInputs) -> Iterator[Resource]:
    """Yield a ValueSet for each code list, then for each other system of our own."""
    standard = load_standard()
    lists = standard.schemas[f"{BASE}{CURRENT}/types/codes.schema.json"]["$defs"]
    for name in standard.codelists:
        title = lists[name]["title"]
        yield _value_set(name, title, f"Every code of the code list {name}: {title.lower()}.")
    for system in inputs.systems:
        yield _value_set(system.name, system.title, system.description)


def _value_set(name: str, title: str, description: str) -> Resource:
    head = definition("ValueSet", value_set(name), title=title, description=description)
    return {**head, "compose": {"include": [{"system": code_system(name)}]}}


_EQUIVALENCE: Final = {
    "equivalent": "equivalent",
    "source-is-narrower-than-target": "wider",
    "source-is-broader-than-target": "narrower",
    "related-to": "relatedto",
    "not-related-to": "disjoint",
}
"""R4 says what the other code is, R5 what ours is. Words of R4 are taken as they are."""

_R4: Final = frozenset(
    {"relatedto", "equivalent", "equal", "wider", "subsumes", "narrower", "specializes"}
    | {"inexact", "unmatched", "disjoint"}
)
_NEEDS_COMMENT: Final = {
    "narrower": "Their code means less than ours.",
    "inexact": "Their code means nearly the same as ours.",
}
_NONE: Final = "unmatched"


def make_concept_maps(inputs: GuideInputs) -> Iterator[Resource]:
    """Yield a ConceptMap for each code map.

    Raises:
        StandardError: a map uses a relationship or a code that there is not.
    """
    yield from (_concept_map(code_map) for code_map in inputs.code_maps)


def _concept_map(code_map: ConceptMapInput) -> Resource:
    titles = {code.code: code.title for code in load_standard().codes(code_map.code_list)}
    unknown = sorted({row.ours for row in code_map.pairs} - titles.keys())
    if unknown:
        raise StandardError(
            f"The code map {code_map.name} has codes that {code_map.code_list} has not: "
            f"{', '.join(unknown)}."
        )
    head = definition(
        "ConceptMap",
        concept_map(code_map.name),
        title=code_map.title or f"Codes of {code_map.code_list} in other systems",
        description=f"How the codes of {code_map.code_list} are said in other code systems.",
    )
    source = {"sourceUri": value_set(code_map.code_list)}
    return {**head, **source, "group": list(_groups(code_map, titles))}


def _groups(code_map: ConceptMapInput, titles: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Yield a group for each system, and one without a system for what has no code elsewhere."""
    rows = sorted(code_map.pairs, key=lambda row: row.system)
    for system, of_system in groupby(rows, key=lambda row: row.system):
        by_code: dict[str, list[CodePair]] = {}
        for row in of_system:
            by_code.setdefault(row.ours, []).append(row)
        yield {
            "source": code_system(code_map.code_list),
            **({"target": system} if system else {}),
            "element": [
                {"code": code, "display": titles[code], "target": _targets(code_map.name, same)}
                for code, same in by_code.items()
            ],
        }


def _targets(name: str, rows: list[CodePair]) -> list[dict[str, str]]:
    """Say what stands for one code of ours, what is preferred first."""
    return [_target(name, row) for row in sorted(rows, key=lambda row: not row.leads_to_target)]


def _target(name: str, row: CodePair) -> dict[str, str]:
    equivalence = _EQUIVALENCE.get(row.relationship, row.relationship) or _NONE
    if equivalence not in _R4:
        raise StandardError(f"The code map {name} uses a relationship that there is not.")
    said = {
        "code": row.theirs,
        "display": row.display if row.theirs else "",
        "equivalence": equivalence,
        "comment": row.comment or _NEEDS_COMMENT.get(equivalence, ""),
    }
    return {key: value for key, value in said.items() if value}


_LOCAL = "Unique only together with who gave the number: say who in the identifier's assigner."
_ANYWHERE = "Unique without saying who gave the number."


def make_naming_systems(inputs: GuideInputs) -> Iterator[Resource]:
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
