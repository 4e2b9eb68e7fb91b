"""Bundles: another validator, given one file, finds what our check finds."""

import json
import re
from functools import cache

import jsonschema
import pytest
from tests.helpers.support import RECORD_FILES, broken, example, findings

from eh_interop import load_area, load_standard
from eh_interop.api import check
from eh_interop.checks.bundle import bundle
from eh_interop.core.findings import Layer, Severity
from eh_interop.standard.areas import NEUTRAL, area_names

STANDARD = load_standard()
EVERY = RECORD_FILES
PUBLISHED = [path for path in EVERY if path.parent.name != "invalid"]
PAIRS = [
    pytest.param(record_type, area, id=f"{record_type}-{area}")
    for record_type in STANDARD.record_types
    for area in area_names()
]


@cache
def made(record_type, area):
    return bundle(STANDARD, record_type, load_area(area))


@cache
def validator(record_type, area):
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    return jsonschema.Draft202012Validator(made(record_type, area), format_checker=checker)


def seen_by_another(document, area):
    """Return the codes of the requirements that fail, and whether the shape does."""
    schema = made(document["recordType"], area)
    paths = [
        list(error.absolute_schema_path)
        for error in validator(document["recordType"], area).iter_errors(document)
    ]
    codes = {
        schema["allOf"][path[1]]["$comment"].split()[0] for path in paths if path[0] == "allOf"
    }
    return codes, any(path[0] != "allOf" for path in paths)


def seen_by_us(document, area):
    found = check(document, area=area).findings
    codes = {each.code for each in found if each.layer is Layer.COMPLETENESS}
    return codes, any(each.layer is Layer.SHAPE for each in found)


def area_of(document):
    return document.get("area", NEUTRAL)


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
def test_every_example_has_the_same_verdict(path):
    document = json.loads(path.read_text("utf-8"))
    area = area_of(document)
    assert seen_by_another(document, area) == seen_by_us(document, area)


@pytest.mark.parametrize("area", area_names())
@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_same_verdict_in_every_area(path, area):
    document = json.loads(path.read_text("utf-8"))
    assert seen_by_another(document, area) == seen_by_us(document, area)


SHAPE_FAULTS = {
    "unknown field": {"set": {"/children/0/nickName": "R"}},
    "wrong code": {"set": {"/children/0/sex": "X"}},
    "null": {"set": {"/riskStatement": None}},
    "blank": {"set": {"/riskStatement": "  "}},
    "wrong type": {"set": {"/immediateRisk": "no"}},
    "wrong date": {"set": {"/children/0/dateOfBirth": "2019-02-30"}},
    "wrong form": {"set": {"/children/0/addresses/0/postcode": "gl11aa"}},
    "out of range": {"set": {"/children/0/estimatedAge": 40}},
    "empty list": {"set": {"/concerns": []}},
    "no record id": {"remove": ["/recordId"]},
    "absence of an unknown field": {"set": {"/children/0/absent": {"datOfBirth": "not-known"}}},
    "absence for an unknown reason": {"set": {"/absent": {"safetyWarnings": "secret"}}},
}


@pytest.mark.parametrize("how", SHAPE_FAULTS.values(), ids=SHAPE_FAULTS)
def test_shape_faults_are_seen_by_both(how):
    document = broken({"of": "minimal/marf", **how})
    assert seen_by_another(document, NEUTRAL) == seen_by_us(document, NEUTRAL)
    assert seen_by_another(document, NEUTRAL)[1]


@pytest.mark.parametrize(("record_type", "area"), PAIRS)
def test_it_is_sound_and_refers_to_nothing_outside(record_type, area):
    schema = made(record_type, area)
    jsonschema.Draft202012Validator.check_schema(schema)
    text = json.dumps(schema)
    references = {each.removeprefix("#/$defs/") for each in re.findall(r'"\$ref": "(.*?)"', text)}
    assert references == set(schema["$defs"]), "everything that is reached, and nothing else"
    assert text.count('"$id"') == 1
    assert (
        schema["$id"] == f"https://w3id.org/eh-interop/1.0/bundles/{area}/{record_type}.schema.json"
    )
    assert '"x-' not in text


@pytest.mark.parametrize(("record_type", "area"), PAIRS)
def test_it_holds_the_requirements_of_the_area_with_their_questions(record_type, area):
    wanted = load_area(area).requires(STANDARD, record_type)
    members = made(record_type, area).get("allOf", [])
    assert [each["$comment"].split()[0] for each in members] == [each.code for each in wanted]
    for member, requirement in zip(members, wanted, strict=True):
        assert requirement.ask in member["$comment"]
        assert requirement.severity in member["$comment"]
        assert member["title"]
        assert member["description"] == requirement.why


def test_requirements_that_matter_less_can_be_left_out():
    only = bundle(STANDARD, "marf", load_area("gloucestershire"), least=Severity.ERROR)
    severities = {each["$comment"].split()[1] for each in only["allOf"]}
    assert severities == {"error"}
    assert only["$id"] != made("marf", "gloucestershire")["$id"]
    document = example("minimal/marf")
    del document["children"][0]["ethnicity"]
    assert jsonschema.Draft202012Validator(only).is_valid(document)


def test_our_own_keywords_can_be_kept():
    kept = bundle(STANDARD, "marf", load_area(NEUTRAL), keep_own=True)
    assert kept["x-sections"][0]["title"]
    assert kept["$defs"]["child"]["properties"]["dateOfBirth"]["x-personal"] is True


def test_an_area_of_your_own_adds_its_requirements(tmp_path):
    own = tmp_path / "exampleshire.toml"
    own.write_text(
        'area = "exampleshire"\ntitle = "Exampleshire"\nextends = "england"\n'
        "[[requirement]]\n"
        'code = "EXA-001"\nname = "no-family-name"\nrecords = ["marf"]\nplace = "/familyName"\n'
        'severity = "warning"\ncites = ["E-001"]\n'
        'ask = "Please give the family name."\nwhy = "It helps to find the family."\n',
        "utf-8",
    )
    schema = bundle(STANDARD, "marf", load_area(str(own)))
    assert any(each["$comment"].startswith("EXA-001 ") for each in schema["allOf"])
    assert findings(example("minimal/marf"), area=load_area(str(own))) == [
        ("EXA-001", "warning", "/familyName")
    ]
