"""Where a value stood, in every format: in the words of its own source."""

import json
from dataclasses import replace

import jsonschema_rs
import pytest
from tests.helpers.report_samples import COUNTS, IN_A_TABLE, MISSING, gaps, written
from tests.helpers.support import SCHEMAS

from eh_interop.core.findings import Origin
from eh_interop.reports import FORMATS
from eh_interop.reports.words import format_origin

IN_WORDS = "school.xlsx, sheet Children, row 3, column Date of birth"
IN_XML = replace(MISSING, origin=Origin(line=4, column=2, path="/Message/Children[1]"))
IN_FHIR = replace(MISSING, origin=Origin(line=4, column=2, path="Bundle.entry[0].resource"))
EVERYWHERE = Origin(
    line=1,
    column=2,
    path="/x",
    file="f",
    sheet="s",
    row=3,
    heading="h",
    label="l",
    page=4,
    paragraph=5,
    part="attachment 2",
    confidence=0.5,
)


@pytest.mark.parametrize("name", sorted(set(FORMATS) - COUNTS - {"json", "ndjson"}))
def test_a_table_is_named_in_words(name):
    assert IN_WORDS in " ".join(written(name, gaps(IN_A_TABLE)).split())


def test_a_json_file_is_named_as_before():
    assert "MRF-107 (line 306, column 18)\n" in written("text", gaps(MISSING))
    assert ">306:18</td>" in written("html", gaps(MISSING))
    assert "\nLine 306, column 18\n" in written("junit", gaps(MISSING))
    assert format_origin(IN_FHIR.origin) == "line 4, column 2, Bundle.entry[0].resource"


def origins(*findings):
    (record,) = json.loads(written("json", gaps(*findings)))["records"]
    return [finding["origin"] for finding in record["findings"]]


def test_json_has_every_part_as_a_field():
    table, everywhere, text = origins(
        IN_A_TABLE, replace(MISSING, origin=EVERYWHERE), replace(MISSING, origin=Origin(7, 3))
    )
    assert table == {
        "line": 3,
        "column": 1,
        "file": "school.xlsx",
        "sheet": "Children",
        "row": 3,
        "heading": "Date of birth",
    }
    assert set(everywhere) == set(Origin.__slots__)
    assert text == {"line": 7, "column": 3}


def test_the_published_schema_knows_every_part():
    schema = json.loads((SCHEMAS / "1.0" / "report.schema.json").read_text("utf-8"))
    origin = schema["$defs"]["origin"]
    assert set(origin["properties"]) == set(Origin.__slots__)
    report = json.loads(written("json", gaps(IN_A_TABLE, replace(MISSING, origin=EVERYWHERE))))
    jsonschema_rs.Draft202012Validator(schema).validate(report)


def test_only_fhirpath_is_an_expression_of_an_outcome():
    xml, fhir = json.loads(written("outcome", gaps(IN_XML, IN_FHIR)))["issue"]
    assert xml["expression"] == ["attachments"]
    assert fhir["expression"] == ["Bundle.entry[0].resource"]


def test_a_scanner_gets_a_line_for_a_row():
    (run,) = json.loads(written("sarif", gaps(IN_A_TABLE)))["runs"]
    (result,) = run["results"]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 3, "startColumn": 1}
    assert result["properties"]["origin"] == IN_WORDS
    assert "line=3,col=1" in written("github", gaps(IN_A_TABLE))
