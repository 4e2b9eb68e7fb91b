"""``eh-interop sample`` as its users run it."""

import csv
import json
import time

import click
import pytest
from click.testing import CliRunner

from eh_interop.cli import main


def run(*arguments, command="sample"):
    return CliRunner().invoke(
        main, [command, *map(str, arguments), "--as-of", "2026-11-01"], standalone_mode=False
    )


def test_records_come_one_on_each_line():
    lines = run("marf", "--count", 5).stdout.splitlines()
    assert [json.loads(line)["recordType"] for line in lines] == ["marf"] * 5


def test_what_is_made_passes_check(tmp_path):
    file = tmp_path / "made.ndjson"
    assert run("plan", "--count", 20, "--output", file).stdout == ""
    result = run(file, "--fail-on", "warning", command="check")
    assert result.return_value == 0


def test_the_seed_decides():
    assert run("marf", "--seed", 4).stdout == run("marf", "--seed", 4).stdout
    assert run("marf", "--seed", 4).stdout != run("marf", "--seed", 5).stdout


def test_planted_faults_go_beside_the_file_and_are_found(tmp_path):
    file = tmp_path / "made.ndjson"
    run("marf", "--count", 60, "--faults", "--output", file)
    with (tmp_path / "made.ndjson.faults.csv").open(encoding="utf-8", newline="") as rows:
        planted = {(int(row["line"]), row["code"], row["place"]) for row in csv.DictReader(rows)}
    assert planted
    report = json.loads(run(file, "--format", "json", command="check").stdout)
    found = {
        (record["line"], finding["code"], finding["place"])
        for record in report["records"]
        for finding in record["findings"]
    }
    assert planted <= found


def test_planted_faults_go_to_stderr_if_the_records_go_to_the_screen():
    result = run("marf", "--count", 30, "--faults")
    head, *rows = result.stderr.splitlines()
    assert head == "line,code,place"
    assert rows
    assert len(result.stdout.splitlines()) == 30


def test_without_faults_nothing_else_is_written(tmp_path):
    file = tmp_path / "made.ndjson"
    result = run("marf", "--output", file)
    assert result.stderr == ""
    assert [path.name for path in tmp_path.iterdir()] == ["made.ndjson"]


@pytest.mark.parametrize("arguments", [("referral",), ("marf", "--count", 0), ()])
def test_a_wrong_request_is_a_usage_error(arguments):
    assert isinstance(run(*arguments).exception, click.UsageError)


def test_thousands_take_seconds(tmp_path):
    started = time.perf_counter()
    run("marf", "--count", 5000, "--output", tmp_path / "made.ndjson")
    assert time.perf_counter() - started < 20
