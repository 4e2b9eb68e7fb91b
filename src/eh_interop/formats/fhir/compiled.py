"""Compiled mapping tables, and the paths into FHIR resources that they follow.

In the tables a path is written as ``name[official].given[0]``. A step names an element. In
brackets stands which entry of a list is meant:

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

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import orjson

from eh_interop.core.errors import MappingError
from eh_interop.core.lenient import items
from eh_interop.core.pointer import Steps
from eh_interop.formats._shared.converters import Converter
from eh_interop.formats.fhir.tables import ResourceTable

_STEP: Final = re.compile(r"([A-Za-z]+)(?:\[([^\]]+)\])?")

_WORDING: Final = frozenset({"display", "title"})

Facts = Mapping[str, Any]
"""What an entry of a slice always says."""


@dataclass(frozen=True)
class EntrySelector:
    """Which entry of a list a step means.

    Attributes:
        index: the position; None if the facts tell.
        facts: what the entry says; empty if every entry is meant.
        alone: nothing else writes the entry, so it need not be looked for.
    """

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
        return next((entry for entry in entries if states(entry, self.facts)), None)


@dataclass(frozen=True)
class PathStep:
    """One step of a path: an element, and an entry of it if it is a list."""

    element: str
    entry: EntrySelector | None = None


Path = tuple[PathStep, ...]


def states(value: Any, facts: Any, *, by_code: bool = False) -> bool:
    """Return whether a value states all of the facts, and maybe more.

    Args:
        value: a value of FHIR.
        facts: what it should state.
        by_code: what has a code is judged by that, not by the words beside it.
    """
    if isinstance(facts, Mapping):
        names = facts.keys() - _WORDING if by_code and "code" in facts else facts.keys()
        return isinstance(value, Mapping) and all(
            name in value and states(value[name], facts[name], by_code=by_code) for name in names
        )
    if isinstance(facts, list):
        return isinstance(value, list) and all(
            any(states(entry, fact, by_code=by_code) for entry in value) for fact in facts
        )
    return bool(value == facts)


def pieces(text: str) -> list[tuple[str, str]]:
    """Split a path into elements, each with what stands in its brackets.

    Raises:
        MappingError: it is not written as a path.
    """
    elements = []
    for piece in text.split("."):
        match = _STEP.fullmatch(piece)
        if match is None:
            raise MappingError(f"{text} is not a path into a FHIR resource.")
        elements.append((match[1], match[2] or ""))
    return elements


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


def _inside(target: dict[str, Any], step: PathStep) -> dict[str, Any]:
    if step.entry is None:
        inside: dict[str, Any] = target.setdefault(step.element, {})
        return inside
    entry = step.entry
    entries: list[dict[str, Any]] = target.setdefault(step.element, [])
    chosen: dict[str, Any] | None = entry.find(entries) if entries and not entry.alone else None
    if chosen is None:
        chosen = orjson.loads(entry.template)
        entries.append(chosen)
    return chosen


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
class ElementMatch:
    """A value in a resource, where it stands, and what shows that it is the one."""

    value: Any = field(repr=False)
    steps: Steps = ()
    signs: tuple[Steps, ...] = ()


def matches_pattern(value: Any, facts: Any) -> bool:
    """Return whether a value says all of the facts. Codes count, not the words beside them."""
    return states(value, facts, by_code=True)


def find_at(match: ElementMatch, path: Path) -> ElementMatch | None:
    """Return what stands at a path; None if nothing does."""
    for step in path:
        if not isinstance(match.value, Mapping) or step.element not in match.value:
            return None
        match = ElementMatch(match.value[step.element], (*match.steps, step.element), match.signs)
        if step.entry is not None:
            chosen = next(entries_at(match, step.entry), None)
            if chosen is None:
                return None
            match = chosen
    return match


def entries_at(match: ElementMatch, entry: EntrySelector) -> Iterator[ElementMatch]:
    """Yield the entries of a list that a step means."""
    for number, value in enumerate(items(match.value)):
        meant = not entry.facts or matches_pattern(value, entry.facts)
        if number == entry.index or (entry.index is None and meant):
            steps = (*match.steps, number)
            # What names the slice is read with the first value of the entry.
            signs = tuple((*steps, name) for name in entry.facts)
            yield ElementMatch(value, steps, (*match.signs, *signs))


def matches_of(whole: ElementMatch, path: Path, *, any_position: bool) -> Iterator[ElementMatch]:
    """Yield what a path means. Who is first of several may depend on who is known at all."""
    match = find_at(whole, path)
    if match is not None:
        yield match
    last = path[-1].entry if path else None
    if any_position and last is not None and last.index is not None:
        listed = find_at(whole, (*path[:-1], PathStep(path[-1].element)))
        if listed is not None:
            yield from entries_at(listed, EntrySelector())


@dataclass(frozen=True, slots=True)
class CompiledElement:
    """One value: where it is in the item, where in the resource, and how it changes.

    ``up`` counts how many items around this one the path begins in; ``variable`` is a
    variable of the vocabulary (``@subject``), which needs no path. ``key`` is the field of
    the item without which there is nothing to say; empty if it looks elsewhere.
    """

    ours: tuple[str, ...]
    theirs: Path
    converter: Converter
    required: bool
    up: int = 0
    variable: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class CompiledList:
    """The entries of a list of ours, each an entry of a list of theirs.

    ``rows`` holds what is taken from an entry; for a list of plain values
    (``is_plain``) it is one field whose paths are empty. ``template`` is what an
    entry begins with.
    """

    ours: tuple[str, ...]
    holder: Path
    element: str
    entry: EntrySelector
    rows: CompiledRows
    template: bytes
    is_plain: bool


@dataclass(frozen=True, slots=True)
class CompiledRows:
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
    fields: tuple[CompiledElement, ...]
    lists: tuple[CompiledList, ...]
    keys: frozenset[str] | None = None
    in_order: tuple[tuple[int, int], ...] = ()

    def write_constants(self, start: dict[str, Any]) -> dict[str, Any]:
        """Write the constants into what a resource or an entry begins with."""
        for path, value in self.constants:
            put(start, path, deepcopy(value))
        return start


@dataclass(frozen=True, slots=True)
class CompiledTable:
    """A table, compiled for one record type.

    ``items`` is the path of its items, ``signs`` identify its kind, ``onto`` is the field that
    names the resource of which it becomes an extension.
    """

    table: ResourceTable
    items: tuple[str, ...]
    rows: CompiledRows
    signs: tuple[tuple[Path, Any], ...]
    template: bytes
    onto: str = ""

    def variable(self, name: str) -> CompiledElement | None:
        """Return the row that has a variable; None if there is none."""
        return next((field for field in self.rows.fields if field.variable == name), None)
