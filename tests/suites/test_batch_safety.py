"""Batch safety: a conversion killed at any moment goes on, and the result is the same bytes.

One conversion is killed, gone on with and killed again. By default two kills of one format. A long
run takes every format and both numbers of processes:

    EH_INTEROP_KILLS=50 EH_INTEROP_KILL_RECORDS=20000 pytest tests/suites/test_batch_safety.py
"""

import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest
from tests.helpers.support import example

from eh_interop.convert.targets import targets

COMMAND = [sys.executable, "-c", "from eh_interop.cli import run; run()"]
KILLS = int(os.environ.get("EH_INTEROP_KILLS", "2"))
RECORDS = int(os.environ.get("EH_INTEROP_KILL_RECORDS", "400"))
LONG = "EH_INTEROP_KILLS" in os.environ
START = 0.3
"""Seconds until a process has read what it needs: before that there is nothing to lose."""
FORMATS = [(target, jobs) for target in targets() for jobs in (1, 2)] if LONG else [("ndjson", 1)]
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals are of POSIX")


def source_in(folder, count=RECORDS, changed=""):
    path = folder / "records.ndjson"
    record = {**example("minimal/marf"), "trigger": changed} if changed else example("minimal/marf")
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            file.write(json.dumps({**record, "recordId": f"marf-{number}"}) + "\n")
    return path


def arguments(source, target, jobs, out):
    more = ["--authority", "916"] if target == "cin" else []
    more += ["--verify", "none"] if target.startswith("fhir") else []
    where = ["--to", target, "--out", str(out), "--jobs", str(jobs), "--quiet"]
    return [*COMMAND, "convert", str(source), *where, "--as-of", "2026-11-01", "--resume", *more]


def convert(*what):
    return subprocess.run(arguments(*what), capture_output=True, check=False, timeout=3600)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@POSIX
@pytest.mark.parametrize(("target", "jobs"), FORMATS)
def test_killed_at_any_moment_and_gone_on_with(tmp_path, target, jobs):
    source = source_in(tmp_path)
    begun = time.monotonic()
    assert convert(source, target, jobs, tmp_path / "whole").returncode in {0, 1}
    took = time.monotonic() - begun
    whole, out = contents(tmp_path / "whole"), tmp_path / "out"
    chance = random.Random(7)
    for _ in range(KILLS):
        process = subprocess.Popen(
            arguments(source, target, jobs, out),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(START + took / KILLS * 2 * chance.random())
        process.kill()
        process.wait()
        # A folder with a manifest is complete; one without is not.
        if (out / "manifest.json").exists():
            assert contents(out) == whole
    done = convert(source, target, jobs, out)
    assert done.returncode in {0, 1}, done.stderr
    assert contents(out) == whole
    assert not [path for path in out.iterdir() if path.name.startswith(".")]


def interrupted(tmp_path):
    """Leave a conversion that was stopped with checkpoints behind it."""
    source, out = source_in(tmp_path, 3000), tmp_path / "out"
    process = subprocess.Popen(
        arguments(source, "json", 1, out), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    for _ in range(1200):
        journal = out / ".partial" / "journal.json"
        if journal.exists() and json.loads(journal.read_text("utf-8"))["done"]:
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 130
    return source, out, error


@POSIX
def test_input_that_changed_meanwhile_is_said_and_never_mixed(tmp_path):
    _, out, error = interrupted(tmp_path)
    assert error == b""  # it was asked to be quiet
    changed = source_in(tmp_path, 3000, changed="other-trigger")
    done = convert(changed, "json", 1, out)
    assert done.returncode == 74
    assert b"other files" in done.stderr
    assert not (out / "manifest.json").exists()


@POSIX
def test_two_at_once_do_not_mix(tmp_path):
    """Whoever comes second is told, or makes the same; never is there a mixture."""
    source, out = source_in(tmp_path, 2000), tmp_path / "out"
    assert convert(source, "json", 1, tmp_path / "whole").returncode in {0, 1}
    both = [
        subprocess.Popen(
            arguments(source, "json", 1, out), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        for _ in range(2)
    ]
    errors = [process.communicate(timeout=600)[1] for process in both]
    codes = [process.returncode for process in both]
    assert {0, 1} & set(codes), errors
    assert set(codes) <= {0, 1, 74}, errors
    assert b"Traceback" not in b"".join(errors)
    assert contents(out) == contents(tmp_path / "whole")


@POSIX
def test_a_clock_that_was_set_back_changes_nothing(tmp_path):
    source, out, _ = interrupted(tmp_path)
    for path in (out, *out.rglob("*")):
        os.utime(path, (4_000_000_000, 4_000_000_000))  # written in the year 2096
    assert convert(source, "json", 1, out).returncode in {0, 1}
    assert convert(source, "json", 1, tmp_path / "whole").returncode in {0, 1}
    assert contents(out) == contents(tmp_path / "whole")


@POSIX
@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(tmp_path):
    out = tmp_path / "out"
    out.mkdir(mode=0o500)
    done = convert(source_in(tmp_path, 3), "json", 1, out)
    assert done.returncode == 74
    assert b"Permission denied" in done.stderr
