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
_TYPE_FIELDS: Final = ("type", "kind")
"""Fields that say what an entry of a list is."""

_TYPES: Final = {Kind.BOOLEAN: bool, Kind.INTEGER: int, Kind.DECIMAL: (int, float)}

Slices = Mapping[str, Mapping[str, Mapping[str, Any]]]


class FieldPathError(ValueError):
    """A path does not lead to a field of the record type. The message says where it ends."""


@dataclass(frozen=True, slots=True)
class FieldStep:
    """One name of a path.

    Attributes:
        entry: the entry of a list; empty if it is not a list of groups.
        says: what such an entry always says.
    """

    name: str
    entry: str
    says: Mapping[str, Any] = field(repr=False, compare=False)
    field: Field = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class FieldTarget:
    """Where a value goes.

    Attributes:
        adds: the field is a list, and the value is added to it.
        entry_type: what the entry that holds the field is: ``nhs-number``; empty if not stated.
    """

    steps: tuple[FieldStep, ...]
    leaf: Field
    adds: bool
    entry_type: str = ""

    @property
    def key(self) -> str:
        """The path in one form: equal for equal places."""
        inner = "".join(f"/{step.name}[{step.entry}]" for step in self.steps)
        return f"{inner}/{self.leaf.name}"


def field_below(root: Field, name: str) -> Field:
    """Return a field of a group.

    Raises:
        FieldPathError: the group has none of this name.
    """
    fields = {inner.name: inner for inner in root.fields}
    if name not in fields:
        raise FieldPathError(f"there is no field {name}{did_you_mean(name, fields) or '.'}")
    return fields[name]


def resolve(root: Field, path: str, slices: Slices) -> FieldTarget:
    """Look a path up.

    Raises:
        FieldPathError: it does not lead to a field that can hold a value.
    """
    adds = path.endswith("/*")
    names = path.removesuffix("/*").split("/")[1:]
    steps: list[FieldStep] = []
    for text in names[:-1]:
        step = _step(root, text, slices)
        steps.append(step)
        root = step.field
    match = _STEP.fullmatch(names[-1]) if names else None
    if match is None or match[2]:
        raise FieldPathError("it does not end in the name of a field.")
    leaf = field_below(root, match[1])
    if leaf.kind in {Kind.REASONS, Kind.LOCAL}:
        raise FieldPathError(f"{leaf.name} is filled by itself.")
    if leaf.repeats != adds and leaf.kind is not Kind.GROUP:
        hint = "it is a list: end the path with /*." if leaf.repeats else "it is not a list."
        raise FieldPathError(f"{leaf.name}: {hint}")
    return FieldTarget(tuple(steps), leaf, adds, _entry_type(steps))


def entry_of(root: Field, path: str, slices: Slices) -> tuple[str, str]:
    """Read a path to a list of the record, or to one entry of it: the list and the entry.

    Raises:
        FieldPathError: the record has no such list.
    """
    match = _STEP.fullmatch(path.removeprefix("/"))
    if match is None:
        raise FieldPathError("it has to be a list of the record, such as /children.")
    held = field_below(root, match[1])
    if not held.repeats or held.kind is not Kind.GROUP:
        raise FieldPathError(f"{held.name} is not a list of groups.")
    if match[2]:
        _step(root, f"{match[1]}[{match[2]}]", slices)
    return match[1], match[2] or ""


def _step(root: Field, text: str, slices: Slices) -> FieldStep:
    match = _STEP.fullmatch(text)
    if match is None:
        raise FieldPathError("a name may be followed by one entry in brackets, such as [home].")
    name, entry = match[1], match[2] or ""
    held = field_below(root, name)
    if held.kind is not Kind.GROUP:
        raise FieldPathError(f"{name} holds nothing below it.")
    if held.repeats != bool(entry):
        hint = "it is a list: say which entry in brackets." if held.repeats else "it is not a list."
        raise FieldPathError(f"{name}: {hint}")
    return FieldStep(name, entry, _says(held, entry, slices), held)


def _says(held: Field, entry: str, slices: Slices) -> Mapping[str, Any]:
    if not entry:
        return {}
    fields = {inner.name: inner for inner in held.fields}
    own = {"id": entry} if "id" in fields else {}
    stated = slices.get(held.name, {})
    if entry in stated:
        return {**own, **stated[entry]}
    for name in _TYPE_FIELDS:
        if name in fields and fields[name].code_list:
            codes = titles(fields[name].code_list)
            if entry in codes:
                return {**own, name: entry}
            near = did_you_mean(entry, [*codes, *stated]) or "."
            table = f"[slice.{held.name}.{entry}]"
            raise FieldPathError(f"{entry} is not a {name} of {held.name} and has no {table}{near}")
    raise FieldPathError(f"{held.name}: say under [slice.{held.name}.{entry}] what this entry is.")


def _entry_type(steps: list[FieldStep]) -> str:
    says = steps[-1].says if steps else {}
    return str(next((says[name] for name in _TYPE_FIELDS if name in says), ""))


def constant_problem(leaf: Field, value: Any, version: str) -> str:
    """Return why a field cannot hold a value that a mapping states; nothing if it can."""
    if leaf.kind is Kind.CODE:
        codes = titles(leaf.code_list, version)
        if value in codes:
            return ""
        near = did_you_mean(str(value), codes) or "."
        return f"it is not in the list {leaf.code_list}{near}"
    if leaf.kind is Kind.GROUP:
        return "it is a group."
    wanted: Any = _TYPES.get(leaf.kind, str)
    if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
        return f"it has to be of the kind {leaf.kind.value}."
    return ""
