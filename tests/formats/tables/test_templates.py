"""What a person fills into a template comes back as a record, without a mapping."""

import csv
import json
import zipfile

import pytest
from click.testing import CliRunner
from tests.helpers.support import AS_OF

from eh_interop import check, load_area, load_standard
from eh_interop.cli import main
from eh_interop.formats.tables import read_tables, read_workbook
from eh_interop.formats.tables.csv_writing import metadata
from eh_interop.formats.tables.guidance import ColumnGuide
from eh_interop.formats.tables.layout import layout_of
from eh_interop.formats.tables.templates import write_csv_template, write_xlsx_template

STANDARD = load_standard()
FILLED = {
    "marf": {
        "immediateRisk": ("TRUE", True),
        "recordId": ("007", "007"),
        "referredOn": ("2026-10-01", "2026-10-01"),
        "trigger": ("increasing-need: Something else", "increasing-need"),
        "requestTypes": ("child-in-need ;Child protection", ["child-in-need", "child-protection"]),
        "version": ("3", 3),
        "absent": (" familyName = not-known;", {"familyName": "not-known"}),
        "localData": ('{"other-system": {"key": 1}}', {"other-system": {"key": 1}}),
    },
    "children": {
        "children.name.given": ("Elis", "Elis"),
        "children.dateOfBirth": ("2017-08-08", "2017-08-08"),
        "children.sex": ("female", "F"),
        "children.language.otherLanguages": ("POL: Polish; Romanian", None),
    },
}


def template(form, output, *options):
    arguments = ["template", "marf", "--to", form, "--output", str(output), *options]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    return output


def value(record, name, table):
    found = record if table == "marf" else record["children"][0]
    for step in name.split(".")[0 if table == "marf" else 1 :]:
        found = found[step]
    return found


def assert_filled(read):
    (only,) = read
    assert only.findings == ()
    for table, cells in FILLED.items():
        for name, (_, expected) in cells.items():
            if expected is not None:
                assert value(only.document, name, table) == expected, name
    return only.document


@pytest.mark.parametrize("area", ["gloucestershire", "staffordshire", None])
def test_a_csv_template_that_was_filled_in_is_read(tmp_path, area):
    folder = template("csv", tmp_path / "tables", *(["--area", area] if area else []))
    for table, cells in FILLED.items():
        path = folder / ("marf.csv" if table == "marf" else "marf.children.csv")
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        assert rows[1][0] == "guidance"
        if len(rows) == 2:
            rows.append(["1"] * (1 if table == "marf" else 2) + [""] * (len(rows[0]) - 2))
        for name, (text, _) in cells.items():
            rows[2][rows[0].index(name)] = text
        with path.open("w", encoding="utf-8-sig", newline="") as file:  # as Excel saves it
            csv.writer(file).writerows(rows)
    record = assert_filled(read_tables(folder))
    assert record["recordType"] == "marf"
    assert area is None or record["area"] == area


def test_a_workbook_template_that_was_filled_in_is_read(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    path = template("xlsx", tmp_path / "marf.xlsx", "--area", "gloucestershire")
    book = openpyxl.load_workbook(path)
    for table, cells in FILLED.items():
        sheet = book[table]
        headings = {cell.value: cell.column for cell in sheet[1]}
        for name, (text, _) in cells.items():
            sheet.cell(3, headings[name]).value = text
        assert sheet.freeze_panes is not None
    children = book["children"]
    columns = {cell.value: cell.column for cell in children[1]}
    children.cell(3, columns["children.estimatedAge"]).value = 9
    book.save(path)
    record = assert_filled(read_workbook(path))
    assert record["children"][0]["estimatedAge"] == 9


def test_dates_and_numbers_that_a_spreadsheet_made_are_read(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    from datetime import date, datetime

    path = template("xlsx", tmp_path / "marf.xlsx", "--area", "gloucestershire")
    book = openpyxl.load_workbook(path)
    sheet = book["marf"]
    headings = {cell.value: cell.column for cell in sheet[1]}
    for name, typed in {
        "referredOn": date(2026, 10, 1),
        "receivedOn": datetime(2026, 10, 2),  # noqa: DTZ001 (spreadsheets know no zones)
        "recordId": 7,
        "familyName": 7.5,
        "immediateRisk": False,
    }.items():
        sheet.cell(3, headings[name]).value = typed
    book.save(path)
    (only,) = read_workbook(path)
    names = ("referredOn", "receivedOn", "recordId", "familyName", "immediateRisk")
    expected = ("2026-10-01", "2026-10-02", "7", "7.5", False)
    assert tuple(only.document[name] for name in names) == expected


def test_a_workbook_offers_codes_in_the_words_of_the_area(tmp_path):
    path = template("xlsx", tmp_path / "marf.xlsx", "--area", "gloucestershire")
    with zipfile.ZipFile(path) as archive:
        sheets = [each for each in archive.namelist() if "worksheets/sheet" in each]
        text = b"".join(map(archive.read, sheets)).decode()
    assert 'type="list"' in text
    assert "My Plan+" in text
    assert "2 Additional" in text


def test_guidance_says_what_is_needed():
    area = load_area("gloucestershire")
    layout = layout_of("marf")
    (referred,) = [column for column in layout.tables[0].columns if column.name == "referredOn"]
    told = ColumnGuide(STANDARD, area, frozenset({"referredOn"})).column(referred)
    assert told == "Date of the referral. Needed. A date: YYYY-MM-DD."


@pytest.mark.parametrize("record_type", STANDARD.record_types)
def test_both_templates_of_every_type_begin_the_same_record(record_type, tmp_path):
    area = load_area("gloucestershire")
    write_csv_template(STANDARD, record_type, area, tmp_path / "tables")
    write_xlsx_template(STANDARD, record_type, area, tmp_path / "book.xlsx")
    (one,), (other,) = read_tables(tmp_path / "tables"), read_workbook(tmp_path / "book.xlsx")
    assert one.document == other.document
    assert one.document["recordType"] == record_type
    assert one.findings == other.findings == ()


def test_a_json_template_is_that_of_new(tmp_path):
    shown = CliRunner().invoke(main, ["new", "marf", "--area", "gloucestershire"]).output
    path = template("json", tmp_path / "marf.json", "--area", "gloucestershire")
    assert path.read_text("utf-8") == shown
    result = CliRunner().invoke(
        main, ["template", "marf", "--to", "json", "--area", "gloucestershire"]
    )
    assert result.output == shown


def test_tables_do_not_go_to_the_screen():
    result = CliRunner().invoke(main, ["template", "marf", "--to", "csv"])
    assert result.exit_code == 2
    assert "--output" in result.output


def test_an_empty_template_is_told_to_be_incomplete(tmp_path):
    folder = template("csv", tmp_path / "tables", "--area", "gloucestershire")
    (only,) = read_tables(folder)
    codes = {finding.code for finding in check(only.document, as_of=AS_OF).findings}
    assert "SHP-004" in codes


@pytest.mark.parametrize("record_type", STANDARD.record_types)
def test_the_metadata_describes_every_column_and_every_key(record_type):
    layout = layout_of(record_type)
    described = json.loads(json.dumps(metadata(layout)))
    tables = {each["url"]: each["tableSchema"] for each in described["tables"]}
    assert len(tables) == len(layout.tables)
    for table, schema in zip(layout.tables, tables.values(), strict=True):
        assert tuple(column["name"] for column in schema["columns"]) == table.headings
        assert all(column["name"] == column["titles"][0] for column in schema["columns"])
        for key in schema.get("foreignKeys", ()):
            target = tables[key["reference"]["resource"]]
            assert key["columnReference"] == target["primaryKey"]
