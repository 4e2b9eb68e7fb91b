"""A FHIR R4 OperationOutcome: valid, coded, and saying where."""

import json

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

from eh_interop.checks.catalogue import entries
from eh_interop.reports.outcome import _TYPES, _TYPES_BY_NAME, expression

ISSUE_TYPES = {
    "invalid",
    "structure",
    "required",
    "value",
    "invariant",
    "security",
    "login",
    "unknown",
    "expired",
    "forbidden",
    "suppressed",
    "processing",
    "not-supported",
    "duplicate",
    "multiple-matches",
    "not-found",
    "deleted",
    "too-long",
    "code-invalid",
    "extension",
    "too-costly",
    "business-rule",
    "conflict",
    "transient",
    "lock-error",
    "no-store",
    "exception",
    "timeout",
    "incomplete",
    "throttled",
    "informational",
}
"""The R4 value set http://hl7.org/fhir/ValueSet/issue-type."""


def issues(*reports, **options):
    document = json.loads(written("outcome", *reports, **options))
    operationoutcome = pytest.importorskip("fhir.resources.R4B.operationoutcome")
    operationoutcome.OperationOutcome.model_validate(document)
    for issue in document["issue"]:
        assert issue["code"] in ISSUE_TYPES
    return document["issue"]


def extensions(issue):
    return {
        each["url"].rpartition("operationoutcome-")[2]: each.get("valueString")
        or each.get("valueInteger")
        for each in issue["extension"]
    }


def test_a_run_without_findings_has_one_issue():
    (nothing,) = issues()
    assert nothing["details"]["text"] == "Nothing was checked."
    (sound,) = issues(ready())
    assert (sound["severity"], sound["code"]) == ("information", "informational")
    assert sound["details"]["text"].startswith("All OK")
    (partly,) = issues(ready(), left_out=2)
    assert "All OK" not in partly["details"]["text"]


def test_an_issue_is_coded():
    required, wrong, note = issues(gaps(MISSING, WRONG_CODE, NOTE))
    told = [(each["severity"], each["code"]) for each in (required, wrong, note)]
    assert told == [
        ("error", "required"),
        ("warning", "code-invalid"),
        ("information", "structure"),
    ]
    (coding,) = required["details"]["coding"]
    assert coding["system"] == "https://w3id.org/eh-interop/CodeSystem/finding"
    assert coding["code"] == "MRF-107"
    assert required["details"]["text"] == "No genogram."
    assert "G-107" in required["diagnostics"]


def test_an_issue_says_where():
    _, wrong = issues(gaps())
    assert wrong["expression"] == ["children[0].sex"]
    assert extensions(wrong) == {
        "file": "folder/marf.json",
        "issue-line": 7,
        "issue-col": 3,
        "issue-source": "shape",
    }
    (whole,) = issues(unreadable(line=4))
    assert "expression" not in whole


@pytest.mark.parametrize(
    ("steps", "path"),
    [
        ((), ""),
        (("children", 0, "dateOfBirth"), "children[0].dateOfBirth"),
        (("localData", "my-own"), "localData.`my-own`"),
    ],
)
def test_a_place_is_written_as_fhirpath(steps, path):
    assert expression(steps) == path


def test_every_check_has_a_type_of_the_value_set():
    names = {entry.name for entry in entries()}
    assert set(_TYPES_BY_NAME) <= names
    assert {*_TYPES.values(), *_TYPES_BY_NAME.values()} <= ISSUE_TYPES


def test_immediate_risk_leads_and_is_not_hidden_as_information():
    first, second = issues(act_now(MISSING))
    assert first["severity"] == "warning"
    assert "Call 999." in first["details"]["text"]
    assert second["details"]["coding"][0]["code"] == "MRF-107"


def test_what_was_not_run_is_told():
    skipped, fault, sound = issues(ready(not_run=(NOT_RUN, FAULT)))
    assert skipped["code"] == "informational"
    assert (fault["severity"], fault["code"]) == ("warning", "exception")
    assert sound["severity"] == "information"


def test_any_file_name_is_a_fhir_string():
    assert extensions(issues(gaps(source=NASTY))[0])["file"].startswith('my "file" & <é>')
