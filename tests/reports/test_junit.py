"""JUnit XML: well formed, in the common form, and showing the right thing in a CI system."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.helpers.report_samples import (
    FAULT,
    MISSING,
    NASTY,
    NOT_RUN,
    NOTE,
    WRONG_CODE,
    act_now,
    gaps,
    ready,
    unreadable,
    written,
)

from eh_interop.core.findings import Severity

etree = pytest.importorskip("lxml.etree")
SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).with_name("junit.xsd")))


def suites(*reports):
    root = etree.fromstring(written("junit", *reports).encode())
    SCHEMA.assertValid(root)
    found = root.findall("testsuite")
    for suite in found:
        assert int(suite.get("tests")) == len(suite.findall("testcase"))
        assert int(suite.get("failures")) == len(suite.findall("testcase/failure"))
        assert int(suite.get("errors")) == len(suite.findall("testcase/error"))
        assert int(suite.get("skipped")) == len(suite.findall("testcase/skipped"))
    return found


def test_a_run_on_nothing():
    assert suites() == []


def test_a_suite_for_each_record():
    names = [suite.get("name") for suite in suites(ready(), gaps(), ready(line=3))]
    assert names == ["folder/marf.json", "folder/marf.json", "folder/marf.json, line 3"]


def test_a_ready_record_is_one_case_that_passes():
    (suite,) = suites(ready())
    (case,) = suite.findall("testcase")
    assert (case.get("name"), len(case)) == ("ready", 0)


def test_an_error_fails_and_a_warning_passes_with_its_text():
    (suite,) = suites(gaps(MISSING, WRONG_CODE, NOTE))
    error, warning, note = suite.findall("testcase")
    failure = error.find("failure")
    assert failure.get("type") == "MRF-107"
    assert failure.get("message") == "No genogram."
    assert "Line 306, column 18" in failure.text
    assert "Please send the genogram" in failure.text
    assert warning.find("system-out").text.startswith("warning: Sex")
    assert "Child 1, Sex" in warning.find("system-out").text
    assert note.find("system-out").text.startswith("info: ")


def test_what_cannot_be_read_is_an_error():
    (suite,) = suites(unreadable())
    assert suite.find("testcase/error").get("type") == "RDG-001"


def test_immediate_risk_never_fails():
    # The check has lowered what is missing; a fault of shape would stay a failure.
    (suite,) = suites(act_now(replace(MISSING, severity=Severity.WARNING), not_run=(FAULT,)))
    assert suite.get("failures") == suite.get("errors") == "0"
    first = suite.find("testcase")
    assert first.get("name").startswith("act now")
    assert first.find("system-out").text == "Call 999.\nPhone <MASH>."


def test_what_was_not_run_is_skipped_and_a_fault_is_an_error():
    (suite,) = suites(ready(not_run=(NOT_RUN, FAULT)))
    assert suite.find("testcase/skipped").get("message") == NOT_RUN.why
    assert suite.find("testcase/error").get("type") == "fault"


def test_any_file_name_keeps_the_xml_well_formed():
    (suite,) = suites(gaps(source=NASTY))
    assert '"file" & <é>' in suite.get("name")
    assert "\n" not in suite.get("name")
