"""Measures a partner's CSV to NDJSON, with the memory it takes, against csv.reader alone."""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

COMMAND = [sys.executable, "-c", "from eh_interop.cli import run; run()", "convert"]
SAMPLE = Path(__file__).parents[1] / "examples" / "partners" / "school-mis.csv"
MAPPING = "school-mis"
FEW = 2_000
"""Rows of the small file: what the command takes without much work."""


def write(path: Path, rows: int) -> None:
    """Write a partner's file: the rows of the sample again and again, each its own referral."""
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        headings, *samples = csv.reader(file)
    at_id, at_day = headings.index("Referral ID"), headings.index("Date of Referral")
    first = date(2020, 1, 1)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        for number in range(rows):
            row = list(samples[number % len(samples)])
            row[at_id] = f"R-{number}"
            row[at_day] = f"{first + timedelta(days=number % 2000):%d/%m/%Y}"
            writer.writerow(row)


def read(path: Path) -> float:
    """Return the seconds of processor time that only reading the cells takes."""
    start = time.process_time()
    with path.open(encoding="utf-8", newline="") as file:
        for _ in csv.reader(file):
            pass
    return time.process_time() - start


def convert(path: Path, out: Path) -> tuple[float, float]:
    """Convert a file with the command; return seconds of processor time and peak memory in MB.

    The memory is that of the one process, as the system counts it.
    """
    arguments = [*COMMAND, str(path), "--mapping", MAPPING, "--to", "ndjson", "--quiet"]
    process = subprocess.Popen([*arguments, "--out", str(out)])
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, arguments)
    # Linux counts in KiB, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return used.ru_utime + used.ru_stime, used.ru_maxrss * unit / 1e6


def measure(folder: Path, rows: int) -> dict[str, object]:
    """Measure a small file, which shows what memory does not grow, and the wanted one."""
    few, many = folder / "few.csv", folder / "many.csv"
    write(few, FEW)
    write(many, rows)
    _, few_peak = convert(few, folder / "few")
    seconds, peak = convert(many, folder / "many")
    floor = read(many)
    manifest = json.loads((folder / "many" / "manifest.json").read_text("utf-8"))
    with (folder / "many" / "records.ndjson").open("rb") as file:
        written = sum(1 for _ in file)
    return {
        "machine": {"python": platform.python_version(), "cores": os.cpu_count()},
        "rows": rows,
        "bytes": many.stat().st_size,
        "written": written,
        "notConverted": manifest["notConverted"],
        "seconds": round(seconds, 1),
        "rowsPerSecond": round(rows / seconds),
        "secondsCsvReader": round(floor, 2),
        "timesCsvReader": round(seconds / floor, 1),
        "peakMegabytes": round(peak),
        f"peakMegabytesOf{FEW}Rows": round(few_peak),
    }


def main() -> None:
    """Measure, print the figures, write them to a JSON file."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=100_000)
    where = Path(__file__).with_name("partners.json")
    options.add_argument("--output", type=Path, default=where)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        found = measure(Path(name), chosen.rows)
    chosen.output.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
