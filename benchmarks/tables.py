"""Measures canonical tables, out and back, against flatten-tool and against csv.reader."""

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
import warnings
from collections.abc import Callable
from pathlib import Path

import flattentool
import orjson

from eh_interop.formats.tables import read_tables, read_workbook, write_tables, write_workbook

COMMAND = [sys.executable, "-c", "from eh_interop.cli import run; run()"]
ROUNDS = 3
"""Of our own steps, around and between those of flatten-tool."""


def timed(work: Callable[[], object]) -> float:
    """Return the seconds of processor time that ``work`` takes: the machine may be busy."""
    start = time.process_time()
    work()
    return time.process_time() - start


class Ours:
    """Records from NDJSON to tables and back to NDJSON."""

    def __init__(self, folder: Path, source: Path) -> None:
        self.source = source
        self.tables = folder / "tables"
        self.back = folder / "back.ndjson"
        self.book = folder / "records.xlsx"

    def out(self) -> None:
        """Write tables."""
        with self.source.open("rb") as lines:
            write_tables(map(orjson.loads, lines), self.tables)

    def home(self) -> None:
        """Read tables."""
        with self.back.open("wb") as file:
            for table in read_tables(self.tables):
                file.write(orjson.dumps(table.document) + b"\n")

    def floor(self) -> None:
        """Read the same files, and do nothing with them."""
        for path in self.tables.glob("*.csv"):
            with path.open(encoding="utf-8", newline="") as file:
                for _ in csv.reader(file):
                    pass

    def book_out(self) -> None:
        """Write a workbook."""
        with self.source.open("rb") as lines:
            write_workbook(map(orjson.loads, lines), self.book)

    def book_home(self) -> None:
        """Read the workbook."""
        for _ in read_workbook(self.book):
            pass

    def unchanged(self) -> int:
        """Count the records that came back as they were."""
        with self.source.open("rb") as before, self.back.open("rb") as after:
            pairs = zip(before, after, strict=True)
            return sum(orjson.loads(one) == orjson.loads(other) for one, other in pairs)


class Theirs:
    """The same records with flatten-tool. It joins tables by ``id``, so records get one."""

    def __init__(self, folder: Path, source: Path) -> None:
        self.records = [orjson.loads(line) for line in source.read_bytes().splitlines()]
        for record in self.records:
            record["id"] = record["recordId"]
        self.source, self.tables = folder / "list.json", folder / "flat"
        self.back = folder / "unflattened.json"
        self.source.write_bytes(orjson.dumps({"main": self.records}))

    def out(self) -> None:
        """Write tables."""
        flattentool.flatten(
            str(self.source),
            output_format="csv",
            main_sheet_name="main",
            root_list_path="main",
            output_name=str(self.tables),
        )

    def home(self) -> None:
        """Read tables."""
        flattentool.unflatten(
            str(self.tables), input_format="csv", root_list_path="main", output_name=str(self.back)
        )

    def unchanged(self) -> int:
        """Count the records that came back as they were."""
        back = orjson.loads(self.back.read_bytes())["main"]
        return sum(one == other for one, other in zip(self.records, back, strict=False))


def measure(folder: Path, count: int, *, books: bool) -> dict[str, object]:
    """Measure everything in one run: the best of ours, and flatten-tool once."""
    source = folder / "marf.ndjson"
    made = ["sample", "marf", "--count", str(count), "--seed", "1", "--output", str(source)]
    subprocess.run([*COMMAND, *made], check=True)
    ours, theirs = Ours(folder, source), Theirs(folder, source)
    rounds = [(timed(ours.out), timed(ours.home), timed(ours.floor))]
    flat = timed(theirs.out)
    rounds.append((timed(ours.out), timed(ours.home), timed(ours.floor)))
    unflat = timed(theirs.home)
    rounds += [(timed(ours.out), timed(ours.home), timed(ours.floor)) for _ in range(ROUNDS - 2)]
    out, home, floor = (min(each) for each in zip(*rounds, strict=True))
    worst_out, worst_home, _ = (max(each) for each in zip(*rounds, strict=True))
    found: dict[str, object] = {
        "machine": {"python": platform.python_version(), "cores": os.cpu_count()},
        "records": count,
        "bytes": source.stat().st_size,
        "secondsOut": round(out, 2),
        "secondsBack": round(home, 2),
        "secondsCsvReader": round(floor, 2),
        "backTimesCsvReader": round(home / floor, 1),
        "flattentoolSecondsOut": round(flat, 2),
        "flattentoolSecondsBack": round(unflat, 2),
        "timesFasterOut": round(flat / out, 1),
        "timesFasterBack": round(unflat / home, 1),
        "timesFasterOutWorstRound": round(flat / worst_out, 1),
        "timesFasterBackWorstRound": round(unflat / worst_home, 1),
        "unchanged": ours.unchanged(),
        "flattentoolUnchanged": theirs.unchanged(),
    }
    if books:
        found["workbookSecondsOut"] = round(timed(ours.book_out), 2)
        found["workbookSecondsBack"] = round(timed(ours.book_home), 2)
    return found


def main() -> None:
    """Measure, print the figures, write them to a JSON file."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--records", type=int, default=5000)
    options.add_argument("--workbook", action="store_true", help="also as a workbook")
    where = Path(__file__).with_name("tables.json")
    options.add_argument("--output", type=Path, default=where)
    chosen = options.parse_args()
    warnings.simplefilter("ignore")  # flatten-tool warns of types that it takes for text
    with tempfile.TemporaryDirectory() as name:
        found = measure(Path(name), chosen.records, books=chosen.workbook)
    chosen.output.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
