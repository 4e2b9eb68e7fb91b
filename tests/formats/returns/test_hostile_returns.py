"""Files of returns that are hostile, or written by other programs, read and written at the door."""

import builtins
import csv
import importlib
import json
import zipfile
from datetime import date

import pytest
from click.testing import CliRunner
from tests.helpers.returns_records import minimal

from eh_interop.cli import main

LIST_3 = ["Child ID", "Sex", "Ethnicity", "DOB", "Age", "Date of Referral", "Referral Source"]
LIST_2 = "annex-a-list-2-early-help.csv"
ROW = ["A1", "F", "WBRI", "03/04/2015", "11", "20/10/2026", "5D"]


def convert(*arguments):
    day = ("--as-of", "2026-11-01")
    return CliRunner().invoke(main, ["convert", *map(str, arguments), *day], standalone_mode=False)


def read(path, out, name="annex-a"):
    """Convert a return to records; the exit code, the records and the findings."""
    result = convert(path, "--from", name, "--to", "ndjson", "--out", out)
    lines = {
        file.stem: [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        for file in out.glob("*.ndjson")
    }
    return result, lines.get("records", []), lines.get("findings", [])


def table(path, *rows, encoding="utf-8"):
    path.write_bytes("\r\n".join(",".join(row) for row in (LIST_3, *rows)).encode(encoding))
    return path


def codes(findings):
    return {finding["code"] for line in findings for finding in line.get("findings", [line])}


def test_a_workbook_that_unpacks_to_far_more_than_it_was_is_refused(tmp_path):
    bomb = tmp_path / "bomb.xlsx"
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(LIST_3)
    book.active.append(ROW)
    book.save(tmp_path / "plain.xlsx")
    with (
        zipfile.ZipFile(tmp_path / "plain.xlsx") as plain,
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for name in plain.namelist():
            content = plain.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = content.replace(b"</worksheet>", b" " * (150 << 20) + b"</worksheet>")
            packed.writestr(name, content)
    assert bomb.stat().st_size < 1 << 20
    result, records, _ = read(bomb, tmp_path / "out")
    assert (result.return_value or result.exception.exit_code) == 3
    assert records == []


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252"])
def test_text_is_read_in_its_encoding(tmp_path, encoding):
    path = table(tmp_path / "list3.csv", [*ROW, "Zoë"], encoding=encoding)
    result, (record,), findings = read(path, tmp_path / "out")
    assert result.return_value == 0
    assert record["children"][0]["dateOfBirth"] == "2015-04-03"
    assert not codes(findings) & {"RET-023", "RET-024"}


def test_a_cell_may_be_longer_than_python_allows_by_itself(tmp_path):
    previous = csv.field_size_limit(1 << 17)
    try:
        head = [*LIST_3, "Notes"]
        path = tmp_path / "long.csv"
        path.write_text(f"{','.join(head)}\n{','.join(ROW)},{'x' * (1 << 18)}\n", "utf-8")
        result, records, _ = read(path, tmp_path / "out")
    finally:
        csv.field_size_limit(previous)
    assert (result.return_value, len(records)) == (0, 1)


@pytest.mark.parametrize("number", ["12345", "42097", "42097.5"])
def test_a_bare_number_is_not_a_date(tmp_path, number):
    path = table(tmp_path / "list3.csv", ["A1", "F", "WBRI", number, "11", "20/10/2026", "5D"])
    _, (record,), findings = read(path, tmp_path / "out")
    assert "dateOfBirth" not in record["children"][0]
    assert record["localData"]["annex-a"]["Date of Birth"] == number
    assert "RET-023" in codes(findings)


def test_a_number_in_a_workbook_is_a_date_only_if_the_cell_says_so(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(LIST_3)
    book.active.append(["A1", "F", "WBRI", date(2015, 4, 3), 11, date(2026, 10, 20), "5D"])
    book.active.append(["A2", "F", "WBRI", 42097, 11, date(2026, 10, 20), "5D"])
    book.save(tmp_path / "list3.xlsx")
    _, (one, two), findings = read(tmp_path / "list3.xlsx", tmp_path / "out")
    assert one["children"][0]["dateOfBirth"] == "2015-04-03"
    assert one["receivedOn"] == two["receivedOn"] == "2026-10-20"
    assert "dateOfBirth" not in two["children"][0]
    assert two["localData"]["annex-a"]["Date of Birth"] == "42097"
    assert "RET-023" in codes(findings)


def test_an_ordinal_day_is_a_date(tmp_path):
    path = table(
        tmp_path / "x.csv", ["A1", "F", "WBRI", "3rd April 2015", "11", "20/10/2026", "5D"]
    )
    _, (record,), _ = read(path, tmp_path / "out")
    assert record["children"][0]["dateOfBirth"] == "2015-04-03"


@pytest.mark.parametrize("age", ["inf", "nan", "1e300", "-inf"])
def test_a_number_that_is_not_an_age_is_kept_and_said(tmp_path, age):
    path = table(tmp_path / "x.csv", ["A1", "F", "WBRI", "", age, "20/10/2026", "5D"])
    _, (record,), findings = read(path, tmp_path / "out")
    assert "estimatedAge" not in record["children"][0]
    assert "RET-025" in codes(findings)


@pytest.mark.parametrize("before", ["", " ", "\u00a0", "\u200b", "\ufeff"])
def test_a_formula_is_guarded_whatever_stands_before_it_and_comes_back(tmp_path, before):
    name = f'{before}=HYPERLINK("http://x.invalid")'
    record = minimal(
        "plan",
        leads=[{"practitioner": "w1"}],
        organisations=[{"id": "o1", "name": name}],
        practitioners=[{"id": "w1", "organisation": "o1"}],
    )
    source = tmp_path / "plan.json"
    source.write_text(json.dumps(record), "utf-8")
    out = tmp_path / "out"
    convert(source, "--to", "annex-a", "--out", out)
    with (out / LIST_2).open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["Organisation completing assessment"] == f"'{name}"
    _, (again,), _ = read(out / LIST_2, tmp_path / "back")
    assert again["organisations"][0]["name"] == " ".join(name.split())


def test_a_document_type_is_refused_before_anything_is_read(tmp_path):
    path = tmp_path / "cin.xml"
    path.write_text("<!DOCTYPE m><Message><Children/></Message>", "utf-8")
    result, records, (line,) = read(path, tmp_path / "out", "cin")
    assert result.return_value == 3
    assert "document type" in line["findings"][0]["message"].lower()
    assert records == []


@pytest.mark.parametrize("action", ["read", "write"])
def test_a_missing_extra_is_said_in_one_way(tmp_path, monkeypatch, action):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(LIST_3)
    book.save(tmp_path / "list3.xlsx")
    source = tmp_path / "marf.json"
    source.write_text(json.dumps(minimal("marf")), "utf-8")
    missing = {"openpyxl", "xlsxwriter", "python_calamine"}
    real, real_module = builtins.__import__, importlib.import_module

    def without(name, *arguments, **options):
        if name.partition(".")[0] in missing:
            raise ImportError
        return real(name, *arguments, **options)

    def module_without(name, *arguments):
        if name.partition(".")[0] in missing:
            raise ImportError
        return real_module(name, *arguments)

    monkeypatch.setattr(builtins, "__import__", without)
    monkeypatch.setattr("eh_interop.core.errors.import_module", module_without, raising=False)
    if action == "read":
        result, _, _ = read(tmp_path / "list3.xlsx", tmp_path / "out")
    else:
        result = convert(source, "--to", "annex-a", "--form", "xlsx", "--out", tmp_path / "out")
    assert result.exception.exit_code == 4
    assert "pip install 'eh-interop[xlsx]'" in str(result.exception)
