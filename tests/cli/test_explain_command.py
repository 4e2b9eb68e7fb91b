"""``eh-interop explain`` as its users run it."""

import json

import click
import pytest
from click.testing import CliRunner

from eh_interop.checks.catalogue import entries
from eh_interop.cli import main
from eh_interop.standard.guidance import clauses, documents


def run(*arguments):
    return CliRunner().invoke(main, ["explain", *arguments], standalone_mode=False)


def words(text):
    return " ".join(text.split())


def test_a_requirement_is_explained_with_its_guidance_question_and_example():
    page = words(run("MRF-107").stdout)
    assert "No genogram. Warning, completeness." in page
    assert "Please send the genogram, or say why there is none." in page
    assert words(clauses()["G-107"].says) in page
    assert "Early Help Practice Guidance, March 2020" in page
    assert "gloucestershire" in page
    assert "staffordshire" not in page
    assert '"type": "genogram"' in page
    assert "missing /attachments/*" in page


def test_a_rule_is_explained_with_both_examples():
    page = run("wrong-number").stdout
    assert "IDN-001" in page
    assert "9990000018" in page
    assert "9990000019" in page


def test_a_severity_that_an_area_raises_is_told():
    page = words(run("MRF-060").stdout)
    assert "gloucestershire (warning there)" in page


def test_conditions_are_told_in_words():
    assert "when /immediateRisk is True" in run("MRF-063").stdout


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
@pytest.mark.parametrize("code", ["MRF-112", "IDN-001", "SHP-005", "RDG-005", "RDG-015"])
def test_every_kind_of_check_in_every_form(code, form):
    page = run(code, "--format", form).stdout
    assert code in page
    if form == "json":
        facts = json.loads(page)
        assert facts["why"]
        assert all(
            cite["document"] in {d.title for d in documents().values()} for cite in facts["cites"]
        )
    if form == "markdown":
        assert page.startswith(f"## {code} ")


def test_every_check_can_be_explained():
    for entry in entries():
        result = run(entry.code)
        assert result.exception is None, entry.code
        assert entry.name in result.stdout


def test_an_unknown_code_is_a_usage_error_that_suggests():
    problem = run("MRF-1O7").exception
    assert isinstance(problem, click.UsageError)
    assert "MRF-107" in problem.message


def test_an_unknown_code_gives_exit_code_2():
    result = CliRunner().invoke(main, ["explain", "MRF-999"])
    assert result.exit_code == 2
