"""Code systems of our own that are no code list of the standard.

``mappings/fhir-r4/systems.csv`` lists them, and says where the codes of each are.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from eh_interop.core.resources import folder
from eh_interop.formats.fhir.guide.reading import rows
from eh_interop.standard.fields import fields_of
from eh_interop.standard.schemas import load_standard


@dataclass(frozen=True, slots=True)
class Concept:
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
    concepts: tuple[Concept, ...]
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


def _concepts(source: str) -> Iterator[Concept]:
    """Yield the codes of one place: made from the standard, or a file beside the tables."""
    if source in _MADE:
        yield from _MADE[source]()
        return
    for row in rows(folder("mappings") / "fhir-r4" / source):
        yield Concept(row["code"], row["title"], row["description"])


def _fields() -> Iterator[Concept]:
    """Yield every field by its path. Record types may call one field by several names."""
    named: dict[str, dict[str, None]] = {}
    for record_type in load_standard().record_types:
        for field in fields_of(record_type).walk():
            named.setdefault(field.link, {})[field.title] = None
    for link, titles in named.items():
        first, *others = titles
        yield Concept(link, first, others=tuple(others))


def _areas() -> Iterator[Concept]:
    for path in sorted((folder("schemas") / "areas").glob("*.toml")):
        said = tomllib.loads(path.read_text(encoding="utf-8"))
        yield Concept(said["area"], said["title"])


_MADE: Final[Mapping[str, Callable[[], Iterator[Concept]]]] = {"fields": _fields, "areas": _areas}
_OPEN: Final = "areas"
"""Anybody may have an area of their own."""
