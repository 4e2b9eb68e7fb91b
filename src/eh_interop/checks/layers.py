"""The layers of a check, and where in the source each finding stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from eh_interop.checks.completeness import requirement_finding
from eh_interop.checks.consistency import Consistency
from eh_interop.checks.engine import CompiledEngine, Engine
from eh_interop.checks.shape import UNKNOWN_FIELD, shape_finding
from eh_interop.core.fence import fenced
from eh_interop.core.findings import Finding, Layer, NotRun
from eh_interop.core.pointer import Steps, join, resolve, steps_of
from eh_interop.reading import SourceRecord
from eh_interop.standard.areas import Area
from eh_interop.standard.quotable import known_steps
from eh_interop.standard.requirements import Requirement
from eh_interop.standard.schemas import Standard

_IN_LOCAL_DATA: Final = "/localData/"
_IN_ABSENT: Final = "/absent/"


@dataclass(frozen=True, slots=True)
class LayerResult:
    """What the three layers found.

    Attributes:
        findings: one for each mistake, not located yet.
        not_run: checks that were not made, and why.
        faults: where our own code failed, a sentence each.
        key_places: for findings about an unknown property, by their place, where that property
            is. Its name may be personal: never print it.
    """

    findings: list[Finding] = field(default_factory=list)
    not_run: list[NotRun] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    key_places: dict[str, Steps] = field(default_factory=dict, repr=False)


@cache
def _compiled(
    standard: Standard, area: Area, record_type: str, engine: type[Engine]
) -> tuple[Engine, tuple[Requirement, ...], Consistency]:
    requirements = area.requires(standard, record_type)
    checker = engine(standard, record_type, requirements)
    return checker, requirements, Consistency(area, record_type)


def check_layers(
    standard: Standard,
    area: Area,
    document: Mapping[str, Any],
    as_of: date,
    engine: type[Engine] = CompiledEngine,
) -> LayerResult:
    """Run the three layers. One mistake gives one finding; a fault of ours in one is told."""
    record_type = document["recordType"]
    checker, requirements, consistency = _compiled(standard, area, record_type, engine)
    findings: dict[tuple[str, str], Finding] = {}
    result = LayerResult()
    with fenced(result.faults.append):
        for violation in checker.violations(document):
            if violation.requirement is None:
                empty = _is_blank(resolve(document, violation.steps))
                finding = shape_finding(standard, record_type, violation, empty=empty)
            else:
                finding = requirement_finding(requirements[violation.requirement], violation.steps)
            kind = Layer.SHAPE if _is_value_fault(finding) else finding.code
            findings.setdefault((kind, finding.place), finding)
            if violation.key_place is not None:
                result.key_places.setdefault(finding.place, violation.key_place)
    result.findings.extend(dict.fromkeys(map(_without_free_names, findings.values())))
    sound = not result.faults and all(one.layer is not Layer.SHAPE for one in result.findings)
    with fenced(result.faults.append):
        disagreements, not_run = consistency.run(document, as_of, sound=sound)
        result.findings.extend(disagreements)
        result.not_run.extend(not_run)
    return result


def _without_free_names(finding: Finding) -> Finding:
    """End its place where names are free, and may be a person's.

    They are free in local data; what says why something is missing should hold names of fields.
    """
    above, below, _ = finding.place.partition(_IN_LOCAL_DATA)
    if below:
        return replace(finding, place=above + _IN_LOCAL_DATA.rstrip("/"))
    if _IN_ABSENT in finding.place:
        return replace(finding, place=join(known_steps(steps_of(finding.place))))
    return finding


def _is_value_fault(finding: Finding) -> bool:
    """Return whether it is about one value: of several at one place, only the first is reported."""
    return finding.layer is Layer.SHAPE and finding.code != UNKNOWN_FIELD


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def locate_findings(
    findings: Iterable[Finding],
    record: SourceRecord,
    key_places: Mapping[str, Steps] = MappingProxyType({}),
) -> Iterator[Finding]:
    """Say where in the source each finding is: at the value, or the parent of what is missing.

    A finding about an unknown property is at the property's name; see :class:`LayerResult`.
    """
    wanted = [
        (finding, steps_of(finding.place), _key_of(finding, key_places)) for finding in findings
    ]
    at_values = [steps for _, steps, key in wanted if key is None]
    at_names = [key for _, _, key in wanted if key is not None]
    # Looking for positions reads the whole text again, so it is done only when there is a need.
    values = record.locate(at_values) if at_values else {}
    names = record.locate_names(at_names) if at_names else {}
    for finding, steps, key in wanted:
        yield replace(finding, origin=values.get(steps) if key is None else names.get(key))


def _key_of(finding: Finding, key_places: Mapping[str, Steps]) -> Steps | None:
    return key_places.get(finding.place) if finding.code == UNKNOWN_FIELD else None
