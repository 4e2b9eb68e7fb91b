"""What the package is made from, beside the standard itself.

This is the one place that knows where extensions, profiles, code maps, identifier
systems and examples come from. Whoever has them from elsewhere gives :class:`Inputs`
with other values; nothing else needs to change.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from eh_interop.errors import StandardError
from eh_interop.fhir.guide.about import Resource
from eh_interop.resources import folder
from eh_interop.standard import BASE, load_standard


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """An entry of a TOML file; a name that is not known is refused."""


class Part(_Entry, frozen=True, kw_only=True):
    """One part of a complex extension. Its ``name`` is the part's ``url``."""

    name: str
    title: str
    types: tuple[str, ...]
    value_set: str = ""
    required: bool = False
    repeats: bool = False


class Extension(_Entry, frozen=True, kw_only=True):
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
    part: tuple[Part, ...] = ()


class Element(_Entry, frozen=True, kw_only=True):
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


class Profile(_Entry, frozen=True, kw_only=True):
    """A profile of our own: what it narrows, and in which elements."""

    name: str
    title: str
    description: str
    type: str
    base: str
    element: tuple[Element, ...]


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


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One pair of a code map.

    ``theirs`` is empty if there is no such code there. ``preferred`` is the row that is used
    on the way from our code to theirs.
    """

    ours: str
    theirs: str
    system: str
    display: str
    relationship: str
    preferred: bool
    comment: str


@dataclass(frozen=True, slots=True)
class CodeMap:
    """How the codes of one of our lists are said in other code systems."""

    name: str
    code_list: str
    rows: tuple[CodeRow, ...]


Example = tuple[str, Resource]
"""The name of an example record and its Bundle."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that the package is made from, beside the standard."""

    extensions: tuple[Extension, ...] = ()
    profiles: tuple[Profile, ...] = ()
    identifiers: tuple[IdentifierSystem, ...] = ()
    code_maps: tuple[CodeMap, ...] = ()
    examples: Iterable[Example] = field(default=())


def load_inputs(examples: Iterable[Example] = ()) -> Inputs:
    """Read the inputs from ``mappings/``.

    Raises:
        StandardError: a file is missing or broken.
    """
    root = folder("mappings")
    return Inputs(
        extensions=_entries(root / "fhir-guide" / "extensions.toml", "extension", Extension),
        profiles=_entries(root / "fhir-guide" / "profiles.toml", "profile", Profile),
        identifiers=load_identifiers(),
        code_maps=tuple(_code_map(path) for path in sorted(root.glob("codes/*.csv"))),
        examples=examples,
    )


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
        for row in _rows(folder("mappings") / "fhir-guide" / "identifiers.csv")
    )


_T = TypeVar("_T")


def _entries(path: Path, key: str, kind: type[_T]) -> tuple[_T, ...]:
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get(key, [])
        return tuple(msgspec.convert(each, kind) for each in entries)
    except (OSError, ValueError) as problem:
        raise StandardError(f"The file {path.name} cannot be used: {problem}") from None


def _code_map(path: Path) -> CodeMap:
    """Read a code map. Its file has the name of the code list, or begins so: ``sex-ukcore.csv``."""
    lists = [name for name in load_standard().codelists if f"{path.stem}-".startswith(f"{name}-")]
    if not lists:
        raise StandardError(f"The code map {path.name} does not begin with a code list's name.")
    try:
        rows = tuple(
            CodeRow(
                ours=row["ours"],
                theirs=row["theirs"],
                system=row["system"],
                display=row["display"],
                relationship=row["relationship"],
                preferred=row["preferred"] in {"both", "there"},
                comment=row["comment"],
            )
            for row in _rows(path)
        )
    except KeyError as problem:
        raise StandardError(f"The code map {path.name} has no column {problem}.") from None
    return CodeMap(path.stem, max(lists, key=len), rows)


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except OSError:
        raise StandardError(f"The file {path.name} cannot be read.") from None
