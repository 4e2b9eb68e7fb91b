"""The inputs of the FHIR package: extensions, profiles, examples, code maps and systems.

This module alone knows where the inputs come from. Whoever has them from elsewhere gives
:class:`GuideInputs` with other values; nothing else needs to change.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
import orjson

from eh_interop.core.errors import StandardError
from eh_interop.core.resources import folder
from eh_interop.formats._shared.code_maps import CodeMap, code_map_names, load_code_map
from eh_interop.formats.fhir.bundle import to_bundle
from eh_interop.formats.fhir.guide.about import GuideEntry, entries, rows
from eh_interop.standard.fields import fields_of
from eh_interop.standard.schemas import BASE, load_standard

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
        contexts: the elements that may carry it, such as ``RelatedPerson``.
        types: FHIR types of its value; empty if it has parts.
        value_set: code list or canonical URL of the codes of its value.
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
    extensions: dict[str, OwnExtension] = {}
    for row in rows(path):
        name, _, part = row["name"].partition(".")
        if part and name not in extensions:
            raise StandardError(f"{path.name}: {row['name']} stands before its extension.")
        if part:
            whole = extensions[name]
            extensions[name] = msgspec.structs.replace(whole, part=(*whole.part, _part(part, row)))
        else:
            extensions[name] = OwnExtension(
                name=name,
                title=row["title"],
                description=row["description"],
                contexts=tuple(row["contexts"].split()),
                types=() if row["types"] == _COMPLEX else tuple(row["types"].split()),
                value_set=row.get("value-set", ""),
            )
    return tuple(extensions.values())


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
    code_maps: tuple[CodeMap, ...] = ()
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


_INDEX: Final = "maps"


def load_concept_maps() -> tuple[CodeMap, ...]:
    """Read every code map.

    Raises:
        MappingError: a code map is broken.
        StandardError: nothing says which code list a map is from.
    """
    index = {row["name"] for row in rows(folder("mappings") / "codes" / f"{_INDEX}.csv")}
    unknown = sorted(index - {*code_map_names()})
    if unknown:
        raise StandardError(f"{_INDEX}.csv lists maps that there are not: {', '.join(unknown)}.")
    code_maps = tuple(map(load_code_map, code_map_names()))
    for code_map in code_maps:
        if code_map.code_list not in load_standard().codelists:
            raise StandardError(
                f"Say in {_INDEX}.csv from which code list the map {code_map.name} is: "
                f"there is no list {code_map.code_list}."
            )
    return code_maps


@dataclass(frozen=True, slots=True)
class IdentifierSystem:
    """A system of identifiers.

    Attributes:
        type: code of the list ``identifier-type``; empty if the record has another place for it.
        title: what people call it; empty if it is registered by somebody else.
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


def _whole_url(system: str) -> str:
    return system if ":" in system else f"{BASE}{system}"


def load_identifiers() -> tuple[IdentifierSystem, ...]:
    """Read every system of identifiers, of our own and of others.

    Raises:
        StandardError: the file is missing or broken.
    """
    return tuple(
        IdentifierSystem(
            **{**row, "system": _whole_url(row["system"]), "local": row["local"] == "yes"}
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
            concepts=tuple(_concepts(row["codes"])),
            complete=row["codes"] != _OPEN,
            **{name: row[name] for name in ("name", "title", "description")},
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
        for known in fields_of(record_type).walk():
            named.setdefault(known.link, {})[known.title] = None
    for link, titles in named.items():
        first, *others = titles
        yield OwnConcept(link, first, others=tuple(others))


def _areas() -> Iterator[OwnConcept]:
    for path in sorted((folder("schemas") / "areas").glob("*.toml")):
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
        yield OwnConcept(settings["area"], settings["title"])


_MADE: Final[Mapping[str, Callable[[], Iterator[OwnConcept]]]] = {
    "fields": _fields,
    "areas": _areas,
}
_OPEN: Final = "areas"
"""Anybody may have an area of their own."""
