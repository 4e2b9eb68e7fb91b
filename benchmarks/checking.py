"""Measures a whole check against the floor: reading the JSON and nothing else."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import orjson

from eh_interop import check, load_area, load_standard
from eh_interop.checks.engine import CompiledEngine
from eh_interop.checks.record import check_record
from eh_interop.checks.reference import ReferenceEngine
from eh_interop.reading import Raw
from eh_interop.standard.model import RECORDS

AS_OF = date(2026, 11, 1)
AREA = "gloucestershire"
ROUNDS = 5
COMMAND = [sys.executable, "-c", "from eh_interop.cli import run; run()"]


def samples(folder: Path, count: int, *faults: str) -> Path:
    """Write invented MARFs as NDJSON."""
    path = folder / f"marf{len(faults)}.ndjson"
    arguments = ["sample", "marf", "--count", str(count), "--seed", "1", "--area", AREA]
    arguments += ["--as-of", AS_OF.isoformat(), "--output", str(path), *faults]
    subprocess.run([*COMMAND, *arguments], check=True, stderr=subprocess.DEVNULL)
    return path


def timed(work: Callable[[Any], object], items: list[Any]) -> float:
    """Return the seconds that ``work`` takes on all items."""
    start = time.perf_counter()
    for item in items:
        work(item)
    return time.perf_counter() - start


def in_process(good: list[bytes], faulty: list[bytes]) -> dict[str, dict[str, float]]:
    """Measure each step in alternating rounds: microseconds a record, and times the parse."""
    standard, area = load_standard(), load_area(AREA)
    parsed = [orjson.loads(line) for line in good]
    engine = CompiledEngine(standard, "marf", area.requires(standard, "marf"))
    few = [Raw("", 1, document, b"", ()) for document in parsed[:50]]

    def reference(raw: Raw) -> object:
        return check_record(raw, area=area, as_of=AS_OF, engine=ReferenceEngine)

    work: dict[str, tuple[Callable[[Any], object], list[Any]]] = {
        "parse": (orjson.loads, good),
        "shape and completeness": (lambda record: list(engine.violations(record)), parsed),
        "typed parts": (lambda record: msgspec.convert(record, RECORDS["marf"]), parsed),
        "whole check, ready records": (lambda line: check(line, area=area, as_of=AS_OF), good),
        "whole check, faulty records": (lambda line: check(line, area=area, as_of=AS_OF), faulty),
        "reference engine": (reference, few),
    }
    for each, items in work.values():
        timed(each, items[:20])
    rounds: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(ROUNDS):
        for name, (each, items) in work.items():
            rounds[name].append(timed(each, items) / len(items))
    floor = rounds["parse"]
    return {
        name: {
            "microseconds": round(min(times) * 1e6, 1),
            "timesParse": round(
                statistics.median(one / base for one, base in zip(times, floor, strict=True)), 2
            ),
        }
        for name, times in rounds.items()
    }


# A process of its own starts the command: a child's memory counts from that of its parent.
MEASURE = """
import json, resource, subprocess, sys, time
start = time.perf_counter()
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=False)
seconds = time.perf_counter() - start
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"seconds": round(seconds, 2), "megabytes": round(usage.ru_maxrss / 1024, 1)}))
"""


def command(*arguments: str) -> dict[str, float]:
    """Run a command and return its seconds and the memory of its largest process."""
    result = subprocess.run(
        [sys.executable, "-c", MEASURE, *arguments], capture_output=True, check=True
    )
    measured: dict[str, float] = json.loads(result.stdout)
    return measured


def commands(folder: Path, good: Path) -> dict[str, dict[str, float]]:
    """Measure whole commands on NDJSON."""
    found = {}
    for jobs in ("1", "2"):
        report = folder / f"report{jobs}.json"
        arguments = ["check", str(good), "--area", AREA, "--as-of", AS_OF.isoformat()]
        found[f"eh-interop check --jobs {jobs}"] = command(
            *COMMAND, *arguments, "--jobs", jobs, "--format", f"json:{report}"
        )
    same = (folder / "report1.json").read_bytes() == (folder / "report2.json").read_bytes()
    found["same bytes with one and two jobs"] = {"yes": float(same)}
    return found


def check_jsonschema(folder: Path, good: list[bytes], count: int = 200) -> dict[str, float]:
    """Measure the check-jsonschema command on the exported bundle."""
    bundle = folder / "bundle.json"
    subprocess.run(
        [*COMMAND, "schema", "bundle", "marf", "--area", AREA, "--output", str(bundle)], check=True
    )
    files = []
    for number, line in enumerate(good[:count]):
        files.append(str(folder / f"{number}.json"))
        Path(files[-1]).write_bytes(line)
    return command(
        sys.executable, "-m", "check_jsonschema", "--schemafile", str(bundle), *files
    ) | {"records": count}


def million(folder: Path, good: Path, lines: int) -> dict[str, float]:
    """Measure memory on very many lines: the same records again and again."""
    text = good.read_bytes()
    count = text.count(b"\n")
    path = folder / "many.ndjson"
    with path.open("wb") as stream:
        for _ in range(lines // count):
            stream.write(text)
    report = folder / "many.json"
    arguments = ["check", str(path), "--area", AREA, "--as-of", AS_OF.isoformat()]
    measured = command(*COMMAND, *arguments, "--format", f"json:{report}")
    path.unlink()
    report.unlink()
    return measured | {"lines": lines // count * count}


def main() -> None:
    """Measure everything, print a table, write a JSON file."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--records", type=int, default=5000)
    options.add_argument("--million", action="store_true")
    options.add_argument("--output", type=Path, default=Path(__file__).with_name("results.json"))
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        good = samples(folder, chosen.records)
        faulty = samples(folder, chosen.records, "--faults")
        lines, faults = good.read_bytes().splitlines(), faulty.read_bytes().splitlines()
        results: dict[str, Any] = {
            "machine": {"python": platform.python_version(), "cores": os.cpu_count()},
            "records": len(lines),
            "bytesPerRecord": round(statistics.mean(map(len, lines))),
            "inProcess": in_process(lines, faults),
            "commands": commands(folder, good),
            "checkJsonschema": check_jsonschema(folder, lines),
        }
        if chosen.million:
            for count in (10_000, 1_000_000):
                results[f"lines{count}"] = million(folder, good, count)
    chosen.output.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    for step, figures in results["inProcess"].items():
        print(f"{step:30} {figures['microseconds']:10.1f} µs  {figures['timesParse']:8.2f} x parse")
    for step, figures in results["commands"].items():
        print(f"{step:36} {figures}")
    print(f"{'check-jsonschema':36} {results['checkJsonschema']}")
    for count in (10_000, 1_000_000):
        if f"lines{count}" in results:
            print(f"{count:,} lines {results[f'lines{count}']}")


if __name__ == "__main__":
    main()
