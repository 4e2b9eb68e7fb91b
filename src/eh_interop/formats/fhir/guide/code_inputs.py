"""Codes that the FHIR package publishes: code maps, identifier systems, code systems of our own."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from eh_interop.core.errors import StandardError
from eh_interop.core.resources import folder
from eh_interop.formats._shared.code_maps import CodePair, code_map_names, load_code_map
from eh_interop.formats.fhir.guide.about import rows
from eh_interop.standard.fields import fields_of
from eh_interop.standard.schemas import BASE, load_standard

_INDEX: Final = "maps"


@dataclass(frozen=True, slots=True)
class ConceptMapInput:
    """A code map as it is published: how the codes of one of our lists are said elsewhere."""

    name: str
    code_list: str
    pairs: tuple[CodePair, ...]
    title: str = ""


def load_concept_maps() -> tuple[ConceptMapInput, ...]:
    """Read every code map.

    Raises:
        MappingError: a code map is broken.
        StandardError: nothing says which code list a map is from.
    """
    index = {row["name"] for row in rows(folder("mappings") / "codes" / f"{_INDEX}.csv")}
    unknown = sorted(index - {*code_map_names()})
    if unknown:
        raise StandardError(f"{_INDEX}.csv lists maps that there are not: {', '.join(unknown)}.")
    return tuple(map(_concept_map, code_map_names()))


def _concept_map(name: str) -> ConceptMapInput:
    code_map = load_code_map(name)
    if code_map.code_list not in load_standard().codelists:
        raise StandardError(
            f"Say in {_INDEX}.csv from which code list the map {name} is: "
            f"there is no list {code_map.code_list}."
        )
    return ConceptMapInput(name, code_map.code_list, code_map.pairs, code_map.title)


@dataclass(frozen=True, slots=True)
class IdentifierSystem:
    """A system of identifiers.

    Attributes:
        type: code of the list ``identifier-type``; empty if the record has another place for it.
        system: its URI.
        title: what people call it; empty if it is registered by somebody else.
        description: what it identifies.
        responsible: who gives the numbers out.
        local: a number means something only together with who gave it.
    """

    type: str
    system: str
    title: str
    description: str
    responsible: str
    local: bool

    @property
    def own(self) -> bool:
        """Nobody else has registered one, so that ours is published."""
        return self.system.startswith(BASE)


def load_identifiers() -> tuple[IdentifierSystem, ...]:
    """Read every system of identifiers, of our own and of others.

    Raises:
        StandardError: the file is missing or broken.
    """
    return tuple(
        IdentifierSystem(
            type=row["type"],
            system=row["system"] if ":" in row["system"] else f"{BASE}{row['system']}",
            title=row["title"],
            description=row["description"],
            responsible=row["responsible"],
            local=row["local"] == "yes",
        )
        for row in rows(folder("mappings") / "fhir-guide" / "identifiers.csv")
    )


@dataclass(frozen=True, slots=True)
class OwnConcept:
    """One code. ``others`` are further names that it goes by."""

    code: str
    title: str
    description: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnSystem:
    """A code system of our own that is no code list.

    Attributes:
        name: the last part of its canonical URL.
        title: what people call it.
        description: what it is for.
        concepts: its codes.
        complete: there are no other codes.
    """

    name: str
    title: str
    description: str
    concepts: tuple[OwnConcept, ...]
    complete: bool = True


def load_own_systems() -> tuple[OwnSystem, ...]:
    """Read every code system that is listed.

    Raises:
        StandardError: a file is missing or broken.
    """
    return tuple(
        OwnSystem(
            name=row["name"],
            title=row["title"],
            description=row["description"],
            concepts=tuple(_concepts(row["codes"])),
            complete=row["codes"] != _OPEN,
        )
        for row in rows(folder("mappings") / "fhir-r4" / "systems.csv")
    )


def _concepts(source: str) -> Iterator[OwnConcept]:
    """Yield the codes of one place: made from the standard, or a file beside the tables."""
    if source in _MADE:
        yield from _MADE[source]()
        return
    for row in rows(folder("mappings") / "fhir-r4" / source):
        yield OwnConcept(row["code"], row["title"], row["description"])


def _fields() -> Iterator[OwnConcept]:
    """Yield every field by its path. Record types may call one field by several names."""
    named: dict[str, dict[str, None]] = {}
    for record_type in load_standard().record_types:
        for field in fields_of(record_type).walk():
            named.setdefault(field.link, {})[field.title] = None
    for link, titles in named.items():
        first, *others = titles
        yield OwnConcept(link, first, others=tuple(others))


def _areas() -> Iterator[OwnConcept]:
    for path in sorted((folder("schemas") / "areas").glob("*.toml")):
        said = tomllib.loads(path.read_text(encoding="utf-8"))
        yield OwnConcept(said["area"], said["title"])


_MADE: Final[Mapping[str, Callable[[], Iterator[OwnConcept]]]] = {
    "fields": _fields,
    "areas": _areas,
}
_OPEN: Final = "areas"
"""Anybody may have an area of their own."""
