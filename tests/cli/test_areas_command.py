"""``eh-interop areas`` as its users run it."""

import json

import click
import pytest
from click.testing import CliRunner

from eh_interop import load_area
from eh_interop.checks.catalogue import entries_of
from eh_interop.cli import main
from eh_interop.standard.areas import area_names


def run(*arguments):
    return CliRunner().invoke(main, ["areas", *arguments], standalone_mode=False)


def words(text):
    return " ".join(text.split())


def test_every_area_is_one_line_with_its_number_of_checks():
    lines = run().stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(area_names())
    for name, line in zip(area_names(), lines, strict=True):
        assert f" {len(entries_of(load_area(name)))} checks " in line


def test_one_area_shows_guidance_settings_words_and_what_to_do_now():
    page = words(run("gloucestershire").stdout)
    area = load_area("gloucestershire")
    assert all(words(line) in page for line in area.do_now)
    assert "Early Help Practice Guidance (Gloucestershire County Council, March 2020)" in page
    assert "cin-step-down-review-days = 42" in page
    assert "my-plan-plus is My Plan+" in page
    assert "builds on england" in page


@pytest.mark.parametrize("name", area_names())
def test_json_says_the_same(name):
    facts = json.loads(run(name, "--format", "json").stdout)
    area = load_area(name)
    assert facts["settings"] == dict(area.settings)
    assert {document["key"] for document in facts["documents"]} == area.follows
    assert sum(facts["checksByLayer"].values()) == facts["checks"]


def test_all_as_json():
    assert [load["area"] for load in json.loads(run("--format", "json").stdout)] == list(
        area_names()
    )


def test_an_area_file_of_your_own(tmp_path):
    own = tmp_path / "exampleshire.toml"
    own.write_text('area = "exampleshire"\ntitle = "Exampleshire"\nextends = "england"\n', "utf-8")
    assert "Exampleshire" in run(str(own)).stdout


def test_an_unknown_area_is_a_usage_error():
    problem = run("atlantis").exception
    assert isinstance(problem, click.UsageError)
    assert "gloucestershire" in problem.message
