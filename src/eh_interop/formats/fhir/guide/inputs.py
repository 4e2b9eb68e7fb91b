"""What the package is made from, beside the standard itself.

This is the one place that knows where extensions, profiles, code maps, identifier
systems and examples come from. Whoever has them from elsewhere gives :class:`Inputs`
with other values; nothing else needs to change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from eh_interop.core.resources import folder
from eh_interop.formats.fhir.guide.code_maps import CodeMap, CodeRow, load_code_maps
from eh_interop.formats.fhir.guide.examples import Example, load_examples
from eh_interop.formats.fhir.guide.extensions import Extension, Part, load_extensions
from eh_interop.formats.fhir.guide.identifiers import IdentifierSystem, load_identifiers
from eh_interop.formats.fhir.guide.own_systems import Concept, OwnSystem, load_own_systems
from eh_interop.formats.fhir.guide.reading import Entry, entries


class Element(Entry, frozen=True, kw_only=True):
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


class Profile(Entry, frozen=True, kw_only=True):
    """A profile of our own: what it narrows, and in which elements."""

    name: str
    title: str
    description: str
    type: str
    base: str
    element: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that the package is made from, beside the standard."""

    extensions: tuple[Extension, ...] = ()
    profiles: tuple[Profile, ...] = ()
    identifiers: tuple[IdentifierSystem, ...] = ()
    code_maps: tuple[CodeMap, ...] = ()
    systems: tuple[OwnSystem, ...] = ()
    examples: Iterable[Example] = field(default=())


def load_inputs() -> Inputs:
    """Read the inputs from ``mappings/``, and the examples.

    Raises:
        StandardError: a file is missing or broken.
    """
    root = folder("mappings")
    return Inputs(
        extensions=load_extensions(),
        profiles=entries(root / "fhir-guide" / "profiles.toml", "profile", Profile),
        identifiers=load_identifiers(),
        code_maps=load_code_maps(),
        systems=load_own_systems(),
        examples=tuple(load_examples()),
    )


__all__ = [
    "CodeMap",
    "CodeRow",
    "Concept",
    "Element",
    "Example",
    "Extension",
    "IdentifierSystem",
    "Inputs",
    "OwnSystem",
    "Part",
    "Profile",
    "load_identifiers",
    "load_inputs",
]
