"""What the package says about itself, and what every definition in it says about itself."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import Any

import msgspec

from eh_interop.core.errors import StandardError
from eh_interop.core.resources import folder
from eh_interop.standard.schemas import CURRENT

Resource = dict[str, Any]
"""A FHIR resource as plain JSON."""


class Dependency(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A package of somebody else whose definitions ours build on."""

    package: str
    version: str
    uri: str


class About(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
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
    dependency: tuple[Dependency, ...]


@cache
def about() -> About:
    """Read what the package says about itself.

    Raises:
        StandardError: the file is missing or broken.
    """
    path = folder("mappings") / "fhir-guide" / "guide.toml"
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), About)
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
