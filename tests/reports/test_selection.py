"""--only, --ignore and --quiet: what is left out is counted and named."""

import json

import click
import pytest
from click.testing import CliRunner
from tests.helpers.report_samples import (
    FAULT,
    MISSING,
    NOT_RUN,
    NOTE,
    WRONG_CODE,
    act_now,
    gaps,
    unreadable,
)
from tests.helpers.support import EXAMPLES

from eh_interop.cli import main
from eh_interop.reports import Selection, select
from eh_interop.reports.writer import AS_ASKED

GAPS = {"recordType": "marf", "standardVersion": "1.0", "recordId": "R-1", "colour": "red"}


@pytest.mark.parametrize(
    ("selection", "kept"),
    [
        (Selection(), ["MRF-107", "SHP-005", "RDG-004"]),
        (Selection(only=frozenset({"MRF-107"})), ["MRF-107"]),
        (Selection(ignored=frozenset({"MRF-107"})), ["SHP-005", "RDG-004"]),
        (Selection(only=frozenset({"MRF-107"}), ignored=frozenset({"MRF-107"})), []),
    ],
)
def test_findings_are_chosen_by_code(selection, kept):
    report, left_out = select(gaps(MISSING, WRONG_CODE, NOTE), selection)
    assert [finding.code for finding in report.findings] == kept
    assert left_out == 3 - len(kept)


def test_what_is_left_out_is_named_beside_what_was_not_run():
    report, _ = select(
        gaps(MISSING, MISSING, not_run=(NOT_RUN, FAULT)), Selection(ignored=frozenset({"MRF-107"}))
    )
    assert [(each.check, each.why == AS_ASKED) for each in report.not_run] == [
        ("FAM-006", False),
        ("MRF-107", True),
        ("REF-001", False),
    ]


def test_leaving_findings_out_never_makes_a_record_ready():
    before = gaps(MISSING)
    after, _ = select(before, Selection(ignored=frozenset({"MRF-107"})))
    assert after.disposition is before.disposition
    assert after.asks == ()


def test_immediate_risk_still_says_what_to_do():
    before = act_now(MISSING)
    after, _ = select(before, Selection(ignored=frozenset({"MRF-107"})))
    assert (after.disposition, after.do_now) == (before.disposition, before.do_now)


def test_a_record_that_cannot_be_read_always_says_why():
    assert select(unreadable(), Selection(ignored=frozenset({"RDG-001"}))) == (unreadable(), 0)


def run(*arguments, record=GAPS):
    return CliRunner().invoke(
        main,
        ["check", "-", "--as-of", "2026-11-01", *arguments],
        input=json.dumps(record),
        standalone_mode=False,
    )


@pytest.mark.parametrize("given", ["SHP-002", "shp-002", "unknown-field"])
def test_a_code_or_a_name_will_do(given):
    result = run("--only", given, "--format", "json")
    (record,) = json.loads(result.stdout)["records"]
    assert {finding["code"] for finding in record["findings"]} == {"SHP-002"}
    assert "left out, as you asked" in result.stderr
    assert result.return_value == 1


def test_ignored_findings_do_not_count():
    every = json.loads(run("--format", "json").stdout)["records"][0]["findings"]
    options = [part for each in every for part in ("--ignore", each["code"])]
    result = run(*options)
    assert result.return_value == 0
    assert f"{len(every)} findings were left out, as you asked." in result.stderr
    assert "ASK FIRST" in result.stdout


@pytest.mark.parametrize(("given", "meant"), [("SHP-02", "SHP-002"), ("unknown-feld", "-field")])
def test_an_unknown_code_gets_a_suggestion(given, meant):
    result = run("--ignore", given)
    assert isinstance(result.exception, click.UsageError)
    assert "Did you mean" in result.exception.message
    assert meant in result.exception.message


def test_a_code_of_the_users_own_area_is_known(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(
        'area = "exampleshire"\ntitle = "Exampleshire"\nextends = "england"\n'
        '[[requirement]]\ncode = "XMP-001"\nname = "no-colour"\nrecords = ["marf"]\n'
        'place = "/children"\nseverity = "warning"\ncites = ["E-012"]\n'
        'ask = "Which colour?"\nwhy = "Colours matter."\n',
        "utf-8",
    )
    result = run("--area", str(own), "--ignore", "no-colour", "--format", "json")
    assert result.exception is None
    named = {each["check"] for each in json.loads(result.stdout)["records"][0]["notRun"]}
    assert "XMP-001" in named


def test_quiet_writes_nothing_to_stderr(tmp_path):
    (tmp_path / "a.json").write_bytes((EXAMPLES / "minimal" / "marf.json").read_bytes())
    (tmp_path / "notes.docx").write_bytes(b"not for us")
    loud, quiet = (
        CliRunner().invoke(main, ["check", str(tmp_path), *options], standalone_mode=False)
        for options in ([], ["--quiet"])
    )
    assert "notes.docx: a text that is not a record, not read." in loud.stderr
    assert quiet.stderr == ""
    assert quiet.stdout.endswith("warnings.\n")
