"""The standard, read: record types, shared types, code lists, and what each field is called.

The standard is data in ``schemas/``. This module reads one version of it and
answers questions about it; it checks nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urljoin

import orjson

from eh_interop.core.errors import StandardError
from eh_interop.core.pointer import Steps
from eh_interop.core.resources import csv_rows, folder

BASE = "https://w3id.org/eh-interop/"
"""Every ``$id`` begins so. It is a name, never fetched."""

CURRENT = "1.0"
"""The version used for a record that does not name one."""

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the form: its heading and the properties under it, in order."""

    title: str
    holds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """One row of a code list."""

    code: str
    title: str
    description: str
    source: str


@dataclass(frozen=True, eq=False)
class Standard:
    """One version of the standard.

    Attributes:
        version: such as ``1.0``.
        root: the folder that holds it.
        schemas: every JSON Schema of this version, by ``$id``.
    """

    version: str
    root: Path
    schemas: Mapping[str, Schema] = field(repr=False)

    @cached_property
    def record_types(self) -> tuple[str, ...]:
        """The codes of all record types, sorted."""
        prefix = f"{BASE}{self.version}/records/"
        names = (key.removeprefix(prefix) for key in self.schemas if key.startswith(prefix))
        return tuple(sorted(name.removesuffix(".schema.json") for name in names))

    def record_id(self, record_type: str) -> str:
        """Return the ``$id`` of a record type's schema."""
        return f"{BASE}{self.version}/records/{record_type}.schema.json"

    def record_schema(self, record_type: str) -> Schema:
        """Return the schema of a record type.

        Raises:
            StandardError: there is no such record type in this version.
        """
        try:
            return self.schemas[self.record_id(record_type)]
        except KeyError:
            raise StandardError(f"Standard {self.version} has no such record type.") from None

    def sections(self, record_type: str) -> tuple[Section, ...]:
        """Return the sections of the form, in order."""
        return tuple(
            Section(x_section["title"], tuple(x_section["holds"]))
            for x_section in self.record_schema(record_type)["x-sections"]
        )

    def follow(self, schema: Schema, base: str) -> tuple[Schema, str]:
        """Follow ``$ref`` until a schema without one; give it with the ``$id`` it stands in."""
        while "$ref" in schema:
            target, _, fragment = urljoin(base, schema["$ref"]).partition("#")
            base, schema = target, self.schemas[target]
            for step in fragment.split("/")[1:]:
                schema = schema[step]
        return schema, base

    def fields(self, record_type: str, steps: Steps) -> Iterator[tuple[str | int, Schema, Schema]]:
        """Walk ``steps`` into a record: for each step, what the property says and what it is.

        The first schema is the one written at the property (with its title
        there); the second is the same after following ``$ref``. The walk ends
        early where the standard knows no such property.
        """
        schema, base = self.record_schema(record_type), self.record_id(record_type)
        for step in steps:
            if isinstance(step, int) or step == "*":
                stated = schema.get("items")
            else:
                stated = schema.get("properties", {}).get(step)
            if stated is None:
                return
            schema, base = self.follow(stated, base)
            yield step, stated, schema

    def definition(self, record_type: str, steps: Steps) -> Schema:
        """Return the schema of what stands at ``steps``, or of the last thing that is known."""
        schema = self.record_schema(record_type)
        for _, stated, held in self.fields(record_type, steps):
            # A form that is stated at the property is explained there too.
            schema = {**held, **stated} if "pattern" in stated else held
        return schema

    def title(self, record_type: str, steps: Steps) -> str:
        """Return the title of the property at ``steps``, such as ``Date of birth``."""
        title = str(self.record_schema(record_type)["title"])
        for _, stated, schema in self.fields(record_type, steps):
            title = stated.get("title") or schema.get("title") or title
        return title

    def label(self, record_type: str, steps: Steps) -> str:
        """Say in words where ``steps`` lead: ``Child 1, Address 2, Postcode``."""
        parts: list[str] = []
        for step, stated, schema in self.fields(record_type, steps):
            title = stated.get("title") or schema.get("title", "")
            if isinstance(step, int):
                heading = title if schema.get("type") == "object" else parts[-1]
                parts[-1] = f"{heading} {step + 1}"
            else:
                parts.append(title)
        return ", ".join(parts)

    def codes(self, name: str) -> tuple[Code, ...]:
        """Return the rows of the code list called ``name``.

        Raises:
            StandardError: there is no such code list.
        """
        path = self.root / "codelists" / f"{name}.csv"
        try:
            return tuple(
                Code(row["code"], row["title"], row["description"], row["source"])
                for row in csv_rows(path)
            )
        except FileNotFoundError:
            raise StandardError(f"Standard {self.version} has no code list {name}.") from None

    @cached_property
    def codelists(self) -> tuple[str, ...]:
        """The names of all code lists, sorted."""
        return tuple(sorted(path.stem for path in (self.root / "codelists").glob("*.csv")))


@cache
def versions() -> tuple[str, ...]:
    """Return the versions of the standard that this installation holds."""
    return tuple(sorted(path.parent.name for path in folder("schemas").glob("*/records")))


@cache
def load_standard(version: str = CURRENT) -> Standard:
    """Read one version of the standard. It is read once and kept.

    Raises:
        StandardError: there is no such version, or one of its files is broken.
    """
    root = folder("schemas") / version
    if version not in versions():
        raise StandardError(f"There is no version {version} of the standard here.")
    schemas: dict[str, Schema] = {}
    for path in sorted([*root.glob("records/*.json"), *root.glob("types/*.json")]):
        try:
            schema = orjson.loads(path.read_bytes())
        except orjson.JSONDecodeError:
            raise StandardError(f"The schema {path.name} is not valid JSON.") from None
        schemas[schema["$id"]] = _with_closed_absent(schema)
    return Standard(version, root, MappingProxyType(schemas))


def _with_closed_absent(schema: dict[str, Any]) -> dict[str, Any]:
    """Let ``absent`` name only fields of its own object.

    Every closed object would otherwise have to repeat the names of its own
    properties; a misspelt name would pass and hide what is missing.
    """
    properties = schema.get("properties", {})
    if "absent" not in properties:
        return schema
    names = [name for name in properties if name not in {"absent", *schema.get("required", ())}]
    absent = {**properties["absent"], "propertyNames": {"enum": names}}
    return {**schema, "properties": {**properties, "absent": absent}}
