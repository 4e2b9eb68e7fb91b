"""Where the examples of a rule stand: a sound record, and its part of the right kind."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from tests.helpers.support import AS_OF, EXAMPLES, RECORD_FILES, example

from eh_interop.checks.consistency import Consistency
from eh_interop.checks.rules.engine import Rule
from eh_interop.core.findings import Finding
from eh_interop.standard.areas import NEUTRAL, Area, area_names, load_area
from eh_interop.standard.guidance import documents
from eh_interop.standard.model import RECORDS, Part, Record
from eh_interop.standard.parts import PartStep, paths_to

MINIMAL = ("marf", "plan", "early-help-assessment", "consent-record")
"""The minimal examples in which a part is looked for, in this order."""
FIGURES = {
    "assessment-currency-days": 365,
    "child-asked-from-age": 7,
    "closure-sign-off-days": 7,
    "escalation-stage-days": 14,
    "hub-hours-amber": 6,
    "hub-hours-green": 24,
    "hub-hours-red": 2,
    "oldest-age": 18,
    "plan-due-days": 14,
    "prompt-sharing-days": 7,
    "review-interval-days": 180,
    "written-follow-up-hours": 24,
}
"""Settings that a rule can use and that no published area states."""
EVERY = sorted(
    path.relative_to(EXAMPLES).with_suffix("").as_posix()
    for path in RECORD_FILES
    if "invalid" not in path.parts
)


def demanding_area(**settings: Any) -> Area:
    """Return an area that follows all guidance and has the settings of all areas."""
    areas = [load_area(name) for name in sorted(area_names(), reverse=True)]
    merged: dict[str, Any] = dict(FIGURES)
    facts: dict[str, Any] = {}
    for area in areas:  # Gloucestershire comes after Staffordshire, so its figures hold
        merged |= area.settings
        facts |= area.facts
    return replace(
        load_area(NEUTRAL),
        key="demanding",
        follows=frozenset(documents()),
        settings=merged | settings,
        facts=facts,
    )


AREA = demanding_area()


def run(document: Mapping[str, Any], area: Area = AREA, today: date = AS_OF) -> list[Finding]:
    """Run every rule over a record whose shape is sound; no rule may fail or be left out."""
    checks = Consistency(area, document["recordType"])
    findings, not_run = checks.run(document, today, sound=True)
    assert not not_run, not_run
    return findings


def trips(document: Mapping[str, Any], area: Area = AREA, today: date = AS_OF) -> set[str]:
    return {each.code for each in run(document, area, today)}


def merged(value: Any, patch: Any) -> Any:
    """Apply a merge patch (RFC 7386)."""
    if not isinstance(patch, Mapping):
        return copy.deepcopy(patch)
    result = dict(value) if isinstance(value, Mapping) else {}
    for name, change in patch.items():
        if change is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), change)
    return result


def built(record_type: str) -> dict[str, Any]:
    """Return the least that a record of a type can be."""
    child = {"id": "c1", "name": {"given": "Rowan"}, "dateOfBirth": "2019-06-14"}
    return {
        "recordType": record_type,
        "standardVersion": "1.0",
        "recordId": f"{record_type}-0001",
        "children": [child],
    }


def base(rule: Rule) -> dict[str, Any]:
    """Return the record in which a rule's examples stand."""
    if rule.of:
        return example(rule.of)
    known = [example(f"minimal/{name}") for name in MINIMAL]
    for document in known:
        if next(_places(document, rule.looks_at), None) is not None:
            return document
    for document in [*known, *map(built, RECORDS)]:
        if paths_to(RECORDS[document["recordType"]], rule.looks_at):
            return document
    raise LookupError(rule.code)


def bases(rule: Rule) -> Iterator[dict[str, Any]]:
    """Yield records in which a rule's examples can stand: its own, then every example."""
    yield base(rule)
    for name in EVERY:
        document = example(name)
        if next(_places(document, rule.looks_at), None) is not None:
            yield document


def patched(
    rule: Rule, patch: Mapping[str, Any], document: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Apply a patch to the first part that a rule looks at, in its base or another record."""
    document = document or base(rule)
    place = next(_places(document, rule.looks_at), None)
    if place is None:
        return _added(document, rule.looks_at, merged({}, patch))
    return _put(document, place, lambda part: merged(part, patch))


def place_of(rule: Rule, document: Mapping[str, Any]) -> str:
    """Return where the part stands that ``patched`` changes."""
    return "".join(f"/{each}" for each in next(_places(document, rule.looks_at)))


def _kind(document: Mapping[str, Any]) -> type[Record]:
    return RECORDS[document["recordType"]]


def _places(document: Mapping[str, Any], kind: type[Part]) -> Iterator[list[str | int]]:
    for way in paths_to(_kind(document), kind):
        yield from _along(document, list(way), [])


def _along(value: Any, way: list[PartStep], place: list[str | int]) -> Iterator[list[str | int]]:
    if not way:
        yield place
        return
    step, *rest = way
    held = value.get(step.name)
    for number, each in enumerate(held or ()) if step.many else ():
        yield from _along(each, rest, [*place, step.name, number])
    if held is not None and not step.many:
        yield from _along(held, rest, [*place, step.name])


def _put(document: Any, place: list[str | int], change: Any) -> Any:
    if not place:
        return change(document)
    step, *rest = place
    result = list(document) if isinstance(document, list) else dict(document)
    result[step] = _put(result[step], rest, change)
    return result


def _added(document: Any, kind: type[Part], part: Any) -> Any:
    """Put a part where such a part can stand; what was said to be missing is there now."""
    step, *rest = paths_to(_kind(document), kind)[0]
    assert not rest, "the part stands too deep to be added"
    result = copy.deepcopy(document)
    result[step.name] = [part] if step.many else part
    result.get("absent", {}).pop(step.name, None)
    if not result.get("absent", {"some": "reason"}):
        del result["absent"]
    return result
