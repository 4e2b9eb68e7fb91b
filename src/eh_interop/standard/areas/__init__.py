"""Areas: a local authority's settings. Adding an authority is adding a file.

An area says which guidance documents it follows (their requirements are then
switched on), what to do at once when a child may be at immediate risk, and the
figures and names that its guidance gives. Nothing here has a default.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from eh_interop.core.errors import AreaError, StandardError
from eh_interop.core.findings import Severity, Waiver
from eh_interop.core.resources import folder
from eh_interop.standard.areas.area import Area
from eh_interop.standard.areas.checks import check_form, check_meaning
from eh_interop.standard.guidance import Clause, Document
from eh_interop.standard.requirements import read_requirements

__all__ = ["NEUTRAL", "Area", "area_names", "load_area", "read_area"]

NEUTRAL = "england"
"""The area used for a record that names none."""


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
    # Our own files are looked at by the tests, not again on every start.
    path = folder("schemas") / "areas" / f"{name}.toml"
    return replace(read_area(path, trusted=True), origin=name)


def read_area(path: Path, *, trusted: bool = False) -> Area:
    """Read an area file, with the area that it extends.

    Args:
        path: the file.
        trusted: do not compare it with the schema and with what it mentions.

    Raises:
        AreaError: the file cannot be read, lacks something, or mentions something unknown.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise AreaError(f"The area file {path.name} cannot be read as TOML.") from None
    try:
        if not trusted:
            check_form(given)
        parent = load_area(given.pop("extends")) if "extends" in given else None
        area = _build(given, parent)
        if not trusted:
            check_meaning(area, parent or _nothing())
    except (AreaError, KeyError, TypeError, ValueError, StandardError) as problem:
        reason = str(problem).removesuffix(".")
        stop = "" if reason.endswith("?") else "."
        raise AreaError(f"The area file {path.name} is not complete: {reason}{stop}") from None
    return area


def _nothing() -> Area:
    return Area(key="", title="")


def _build(given: dict[str, Any], parent: Area | None) -> Area:
    below = parent or _nothing()
    local = tuple(read_requirements(given.pop("requirement", ())))
    severity = {code: Severity(table["level"]) for code, table in given.pop("severity", {}).items()}
    waivers = {
        code: Waiver(table["why"], table["until"]) for code, table in given.pop("waive", {}).items()
    }
    key = given.pop("area")
    own_documents = [_document(key, table) for table in given.pop("document", ())]
    own_clauses = [_clause(table) for table in given.pop("clause", ())]
    return Area(
        key=key,
        title=given.pop("title"),
        extends=(below.key, *below.extends) if parent else (),
        follows=below.follows | frozenset(given.pop("follows", ())),
        do_now=tuple(given.pop("do-now", below.do_now)),
        settings=MappingProxyType({**below.settings, **given.pop("settings", {})}),
        labels=_merged(below.labels, given.pop("labels", {})),
        aliases=_merged(below.aliases, given.pop("aliases", {})),
        requirements=(*below.requirements, *local),
        severity=MappingProxyType({**below.severity, **severity}),
        waivers=MappingProxyType({**below.waivers, **waivers}),
        documents=MappingProxyType(
            {**below.documents, **{document.key: document for document in own_documents}}
        ),
        clauses=MappingProxyType(
            {**below.clauses, **{clause.id: clause for clause in own_clauses}}
        ),
        facts=MappingProxyType({**below.facts, **given}),
    )


def _document(area: str, given: Mapping[str, str]) -> Document:
    return Document(given["key"], given["title"], given["publisher"], given["edition"], area)


def _clause(given: Mapping[str, str]) -> Clause:
    return Clause(given["id"], given["document"], given.get("kind", "local"), given["says"], "")


def _merged(
    below: Mapping[str, Mapping[str, str]], above: Mapping[str, Mapping[str, str]]
) -> Mapping[str, Mapping[str, str]]:
    keys = {**below, **above}
    return MappingProxyType(
        {key: MappingProxyType({**below.get(key, {}), **above.get(key, {})}) for key in keys}
    )
