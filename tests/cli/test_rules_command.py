"""``eh-interop rules`` as its users run it."""

import json

import click
import pytest
from click.testing import CliRunner

from eh_interop.checks.catalogue import entries
from eh_interop.cli import main


def run(*arguments):
    return CliRunner().invoke(main, ["rules", *arguments], standalone_mode=False)


def facts(*arguments):
    return json.loads(run("--format", "json", *arguments).stdout)


def test_every_check_is_one_line():
    result = run()
    assert len(result.stdout.splitlines()) == len(entries())
    assert result.stderr == f"{len(entries())} checks.\n"


@pytest.mark.parametrize(
    ("option", "value", "holds"),
    [
        ("--layer", "consistency", lambda each: each["layer"] == "consistency"),
        ("--severity", "warning", lambda each: each["severity"] == "warning"),
        ("--cites", "G-107", lambda each: "G-107" in each["cites"]),
        ("--cites", "g-107", lambda each: "G-107" in each["cites"]),
        ("--record", "plan", lambda each: "plan" in each["records"] or not each["records"]),
        ("--area", "staffordshire", lambda each: "staffordshire" in each["areas"]),
    ],
)
def test_an_option_narrows_the_list(option, value, holds):
    every, some = facts(), facts(option, value)
    assert [each["code"] for each in some] == [each["code"] for each in every if holds(each)]
    assert 0 < len(some) < len(every)


def test_options_narrow_together():
    (only,) = facts("--cites", "G-107", "--record", "marf", "--layer", "completeness")
    assert only["code"] == "MRF-107"


def test_the_severity_is_that_of_the_area():
    def severity(*arguments):
        return {fact["code"]: fact["severity"] for fact in facts(*arguments)}["MRF-060"]

    assert severity() == "info"
    assert severity("--area", "gloucestershire") == "warning"


def test_an_area_file_of_your_own(tmp_path):
    own = tmp_path / "exampleshire.toml"
    own.write_text('area = "exampleshire"\ntitle = "Exampleshire"\nextends = "england"\n', "utf-8")
    codes = {fact["code"] for fact in facts("--area", str(own))}
    assert codes == {fact["code"] for fact in facts("--area", "england")}


def test_nothing_found_is_said():
    result = run("--cites", "Z-999")
    assert result.stdout == ""
    assert result.stderr == "0 checks.\n"


def test_a_wrong_layer_is_a_usage_error():
    assert isinstance(run("--layer", "form").exception, click.UsageError)
