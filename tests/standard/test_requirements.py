"""Completeness requirements: each is sound data, and its own example proves it."""

import json
import tomllib

import jsonschema_rs
import pytest
from tests.helpers.support import AS_OF, EXAMPLES, SCHEMAS, broken, example, findings

from eh_interop import Layer, check, load_area
from eh_interop.checks.completeness import split_key
from eh_interop.core.pointer import split
from eh_interop.standard.areas import area_names
from eh_interop.standard.guidance import clauses, precedences
from eh_interop.standard.requirements import EVERY_RECORD, load_requirements
from eh_interop.standard.schemas import load_standard

STANDARD = load_standard()
FILES = sorted((SCHEMAS / "1.0" / "requirements").glob("*.toml"))
EVERY = {
    each.code: each
    for record_type in STANDARD.record_types
    for each in load_requirements(STANDARD, record_type)
}
REQUIREMENTS = [pytest.param(each, id=each.code) for each in EVERY.values()]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_file_fits_its_schema(file):
    schema = json.loads((SCHEMAS / "1.0" / "requirement.schema.json").read_text("utf-8"))
    jsonschema_rs.validate(schema, tomllib.loads(file.read_text("utf-8")))


def test_codes_and_names_are_used_once():
    entries = [
        entry
        for file in FILES
        for entry in tomllib.loads(file.read_text("utf-8")).get("requirement", ())
    ]
    assert len({entry["code"] for entry in entries}) == len(entries)
    assert len({entry["name"] for entry in entries}) == len(entries)


def reached(record_type, steps):
    """Return the last schema on the way, if the standard knows the whole way."""
    walked = list(STANDARD.fields(record_type, steps))
    return walked[-1][2] if len(walked) == len(steps) else None


def record_types(requirement):
    if EVERY_RECORD in requirement.records:
        return STANDARD.record_types
    return requirement.records


@pytest.mark.parametrize("requirement", REQUIREMENTS)
def test_speaks_only_of_what_exists(requirement):
    assert set(requirement.cites) <= set(clauses())
    codes = {row.code for row in STANDARD.codes("attachment-type")}
    assert requirement.document is None or requirement.document in codes
    for record_type in record_types(requirement):
        *parents, last = split(requirement.place)
        assert reached(record_type, (*parents, last)) is not None, requirement.place
        for name in requirement.alternatives:
            assert reached(record_type, (*parents, name)) is not None, name
        for key, want in [*requirement.when.items(), *requirement.unless.items()]:
            outer = tuple(parents[:-2] if parents[-1:] == ["*"] else parents[:-1])
            base = {"/": (), "^": outer}.get(key[0], tuple(parents))
            schema = reached(record_type, (*base, *split_key(key)))
            assert schema is not None, (record_type, key)
            if "enum" in schema and not isinstance(want, str):
                assert set(want) <= set(schema["enum"]), key
        for key, want in requirement.entry.items():
            schema = reached(record_type, (*parents, last, "*", *split_key(key)))
            assert schema is not None, key
            if "enum" in schema and not isinstance(want, str):
                assert set(want) <= set(schema["enum"]), key


@pytest.mark.parametrize("requirement", REQUIREMENTS)
def test_its_example_trips_it_and_no_other_requirement(requirement):
    """What is left out may be missed by rules as well; the examples in invalid/ have one fault."""
    report = check(broken(requirement.example), as_of=AS_OF)
    found = [finding for finding in report.findings if finding.layer is not Layer.CONSISTENCY]
    assert [each.code for each in found] == [requirement.code]
    judged = requirement.code in {*severities(report.area), *precedences()}
    assert found[0].severity == requirement.severity or judged


def severities(area):
    return load_area(area).severity


@pytest.mark.parametrize("requirement", REQUIREMENTS)
def test_it_runs_only_where_its_guidance_is_followed(requirement):
    document = broken(requirement.example)
    for name in area_names():
        area = load_area(name)
        codes = {code for code, _, _ in findings(document, area=name)}
        if not area.follows_any(requirement.cites):
            assert requirement.code not in codes


@pytest.mark.parametrize("requirement", REQUIREMENTS)
def test_its_question_is_fit_to_send(requirement):
    assert requirement.ask[0].isupper()
    assert requirement.ask.endswith((".", "?"))
    assert requirement.why.endswith(".")
    assert len(requirement.ask) <= 240


@pytest.mark.parametrize(
    "name",
    sorted(
        path.relative_to(EXAMPLES).with_suffix("").as_posix()
        for path in EXAMPLES.glob("minimal/*.json")
    ),
)
def test_minimal_examples_are_complete(name):
    assert findings(example(name)) == []
