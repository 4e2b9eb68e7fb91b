"""The catalogue: every check in one uniform list, whatever kind it is.

Requirements, rules and finding codes are kept in different places. Here each is
a :class:`CatalogueEntry`, with the areas in which it applies.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType

from eh_interop.checks.across.records import ChildRecords, across_rules
from eh_interop.checks.catalogue.entry import (
    CatalogueEntry,
    CheckExample,
    example_of,
    record_type_of,
)
from eh_interop.checks.completeness import in_words
from eh_interop.checks.rules.engine import Rule, all_rules
from eh_interop.core.findings import Layer
from eh_interop.standard.areas import Area, area_names, load_area
from eh_interop.standard.finding_codes import RULES, FindingCode, finding_codes
from eh_interop.standard.model import RECORDS
from eh_interop.standard.pack_kinds import pack_kinds
from eh_interop.standard.parts import paths_to
from eh_interop.standard.requirements import Requirement, load_requirements
from eh_interop.standard.schemas import Standard, load_standard, versions

__all__ = [
    "CatalogueEntry",
    "CheckExample",
    "entries",
    "entries_of",
    "example_of",
    "find",
    "nearest",
]


@cache
def entries(own: Area | None = None) -> tuple[CatalogueEntry, ...]:
    """Return every check, sorted by layer and code.

    Args:
        own: an area from a file of your own, to be looked at beside those that are here.

    Raises:
        StandardError: the standard is broken.
        AreaError: an area is broken.
    """
    areas = (*(load_area(name) for name in area_names()), *((own,) if own else ()))
    listed = _collect(load_standard(), areas)
    return tuple(sorted(listed, key=lambda entry: (entry.order, entry.code)))


def entries_of(area: Area) -> tuple[CatalogueEntry, ...]:
    """Return the checks that apply in an area, with the severity there."""
    return tuple(
        replace(entry, severity=entry.areas[area.key])
        for entry in entries(_own(area))
        if area.key in entry.areas
    )


def _own(area: Area | None) -> Area | None:
    """Return an area from a file of somebody's own; none for one that is here already."""
    return None if area is None or area.origin in area_names() else area


def find(name: str, area: Area | None = None) -> tuple[CatalogueEntry, ...]:
    """Return the checks with this code or name, those of an own area too.

    Some names are used in two layers.
    """
    wanted = name.strip().lower()
    return tuple(
        entry for entry in entries(_own(area)) if wanted in {entry.code.lower(), entry.name}
    )


def nearest(name: str, area: Area | None = None) -> tuple[str, ...]:
    """Return the codes and names that are most like this one."""
    listed = entries(_own(area))
    codes = {entry.code.lower(): entry.code for entry in listed}
    names = {entry.name: entry.name for entry in listed}
    matches = get_close_matches(name.strip().lower(), [*codes, *names], 3)
    return tuple({**names, **codes}[match] for match in matches)


Check = FindingCode | Requirement | Rule


def _collect(standard: Standard, areas: tuple[Area, ...]) -> Iterator[CatalogueEntry]:
    """Yield every check of a version of the standard, as it applies in some areas."""
    for code in finding_codes().values():
        if code.family != RULES:
            kinds = standard.record_types if code.layer is Layer.SHAPE else ()
            yield _entry(code, code.layer, code.title, _following(code, areas), kinds)
    local = {requirement.code: requirement for area in areas for requirement in area.requirements}
    for needed in {**_of_standard(standard), **local}.values():
        kinds = tuple(kind for kind in standard.record_types if needed.applies_to(kind))
        where = _required_in(needed, standard, areas)
        yield _entry(needed, Layer.COMPLETENESS, in_words(needed.name), where, kinds, needed)
    for rule in (*all_rules(), *across_rules()):
        kinds = _looked_at(rule, standard)
        yield _entry(rule, Layer.CONSISTENCY, rule.title, _run_in(rule, areas), kinds, rule)
    for pack_kind in pack_kinds().values():
        for paper in pack_kind.requirements:
            yield _entry(paper, Layer.PACK, in_words(paper.name), _following(paper, areas))


def _entry(
    check: Check,
    layer: Layer,
    title: str,
    areas: Iterable[Area],
    records: tuple[str, ...] = (),
    source: Requirement | Rule | None = None,
) -> CatalogueEntry:
    return CatalogueEntry(
        code=check.code,
        name=check.name,
        layer=layer,
        severity=check.severity,
        title=title,
        why=check.why,
        ask=check.ask,
        cites=check.cites,
        records=records,
        areas=MappingProxyType(
            {area.key: area.severity.get(check.code, check.severity) for area in areas}
        ),
        since=_since(check.code) if isinstance(source, Requirement) else versions()[0],
        source=source,
    )


def _following(check: Check, areas: Iterable[Area]) -> Iterator[Area]:
    """Yield the areas in which a check applies; one without a citation is about a format."""
    return (area for area in areas if not check.cites or area.follows_any(check.cites))


def _looked_at(rule: Rule, standard: Standard) -> tuple[str, ...]:
    """Return the record types in which a rule can find something."""
    if rule.looks_at is ChildRecords:
        shown = {record_type_of(name) for name in (*rule.passes, *rule.fails)}
        return tuple(kind for kind in standard.record_types if kind in shown)
    return tuple(kind for kind in standard.record_types if paths_to(RECORDS[kind], rule.looks_at))


@cache
def _of_standard(standard: Standard) -> Mapping[str, Requirement]:
    return {
        requirement.code: requirement
        for kind in standard.record_types
        for requirement in load_requirements(standard, kind)
    }


def _since(code: str) -> str:
    """Return the first version of the standard that has a requirement."""
    has_it = (version for version in versions() if code in _of_standard(load_standard(version)))
    return next(has_it, versions()[0])


def _required_in(
    requirement: Requirement, standard: Standard, areas: Iterable[Area]
) -> Iterator[Area]:
    common = requirement.code in _of_standard(standard)
    for area in areas:
        own = any(local.code == requirement.code for local in area.requirements)
        if own or (common and area.follows_any(requirement.cites)):
            yield area


def _run_in(rule: Rule, areas: Iterable[Area]) -> Iterator[Area]:
    return (
        area
        for area in areas
        if area.follows_any(rule.cites) and all(map(area.has_setting, rule.needs))
    )
