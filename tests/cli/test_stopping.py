"""Nothing is left behind: stopping by every signal, by force, and outputs that take no more.

`EH_INTEROP_EVERY_COMMAND=1` tries a full disk with every command.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.helpers.support import EXAMPLES, example

COMMAND = [sys.executable, "-c", "from eh_interop.cli import run; run()"]
MARF = str(EXAMPLES / "minimal" / "marf.json")
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and /dev/full are of POSIX")
FULL = Path("/dev/full")
SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"]


def start(*arguments, **options):
    return subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        **options,
    )


@POSIX
@pytest.mark.parametrize("name", SIGNALS)
def test_each_signal_gives_a_whole_report_of_what_is_done(name):
    line = json.dumps(example("minimal/marf")).encode() + b"\n"
    process = start("check", "-", "--format", "json", stdin=subprocess.PIPE)
    process.stdin.write(line * 20)
    process.stdin.flush()
    begun = process.stdout.read(1)  # so it is past its beginning
    process.send_signal(getattr(signal, name))
    out, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert json.loads(begun + out)["counts"]["records"] >= 0
    assert b"Stopped early" in error


@POSIX
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_stopping_leaves_no_half_file(tmp_path, name):
    target = tmp_path / "invented.ndjson"
    process = start("sample", "marf", "--count", "1000000", "--output", target)
    until(lambda: any(path.stat().st_size for path in tmp_path.iterdir()))
    process.send_signal(getattr(signal, name))
    _, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert error.decode().strip() == "Stopped."
    assert list(tmp_path.iterdir()) == []


def until(true):
    """Wait until something is so; a test that waits in vain fails by the limit of its process."""
    for _ in range(600):
        if true():
            return
        time.sleep(0.05)
    pytest.fail("it did not come about within half a minute")


@POSIX
def test_workers_end_when_their_parent_is_killed(tmp_path):
    source = tmp_path / "many.ndjson"
    line = json.dumps(example("gloucestershire/early-help-assessment")).encode() + b"\n"
    source.write_bytes(line * 3000)
    out = tmp_path / "out"
    process = start("convert", source, "--to", "fhir", "--out", out, "--jobs", "2", "--quiet")
    until(lambda: len(children(process.pid)) >= 2)
    workers = children(process.pid)
    process.kill()
    process.communicate(timeout=60)
    until(lambda: not any(map(alive, workers)))


def children(parent):
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=False
    )
    return [int(number) for number in listed.stdout.split()]


def alive(process):
    try:
        state = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


EVERY = os.environ.get("EH_INTEROP_EVERY_COMMAND")
COMMANDS = [
    ("check", MARF),
    ("sample", "marf", "--count", "200"),
    ("--help",),
]
ALL = [
    *COMMANDS,
    ("schema", "list"),
    ("convert", MARF, "--to", "fhir"),
    ("cover", MARF),
    ("check", MARF, "--format", "json"),
    ("rules",),
    ("forms",),
    ("areas",),
    ("doctor",),
    ("explain", "MRF-112"),
    ("clauses",),
    ("chase", MARF),
    ("genogram", MARF),
    ("mapping", "list"),
    ("new", "marf", "--area", "england"),
    ("--version",),
]


@pytest.mark.skipif(not FULL.exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize(
    "arguments", ALL if EVERY else COMMANDS, ids=lambda arguments: " ".join(arguments[:1])
)
def test_a_full_disk_is_said_in_a_sentence(arguments):
    with FULL.open("wb") as full:
        done = subprocess.run(
            [*COMMAND, *arguments], stdout=full, stderr=subprocess.PIPE, check=False, timeout=60
        )
    assert done.returncode == 74, done.stderr
    assert b"No space left" in done.stderr
    assert b"fault" not in done.stderr


def without(streams):
    return ["bash", "-c", f'exec "$@" {streams}', "run"]


@POSIX
@pytest.mark.parametrize("arguments", COMMANDS[:2], ids=lambda arguments: arguments[0])
def test_closed_output_is_said_in_a_sentence(arguments):
    done = subprocess.run(
        [*without(">&-"), *COMMAND, *arguments],
        stderr=subprocess.PIPE,
        check=False,
        timeout=60,
    )
    assert done.returncode == 74, done.stderr
    assert done.stderr.decode().endswith("standard output is closed.\n")


@POSIX
def test_closed_output_is_no_matter_if_the_result_goes_to_a_file(tmp_path):
    target = tmp_path / "report.json"
    done = subprocess.run(
        [
            *without(">&- 2>&- <&-"),
            *COMMAND,
            "check",
            MARF,
            "--format",
            f"json:{target}",
        ],
        check=False,
        timeout=60,
    )
    assert done.returncode == 0
    assert json.loads(target.read_text("utf-8"))["counts"]["records"] == 1


@pytest.mark.skipif(not FULL.exists(), reason="this system has no device that is always full")
def test_nobody_listens_at_all():
    with FULL.open("wb") as full:
        done = subprocess.run([*COMMAND, "rules"], stdout=full, stderr=full, check=False)
    assert done.returncode == 74
