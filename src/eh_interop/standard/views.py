"""Views: what a form of a record type asks, in which order and words, on two levels.

A view is a TOML file that people edit. It says which parts of the record a section holds and
which fields are *core*. The *full* level needs no list: it is every field that the schema has in
those parts, called and explained as the schema does. So a new field is never forgotten.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from eh_interop.core.errors import StandardError
from eh_interop.core.pointer import split
from eh_interop.standard.fields import Field, Kind, fields_of
from eh_interop.standard.schemas import CURRENT, load_standard


class ViewLevel(StrEnum):
    """How much a form asks."""

    CORE = "core"
    """What guidance or law requires, what protects somebody, and what many forms ask."""
    FULL = "full"
    """Everything that the standard has a place for."""


SYSTEM = frozenset({"recordType", "standardVersion", "recordId", "id", "absent", "localData"})
"""Fields that a system fills in: they are in the full view, but nobody is asked for them."""


@dataclass(frozen=True, slots=True)
class ViewField:
    """One field that a form asks for.

    Attributes:
        place: its pattern, such as ``/children/*/dateOfBirth``.
        field: what the schema says of it.
        label: what the form calls it.
        help: what to write.
        when: values of other fields, by pattern, for which it is asked; empty if it always is.
        level: ``core`` if it is on every form.
        because: why somebody put it into the core whom the computation would not follow.
    """

    place: str
    field: Field
    label: str
    help: str
    level: ViewLevel
    when: Mapping[str, tuple[Any, ...]]
    because: str = ""

    @property
    def is_asked(self) -> bool:
        """People are asked for it; a system does not fill it in."""
        return self.field.name not in SYSTEM


@dataclass(frozen=True, slots=True)
class ViewSection:
    """A part of the form.

    Attributes:
        title: its heading.
        help: a sentence below it; may be empty.
        holds: the properties of the record that it holds, in order.
        fields: all their fields: the core in the order of the file, the others after them.
        rows: how many blank entries a printed form has for each list, by its path.
    """

    title: str
    help: str
    holds: tuple[str, ...]
    fields: tuple[ViewField, ...]
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FormView:
    """The form of a record type."""

    record_type: str
    title: str
    sections: tuple[ViewSection, ...]

    def fields(self, level: ViewLevel = ViewLevel.FULL) -> Iterator[ViewField]:
        """Yield the fields of a level, in order."""
        for section in self.sections:
            for one in section.fields:
                if level is ViewLevel.FULL or one.level is ViewLevel.CORE:
                    yield one


@cache
def load_view(record_type: str, version: str = CURRENT) -> FormView:
    """Read the view of a record type.

    Raises:
        StandardError: there is none, or its file is broken.
    """
    path = load_standard(version).root / "views" / f"{record_type}.toml"
    tree = fields_of(record_type, version)
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        sections = tuple(_section(tree, entry) for entry in content["section"])
    except (OSError, ValueError, KeyError) as problem:
        raise StandardError(f"The view {record_type}.toml cannot be read: {problem}.") from None
    return FormView(record_type, tree.title, sections)


def link_of(place: str) -> str:
    """Return the path of a pattern without list indexes: ``children.dateOfBirth``."""
    return ".".join(step for step in split(place) if step != "*")


def leaves(tree: Field, above: str = "") -> Iterator[tuple[str, Field]]:
    """Yield every field below another one that holds a value, with its pattern."""
    for one in tree.fields:
        place = f"{above}/{one.name}{'/*' if one.repeats else ''}"
        if one.kind is Kind.GROUP:
            yield from leaves(one, place)
        else:
            yield place, one


def _section(tree: Field, entry: Mapping[str, Any]) -> ViewSection:
    holds = tuple(entry["holds"])
    tops = {one.name: one for one in tree.fields}
    known = dict(
        leaf
        for name in holds
        for leaf in leaves(Field("", "", "", "", Kind.GROUP, fields=(tops[name],)))
    )
    core = [_field(known, stated) for stated in entry.get("core", ())]
    listed = {one.place for one in core}
    others = (
        ViewField(place, one, one.title, one.description, ViewLevel.FULL, {})
        for place, one in known.items()
        if place not in listed
    )
    return ViewSection(
        title=entry["title"],
        help=entry.get("help", ""),
        holds=holds,
        fields=(*core, *others),
        rows=dict(entry.get("rows", {})),
    )


def _field(known: Mapping[str, Field], stated: Mapping[str, Any]) -> ViewField:
    one = known[stated["place"]]
    return ViewField(
        place=stated["place"],
        field=one,
        label=stated.get("label", one.title),
        help=stated.get("help", one.description),
        level=ViewLevel.CORE,
        when={place: tuple(values) for place, values in stated.get("when", {}).items()},
        because=stated.get("because", ""),
    )
