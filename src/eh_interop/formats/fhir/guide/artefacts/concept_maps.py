"""Code maps as ConceptMaps: how our codes are said in other code systems."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

from eh_interop.core.errors import StandardError
from eh_interop.formats.fhir.guide.about import Resource, definition
from eh_interop.formats.fhir.guide.inputs import CodeMap, CodeRow, Inputs
from eh_interop.formats.fhir.names import code_system, concept_map, value_set
from eh_interop.standard.schemas import load_standard

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


def make(inputs: Inputs) -> Iterator[Resource]:
    """Yield a ConceptMap for each code map.

    Raises:
        StandardError: a map uses a relationship or a code that there is not.
    """
    yield from (_concept_map(code_map) for code_map in inputs.code_maps)


def _concept_map(code_map: CodeMap) -> Resource:
    titles = {code.code: code.title for code in load_standard().codes(code_map.code_list)}
    unknown = sorted({row.ours for row in code_map.rows} - titles.keys())
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
    rows = sorted(code_map.rows, key=lambda row: row.system)
    for system, of_system in groupby(rows, key=lambda row: row.system):
        by_code: dict[str, list[CodeRow]] = {}
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


def _targets(name: str, rows: list[CodeRow]) -> list[dict[str, str]]:
    """Say what stands for one code of ours, what is preferred first."""
    return [_target(name, row) for row in sorted(rows, key=lambda row: not row.preferred)]


def _target(name: str, row: CodeRow) -> dict[str, str]:
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
