"""Kinds of pack, and the papers that each needs: read from ``schemas/1.0/packs/``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from eh_interop.core.errors import StandardError
from eh_interop.standard.requirements import Requirement, read_requirements
from eh_interop.standard.schemas import CURRENT, load_standard


@dataclass(frozen=True, slots=True, kw_only=True)
class PackPart:
    """One part of what the guidance asks for, and the checks that say something about it."""

    title: str
    checks: tuple[str, ...]
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackKind:
    """A kind of pack.

    Attributes:
        key: ``referral`` or ``step-down``.
        title: its name for people.
        record: the type of the record that it is about.
        purposes: consent to one of these covers what is in it.
        basic_records: record types that hold basic information only.
        parts: what the guidance asks for, in order.
        requirements: the papers that have to be in it.
    """

    key: str
    title: str
    record: str
    purposes: tuple[str, ...]
    basic_records: tuple[str, ...]
    parts: tuple[PackPart, ...]
    requirements: tuple[Requirement, ...]


@cache
def pack_kinds() -> Mapping[str, PackKind]:
    """Return the kinds of pack, by key.

    Raises:
        StandardError: a file is missing or broken.
    """
    names = sorted(path.stem for path in _folder().glob("*.toml"))
    return MappingProxyType({name: _kind(name) for name in names})


def _kind(key: str) -> PackKind:
    given = _read(key)
    record = given["record"]
    return PackKind(
        key=key,
        title=given["title"],
        record=record,
        purposes=tuple(given["purposes"]),
        basic_records=tuple(given.get("basic-records", ())),
        parts=tuple(
            PackPart(title=each["title"], checks=tuple(each["checks"]), cites=tuple(each["cites"]))
            for each in given.get("part", ())
        ),
        requirements=tuple(read_requirements(given.get("requirement", ()), (record,))),
    )


def _folder() -> Path:
    return load_standard(CURRENT).root / "packs"


def _read(name: str) -> dict[str, Any]:
    try:
        return tomllib.loads((_folder() / f"{name}.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise StandardError(f"The file {name}.toml about packs cannot be read.") from None
