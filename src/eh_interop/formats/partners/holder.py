"""One record, or one entry of a part, while its values arrive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eh_interop.core.pointer import Steps
from eh_interop.formats.partners.paths import Step, Target
from eh_interop.formats.partners.places import Where


class Holder:
    """Values and where each of them came from. Steps are relative to it."""

    __slots__ = ("_slots", "absents", "number", "origins", "values")

    def __init__(self, number: int = 1) -> None:
        self.number = number
        self.values: dict[str, Any] = {}
        self.origins: dict[Steps, Where] = {}
        self.absents: list[tuple[Target, str, Where]] = []
        self._slots: dict[tuple[Steps, str, str], tuple[dict[str, Any], int]] = {}

    def open(self, steps: tuple[Step, ...]) -> tuple[dict[str, Any], Steps]:
        """Return the group at the end of ``steps``, made if it is not there, and its place."""
        at: dict[str, Any] = self.values
        where: Steps = ()
        for step in steps:
            if not step.entry:
                at = at.setdefault(step.name, {})
                where = (*where, step.name)
                continue
            key = (where, step.name, step.entry)
            known = self._slots.get(key)
            if known is None:
                entries = at.setdefault(step.name, [])
                entries.append(_copied(step.says))
                known = self._slots[key] = (entries[-1], len(entries) - 1)
            at = known[0]
            where = (*where, step.name, known[1])
        return at, where

    def has(self, name: str, entry: str) -> int | None:
        """Return the index of a top-level entry; None if it is not there."""
        known = self._slots.get(((), name, entry))
        return known[1] if known else None

    def holds(self, steps: tuple[Step, ...]) -> bool:
        """Tell whether every entry on the way is there already."""
        where: Steps = ()
        for step in steps:
            known = self._slots.get((where, step.name, step.entry))
            if step.entry and known is None:
                return False
            where = (*where, step.name, known[1]) if known else (*where, step.name)
        return True

    def place_of(self, target: Target) -> Steps:
        """Return where a value stands or would stand, without making anything.

        An entry that is not there yet gets the index that it would have.
        """
        where: Steps = ()
        for step in target.steps:
            where = (*where, step.name)
            if step.entry:
                known = self._slots.get((where[:-1], step.name, step.entry))
                where = (*where, known[1] if known else self._entries(where))
        return (*where, target.leaf.name)

    def _entries(self, where: Steps) -> int:
        at: Any = self.values
        for step in where:
            try:
                at = at[step]
            except (LookupError, TypeError):
                return 0
        return len(at)

    def add(self, target: Target, value: Any, where: Where) -> None:
        """Add a value to a list, unless it is there already."""
        at, steps = self.open(target.steps)
        entries = at.setdefault(target.leaf.name, [])
        if value not in entries:
            entries.append(value)
            self.origins[(*steps, target.leaf.name, len(entries) - 1)] = where

    def put(self, target: Target, value: Any, where: Where | None) -> Where | None:
        """Put a value in its place.

        Args:
            target: the field.
            value: the value; of a group, its fields.
            where: where it stood; None for a constant, which never replaces anything.

        Returns:
            Where another value stood that is there already; None if all is well.
        """
        at, steps = self.open(target.steps)
        name = target.leaf.name
        place = (*steps, name)
        if where is None:
            if target.adds:
                at.setdefault(name, [value])
            else:
                at.setdefault(name, value)
            return None
        before = self.origins.get(place)
        if before is not None:
            return before if at[name] != value else None
        if isinstance(value, dict):
            at.setdefault(name, {}).update(value)
            self.origins.update({(*place, key): where for key in value})
        else:
            at[name] = value
        self.origins[place] = where
        return None

    def settle_absents(self) -> None:
        """Say why values are missing, where there is none after all."""
        for target, code, where in self.absents:
            at, steps = self.open(target.steps)
            name = target.leaf.name
            if name not in at:
                at.setdefault("absent", {})[name] = code
                self.origins[(*steps, "absent", name)] = where


def _copied(says: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(each) if isinstance(each, list) else each for name, each in says.items()}
