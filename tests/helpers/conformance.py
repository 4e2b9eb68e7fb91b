"""Makes the conformance vectors.

* ``<record type>.ndjson``: every example;
* ``rules/<family>.ndjson``: for every rule a record that fails and its like that passes;
* ``requirements.ndjson``: records that meet requirements which no example has to meet;
* ``shape.ndjson``: faults of shape.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
from tests.helpers.invalid_examples import path_of, requirements
from tests.helpers.pairs import smallest_pair
from tests.helpers.put_right import put_right
from tests.helpers.rule_bases import FIGURES, bases, patched
from tests.helpers.support import AS_OF, EXAMPLES, RECORD_FILES, SCHEMAS, Expected, broken, found

from eh_interop import RecordReport, load_area
from eh_interop.checks.completeness import compile_requirement
from eh_interop.checks.record import check_record
from eh_interop.checks.rules.engine import Rule, all_rules
from eh_interop.reading.source_record import SourceRecord
from eh_interop.standard.areas import NEUTRAL, Area, area_names
from eh_interop.standard.guidance import clauses
from eh_interop.standard.requirements import Requirement

FOLDER = SCHEMAS / "conformance"
Vector = dict[str, Any]
Files = dict[Path, list[Vector]]
Pair = tuple[dict[str, Any], dict[str, Any]]


def area_of(vector: Mapping[str, Any]) -> Area:
    """Return the area that a vector is judged in, with the vector's own settings."""
    return with_more(
        vector["area"], tuple(vector.get("settings", {}).items()), tuple(vector.get("follows", ()))
    )


@cache
def with_more(
    name: str, settings: tuple[tuple[str, Any], ...] = (), follows: tuple[str, ...] = ()
) -> Area:
    """Return an area with more settings than it states, and more documents than it follows."""
    area = load_area(name)
    if not settings and not follows:
        return area
    return replace(
        area,
        settings={**area.settings, **dict(settings)},
        follows=area.follows.union(follows),
    )


def expected(record: Mapping[str, Any], area: Area | None) -> dict[str, Any]:
    """Say what is found in a record. What protects somebody is judged by the toolkit alone."""
    report = checked(record, area)
    return {
        "disposition": report.disposition,
        "findings": [
            {
                "code": finding.code,
                "layer": finding.layer,
                "severity": finding.severity,
                "place": finding.place,
            }
            for finding in report.findings
        ],
    }


def vector(
    name: str, area: str, record: Mapping[str, Any], more: Mapping[str, Any] | None = None
) -> Vector:
    """Make one vector. ``more`` holds the settings and documents that the area lacks."""
    head = {"name": name, "area": area, "asOf": AS_OF.isoformat(), **(more or {})}
    return {**head, "record": record, "expected": expected(record, area_of(head))}


def text(vectors: Iterable[Vector]) -> bytes:
    """Write vectors, one a line."""
    return b"".join(orjson.dumps(each, option=orjson.OPT_APPEND_NEWLINE) for each in vectors)


def read(path: Path) -> list[Vector]:
    """Read a file of vectors."""
    return [json.loads(line) for line in path.read_bytes().splitlines()]


# ------------------------------------------------------------------ examples


@cache
def of_examples() -> Files:
    """Return a vector for every example, in one file for each record type."""
    files: Files = defaultdict(list)
    for path in RECORD_FILES:
        record = json.loads(path.read_text("utf-8"))
        name = path.relative_to(EXAMPLES).with_suffix("").as_posix()
        made = vector(name, record.get("area", NEUTRAL), record)
        files[FOLDER / f"{record['recordType']}.ndjson"].append(made)
    return files


# --------------------------------------------------------------------- rules


def place_to_run(rule: Rule) -> tuple[str, dict[str, Any]]:
    """Return the area in which a rule is shown, the most general one, and what it lacks.

    Lacking may be ``settings``, and documents that it ``follows`` then: those of a
    rule that comes from guidance that no published area follows.
    """
    following = [name for name in area_names() if load_area(name).follows_any(rule.cites)]
    for name in following:
        if all(map(load_area(name).has_setting, rule.needs)):
            return name, {}
    lacking: dict[str, Any] = {}
    if settings := {need: FIGURES[need] for need in rule.needs}:
        lacking["settings"] = settings
    if not following:
        lacking["follows"] = sorted({clauses()[cite].document for cite in rule.cites})
    return next(iter(following), NEUTRAL), lacking


def area_shown(rule: Rule) -> Area:
    """Return the area in which a rule is shown, with what it lacked."""
    name, lacking = place_to_run(rule)
    return area_of({"area": name, **lacking})


def name_of(rule: Rule) -> str:
    """Return how the names of a rule's vectors begin."""
    return f"rules/{rule.family}/{rule.code}-{rule.name}"


def originals(rule: Rule, area: Area) -> Pair:
    """Return what a rule's vectors are cut from: the record that fails, and its like.

    The rule's own example is used as a change to that record in which the fewest
    other things are found.
    """
    best: tuple[int, Pair] | None = None
    for document in bases(rule):
        pair = tuple(
            {**patched(rule, patch, document), "area": area.key}
            for patch in (rule.fails, rule.passes)
        )
        codes = [[each[0] for each in see(each, area)] for each in pair]
        if rule.code not in codes[0] or rule.code in codes[1] or _unsound(codes):
            continue
        count = len(codes[0]) + len(codes[1])
        if best is None or count < best[0]:
            best = count, (pair[0], pair[1])
    assert best is not None, rule.code
    return best[1]


def _unsound(codes: list[list[str]]) -> bool:
    return any(code.startswith("SHP") for each in codes for code in each)


def see(record: Mapping[str, Any], area: Area) -> list[Expected]:
    """Check a record in an area."""
    return found(checked(record, area))


def checked(record: Mapping[str, Any], area: Area | None) -> RecordReport:
    """Run shape, completeness and consistency over a record."""
    source = SourceRecord(source="", document=dict(record))
    return check_record(source, area=area, as_of=AS_OF)


def of_rules() -> Files:
    """Return the vectors of all rules, in one file for each family."""
    files: Files = defaultdict(list)
    for rule in all_rules():
        name, lacking = place_to_run(rule)
        area = area_shown(rule)
        failing, passing = smallest_pair(*originals(rule, area), rule.code, partial(see, area=area))
        files[FOLDER / "rules" / f"{rule.family}.ndjson"] += [
            vector(f"{name_of(rule)}/passes", name, passing, lacking),
            vector(f"{name_of(rule)}/fails", name, failing, lacking),
        ]
    return files


# -------------------------------------------------------------- requirements


def exercises(requirement: Requirement, vector: Vector) -> bool:
    """Tell whether a vector has to meet a requirement, and does."""
    if not requirement.applies_to(vector["record"]["recordType"]):
        return False
    if not load_area(vector["area"]).follows_any(requirement.cites):
        return False
    codes = {finding["code"] for finding in vector["expected"]["findings"]}
    if requirement.code in codes or any(code.startswith("SHP") for code in codes):
        return False
    return not _impossible(requirement.code).is_valid(vector["record"])


@cache
def _impossible(code: str) -> jsonschema_rs.Draft202012Validator:
    """Return a check with a requirement's conditions that nothing meets: it fails where they hold.

    So a record that meets the requirement, and fails this, had to meet it.
    """
    never = replace(
        requirements()[code],
        values=("nothing is like this",),
        alternatives=(),
        accepts=(),
        entry={},
        document=None,
    )
    return jsonschema_rs.Draft202012Validator(compile_requirement(never))


def of_requirements() -> Files:
    """Return vectors that meet what no example has to meet: the invalid ones, put right."""
    examples = [each for vectors in of_examples().values() for each in vectors]
    made = [
        _put_right(requirement)
        for requirement in requirements().values()
        if not any(exercises(requirement, example) for example in examples)
    ]
    return {FOLDER / "requirements.ndjson": made}


def _put_right(requirement: Requirement) -> Vector:
    record = json.loads(path_of(requirement).read_text("utf-8"))
    area = record.get("area", NEUTRAL)
    (place,) = (each for code, _, each in see(record, load_area(area)) if code == requirement.code)
    passing = put_right(record, requirement, place)
    return vector(f"requirements/{requirement.code}-{requirement.name}/passes", area, passing)


# --------------------------------------------------------------------- shape

SHAPE_FAULTS: dict[str, dict[str, Any]] = {
    "unknown field": {"set": {"/children/0/nickName": "R"}},
    "two unknown fields": {"set": {"/children/0/nickName": "R", "/children/0/shoeSize": 3}},
    "wrong code": {"set": {"/children/0/sex": "X"}},
    "null": {"set": {"/riskStatement": None}},
    "blank": {"set": {"/riskStatement": "  "}},
    "empty text": {"set": {"/riskStatement": ""}},
    "wrong type": {"set": {"/immediateRisk": "no"}},
    "text for a list": {"set": {"/concerns": "neglect"}},
    "date that is none": {"set": {"/children/0/dateOfBirth": "2019-02-30"}},
    "date in words": {"set": {"/children/0/dateOfBirth": "14 June 2019"}},
    "time without a zone": {"set": {"/createdAt": "2026-10-01T09:00:00"}},
    "time that is none": {"set": {"/createdAt": "2026-10-01T25:00:00Z"}},
    "wrong form": {"set": {"/children/0/addresses/0/postcode": "gl11aa"}},
    "line break at the end": {"set": {"/recordId": "marf-0001\n"}},
    "line break in a line": {"set": {"/children/0/name/given": "Rowan\nAsh"}},
    "out of range": {"set": {"/children/0/estimatedAge": 40}},
    "empty list": {"set": {"/concerns": []}},
    "too long": {"set": {"/children/0/name/given": "R" * 501}},
    "no record id": {"remove": ["/recordId"]},
    "absence of an unknown field": {"set": {"/children/0/absent": {"datOfBirth": "not-known"}}},
    "absence of something that is no field": {"set": {"/absent": {"Not a field": "not-known"}}},
    "absence for an unknown reason": {"set": {"/absent": {"safetyWarnings": "secret"}}},
    "nothing absent": {"set": {"/absent": {}}},
    # Where engines and languages like to differ. Not all of these are faults.
    "29 February in a common year": {"set": {"/children/0/dateOfBirth": "2019-02-29"}},
    "29 February in 1900": {"set": {"/children/0/dateOfBirth": "1900-02-29"}},
    "29 February in a leap year": {"set": {"/children/0/dateOfBirth": "2020-02-29"}},
    "year nought": {"set": {"/children/0/dateOfBirth": "0000-01-01"}},
    "date in other digits": {"set": {"/children/0/dateOfBirth": "٢٠١٩-٠٦-١٤"}},
    "date without hyphens": {"set": {"/children/0/dateOfBirth": "20190614"}},
    "week date": {"set": {"/children/0/dateOfBirth": "2019-W24-5"}},
    "leap second": {"set": {"/createdAt": "2016-12-31T23:59:60Z"}},
    "zone too far away": {"set": {"/createdAt": "2026-10-01T09:00:00+25:00"}},
    "zone without a colon": {"set": {"/createdAt": "2026-10-01T09:00:00+0100"}},
    "small letters in a time": {"set": {"/createdAt": "2026-10-01t09:00:00z"}},
    "parts of a second": {"set": {"/createdAt": "2026-10-01T09:00:00.123456+01:00"}},
    "midnight as 24": {"set": {"/createdAt": "2026-10-01T24:00:00Z"}},
    "no-break spaces only": {"set": {"/riskStatement": "\u00a0\u00a0"}},
    "tab and line break only": {"set": {"/riskStatement": "\t\n"}},
    "line separator in a line": {"set": {"/children/0/name/given": "Rowan\u2028Ash"}},
    "longest line of signs beyond the basic plane": {
        "set": {"/children/0/name/given": "\U0001f33b" * 500}
    },
    "one sign too many": {"set": {"/children/0/name/given": "\U0001f33b" * 501}},
    "whole number with a point": {"set": {"/children/0/estimatedAge": 7.0}},
    "number that is not whole": {"set": {"/children/0/estimatedAge": 7.5}},
    "true for a number": {"set": {"/children/0/estimatedAge": True}},
    "number for true": {"set": {"/immediateRisk": 1}},
    "field name with a slash and a tilde": {"set": {"/localData": {"a/b~c": "x"}}},
    "name of a built-in": {"set": {"/children/0/constructor": "x"}},
    "absence of a built-in": {"set": {"/children/0/absent": {"toString": "not-known"}}},
}
"""How to break ``minimal/marf`` in its shape."""


def of_shape() -> Files:
    """Return a vector for each fault of shape."""
    made = [
        vector(f"shape/{name.replace(' ', '-')}", NEUTRAL, broken({"of": "minimal/marf", **how}))
        for name, how in SHAPE_FAULTS.items()
    ]
    return {FOLDER / "shape.ndjson": made}


def quick() -> Files:
    """Return the files that are made in seconds: all but those of the rules."""
    return {**of_examples(), **of_requirements(), **of_shape()}


def everything() -> Files:
    """Return every file."""
    return {**quick(), **of_rules()}
