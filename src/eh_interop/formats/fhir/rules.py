"""What the tables become for one record type: rules that are quick to follow."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from eh_interop.formats.fhir.paths import Entry, Path, put
from eh_interop.formats.fhir.tables import ResourceTable
from eh_interop.formats.fhir.values import Pair


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
