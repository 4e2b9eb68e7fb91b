"""The inputs of the FHIR package: extensions, profiles and examples.

This module and :mod:`.code_inputs` alone know where the inputs come from. Whoever has them from
elsewhere gives
:class:`GuideInputs` with other values; nothing else needs to change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
import orjson

from eh_interop.core.errors import StandardError
from eh_interop.core.resources import folder
from eh_interop.formats.fhir.bundle import to_bundle
from eh_interop.formats.fhir.guide.about import GuideEntry, entries, rows
from eh_interop.formats.fhir.guide.code_inputs import (
    ConceptMapInput,
    IdentifierSystem,
    OwnSystem,
    load_concept_maps,
    load_identifiers,
    load_own_systems,
)

_COMPLEX = "(complex)"


class ExtensionPart(GuideEntry, frozen=True, kw_only=True):
    """One part of a complex extension. Its ``name`` is the part's ``url``."""

    name: str
    title: str
    types: tuple[str, ...]
    value_set: str = ""
    required: bool = False
    repeats: bool = False


class OwnExtension(GuideEntry, frozen=True, kw_only=True):
    """An extension of our own.

    Attributes:
        name: the last part of its canonical URL.
        title: what people call it.
        description: what it means.
        contexts: the elements that may carry it, such as ``RelatedPerson``.
        types: FHIR types of its value; empty if it has parts.
        value_set: code list or canonical URL of the codes of its value.
        part: what it consists of, if it is complex.
    """

    name: str
    title: str
    description: str
    contexts: tuple[str, ...]
    types: tuple[str, ...] = ()
    value_set: str = ""
    part: tuple[ExtensionPart, ...] = ()


def load_extensions() -> tuple[OwnExtension, ...]:
    """Read every extension with its parts; a part stands after its extension: ``name.part``.

    Raises:
        StandardError: the file is missing or broken.
    """
    path = folder("mappings") / "fhir-r4" / "extensions.csv"
    found: dict[str, tuple[Mapping[str, str], list[ExtensionPart]]] = {}
    for row in rows(path):
        name, _, part = row["name"].partition(".")
        if part and name not in found:
            raise StandardError(f"{path.name}: {row['name']} stands before its extension.")
        if part:
            found[name][1].append(_part(part, row))
        else:
            found[name] = (row, [])
    return tuple(_extension(row, parts) for row, parts in found.values())


def _part(name: str, row: Mapping[str, str]) -> ExtensionPart:
    least, _, most = (row.get("cardinality") or "0..1").partition("..")
    return ExtensionPart(
        name=name,
        title=row["title"],
        types=tuple(row["types"].split()),
        value_set=row.get("value-set", ""),
        required=least != "0",
        repeats=most == "*",
    )


def _extension(row: Mapping[str, str], parts: Iterable[ExtensionPart]) -> OwnExtension:
    return OwnExtension(
        name=row["name"],
        title=row["title"],
        description=row["description"],
        contexts=tuple(row["contexts"].split()),
        types=() if row["types"] == _COMPLEX else tuple(row["types"].split()),
        value_set=row.get("value-set", ""),
        part=tuple(parts),
    )


_BROKEN: Final = "invalid"
"""The folder of examples that are wrong on purpose."""

Example = tuple[str, dict[str, Any]]
"""The name of an example record and its Bundle."""


def load_examples() -> Iterator[Example]:
    """Yield each example that is in order, named after its folder and file.

    Raises:
        MappingError: a mapping table is broken.
        StandardError: an example is of a type that there is not.
    """
    for path in sorted(folder("examples").glob("*/*.json")):
        if path.parent.name == _BROKEN:
            continue
        document = orjson.loads(path.read_bytes())
        if "recordType" in document:  # and not FHIR of somebody else's
            yield f"{path.parent.name}/{path.stem}", to_bundle(document)


class ProfileElement(GuideEntry, frozen=True, kw_only=True):
    """What a profile says of one element; see ``mappings/fhir-guide/profiles.toml``."""

    path: str
    short: str = ""
    min: int | None = None
    max: str = ""
    types: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    fixed: dict[str, Any] = msgspec.field(default_factory=dict)
    pattern: dict[str, Any] = msgspec.field(default_factory=dict)
    value_set: str = ""
    strength: str = "required"
    slice: str = ""
    slicing: dict[str, Any] = msgspec.field(default_factory=dict)


class OwnProfile(GuideEntry, frozen=True, kw_only=True):
    """A profile of our own: what it narrows, and in which elements."""

    name: str
    title: str
    description: str
    type: str
    base: str
    element: tuple[ProfileElement, ...]


@dataclass(frozen=True, slots=True)
class GuideInputs:
    """Everything that the package is made from, beside the standard."""

    extensions: tuple[OwnExtension, ...] = ()
    profiles: tuple[OwnProfile, ...] = ()
    identifiers: tuple[IdentifierSystem, ...] = ()
    code_maps: tuple[ConceptMapInput, ...] = ()
    systems: tuple[OwnSystem, ...] = ()
    examples: Iterable[Example] = field(default=())


def load_inputs() -> GuideInputs:
    """Read the inputs from ``mappings/``, and the examples.

    Raises:
        StandardError: a file is missing or broken.
    """
    root = folder("mappings")
    return GuideInputs(
        extensions=load_extensions(),
        profiles=entries(root / "fhir-guide" / "profiles.toml", "profile", OwnProfile),
        identifiers=load_identifiers(),
        code_maps=load_concept_maps(),
        systems=load_own_systems(),
        examples=tuple(load_examples()),
    )
