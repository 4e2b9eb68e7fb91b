"""Invented data that samples are made of: stories, names, councils, workplaces, parts of records.

It stands in ``invented.toml`` and ``parts.toml``, which can be read and changed without Python.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec

Json = dict[str, Any]
_WHOLE: Final = re.compile(r"\{(\w+)\}|<([\w-]+)>")
"""A text that stands for a value of any kind, or for a part."""


@dataclass(frozen=True, slots=True)
class NameList:
    """First names and family names that go together, so that a family is of a piece."""

    girls: tuple[str, ...]
    boys: tuple[str, ...]
    families: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heritage:
    """Codes that go together, and the name list that goes with them."""

    ethnicity: str
    language: str
    names: str
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Council:
    """A council and towns in it, with postcode districts.

    ``named_only`` means that families live there only if the area names the council.
    """

    code: str
    name: str
    towns: tuple[tuple[str, str], ...]
    named_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """Where the person who writes the record works, and who advises them."""

    organisation: str = ""
    sector: str
    source: str
    role: str
    job: str
    adviser: str
    adviser_job: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One kind of worry, in the words of those who were there.

    ``paper`` is the type of document that usually goes with it; ``harm`` says
    whether it can be a child protection matter.
    """

    types: tuple[str, ...]
    reasons: tuple[str, ...]
    ages: tuple[int, int]
    area: str
    domain: str
    subdomain: str
    paper: str | None = None
    harm: bool
    seen: tuple[str, ...]
    impact: str
    evidence: str
    risk: str
    change: str
    need: str
    goal: str
    measure: str
    actions: tuple[str, ...]
    child: tuple[str, ...]
    parent: tuple[str, ...]
    strength: str
    adults: str
    tried: str


@dataclass(frozen=True, slots=True)
class Invented:
    """Everything that ``invented.toml`` holds."""

    streets: tuple[str, ...]
    roads: tuple[str, ...]
    sites: tuple[str, ...]
    worker_given_names: tuple[str, ...]
    worker_family_names: tuple[str, ...]
    names: dict[str, NameList]
    heritages: tuple[Heritage, ...]
    councils: tuple[Council, ...]
    places: dict[str, tuple[str, str, str, str]]
    school: Workplace
    nursery: Workplace
    workplaces: tuple[Workplace, ...]
    stories: tuple[Story, ...]


@cache
def invented() -> Invented:
    """Return the invented data."""
    return msgspec.convert(_read("invented.toml"), Invented)


def part(name: str, values: Mapping[str, Any]) -> Json:
    """Return a part of a record, filled in. A field whose value is None is left out."""
    filled: Json = _filled(_parts()[name], values)
    return filled


@cache
def _parts() -> Json:
    return _read("parts.toml")


def _read(name: str) -> Json:
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


def _filled(stated: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(stated, dict):
        filled = ((name, _filled(inner, values)) for name, inner in stated.items())
        return {name: value for name, value in filled if value is not None}
    if isinstance(stated, list):
        return [_filled(inner, values) for inner in stated]
    return _filled_text(stated, values) if isinstance(stated, str) else stated


def _filled_text(stated: str, values: Mapping[str, Any]) -> Any:
    whole = _WHOLE.fullmatch(stated)
    if whole is None:
        return stated.format_map(values)
    if whole[2]:
        return part(whole[2], values)
    value = values[whole[1]]
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
