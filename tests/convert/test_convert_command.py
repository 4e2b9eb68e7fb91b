"""``eh-interop convert`` between the standard and FHIR, stopped and gone on with."""

import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner
from tests.helpers.support import ROOT, example

from eh_interop.cli import main
from eh_interop.convert import session

COMMAND = [sys.executable, "-c", "from eh_interop.cli import run; run()", "convert"]
EXAMPLES = ROOT / "examples"
MARF = EXAMPLES / "gloucestershire" / "marf.json"
DAY = ("--as-of", "2026-11-01")


def run(*arguments):
    return CliRunner().invoke(main, ["convert", *map(str, arguments)], standalone_mode=False)


def files(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def ndjson(path, records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return path


def many(count):
    return [{**example("minimal/marf"), "recordId": f"marf-{number}"} for number in range(count)]


@pytest.mark.parametrize("form", ["fhir", "fhir-xml"])
def test_a_record_goes_to_fhir_and_comes_back_equal(tmp_path, form):
    there = run(MARF, "--to", form)
    assert there.return_value == 0
    file = tmp_path / f"record{'.xml' if form == 'fhir-xml' else '.json'}"
    file.write_bytes(there.stdout_bytes)
    back = run(file, "--to", "json")
    assert back.return_value == 0
    assert json.loads(back.stdout) == example("gloucestershire/marf")


def test_the_same_record_gives_the_same_bytes():
    assert run(MARF, "--to", "fhir").stdout_bytes == run(MARF, "--to", "fhir").stdout_bytes


def test_a_folder_becomes_a_folder_with_a_manifest(tmp_path):
    out = tmp_path / "out"
    result = run(EXAMPLES / "minimal", "--to", "fhir", "--out", out, *DAY)
    assert result.return_value == 0
    made = files(out)
    manifest = json.loads(made.pop("manifest.json"))
    assert (manifest["records"], manifest["written"]) == (10, 10)
    assert len(made) == 10
    assert {json.loads(each)["type"] for each in made.values()} == {"document"}


def test_what_does_not_fit_is_kept_as_written_and_told_without_its_value(tmp_path):
    record = example("minimal/marf")
    record["children"][0]["dateOfBirth"] = "SECRET"
    record["SECRET"] = 1
    file = ndjson(tmp_path / "one.ndjson", [record])
    result = run(file, "--to", "fhir", "--out", tmp_path / "out")
    assert result.return_value == 1
    assert "SECRET" not in result.stderr
    told = (tmp_path / "out" / "findings.ndjson").read_text("utf-8")
    assert "SECRET" not in told
    assert {finding["place"] for finding in json.loads(told)["findings"]} == {
        "/children/0/dateOfBirth",
        "",
    }
    run(tmp_path / "out", "--to", "json", "--out", tmp_path / "back")
    (path,) = (tmp_path / "back").glob("000001*")
    assert json.loads(path.read_text("utf-8")) == record


def test_immediate_risk_is_converted_whatever_else_is_wrong(tmp_path):
    record = {**example("minimal/marf"), "immediateRisk": True, "referredOn": 5}
    file = ndjson(tmp_path / "one.ndjson", [record])
    result = run(file, "--to", "fhir")
    assert result.return_value == 1
    assert "warning CNV-006" in result.stderr
    assert json.loads(result.stdout)["resourceType"] == "Bundle"


def test_what_is_no_record_is_told_and_the_rest_is_converted(tmp_path):
    file = ndjson(tmp_path / "some.ndjson", [{"recordType": "pizza"}, example("minimal/plan"), {}])
    result = run(file, "--to", "ndjson", "--out", tmp_path / "out")
    assert result.return_value == 3
    (line,) = (tmp_path / "out" / "records.ndjson").read_text("utf-8").splitlines()
    assert json.loads(line) == example("minimal/plan")


def test_a_dry_run_writes_nothing(tmp_path):
    result = run(MARF, "--to", "fhir", "--out", tmp_path / "out", "--dry-run")
    assert (result.return_value, result.stdout) == (0, "")
    assert not (tmp_path / "out").exists()


def test_several_records_need_a_folder_where_each_is_a_file_of_many_lines(tmp_path):
    file = ndjson(tmp_path / "two.ndjson", many(2))
    assert run(file, "--to", "fhir-xml").exit_code != 0
    assert len(run(file, "--to", "fhir").stdout.splitlines()) == 2


@pytest.mark.slow
def test_two_processes_write_the_same_bytes(tmp_path):
    file = ndjson(tmp_path / "many.ndjson", [*many(120), {"recordType": "pizza"}])
    for jobs in (1, 2):
        run(file, "--to", "fhir", "--verify", "none", "--jobs", jobs, "--out", tmp_path / str(jobs))
    assert files(tmp_path / "1") == files(tmp_path / "2")


@pytest.mark.slow
@pytest.mark.parametrize("target", ["ndjson", "json"])
def test_killed_at_any_moment_nothing_is_lost_or_doubled(tmp_path, target):
    file = ndjson(tmp_path / "many.ndjson", many(2000))
    whole, out = tmp_path / "whole", tmp_path / "out"
    assert run(file, "--to", target, "--out", whole, *DAY).return_value == 0
    arguments = [*COMMAND, str(file), "--to", target, "--out", str(out), "--resume", *DAY]
    dice = random.Random(7)
    killed = 0
    for _ in range(30):
        with subprocess.Popen(arguments, stderr=subprocess.DEVNULL) as process:
            while process.poll() is None and not (out / ".partial" / "journal.json").exists():
                time.sleep(0.005)
            time.sleep(dice.random() / 5)
            process.send_signal(signal.SIGKILL)
        killed += process.returncode == -signal.SIGKILL
        if process.returncode == 0:
            break
    assert killed
    assert subprocess.run(arguments, check=False, stderr=subprocess.DEVNULL).returncode == 0
    assert files(out) == files(whole)
    assert not (out / ".partial").exists()


def test_going_on_skips_what_is_done(tmp_path, monkeypatch):
    file = ndjson(tmp_path / "many.ndjson", many(500))
    out = tmp_path / "out"
    seen = []
    real = session.convert_many

    def stopped(numbered, work, jobs):
        for one in real(numbered, work, jobs):
            seen.append(one.record_id)
            if len(seen) == 450:
                raise KeyboardInterrupt
            yield one

    monkeypatch.setattr(session, "convert_many", stopped)
    assert run(file, "--to", "ndjson", "--out", out, *DAY).return_value == 130
    assert run(file, "--to", "ndjson", "--out", out, "--resume", *DAY).return_value == 0
    # 400 were noted in the journal, so the 50 after them were made again.
    assert len(seen) == 450 + 100
    lines = (out / "records.ndjson").read_text("utf-8").splitlines()
    assert [json.loads(line)["recordId"] for line in lines] == [f"marf-{n}" for n in range(500)]


def test_another_conversion_is_not_gone_on_with(tmp_path, monkeypatch):
    file = ndjson(tmp_path / "many.ndjson", many(3))
    out = tmp_path / "out"

    def stopped(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(session, "convert_many", stopped)
        run(file, "--to", "ndjson", "--out", out, *DAY)
    other = run(file, "--to", "json", "--out", out, "--resume", *DAY)
    assert "another conversion" in str(other.exception)
    assert run(file, "--to", "json", "--out", out, *DAY).return_value == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_that_cannot_be_written_is_told_in_one_line(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    result = run(MARF, "--to", "json", "--out", closed / "out")
    assert result.exception.exit_code == 74


def test_a_full_disk_is_told_in_one_line(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    result = run(MARF, "--to", "ndjson", "--out", tmp_path / "out")
    assert "No space left on device" in str(result.exception)
    assert result.exception.exit_code == 74


def test_a_file_in_the_way_is_told_in_one_line(tmp_path):
    (tmp_path / "out").write_text("", "utf-8")
    result = run(MARF, "--to", "json", "--out", tmp_path / "out" / "in")
    assert result.exception.exit_code == 74


def test_why_nothing_was_converted_is_told_however_many_warnings_there_are(tmp_path):
    file = tmp_path / "school.csv"
    file.write_text("Child 1 Surname\nInvented\n", "utf-8")
    result = run(file, "--mapping", "school-mis", "--to", "json", "--out", tmp_path / "out")
    assert result.return_value == 3
    assert "more not shown" in result.stderr
    assert " error PTR-007 " in result.stderr


def test_what_cannot_be_read_is_told_once(tmp_path):
    file = tmp_path / "cut.json"
    file.write_text('{"recordType": "marf", ', "utf-8")
    result = run(file, "--to", "fhir")
    assert [line.split()[2] for line in result.stderr.splitlines()[:-1]] == ["RDG-002:"]
