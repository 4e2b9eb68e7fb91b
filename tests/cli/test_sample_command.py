"""``eh-interop sample`` as its users run it."""

import csv
import json
import time

import click
import pytest
from click import UsageError
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


def test_a_failure_leaves_the_file_that_was_there(tmp_path, monkeypatch):
    from eh_interop import samples

    def failing(*_, **__):
        yield samples.Sample({}, ())
        raise RuntimeError

    monkeypatch.setattr(samples, "samples", failing)
    file = tmp_path / "records.ndjson"
    file.write_text("mine", "utf-8")
    arguments = ["sample", "marf", "--faults", "--output", str(file)]
    result = CliRunner().invoke(main, arguments, standalone_mode=False)
    assert isinstance(result.exception, RuntimeError)
    assert {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()} == {
        file.name: "mine"
    }


def test_a_file_that_cannot_be_written_gives_2(tmp_path):
    file = tmp_path / "no" / "such"
    arguments = ["sample", "marf", "--output", str(file)]
    result = CliRunner().invoke(main, arguments, standalone_mode=False)
    assert isinstance(result.exception, UsageError)
    assert "cannot be written" in str(result.exception)
