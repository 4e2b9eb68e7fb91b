"""The mapping tables of ``mappings/fhir-r4``: which field of ours is which element of FHIR.

A table is data: resources, and for each the facts that it always states, the
fields that it takes from the record, and what has no home in it, with the
reason. There are no conditions in a table; ``README.md`` beside the tables lists
the whole vocabulary. One table serves both directions.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from eh_interop.core.errors import MappingError
from eh_interop.core.pointer import split
from eh_interop.core.resources import folder
from eh_interop.standard.fields import Field


@dataclass(frozen=True, slots=True)
class ElementRow:
    """One field of ours and one element of theirs.

    Attributes:
        ours: pointer below the item, ``*`` for each entry of a list; ``^`` begins one in the
            item around it, ``@`` a variable such as ``@subject``.
        theirs: path into the resource, as :mod:`eh_interop.formats.fhir.compiled` reads it.
        form: what stands there: ``concept``, ``mapped``, ``coding``, ``code``, ``reference``
            or ``value``; empty for what the field's kind suggests.
        codes: name of the code map, for codes of somebody else's.
        via: name of a converter.
        covers: fields below ``ours`` that such a converter takes along.
        only: the lists of the record whose members this element can refer to.
        required: without it the entry, or the resource, is not made.
    """

    ours: str
    theirs: str
    form: str = ""
    codes: str = ""
    via: str = ""
    covers: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class ConstantElement:
    """What an element always says, unless a field says better.

    ``identifies``: a resource of somebody else's belongs to this table if it says so.
    """

    theirs: str
    value: Any
    identifies: bool = False


@dataclass(frozen=True, slots=True)
class ResourceTable:
    """One kind of resource, made for each item of a list in the record.

    Attributes:
        key: unique among the tables; part of the resources' ids.
        type: the FHIR type. A table for a Composition adds to that of the document.
        items: pointer to the items (``each`` in the files); empty for the record itself.
        records: the record types; empty for each that has such items.
        name: tells tables of one type in one file apart.
        main: references to the item lead to this resource.
        always: made even if it says nothing, since the main resource refers to it.
        onto: for an Extension: the field of the item that names the child or person whose
            resource gets it. The extension has the table's name.
        per: make one for each of the item's children (``children``).
        profile: the profile that it claims.
        section: the section of the Composition that lists it.
        fields: what is taken from the item.
        constants: what is always said.
    """

    key: str
    type: str
    items: str
    records: tuple[str, ...] = ()
    name: str = ""
    main: bool = False
    always: bool = False
    onto: str = ""
    per: str = ""
    profile: str = ""
    section: str = ""
    fields: tuple[ElementRow, ...] = ()
    constants: tuple[ConstantElement, ...] = ()


@dataclass(frozen=True, slots=True)
class LostField:
    """A field, and everything below it, that only the QuestionnaireResponse holds; and why."""

    ours: str
    why: str


@dataclass(frozen=True)
class Tables:
    """All tables.

    Attributes:
        slices: what the entries of each slice say, by element, then slice.
        urls: the canonical URL of extensions that are not ours, by name.
    """

    resources: tuple[ResourceTable, ...]
    lost: tuple[LostField, ...]
    slices: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    urls: Mapping[str, str] = field(default_factory=dict)
    sections: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@cache
def load_tables() -> Tables:
    """Read all tables. They are read once and kept.

    Raises:
        MappingError: a table is not TOML, or uses a word that the vocabulary does not have.
    """
    root = folder("mappings") / "fhir-r4"
    resources: list[ResourceTable] = []
    lost: list[LostField] = []
    slices: dict[str, dict[str, Any]] = {}
    urls: dict[str, str] = {}
    files = [(path.stem, _read(path)) for path in sorted(root.glob("*/*.toml"))]
    parts = {name: rows for _, content in files for name, rows in content.get("part", {}).items()}
    for stem, content in files:
        for element, named in content.get("slice", {}).items():
            slices.setdefault(element, {}).update(named)
        urls |= content.get("url", {})
        resources += _resources(content, stem, parts)
        lost += (_row(LostField, row, stem) for row in content.get("lost", ()))
    return Tables(
        tuple(resources),
        tuple(lost),
        slices,
        urls,
        _read(root / "sections.toml")["section"],
    )


def _read(path: Any) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise MappingError(f"{path.name}: {error}") from None


def _resources(
    content: Mapping[str, Any], stem: str, parts: Mapping[str, Any]
) -> Iterator[ResourceTable]:
    for given in content.get("resource", ()):
        table = dict(given)
        fields = [_row(ElementRow, row, stem) for row in table.pop("field", ())]
        for use in table.pop("use", ()):
            fields += _part(use, parts, stem)
        fields += _facts(table.pop("fact", ()))
        table["fields"] = tuple(fields)
        table["constants"] = tuple(
            _row(ConstantElement, row, stem) for row in table.pop("constant", ())
        )
        table.setdefault("key", f"{stem}-{table.get('name') or table.get('type', '')}".lower())
        places = table.pop("each", "")
        for place in places if isinstance(places, list) else [places]:
            yield _row(ResourceTable, {**table, "items": place}, stem)


def _part(use: Mapping[str, str], parts: Mapping[str, Any], stem: str) -> Iterator[ElementRow]:
    """Give the rows of a part that several tables share, such as an address, their place."""
    if use.get("part") not in parts:
        raise MappingError(f"{stem}: there is no part {use.get('part')}.")
    for row in parts[use["part"]]:
        theirs = ".".join(filter(None, (use.get("theirs"), row["theirs"])))
        yield _row(
            ElementRow, {**row, "ours": use.get("ours", "") + row["ours"], "theirs": theirs}, stem
        )


def _facts(given: Any) -> Iterator[ElementRow]:
    """Turn each fact into a component of the Observation that says which field it is."""
    for fact in given:
        stars = "*" if "*" in split(fact["ours"])[-1:] else ""
        row = {"theirs": f"component[={stars}].value", "form": "fact", **fact}
        yield _row(ElementRow, row, "fact")


def _row(kind: type[Any], given: Mapping[str, Any], stem: str) -> Any:
    known = {name: tuple(v) if isinstance(v, list) else v for name, v in given.items()}
    if kind is ConstantElement:
        known = dict(given)
    try:
        return kind(**known)
    except TypeError as error:
        raise MappingError(f"{stem}: {error}") from None


def field_at(root: Field, steps: Iterable[str]) -> Field | None:
    """Return the field at a path in which ``*`` may stand; None if there is none."""
    for step in steps:
        if step == "*":
            if not root.repeats:
                return None
        else:
            below = next((field for field in root.fields if field.name == step), None)
            if below is None:
                return None
            root = below
    return root
