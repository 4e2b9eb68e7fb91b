"""Paths into FHIR resources, as the mapping tables write them: ``name[official].given[0]``.

A step names an element. In brackets stands which entry of a list is meant:

``[*]``
    each entry in turn, paired with a ``*`` of our own path.
``[official]``
    the one entry with the facts of that slice, which ``slices.toml`` states for the
    element. An extension needs none: its slice is its name.
``[official*]``
    each entry with the facts of that slice.
``[=]`` and ``[=*]``
    the entry, or entries, whose code says which field of ours is meant.
``[0]``
    the entry at that position.
"""
# DOC rules: What the tables become for one record type: rules that are quick to follow.

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import orjson

from eh_interop.core.errors import MappingError
from eh_interop.formats.fhir.tables import ResourceTable
from eh_interop.formats.fhir.values import Pair

_STEP: Final = re.compile(r"([A-Za-z]+)(?:\[([^\]]+)\])?")

Facts = Mapping[str, Any]
"""What an entry of a slice always says."""


@dataclass(frozen=True)
class Entry:
    """Which entry of a list a step means.

    Attributes:
        many: each such entry in turn.
        index: the position; None if the facts tell.
        facts: what the entry says; empty if every entry is meant.
        alone: nothing else writes the entry, so it need not be looked for.
    """

    many: bool = False
    index: int | None = None
    facts: Facts = field(default_factory=dict)
    alone: bool = False

    @cached_property
    def template(self) -> bytes:
        """The facts as JSON: reading it is the quickest copy."""
        return orjson.dumps(self.facts)

    def find(self, entries: list[Any]) -> Any:
        """Return the one entry that is meant; None if there is none."""
        if self.index is not None:
            return entries[self.index] if self.index < len(entries) else None
        return next((entry for entry in entries if says(entry, self.facts)), None)


@dataclass(frozen=True)
class Step:
    """One step of a path: an element, and an entry of it if it is a list."""

    element: str
    entry: Entry | None = None


Path = tuple[Step, ...]


def says(value: Any, facts: Any) -> bool:
    """Tell whether a value says all of the facts, and maybe more."""
    if isinstance(facts, Mapping):
        return isinstance(value, Mapping) and all(
            key in value and says(value[key], fact) for key, fact in facts.items()
        )
    if isinstance(facts, list):
        return isinstance(value, list) and all(
            any(says(each, fact) for each in value) for fact in facts
        )
    return bool(value == facts)


def pieces(text: str) -> list[tuple[str, str]]:
    """Split a path into elements, each with what stands in its brackets.

    Raises:
        MappingError: it is not written as a path.
    """
    found = []
    for piece in text.split("."):
        match = _STEP.fullmatch(piece)
        if match is None:
            raise MappingError(f"{text} is not a path into a FHIR resource.")
        found.append((match[1], match[2] or ""))
    return found


def put(target: dict[str, Any], path: Path, value: Any) -> None:
    """Write a value at a path without repeated entries; what is on the way is made.

    An object is copied, since the next value may be written into it: concepts are made
    once and kept, and one record's words must never get into another's.
    """
    if not path:  # the value is (a part of) the entry itself
        target.update(value)
        return
    value = dict(value) if isinstance(value, dict) else value
    for step in path[:-1]:
        target = _inside(target, step)
    last = path[-1]
    if last.entry is None:
        target[last.element] = value
    elif last.entry.index is not None and last.entry.index < len(target.get(last.element, ())):
        target[last.element][last.entry.index] = value
    elif last.entry.facts and isinstance(value, dict):
        _inside(target, last).update(value)
    else:
        target.setdefault(last.element, []).append(value)


def _inside(target: dict[str, Any], step: Step) -> dict[str, Any]:
    if step.entry is None:
        inside: dict[str, Any] = target.setdefault(step.element, {})
        return inside
    entry = step.entry
    entries: list[dict[str, Any]] = target.setdefault(step.element, [])
    found: dict[str, Any] | None = entry.find(entries) if entries and not entry.alone else None
    if found is None:
        found = orjson.loads(entry.template)
        entries.append(found)
    return found


def get(source: Any, path: Path) -> Any:
    """Return what stands at a path without repeated entries; None if nothing does."""
    for step in path:
        if not isinstance(source, Mapping):
            return None
        source = source.get(step.element)
        if step.entry is not None:
            source = step.entry.find(source) if isinstance(source, list) else None
    return source


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One value: where it is in the item, where in the resource, and how it changes.

    ``up`` counts how many items around this one the path begins in; ``word`` is a
    word of the vocabulary (``@subject``), which needs no path. ``key`` is the field of
    the item without which there is nothing to say; empty if it looks elsewhere.
    """

    ours: tuple[str, ...]
    theirs: Path
    pair: Pair
    required: bool
    up: int = 0
    word: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class ListRule:
    """The entries of a list of ours, each an entry of a list of theirs.

    ``each`` holds what is taken from an entry; for a list of plain values
    (``is_plain``) it is one rule whose paths are empty. ``template`` is what an
    entry begins with.
    """

    ours: tuple[str, ...]
    holder: Path
    element: str
    entry: Entry
    each: Rules
    template: bytes
    is_plain: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """What to do with one item.

    Attributes:
        constants: what is always said.
        fields: what is taken from the item.
        lists: the same for each entry of a list.
        keys: the fields of the item that it looks at; None if it looks elsewhere too, so that
            something may be said of an item with none of them.
        in_order: numbers of two fields of which FHIR wants the first not to be later.
    """

    constants: tuple[tuple[Path, Any], ...]
    fields: tuple[FieldRule, ...]
    lists: tuple[ListRule, ...]
    keys: frozenset[str] | None = None
    in_order: tuple[tuple[int, int], ...] = ()

    def stated(self, start: dict[str, Any]) -> dict[str, Any]:
        """Write the constants into what a resource or an entry begins with."""
        for path, value in self.constants:
            put(start, path, deepcopy(value))
        return start


@dataclass(frozen=True, slots=True)
class Ready:
    """A table, ready for one record type.

    ``each`` is its path, ``signs`` identify its kind, ``onto`` is the field that names
    the resource of which it becomes an extension.
    """

    table: ResourceTable
    each: tuple[str, ...]
    rules: Rules
    signs: tuple[tuple[Path, Any], ...]
    template: bytes
    onto: str = ""
