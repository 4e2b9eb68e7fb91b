"""Helpers for tests: the examples, and ways to break one in a single place."""

from __future__ import annotations

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

from eh_interop import RecordReport, check
from eh_interop.core.pointer import resolve, steps_of

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
SCHEMAS = ROOT / "schemas"
RECORD_FILES = sorted(path for path in EXAMPLES.rglob("*.json") if path.parent.name != "fhir")
"""The examples that are records as they stand; those in FHIR have tests of their own."""
AS_OF = date(2026, 11, 1)
"""The day on which the examples are judged."""

Expected = tuple[str, str, str]
"""Code, severity and place of a finding."""


def example(name: str) -> dict[str, Any]:
    """Read an example record, such as ``gloucestershire/marf``."""
    document: dict[str, Any] = json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))
    return document


def found(report: RecordReport) -> list[Expected]:
    """Return what a report found, in a form that can be compared."""
    return [(finding.code, finding.severity.value, finding.place) for finding in report.findings]


def findings(document: dict[str, Any], area: str | None = None) -> list[Expected]:
    """Check a record and return what was found."""
    return found(check(document, area=area, as_of=AS_OF))


def broken(how: dict[str, Any]) -> dict[str, Any]:
    """Break a valid example as the ``example`` of a requirement says."""
    document = copy.deepcopy(example(how["of"]))
    for place, value in how.get("set", {}).items():
        *parents, last = steps_of(place)
        resolve(document, parents)[last] = value
    for place in sorted(how.get("remove", ()), key=steps_of, reverse=True):
        *parents, last = steps_of(place)
        del resolve(document, parents)[last]
    return document
