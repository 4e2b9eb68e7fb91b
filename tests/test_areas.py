"""Area files: sound data that mentions only what exists."""

import json
import tomllib

import jsonschema_rs
import pytest

from eh_interop import AreaError, load_area, load_standard
from eh_interop.areas import area_names, read_area
from eh_interop.guidance import documents
from eh_interop.requirements import load_requirements
from eh_interop.rules.engine import all_rules
from support import SCHEMAS, broken, findings

FILES = sorted((SCHEMAS / "areas").glob("*.toml"))
STANDARD = load_standard()


def schema(name):
    return json.loads((SCHEMAS / "1.0" / f"{name}.schema.json").read_text("utf-8"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_file_fits_its_schema(file):
    area = schema("area")
    registry = jsonschema_rs.Registry(
        [(each["$id"], each) for each in (area, schema("requirement"))]
    )
    given = tomllib.loads(file.read_text("utf-8"))
    jsonschema_rs.Draft202012Validator(area, registry=registry).validate(given)
    assert given["area"] == file.stem


@pytest.mark.parametrize("name", area_names())
def test_area_mentions_only_what_exists(name):
    area = load_area(name)
    assert area.follows <= set(documents())
    assert area.do_now
    codes = {rule.code for rule in all_rules()} | {
        requirement.code
        for record_type in STANDARD.record_types
        for requirement in load_requirements(STANDARD, record_type)
    }
    assert set(area.severity) <= codes
    for codelist, labels in area.labels.items():
        if codelist != "level":
            assert set(labels) <= {row.code for row in STANDARD.codes(codelist)}
    for codelist, aliases in area.aliases.items():
        assert set(aliases.values()) <= {row.code for row in STANDARD.codes(codelist)}


def test_every_locality_and_district_fit_together():
    facts = load_area("gloucestershire").facts
    localities = {each["code"] for each in facts["locality"]}
    assert len(localities) == 4
    assert len(facts["district"]) == 6
    assert {each["locality"] for each in facts["district"]} == localities


def test_a_local_requirement_applies_only_there(tmp_path):
    file = tmp_path / "exampleshire.toml"
    file.write_text(
        """
        area = "exampleshire"
        title = "Exampleshire"
        extends = "england"

        [[requirement]]
        code = "XMP-001"
        name = "no-other-information"
        records = ["marf"]
        place = "/otherInformation"
        severity = "warning"
        cites = ["E-012"]
        ask = "Please tell us anything else we should know."
        why = "Exampleshire asks everybody."
        """,
        "utf-8",
    )
    how = {"of": "minimal/marf", "remove": []}
    assert "XMP-001" in [code for code, _, _ in findings(broken(how), area=str(file))]
    assert "XMP-001" not in [code for code, _, _ in findings(broken(how), area="england")]


@pytest.mark.parametrize(
    "text",
    [
        "area = ",
        'title = "No name"',
        'area = "x"\ntitle = "X"\nextends = "nowhere"',
        'area = "x"\ntitle = "X"\n[[requirement]]\ncode = "X"',
        'area = "x"\ntitle = "X"\n[severity]\nMRF-107 = { level = "fatal", why = "x" }',
    ],
)
def test_a_broken_file_is_an_area_error_that_names_the_file(tmp_path, text):
    file = tmp_path / "broken.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(AreaError, match=r"broken\.toml"):
        read_area(file)


def test_severity_is_raised_where_the_area_says_so():
    how = {"of": "gloucestershire/my-plan-plus", "remove": ["/nextReviewOn"]}
    document = broken(how)
    severity = {
        area: next(level for code, level, _ in findings(document, area=area) if code == "PLN-216")
        for area in ("england", "gloucestershire")
    }
    assert severity == {"england": "warning", "gloucestershire": "error"}
