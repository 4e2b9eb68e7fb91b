"""The area in CONTRIBUTING: taken from the page, loaded, and seen to change what check reports."""

import json
import re

import pytest
from click.testing import CliRunner
from tests.helpers.support import AS_OF, ROOT, broken

from eh_interop import check, load_area
from eh_interop.checks.catalogue import entries_of
from eh_interop.cli import main

PAGE = ROOT / "CONTRIBUTING.md"
FILE = re.compile(r"<!-- file: exampleshire\.toml -->\n```toml\n(.*?)```\n", re.DOTALL)
SHOWN = re.compile(r"(?<=<!-- report: exampleshire\.toml -->\n```\n)(.*?)(?=```\n)", re.DOTALL)
FAULTY = broken({"of": "minimal/marf", "remove": ["/households", "/involvements"]})


@pytest.fixture
def own(tmp_path, monkeypatch):
    """Put the file that the page shows into a folder of its own."""
    (text,) = FILE.findall(PAGE.read_text("utf-8"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "exampleshire.toml").write_text(text, "utf-8")
    (tmp_path / "referral.json").write_text(json.dumps(FAULTY), "utf-8")
    return "./exampleshire.toml"


def run(*arguments):
    return CliRunner().invoke(main, arguments, standalone_mode=False)


def levels(area):
    report = check(FAULTY, area=area, as_of=AS_OF)
    return {finding.code: finding.severity for finding in report.findings}


def test_it_changes_what_is_reported_and_nothing_else(own):
    before, after = levels("england"), levels(own)
    changed = {
        code: (before.get(code), after.get(code))
        for code in {*before, *after}
        if before.get(code) != after.get(code)
    }
    assert changed == {
        "XMP-001": (None, "error"),
        "PPL-960": ("warning", "error"),
        "PRA-909": ("warning", "info"),
    }


def test_its_checks_cite_its_own_clauses(own):
    area = load_area(own)
    assert [requirement.cites for requirement in area.requirements] == [("X-001",)]
    assert area.follows_any(("X-001",))
    assert "XMP-001" in {entry.code for entry in entries_of(area)}
    page = run("check", "referral.json", "--area", own, "--format", "html").stdout
    assert area.clauses["X-001"].says in page
    assert "Referral Guide" in page


def test_its_page_shows_everything(own):
    page = " ".join(run("areas", own).stdout.split())
    for words in (
        "Referral Guide (Exampleshire Council, September 2026)",
        "X-001: A referral comes with a chronology",
        "PRA-909 until 2027-09-01",
        "marf is Request for Safeguarding",
        "PPL-960 error",
    ):
        assert words in page


def test_a_waiver_whose_day_is_over_is_said_with_and_without_a_finding(own):
    late = run("check", "referral.json", "--area", own, "--as-of", "2027-09-02")
    assert "the waiver of PRA-909 ended on 2027-09-01" in late.stderr
    assert "The waiver of this ended on 1 September 2027" in " ".join(late.stdout.split())
    assert "2 errors, 1 warning" in late.stdout
    on_the_day = run("check", "referral.json", "--area", own, "--as-of", "2027-09-01")
    assert "ended" not in on_the_day.stdout + on_the_day.stderr


@pytest.mark.parametrize("name", ["json", "sarif", "junit", "html", "github", "outcome"])
def test_every_format_says_what_is_waived(own, name):
    text = run("check", "referral.json", "--area", own, "--format", name).stdout
    assert "Services are in the case system" in text


@pytest.mark.parametrize(
    "command",
    [("rules",), ("schema", "bundle", "marf"), ("new", "marf"), ("rules", "--format", "json")],
)
def test_other_commands_understand_it(own, command):
    result = run(*command, "--area", own)
    assert result.exception is None
    assert result.stdout


def test_the_report_on_the_page_is_real(own, regenerate):
    result = run("check", "referral.json", "--area", own, "--as-of", AS_OF.isoformat())
    assert result.return_value == 1
    text = PAGE.read_text("utf-8")
    if regenerate:
        PAGE.write_text(SHOWN.sub(lambda _: result.stdout, text), "utf-8")
    assert SHOWN.findall(PAGE.read_text("utf-8")) == [result.stdout], "run: pytest --regenerate"


def test_its_own_checks_and_clauses_can_be_explained(own):
    page = " ".join(run("explain", "XMP-001", "--area", own).stdout.split())
    assert "no-chronology-sent" in page
    assert "X-001: A referral comes with a chronology" in page
    assert "(Referral Guide, September 2026)" in page
    assert "exampleshire" in page
    raised = " ".join(run("explain", "PPL-960", "--area", own).stdout.split())
    assert "exampleshire (error there)" in raised
    assert "XMP-001" in run("explain", "XMP-0O1", "--area", own).exception.message
    assert "XMP-001" not in run("explain", "XMP-0O1").exception.message
    assert "XMP-001" in run("check", "-", "--only", "XMP-0O1", "--area", own).exception.message


def test_its_own_clauses_are_listed_with_what_it_follows(own):
    listed = json.loads(run("clauses", "--area", own, "--format", "json").stdout)
    held = {each["id"]: each for each in listed}
    assert held["X-001"]["checks"] == ["XMP-001"]
    assert {each["document"] for each in listed} == load_area(own).follows
    only = run("clauses", "--area", own, "--document", "exampleshire-referral-guide")
    assert only.stderr == "2 clauses.\n"
    assert (
        "exampleshire-referral-guide"
        in run("clauses", "--document", "x", "--area", own).exception.message
    )
