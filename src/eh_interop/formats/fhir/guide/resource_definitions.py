"""Definitions of our own: code systems, value sets, maps, identifiers, extensions and profiles."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

from eh_interop.core.errors import StandardError
from eh_interop.formats._shared.code_maps import CodeMap, CodePair
from eh_interop.formats.fhir.guide.about import (
    HL7,
    Resource,
    about,
    binding,
    computer_name,
    definition,
    structure_definition,
    types,
)
from eh_interop.formats.fhir.guide.inputs import (
    ExtensionPart,
    GuideInputs,
    IdentifierSystem,
    OwnConcept,
    OwnExtension,
    OwnProfile,
    OwnSystem,
    ProfileElement,
)
from eh_interop.formats.fhir.names import code_system, concept_map, structure, value_set
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
    entry: dict[str, Any] = {"code": concept.code, "display": concept.title}
    if concept.description:
        entry["definition"] = concept.description
    if concept.others:
        entry["designation"] = [{"value": other} for other in concept.others]
    return entry


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


def _concept_map(code_map: CodeMap) -> Resource:
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


def _groups(code_map: CodeMap, titles: dict[str, str]) -> Iterator[dict[str, Any]]:
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
    facts = {
        "code": row.theirs,
        "display": row.display if row.theirs else "",
        "equivalence": equivalence,
        "comment": row.comment or _NEEDS_COMMENT.get(equivalence, ""),
    }
    return {key: value for key, value in facts.items() if value}


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


Elements = Iterator[dict[str, Any]]


def make_extensions(inputs: GuideInputs) -> Iterator[Resource]:
    """Yield a StructureDefinition for each extension."""
    yield from (_extension(extension) for extension in inputs.extensions)


def _extension(extension: OwnExtension) -> Resource:
    head = structure_definition(
        extension.name,
        title=extension.title,
        description=extension.description,
        kind="complex-type",
        abstract=False,
        context=[{"type": "element", "expression": context} for context in extension.contexts],
        type="Extension",
        baseDefinition=f"{HL7}Extension",
        derivation="constraint",
    )
    return {**head, "differential": {"element": list(_elements(extension))}}


def _elements(extension: OwnExtension) -> Elements:
    yield {
        "id": "Extension",
        "path": "Extension",
        "short": extension.title,
        "definition": extension.description,
    }
    if extension.part:
        yield from _parts(extension.part)
    else:
        yield _at("Extension", "extension", max="0")
    yield _at("Extension", "url", fixedUri=structure(extension.name))
    yield _value("Extension", extension.types, extension.value_set)


def _parts(parts: tuple[ExtensionPart, ...]) -> Elements:
    slicing = {"discriminator": [{"type": "value", "path": "url"}], "rules": "closed"}
    required = sum(part.required for part in parts)
    yield _at("Extension", "extension", slicing=slicing, min=required)
    for part in parts:
        key = f"Extension.extension:{part.name}"
        yield {
            "id": key,
            "path": "Extension.extension",
            "sliceName": part.name,
            "short": part.title,
            "definition": part.title,
            "min": int(part.required),
            "max": "*" if part.repeats else "1",
        }
        yield _at(key, "extension", max="0")
        yield _at(key, "url", fixedUri=part.name)
        yield _value(key, part.types, part.value_set)


def _value(above: str, codes: tuple[str, ...], value_set: str) -> dict[str, Any]:
    if not codes:
        return _at(above, "value[x]", max="0")
    bound = binding(value_set) if value_set else {}
    return _at(above, "value[x]", min=1, type=types(codes), **bound)


def _at(above: str, name: str, **facts: Any) -> dict[str, Any]:
    path = "Extension.extension" if ":" in above else above
    return {"id": f"{above}.{name}", "path": f"{path}.{name}", **facts}


def make_profiles(inputs: GuideInputs) -> Iterator[Resource]:
    """Yield a StructureDefinition for each profile."""
    yield from (_profile(profile) for profile in inputs.profiles)


def _profile(profile: OwnProfile) -> Resource:
    head = structure_definition(
        profile.name,
        title=profile.title,
        description=profile.description,
        kind="resource",
        abstract=False,
        type=profile.type,
        baseDefinition=profile.base,
        derivation="constraint",
    )
    first = {"id": profile.type, "path": profile.type, "short": profile.title}
    return {
        **head,
        "differential": {"element": [first, *(_element(element) for element in profile.element)]},
    }


def _element(element: ProfileElement) -> dict[str, Any]:
    key = f"{element.path}:{element.slice}" if element.slice else element.path
    facts = {
        "id": key,
        "path": element.path,
        "slicing": element.slicing,
        "sliceName": element.slice,
        "short": element.short,
        "max": element.max,
        "type": [_type(code, element) for code in element.types],
        **_values("fixed", element.fixed),
        **_values("pattern", element.pattern),
        **(binding(element.value_set, element.strength) if element.value_set else {}),
    }
    least = {} if element.min is None else {"min": element.min}
    return {name: value for name, value in facts.items() if value} | least


def _type(code: str, element: ProfileElement) -> dict[str, Any]:
    facts = {
        "code": code,
        "profile": list(element.profiles),
        "targetProfile": list(element.targets),
    }
    return {name: value for name, value in facts.items() if value}


def _values(how: str, by_type: dict[str, Any]) -> dict[str, Any]:
    return {f"{how}{kind[0].upper()}{kind[1:]}": value for kind, value in by_type.items()}
