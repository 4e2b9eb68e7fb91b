"""``eh-interop schema`` as its users run it."""

import json

import click
import jsonschema
import pytest
from click.testing import CliRunner
from tests.helpers.support import SCHEMAS, example

from eh_interop.cli import main


def run(*arguments):
    return CliRunner().invoke(main, ["schema", *arguments], standalone_mode=False)


def test_list_names_every_schema_with_its_title():
    lines = run("list").stdout.splitlines()
    assert len(lines) == len(list(SCHEMAS.glob("1.0/**/*.schema.json")))
    assert any(line.split() == ["child", "types", "Child"] for line in lines)


def test_show_prints_a_schema_as_it_is_published():
    assert run("show", "child").stdout == (SCHEMAS / "1.0/types/child.schema.json").read_text(
        "utf-8"
    )


def test_show_of_a_wrong_name_suggests_the_right_one():
    problem = run("show", "chlid").exception
    assert isinstance(problem, click.UsageError)
    assert "child" in problem.message


def test_bundle_goes_to_the_screen_or_to_a_file(tmp_path):
    file = tmp_path / "marf.schema.json"
    printed = run("bundle", "marf", "--area", "gloucestershire").stdout
    assert run("bundle", "marf", "--area", "gloucestershire", "--output", str(file)).stdout == ""
    assert file.read_text("utf-8") == printed
    jsonschema.Draft202012Validator(json.loads(printed)).validate(example("gloucestershire/marf"))


def test_bundle_with_errors_only_is_smaller():
    every = json.loads(run("bundle", "plan", "--area", "england").stdout)
    errors = json.loads(run("bundle", "plan", "--area", "england", "--severity", "error").stdout)
    assert 0 < len(errors["allOf"]) < len(every["allOf"])


@pytest.mark.parametrize(
    ("arguments", "known"),
    [
        (("bundle", "referral", "--area", "england"), "marf"),
        (("bundle", "marf", "--area", "atlantis"), "gloucestershire"),
        (("bundle", "marf"), "--area"),
    ],
)
def test_a_wrong_request_says_what_there_is(arguments, known):
    problem = run(*arguments).exception
    assert isinstance(problem, click.UsageError)
    assert known in problem.format_message()
