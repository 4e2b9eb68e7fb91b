"""Paths into a record, as a partner mapping writes them: ``/identifiers[nhs-number]/value``.

A name in brackets is one entry of a list. If the entries of that list have a type
or a kind, and the name is one of its codes, the entry says so; otherwise the
mapping states under ``[slice.<list>.<name>]`` what the entry says. ``/*`` at the
end adds to a list of simple values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from eh_interop.core.suggestions import did_you_mean
from eh_interop.standard.code_lists import titles
from eh_interop.standard.fields import Field, Kind

_STEP = re.compile(r"([A-Za-z]+)(?:\[([a-z0-9][a-z0-9-]*)\])?")
_SORTING: Final = ("type", "kind")
"""Fields that say what an entry of a list is."""

Slices = Mapping[str, Mapping[str, Mapping[str, Any]]]


class PathError(ValueError):
    """A path does not lead to a field of the record type. The message says where it ends."""


@dataclass(frozen=True, slots=True)
class Step:
    """One name of a path.

    Attributes:
        name: the property.
        entry: the entry of a list; empty if it is no list of groups.
        says: what such an entry always says.
        field: the field.
    """

    name: str
    entry: str
    says: Mapping[str, Any] = field(repr=False, compare=False)
    field: Field = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a value goes.

    Attributes:
        steps: the groups on the way.
        leaf: the field.
        adds: the field is a list, and the value is added to it.
        sort: what the entry is that holds the field: ``nhs-number``; empty if that is not said.
    """

    steps: tuple[Step, ...]
    leaf: Field
    adds: bool
    sort: str = ""

    @property
    def key(self) -> str:
        """The path in one form: equal for equal places."""
        inner = "".join(f"/{step.name}[{step.entry}]" for step in self.steps)
        return f"{inner}/{self.leaf.name}"


def field_below(root: Field, name: str) -> Field:
    """Return a field of a group.

    Raises:
        PathError: the group has none of this name.
    """
    for each in root.fields:
        if each.name == name:
            return each
    known = [each.name for each in root.fields]
    raise PathError(f"there is no field {name}{did_you_mean(name, known) or '.'}")


def resolve(root: Field, path: str, slices: Slices) -> Target:
    """Look a path up.

    Raises:
        PathError: it does not lead to a field that can hold a value.
    """
    adds = path.endswith("/*")
    names = path.removesuffix("/*").split("/")[1:]
    steps: list[Step] = []
    for text in names[:-1]:
        step = _step(root, text, slices)
        steps.append(step)
        root = step.field
    match = _STEP.fullmatch(names[-1]) if names else None
    if match is None or match[2]:
        raise PathError("it does not end in the name of a field.")
    leaf = field_below(root, match[1])
    if leaf.kind in {Kind.REASONS, Kind.LOCAL}:
        raise PathError(f"{leaf.name} is filled by itself.")
    if leaf.repeats != adds and leaf.kind is not Kind.GROUP:
        hint = "it is a list: end the path with /*." if leaf.repeats else "it is no list."
        raise PathError(f"{leaf.name}: {hint}")
    return Target(tuple(steps), leaf, adds, _sort(steps))


def entry_of(root: Field, path: str, slices: Slices) -> tuple[str, str]:
    """Read a path to a list of the record, or to one entry of it: the list and the entry.

    Raises:
        PathError: the record has no such list.
    """
    match = _STEP.fullmatch(path.removeprefix("/"))
    if match is None:
        raise PathError("it has to be a list of the record, such as /children.")
    held = field_below(root, match[1])
    if not held.repeats or held.kind is not Kind.GROUP:
        raise PathError(f"{held.name} is no list of groups.")
    if match[2]:
        _step(root, f"{match[1]}[{match[2]}]", slices)
    return match[1], match[2] or ""


def _step(root: Field, text: str, slices: Slices) -> Step:
    match = _STEP.fullmatch(text)
    if match is None:
        raise PathError("a name may be followed by one entry in brackets, such as [home].")
    name, entry = match[1], match[2] or ""
    held = field_below(root, name)
    if held.kind is not Kind.GROUP:
        raise PathError(f"{name} holds nothing below it.")
    if held.repeats != bool(entry):
        hint = "it is a list: say which entry in brackets." if held.repeats else "it is no list."
        raise PathError(f"{name}: {hint}")
    return Step(name, entry, _says(held, entry, slices), held)


def _says(held: Field, entry: str, slices: Slices) -> Mapping[str, Any]:
    if not entry:
        return {}
    known = {each.name: each for each in held.fields}
    own = {"id": entry} if "id" in known else {}
    stated = slices.get(held.name, {})
    if entry in stated:
        return {**own, **stated[entry]}
    for name in _SORTING:
        if name in known and known[name].code_list:
            codes = titles(known[name].code_list)
            if entry in codes:
                return {**own, name: entry}
            near = did_you_mean(entry, [*codes, *stated]) or "."
            raise PathError(
                f"{entry} is no {name} of {held.name} and has no [slice.{held.name}.{entry}]{near}"
            )
    raise PathError(f"{held.name}: say under [slice.{held.name}.{entry}] what this entry is.")


def _sort(steps: list[Step]) -> str:
    said = steps[-1].says if steps else {}
    return str(next((said[name] for name in _SORTING if name in said), ""))
