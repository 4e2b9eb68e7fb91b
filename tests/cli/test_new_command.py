"""``eh-interop new`` as its users run it."""

import json

import click
import pytest
from click.testing import CliRunner

from eh_interop.cli import main


def run(*arguments):
    return CliRunner().invoke(main, ["new", *arguments], standalone_mode=False)


def test_it_prints_json_to_fill_in():
    document = json.loads(run("marf", "--area", "gloucestershire").stdout)
    assert document["recordType"] == "marf"
    assert document["recordId"]["FILL IN"]


def test_it_can_be_checked_straight_away(tmp_path):
    file = tmp_path / "new.json"
    assert run("plan", "--area", "england", "--output", str(file)).stdout == ""
    result = CliRunner().invoke(main, ["check", str(file)], standalone_mode=False)
    assert result.return_value == 1
    assert "READY WITH GAPS" in result.stdout


@pytest.mark.parametrize("arguments", [("marf",), ("referral", "--area", "england")])
def test_a_wrong_request_is_a_usage_error(arguments):
    assert isinstance(run(*arguments).exception, click.UsageError)
