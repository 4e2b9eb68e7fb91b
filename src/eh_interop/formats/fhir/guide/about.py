"""What every definition of the guide says of itself, and how the files of the guide are read."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from eh_interop.core.errors import StandardError
from eh_interop.core.resources import csv_rows, folder
from eh_interop.formats.fhir.names import FHIR_VERSION, structure, value_set
from eh_interop.standard.schemas import CURRENT

Resource = dict[str, Any]
"""A FHIR resource as plain JSON."""


class GuideDependency(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A package of somebody else whose definitions ours build on."""

    package: str
    version: str
    uri: str


class GuideFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The facts of ``mappings/fhir-guide/guide.toml``."""

    package: str
    version: str
    status: str
    date: str
    title: str
    name: str
    publisher: str
    license: str
    description: str
    jurisdiction: dict[str, str]
    dependency: tuple[GuideDependency, ...]


@cache
def about() -> GuideFacts:
    """Read what the package says about itself.

    Raises:
        StandardError: the file is missing or broken.
    """
    path = folder("mappings") / "fhir-guide" / "guide.toml"
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), GuideFacts)
    except (OSError, ValueError) as problem:
        raise StandardError(f"The file {path.name} cannot be used: {problem}") from None


def definition(kind: str, url: str, *, title: str, description: str, name: str = "") -> Resource:
    """Return what every definition begins with. Its id is the last part of its URL.

    Args:
        kind: the FHIR resource type.
        url: its canonical URL.
        title: what people call it.
        description: what it is for.
        name: what programs call it; made from the id if not given.
    """
    key = url.rsplit("/", 1)[-1]
    facts = about()
    return {
        "resourceType": kind,
        "id": key,
        "url": url,
        "version": CURRENT,
        "name": name or computer_name(key),
        "title": title,
        "status": facts.status,
        "experimental": False,
        "date": facts.date,
        "publisher": facts.publisher,
        "description": description,
        "jurisdiction": [{"coding": [facts.jurisdiction]}],
    }


def computer_name(key: str) -> str:
    """Write an id as FHIR wants names: ``early-help-plan`` is ``EarlyHelpPlan``."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[-.]", key))


HL7 = "http://hl7.org/fhir/StructureDefinition/"
"""How the canonical URL of a type of FHIR's own begins."""


def structure_definition(name: str, *, title: str, description: str, **facts: Any) -> Resource:
    """Return the head of a StructureDefinition of our own.

    Args:
        name: the last part of its canonical URL.
        title: what people call it.
        description: what it defines.
        **facts: ``kind``, ``type``, ``baseDefinition`` and so on, in the order of FHIR.
    """
    head = definition("StructureDefinition", structure(name), title=title, description=description)
    return {**head, "fhirVersion": FHIR_VERSION, **facts}


def binding(named: str, strength: str = "required") -> dict[str, Any]:
    """Bind to a code list of ours, or to a value set given by its URL."""
    url = named if "/" in named else value_set(named)
    return {"binding": {"strength": strength, "valueSet": url}}


def types(codes: tuple[str, ...]) -> list[dict[str, str]]:
    """Say which FHIR types an element may have."""
    return [{"code": code} for code in codes]


class GuideEntry(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"
):
    """An entry of a file; a name that is not known is refused."""


_T = TypeVar("_T")


def entries(path: Path, key: str, kind: type[_T]) -> tuple[_T, ...]:
    """Return the entries under a key of a TOML file.

    Raises:
        StandardError: the file is missing, or does not say what it should.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get(key, [])
        return tuple(msgspec.convert(entry, kind) for entry in tables)
    except (OSError, ValueError) as problem:
        raise StandardError(f"The file {path.name} cannot be used: {problem}") from None


def rows(path: Path) -> Sequence[Mapping[str, Any]]:
    """Return the rows of a CSV file. A column that a row leaves out at its end is empty.

    Raises:
        StandardError: the file cannot be read, or a row has more columns than the heading.
    """
    try:
        listed: list[dict[Any, Any]] = [
            {name: cell or "" for name, cell in row.items()} for row in csv_rows(path)
        ]
    except OSError:
        raise StandardError(f"The file {path.name} cannot be read.") from None
    if any(None in row for row in listed):
        raise StandardError(f"A row of the file {path.name} has more columns than its heading.")
    return listed
