"""SARIF 2.1.0: its required structure, places, rules and fingerprints."""

import json
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import unquote_to_bytes

import jsonschema_rs
import pytest
from click.testing import CliRunner
from tests.helpers.report_samples import (
    FAULT,
    MISSING,
    NASTY,
    NOT_RUN,
    WRONG_CODE,
    act_now,
    gaps,
    ready,
    written,
)
from tests.helpers.support import example

from eh_interop.cli import main
from eh_interop.reports.sarif import artifact_uri

TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}
POSITION = {"type": "integer", "minimum": 1}
PHYSICAL = {
    "type": "object",
    "required": ["artifactLocation", "region"],
    "properties": {
        "artifactLocation": {
            "type": "object",
            "required": ["uri"],
            "properties": {"uri": {"type": "string", "format": "uri-reference"}},
        },
        "region": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"startLine": POSITION, "startColumn": POSITION},
        },
    },
}
LOCATION = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "physicalLocation": PHYSICAL,
        "logicalLocations": {
            "type": "array",
            "items": {
                "additionalProperties": False,
                "properties": {
                    "name": {"type": "string"},
                    "fullyQualifiedName": {"type": "string", "pattern": "^/"},
                    "kind": {"type": "string"},
                },
            },
        },
    },
}
RESULT = {
    "type": "object",
    "required": ["ruleId", "message"],
    "additionalProperties": False,
    "properties": {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": {"enum": ["none", "note", "warning", "error"]},
        "message": TEXT,
        "locations": {"type": "array", "items": LOCATION},
        "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
        "properties": {"type": "object"},
    },
}
RULE = {
    "type": "object",
    "required": ["id"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string"},
        "name": {"type": "string"},
        "shortDescription": TEXT,
        "fullDescription": TEXT,
        "help": TEXT,
        "properties": {"type": "object"},
    },
}
DRIVER = {
    "type": "object",
    "required": ["name"],
    "properties": {"rules": {"type": "array", "uniqueItems": True, "items": RULE}},
}
ONE_RUN = {
    "type": "object",
    "required": ["tool", "results"],
    "additionalProperties": False,
    "properties": {
        "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        "results": {"type": "array", "items": RESULT},
        "tool": {"type": "object", "required": ["driver"], "properties": {"driver": DRIVER}},
        "invocations": {"items": {"type": "object", "required": ["executionSuccessful"]}},
        "properties": {"type": "object"},
    },
}
SCHEMA = {
    "type": "object",
    "required": ["version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "items": ONE_RUN},
    },
}
"""The parts of the official schema that this format uses; everything else is not allowed."""


def run(*reports):
    log = json.loads(written("sarif", *reports))
    jsonschema_rs.Draft202012Validator(SCHEMA, validate_formats=True).validate(log)
    (only,) = log["runs"]
    return only


def test_a_run_on_nothing():
    assert run()["results"] == []


def test_the_driver_names_the_tool_and_the_rules_that_were_seen():
    found = run(gaps(), gaps(WRONG_CODE), ready())
    driver = found["tool"]["driver"]
    assert driver["name"] == "eh-interop"
    assert driver["version"]
    assert [rule["id"] for rule in driver["rules"]] == ["MRF-107", "SHP-005"]
    for result in found["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_a_result_says_where():
    missing, wrong = run(gaps())["results"]
    assert (missing["level"], wrong["level"]) == ("error", "warning")
    (location,) = wrong["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "folder/marf.json"
    assert location["physicalLocation"]["region"] == {"startLine": 7, "startColumn": 3}
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "/children/0/sex"


@pytest.mark.parametrize(
    ("source", "uri"),
    [
        ("a b/é&c.json", "a%20b/%C3%A9%26c.json"),
        ("x:y.json", "x%3Ay.json"),
        ("./a.json", "a.json"),
        ("-", "-"),
        ("/in/a b.json", "file:///in/a%20b.json"),
    ],
)
def test_a_path_is_written_as_a_uri(source, uri):
    assert artifact_uri(source) == uri


def test_any_file_name_can_be_read_back():
    uri = artifact_uri(NASTY)
    assert unquote_to_bytes(uri).decode("utf-8", "surrogateescape") == str(PurePosixPath(NASTY))


def results(folder, document, *options):
    """Check a record as a user does, and return the results by code and place."""
    file = folder / "record.json"
    file.write_text(json.dumps(document), "utf-8")
    command = ["check", str(file), "--as-of", "2026-11-01", "--format", "sarif", *options]
    log = json.loads(CliRunner().invoke(main, command, standalone_mode=False).stdout)
    jsonschema_rs.Draft202012Validator(SCHEMA, validate_formats=True).validate(log)
    return {
        (result["ruleId"], str(result["locations"][0].get("logicalLocations"))): result[
            "partialFingerprints"
        ]["ehInteropFinding/v1"]
        for result in log["runs"][0]["results"]
    }


def unnamed_workers():
    """Return a record in which two practitioners are not named."""
    document = example("gloucestershire/marf")
    for practitioner in document["practitioners"][-2:]:
        del practitioner["name"]
    return document


def test_fingerprints_tell_findings_apart(tmp_path):
    found = results(tmp_path, unnamed_workers())
    assert len([code for code, _ in found if code == "PRA-810"]) == 2
    assert len(set(found.values())) == len(found)
    assert all(len(each) == 32 for each in found.values())


def test_fingerprints_stay_when_an_entry_is_put_before(tmp_path):
    document = unnamed_workers()
    before = results(tmp_path, document)
    first = document["practitioners"][0]
    document["practitioners"].insert(0, first | {"id": "w99"})
    after = results(tmp_path, document)
    assert set(before.values()) <= set(after.values())
    assert set(before) != set(after)


def test_fingerprints_are_those_of_the_baseline(tmp_path):
    baseline = tmp_path / "known.toml"
    found = results(tmp_path, unnamed_workers(), "--write-baseline", str(baseline))
    text = baseline.read_text("utf-8")
    assert all(each in text for (code, _), each in found.items() if code == "PRA-810")


def test_immediate_risk_has_a_fingerprint_and_a_record_without_id_none():
    risk = run(act_now())["results"][0]
    assert risk["partialFingerprints"]
    unknown = run(replace(act_now(MISSING), record_id=None))["results"]
    assert all("partialFingerprints" not in each for each in unknown)


def test_immediate_risk_leads():
    first, second = run(act_now(MISSING))["results"]
    assert first["ruleId"] == "act-now"
    assert "Call 999." in first["message"]["text"]
    assert second["ruleId"] == "MRF-107"


def test_what_was_not_run_is_told_once_with_a_count():
    (invocation,) = run(gaps(not_run=(NOT_RUN,)), gaps(not_run=(NOT_RUN,)))["invocations"]
    (told,) = invocation["toolExecutionNotifications"]
    assert told["message"]["text"] == f"Not checked in 2 records: FAM-006. {NOT_RUN.why}"
    assert invocation["executionSuccessful"] is True
    assert run(gaps(not_run=(FAULT,)))["invocations"][0]["executionSuccessful"] is False
