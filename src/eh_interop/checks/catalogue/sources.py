"""Where the catalogue's entries come from: finding codes, requirements, rules and packs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from types import MappingProxyType

from eh_interop.checks.across.records import ChildRecords, across_rules
from eh_interop.checks.catalogue.entry import Entry
from eh_interop.checks.catalogue.example import record_type_of
from eh_interop.checks.completeness import in_words
from eh_interop.checks.rules.engine import Rule, all_rules
from eh_interop.core.findings import Layer, Severity
from eh_interop.standard.areas import Area
from eh_interop.standard.finding_codes import RULES, FindingCode, finding_codes
from eh_interop.standard.model import RECORDS
from eh_interop.standard.pack_kinds import pack_kinds
from eh_interop.standard.parts import ways
from eh_interop.standard.requirements import Requirement, load_requirements
from eh_interop.standard.schemas import Standard, load_standard, versions

Areas = tuple[Area, ...]


def collect(standard: Standard, areas: Areas) -> Iterator[Entry]:
    """Yield every check of a version of the standard, as it applies in some areas."""
    yield from codes(standard, areas)
    yield from requirements(standard, areas)
    yield from rules(standard, areas)
    yield from papers(areas)


def codes(standard: Standard, areas: Areas) -> Iterator[Entry]:
    """Yield the faults of shape, of files, of conversion and of packs, which are data."""
    for code in finding_codes().values():
        if code.family != RULES:
            yield Entry(
                code=code.code,
                name=code.name,
                layer=code.layer,
                severity=code.severity,
                title=code.title,
                why=code.why,
                ask=code.ask,
                cites=code.cites,
                records=standard.record_types if code.layer is Layer.SHAPE else (),
                areas=_severities(code, _following(code, areas)),
                since=versions()[0],
            )


def requirements(standard: Standard, areas: Areas) -> Iterator[Entry]:
    """Yield the requirements of the standard and of the areas."""
    local = {requirement.code: requirement for area in areas for requirement in area.requirements}
    for each in {**_of_standard(standard), **local}.values():
        yield Entry(
            code=each.code,
            name=each.name,
            layer=Layer.COMPLETENESS,
            severity=each.severity,
            title=in_words(each.name),
            why=each.why,
            ask=each.ask,
            cites=each.cites,
            records=tuple(kind for kind in standard.record_types if each.applies_to(kind)),
            areas=_required_in(each, standard, areas),
            since=_since(each.code),
            source=each,
        )


def rules(standard: Standard, areas: Areas) -> Iterator[Entry]:
    """Yield the rules."""
    for each in (*all_rules(), *across_rules()):
        yield Entry(
            code=each.code,
            name=each.name,
            layer=Layer.CONSISTENCY,
            severity=each.severity,
            title=each.title,
            why=each.why,
            ask=each.ask,
            cites=each.cites,
            records=_looked_at(each, standard),
            areas=_run_in(each, areas),
            since=versions()[0],
            source=each,
        )


def papers(areas: Areas) -> Iterator[Entry]:
    """Yield the papers that a kind of pack needs."""
    for kind in pack_kinds().values():
        for needed in kind.requirements:
            yield Entry(
                code=needed.code,
                name=needed.name,
                layer=Layer.PACK,
                severity=needed.severity,
                title=in_words(needed.name),
                why=needed.why,
                ask=needed.ask,
                cites=needed.cites,
                areas=_severities(needed, _following(needed, areas)),
                since=versions()[0],
            )


def _following(check: FindingCode | Requirement, areas: Areas) -> Iterator[Area]:
    """Yield the areas in which a check applies; one without a citation is about a format."""
    return (area for area in areas if not check.cites or area.cares_about(check.cites))


def _looked_at(rule: Rule, standard: Standard) -> tuple[str, ...]:
    """Return the record types in which a rule can find something."""
    if rule.looks_at is ChildRecords:
        told = {record_type_of(name) for name in (*rule.passes, *rule.fails)}
        return tuple(kind for kind in standard.record_types if kind in told)
    return tuple(kind for kind in standard.record_types if ways(RECORDS[kind], rule.looks_at))


@cache
def _of_standard(standard: Standard) -> Mapping[str, Requirement]:
    return {
        requirement.code: requirement
        for kind in standard.record_types
        for requirement in load_requirements(standard, kind)
    }


def _since(code: str) -> str:
    """Return the first version of the standard that has a requirement."""
    for version in versions():
        if code in _of_standard(load_standard(version)):
            return version
    return versions()[0]


def _required_in(
    requirement: Requirement, standard: Standard, areas: Areas
) -> Mapping[str, Severity]:
    common = requirement.code in _of_standard(standard)
    return _severities(
        requirement,
        (
            area
            for area in areas
            if (common and area.cares_about(requirement.cites))
            or any(each.code == requirement.code for each in area.requirements)
        ),
    )


def _run_in(rule: Rule, areas: Areas) -> Mapping[str, Severity]:
    return _severities(
        rule,
        (
            area
            for area in areas
            if area.cares_about(rule.cites) and all(map(area.states, rule.needs))
        ),
    )


def _severities(
    check: Requirement | Rule | FindingCode, areas: Iterable[Area]
) -> Mapping[str, Severity]:
    return MappingProxyType(
        {area.key: area.severity.get(check.code, check.severity) for area in areas}
    )
