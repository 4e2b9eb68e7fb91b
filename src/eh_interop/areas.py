"""Areas: a local authority's settings. Adding an authority is adding a file.

An area says which guidance documents it follows (their requirements are then
switched on), what to do at once when a child may be at immediate risk, and the
figures and names that its guidance gives. Nothing here has a default.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from eh_interop.errors import AreaError, StandardError
from eh_interop.findings import Severity
from eh_interop.guidance import clauses
from eh_interop.requirements import Requirement, load_requirements, read_requirements
from eh_interop.resources import folder
from eh_interop.standard import Standard

NEUTRAL = "england"
"""The area used for a record that names none."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Area:
    """One local authority's settings.

    Attributes:
        key: short name, such as ``gloucestershire``.
        title: name for people.
        extends: the areas it builds on, nearest first.
        follows: keys of the guidance documents whose clauses apply here.
        do_now: what to do when a child may be at immediate risk, one sentence each.
        settings: figures that the guidance states, by name.
        labels: local words for codes: code list, then code, then label.
        aliases: local spellings of codes: code list, then spelling, then code.
        requirements: local requirements, beside those of the standard.
        severity: requirement or rule codes whose severity is raised here.
        facts: everything else in the file (districts, roles and the like).
        origin: what to give to :func:`load_area` to get this area again.
    """

    key: str
    title: str
    extends: tuple[str, ...] = ()
    follows: frozenset[str] = frozenset()
    do_now: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    aliases: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    requirements: tuple[Requirement, ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=lambda: MappingProxyType({}))
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    origin: str = ""

    def cares_about(self, cites: tuple[str, ...]) -> bool:
        """Tell whether one of the cited clauses is from a document that this area follows."""
        known = clauses()
        return any(known[cite].document in self.follows for cite in cites)

    def label(self, codelist: str, code: str) -> str:
        """Return the local word for a code, or the code itself."""
        return self.labels.get(codelist, {}).get(code, code)

    def requires(self, standard: Standard, record_type: str) -> tuple[Requirement, ...]:
        """Return every requirement that applies here to a record type, sorted by code."""
        stated = [
            *(
                each
                for each in load_requirements(standard, record_type)
                if self.cares_about(each.cites)
            ),
            *(each for each in self.requirements if each.applies_to(record_type)),
        ]
        raised = (
            replace(each, severity=self.severity[each.code]) if each.code in self.severity else each
            for each in stated
        )
        return tuple(sorted(raised, key=lambda each: each.code))


@cache
def area_names() -> tuple[str, ...]:
    """Return the names of the areas that this installation holds, sorted."""
    return tuple(sorted(path.stem for path in (folder("schemas") / "areas").glob("*.toml")))


@cache
def load_area(name: str = NEUTRAL) -> Area:
    """Read an area by its name, or from a file of your own if ``name`` ends in ``.toml``.

    Raises:
        AreaError: there is no such area, or its file is broken.
    """
    if name.endswith(".toml"):
        return replace(read_area(Path(name)), origin=name)
    if name not in area_names():
        known = ", ".join(area_names())
        raise AreaError(f"There is no such area. The areas are: {known}.")
    return replace(read_area(folder("schemas") / "areas" / f"{name}.toml"), origin=name)


def read_area(path: Path) -> Area:
    """Read an area file, with the area that it extends.

    Raises:
        AreaError: the file cannot be read, lacks something, or mentions something unknown.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise AreaError(f"The area file {path.name} cannot be read as TOML.") from None
    try:
        return _build(given, load_area(given.pop("extends")) if "extends" in given else None)
    except (AreaError, KeyError, TypeError, ValueError, StandardError) as problem:
        raise AreaError(f"The area file {path.name} is not complete: {problem}.") from None


def _build(given: dict[str, Any], parent: Area | None) -> Area:
    below = parent or Area(key="", title="")
    local = tuple(read_requirements(given.pop("requirement", ())))
    severity = {code: Severity(each["level"]) for code, each in given.pop("severity", {}).items()}
    return Area(
        key=given.pop("area"),
        title=given.pop("title"),
        extends=(below.key, *below.extends) if parent else (),
        follows=below.follows | frozenset(given.pop("follows", ())),
        do_now=tuple(given.pop("do-now", below.do_now)),
        settings=MappingProxyType({**below.settings, **given.pop("settings", {})}),
        labels=_merged(below.labels, given.pop("labels", {})),
        aliases=_merged(below.aliases, given.pop("aliases", {})),
        requirements=(*below.requirements, *local),
        severity=MappingProxyType({**below.severity, **severity}),
        facts=MappingProxyType({**below.facts, **given}),
    )


def _merged(
    below: Mapping[str, Mapping[str, str]], above: Mapping[str, Mapping[str, str]]
) -> Mapping[str, Mapping[str, str]]:
    keys = {**below, **above}
    return MappingProxyType(
        {key: MappingProxyType({**below.get(key, {}), **above.get(key, {})}) for key in keys}
    )
