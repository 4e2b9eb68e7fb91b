"""What everything that writes records passes. One that is not in the list fails the last test."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.helpers.support import EXAMPLES, example

import eh_interop
from eh_interop.cli import main
from eh_interop.convert.targets import targets
from eh_interop.core.errors import OutputError

TARGETS = ["annex-a", "cin", "csv", "fhir", "fhir-xml", "json", "ndjson", "ssd", "xlsx"]
SIGNS = "=+-@\t\r"
BLANKS = ["", " ", "\u00a0", "\u200b", "\ufeff", "\u2003"]
HOSTILE = [f'{blank}=HYPERLINK("x")' for blank in BLANKS]
INVISIBLE = "".join(BLANKS)


def run(*arguments):
    return CliRunner().invoke(main, ["convert", *map(str, arguments)], standalone_mode=False)


def convert(record, target, folder):
    folder.mkdir()
    source = folder / "source.json"
    source.write_text(json.dumps(record), "utf-8")
    out = folder / "out"
    more = ["--authority", "916"] if target == "cin" else []
    more += ["--form", "csv", "--form", "xlsx"] if target in {"annex-a", "ssd"} else []
    result = run(source, "--to", target, "--out", out, "--as-of", "2026-11-01", *more)
    assert result.exception is None, result.exception
    return out


def records():
    return [example("gloucestershire/early-help-assessment"), example("minimal/marf")]


def hostile(record, text):
    record["organisations"][0]["name"] = text
    return record


def cells(folder):
    for path in folder.rglob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from (cell for row in csv.reader(file) for cell in row)


def workbook_cells(folder):
    import openpyxl

    for path in folder.rglob("*.xlsx"):
        for sheet in openpyxl.load_workbook(path):
            yield from (cell for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("text", HOSTILE)
def test_no_spreadsheet_takes_a_text_for_a_formula(tmp_path, target, text):
    for number, record in enumerate(records()):
        out = convert(hostile(record, text), target, tmp_path / str(number))
        live = [c for c in cells(out) if c.strip(INVISIBLE).startswith(tuple(SIGNS))]
        assert [cell for cell in live if "HYPERLINK" in cell] == []
        assert [cell for cell in workbook_cells(out) if cell.data_type == "f"] == []


@pytest.mark.parametrize("text", HOSTILE)
def test_the_guard_comes_off_again_when_our_own_tables_are_read(tmp_path, text):
    record = hostile(example("minimal/marf"), text.strip("\ufeff") or text)
    for target in ("csv", "xlsx"):
        out = convert(record, target, tmp_path / target)
        source = out / "marf.xlsx" if target == "xlsx" else out
        back = run(source, "--to", "json", "--out", tmp_path / f"{target}-back")
        assert back.exception is None
        (path,) = (tmp_path / f"{target}-back").glob("0*.json")
        assert json.loads(path.read_text("utf-8"))["organisations"] == record["organisations"]


def test_rows_that_go_back_to_a_partner_are_guarded_too(tmp_path):
    text = (EXAMPLES / "partners" / "school-mis.csv").read_text("utf-8-sig")
    head, first, *_ = text.splitlines()
    source = tmp_path / "school.csv"
    broken = first.replace(first.split(",")[3], "not a date")
    source.write_text(f"{head}\n\u00a0=1+1{broken}\n", "utf-8")
    run(source, "--mapping", "school-mis", "--to", "json", "--out", tmp_path / "out")
    found = list(cells(tmp_path / "out"))
    assert [cell for cell in found if cell.strip(INVISIBLE).startswith("=")] == []


AREA = """
area    = "hostile"
title   = "Hostile"
extends = "england"
follows = ["hostile-guide"]

[[document]]
key = "hostile-guide"
title = "Guide"
publisher = "Nobody"
edition = "2026"

[[clause]]
id = "X-001"
document = "hostile-guide"
says = {says}

[[requirement]]
code     = "XMP-001"
name     = "no-chronology-sent"
records  = ["marf"]
document = "chronology"
accepts  = ["not-applicable"]
severity = "error"
cites    = ["X-001"]
ask      = {says}
why      = "Single events look small until they stand in a row."
"""


@pytest.mark.parametrize("text", HOSTILE)
def test_words_of_an_area_file_are_guarded_in_every_csv_that_a_command_prints(tmp_path, text):
    area = tmp_path / "hostile.toml"
    area.write_text(AREA.replace("{says}", json.dumps(text)), "utf-8")
    source = tmp_path / "records.ndjson"
    source.write_text(
        "".join(f"{json.dumps(example('minimal/marf'))}\n" for _ in range(6)), "utf-8"
    )
    for arguments in (
        ["clauses", "--format", "csv"],
        ["check", str(source), "--format", "quality-csv", "--as-of", "2026-11-01"],
    ):
        result = CliRunner().invoke(main, [*arguments, "--area", str(area)])
        shown = list(csv.reader(result.stdout.splitlines()))
        mine = [cell for row in shown for cell in row if "HYPERLINK" in cell]
        assert mine
        assert not [cell for cell in mine if cell.strip(INVISIBLE).startswith(tuple(SIGNS))]


CSV_WRITERS = {
    "convert/rejects.py",
    "core/csv_injection.py",
    "formats/partners/partner_aliases.py",
    "formats/returns/writer.py",
    "formats/tables/csv_writing.py",
    "formats/tables/templates.py",
}


def test_nothing_else_writes_csv_than_what_is_guarded():
    package = Path(eh_interop.__file__).parent
    files = [path for path in package.rglob("*.py") if "csv.writer(" in path.read_text("utf-8")]
    assert {path.relative_to(package).as_posix() for path in files} == CSV_WRITERS
    assert all(
        "csv_injection" in path.read_text("utf-8") or path.stem == "csv_injection" for path in files
    )


@pytest.mark.parametrize("target", TARGETS)
def test_the_same_records_give_the_same_bytes(tmp_path, target):
    first, second = (
        convert(example("minimal/early-help-assessment"), target, tmp_path / name)
        for name in ("first", "second")
    )
    assert contents(first) == contents(second)


def contents(folder: Path):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("target", TARGETS)
def test_a_disk_that_is_full_is_said_in_a_sentence(tmp_path, monkeypatch, target):
    def full(*_args, **_options):
        raise OSError(28, "No space left on device")

    from eh_interop.convert import staging

    monkeypatch.setattr(staging.Staging, "_journal", full)
    monkeypatch.setattr(staging.os, "fsync", full)
    result = run(
        EXAMPLES / "minimal" / "marf.json", "--to", target, "--out", tmp_path / "out",
        "--authority", "916",
    )  # fmt: skip
    assert isinstance(result.exception, OutputError)
    assert "No space left on device" in str(result.exception)


def test_every_target_is_in_the_list():
    assert sorted(targets()) == TARGETS
