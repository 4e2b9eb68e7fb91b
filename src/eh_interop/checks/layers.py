"""The layers of a check, and where in the source each finding stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from eh_interop.checks.completeness import requirement_finding
from eh_interop.checks.consistency import Consistency
from eh_interop.checks.engine import CompiledEngine, Engine
from eh_interop.checks.shape import UNKNOWN_FIELD, shape_finding
from eh_interop.core.findings import Finding, Layer, NotRun
from eh_interop.core.pointer import resolve, steps_of
from eh_interop.reading import SourceRecord
from eh_interop.standard.areas import Area
from eh_interop.standard.requirements import Requirement
from eh_interop.standard.schemas import Standard

Found = tuple[Finding, str | None]
"""A finding, and the name of the unknown property that it is about, if it is about one."""


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
) -> tuple[list[Found], list[NotRun]]:
    """Run the three layers. One mistake gives one finding."""
    record_type = document["recordType"]
    checker, requirements, consistency = _compiled(standard, area, record_type, engine)
    found: dict[tuple[str, str], Found] = {}
    for violation in checker.violations(document):
        if violation.requirement is None:
            empty = _is_blank(resolve(document, violation.steps))
            finding = shape_finding(standard, record_type, violation, empty=empty)
        else:
            finding = requirement_finding(requirements[violation.requirement], violation.steps)
        kind = Layer.SHAPE if _is_value_fault(finding) else finding.code
        found.setdefault((kind, finding.place), (finding, next(iter(violation.names), None)))
    sound = all(finding.layer is not Layer.SHAPE for finding, _ in found.values())
    disagreements, not_run = consistency.run(document, as_of, sound=sound)
    return [*found.values(), *((disagreement, None) for disagreement in disagreements)], not_run


def _is_value_fault(finding: Finding) -> bool:
    """Tell faults of one value: of several at one place, only the first is reported."""
    return finding.layer is Layer.SHAPE and finding.code != UNKNOWN_FIELD


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def placed(found: Iterable[Found], raw: SourceRecord) -> Iterator[Finding]:
    """Say where in the source each finding is: at the value, or the parent of what is missing.

    A finding about an unknown property is at the property's name.
    """
    pairs = [(finding, steps_of(finding.place), name) for finding, name in found]
    at_values = [steps for _, steps, name in pairs if name is None]
    at_names = [(*steps, name) for _, steps, name in pairs if name is not None]
    # Looking for positions reads the whole text again, so it is done only when there is a need.
    values = raw.locate(at_values) if at_values else {}
    names = raw.locate_names(at_names) if at_names else {}
    for finding, steps, name in pairs:
        origin = values.get(steps) if name is None else names.get((*steps, name))
        yield replace(finding, origin=origin)
