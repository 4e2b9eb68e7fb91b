"""Tables that are broken, slipped or hostile: one plain sentence says where, and quotes nothing."""

import csv
import io
import subprocess
import sys
import zipfile

import pytest
from tests.helpers.support import example

from eh_interop.core.errors import MissingExtraError, OutputError, UnreadableInputError
from eh_interop.core.findings import Origin
from eh_interop.formats.tables import (
    read_tables,
    read_workbook,
    write_tables,
    write_workbook,
)

MARKER = "Zaphod-of-Secrets"
MARF = {
    "recordType": "marf",
    "standardVersion": "1.0",
    "recordId": "m-1",
    "familyName": MARKER,
    "children": [
        {"id": "c1", "addresses": [{"kind": "home", "town": MARKER}]},
        {"id": "c2", "addresses": [{"kind": "home", "town": MARKER}]},
    ],
}
SECOND = {**MARF, "recordId": "m-2"}


@pytest.fixture
def tables(tmp_path):
    write_tables([MARF, SECOND], tmp_path)
    return tmp_path


def rows_of(path):
    return list(csv.reader(io.StringIO(path.read_bytes().decode(), newline="")))


def change(path, change_rows):
    """Write a table anew after changing its rows."""
    rows = rows_of(path)
    text = io.StringIO(newline="")
    csv.writer(text).writerows(change_rows(rows) or rows)
    path.write_bytes(text.getvalue().encode())


def put(row, column, value):
    def apply(rows):
        rows[row][rows[0].index(column)] = value

    return apply


def found(folder):
    read = list(read_tables(folder))
    findings = [finding for record in read for finding in record.findings]
    assert all(MARKER not in finding.message for finding in findings)
    documents = [record.document for record in read]
    return documents, [(each.code, f"{each.origin}: {each.message}") for each in findings]


def refused(read, path):
    with pytest.raises(UnreadableInputError) as caught:
        list(read(path))
    assert MARKER not in str(caught.value)
    assert caught.value.__cause__ is None
    return str(caught.value)


def origin(record, *steps):
    return record.locate([steps])[steps]


def test_origins_name_file_row_and_heading(tables):
    first, second = read_tables(tables)
    assert origin(first, "familyName") == Origin(file="marf.csv", row=2, heading="familyName")
    at = origin(second, "children", 1, "addresses", 0, "town")
    file = "marf.children.addresses.csv"
    assert at == Origin(file=file, row=5, heading="children.addresses.town")
    assert str(at) == "marf.children.addresses.csv, row 5, column children.addresses.town"
    missing = origin(second, "children", 1, "dateOfBirth")
    assert missing == Origin(file="marf.children.csv", row=5, heading="children.dateOfBirth")
    assert origin(second, "children", 1, "absent", "sex").heading == "children.absent"


def test_origins_in_a_workbook_name_the_sheet(tmp_path):
    path = tmp_path / "one.xlsx"
    write_workbook([MARF], path)
    (only,) = read_workbook(path)
    at = origin(only, "children", 1, "addresses", 0, "town")
    heading = "children.addresses.town"
    assert at == Origin(file="one.xlsx", sheet="children.addresses", row=4, heading=heading)


@pytest.mark.parametrize(
    ("file", "edit", "code", "message"),
    [
        (
            "marf.children.csv",
            put(4, "record", "9"),
            "TAB-001",
            "marf.children.csv, row 5, column record: ",
        ),
        (
            "marf.children.addresses.csv",
            put(1, "children", "7"),
            "TAB-001",
            "marf.children.addresses.csv, row 2, column children: ",
        ),
        (
            "marf.children.csv",
            put(2, "children", MARKER),
            "TAB-002",
            "marf.children.csv, row 3, column children: This has to be a whole number",
        ),
        ("marf.csv", put(1, "record", "0"), "TAB-002", "marf.csv, row 2, column record: "),
        (
            "marf.children.csv",
            put(2, "children", "1"),
            "TAB-003",
            "marf.children.csv, row 3, column children: Another row has the same numbers",
        ),
        ("marf.csv", put(2, "record", "1"), "TAB-003", "marf.csv, row 3, column record: "),
        (
            "marf.children.csv",
            put(3, "recordId", "m-1"),
            "TAB-004",
            "marf.children.csv, row 4, column recordId: ",
        ),
        ("marf.csv", put(0, "familyName", MARKER), "TAB-005", "marf.csv, row 1: Column "),
        (
            "marf.csv",
            lambda rows: rows[2].append(MARKER),
            "TAB-006",
            "marf.csv, row 3: There is something beyond the last heading",
        ),
        (
            "marf.csv",
            put(1, "absent", MARKER),
            "TAB-007",
            "marf.csv, row 2, column absent: This cannot be read",
        ),
        (
            "marf.csv",
            put(1, "localData", "[" * 100_000),
            "TAB-007",
            "marf.csv, row 2, column localData: This cannot be read",
        ),
    ],
)
def test_a_broken_row_is_named(tables, file, edit, code, message):
    change(tables / file, edit)
    _, told = found(tables)
    assert [code] == [each for each, text in told if text.startswith(message)]


def test_rows_of_a_row_that_was_refused_are_told_too(tables):
    change(tables / "marf.children.csv", put(4, "children", "x"))
    records, told = found(tables)
    assert [code for code, _ in told] == ["TAB-002", "TAB-001"]
    assert len(records[1]["children"]) == 1


def test_rows_of_a_record_may_stand_in_any_order(tables):
    change(tables / "marf.children.csv", lambda rows: [rows[0], rows[2], rows[1], *rows[3:]])
    assert found(tables) == ([MARF, SECOND], [])


def test_columns_may_stand_in_any_order_and_be_missing(tables):
    change(tables / "marf.children.csv", lambda rows: [row[::-1] for row in rows])
    change(tables / "marf.csv", lambda rows: [row[:-3] for row in rows])
    assert found(tables) == ([MARF, SECOND], [])


def test_missing_and_blank_parts_are_no_fault(tables):
    (tables / "marf.needs.csv").unlink()
    (tables / "marf.levels.csv").write_bytes(b"")
    with pytest.raises(UnreadableInputError, match=r"marf\.levels\.csv, row 1: the column record"):
        list(read_tables(tables))
    (tables / "marf.levels.csv").unlink()
    blank = b"\r\n" * 1000 + b",,,,\r\n" * 1000
    path = tables / "marf.children.csv"
    path.write_bytes(path.read_bytes() + blank)
    assert found(tables) == ([MARF, SECOND], [])


def test_rows_that_are_not_in_order_are_refused(tables):
    change(tables / "marf.children.csv", lambda rows: [rows[0], *rows[3:], *rows[1:3]])
    told = refused(read_tables, tables)
    assert told.startswith("marf.children.csv, row 4, column record: the rows are not in the order")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("record,a,a\r\n,".encode("utf-16")[:-1], "marf.csv: a character is not in the encoding"),
        (b"record,recordId\r\n1,Zo\xeb\r\n", "marf.csv, row 2: the file looks like Windows-1252"),
        (b"record,recordId\r\n1,Zo\x81\r\n", "marf.csv, row 2: the file is not UTF-8"),
        (b"record;recordId\r\n1;m-1\r\n", "marf.csv, row 1: the column record is missing"),
        (
            b"record,recordId,recordId\r\n",
            "marf.csv, row 1: the heading recordId stands there twice",
        ),
        (b'record,recordId\r\n1,"Zaphod-of-Secrets\r\n', "marf.csv, row 2: the quotation marks"),
        (b'record,recordId\r\n1,"a"Zaphod-of-Secrets\r\n', "marf.csv, row 2: the quotation marks"),
        (b"Zaphod-of-Secrets,1\r\n", "marf.csv, row 1: the column record is missing"),
        (b"record" + b"," * 2000 + b"x\r\n", "marf.csv, row 1: there are more than 2,000 columns"),
    ],
)
def test_files_that_cannot_be_read_are_refused(tmp_path, data, told):
    (tmp_path / "marf.csv").write_bytes(data)
    assert refused(read_tables, tmp_path).startswith(told)


def test_a_byte_order_mark_is_no_fault(tables):
    path = tables / "marf.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert found(tables) == ([MARF, SECOND], [])


def test_a_folder_without_tables_and_tables_without_a_record_are_refused(tables, tmp_path_factory):
    assert "no tables" in refused(read_tables, tmp_path_factory.mktemp("empty"))
    (tables / "marf.csv").unlink()
    assert refused(read_tables, tables).startswith("marf.csv is missing")


def test_no_cell_of_csv_begins_like_a_formula(tables):
    odd = {**MARF, "otherInformation": '=HYPERLINK("http://example.org")'}
    odd["consents"] = [{"id": "k1", "items": ["=1+1", "@x"]}]
    odd["localData"] = {"other-system": {"=a": "-b"}}
    write_tables([odd], tables)
    for path in tables.glob("*.csv"):
        for row in rows_of(path):
            assert not [cell for cell in row if cell.strip()[:1] in {*"=+-@"} - {""}]
    assert next(read_tables(tables)).document == odd


def test_no_cell_of_a_workbook_is_a_formula_or_a_link(tmp_path):
    path = tmp_path / "one.xlsx"
    write_workbook([{**MARF, "otherInformation": "=1+1", "unknowns": "http://example.org"}], path)
    with zipfile.ZipFile(path) as archive:
        sheets = [each for each in archive.namelist() if "worksheets" in each]
        text = b"".join(map(archive.read, sheets))
    assert b"=1+1" in text
    assert b"<f>" not in text
    assert b"<hyperlink" not in text


def test_an_id_that_looks_like_a_formula_is_still_the_same_id(tmp_path):
    odd = {**MARF, "recordId": "-1"}
    write_tables([odd], tmp_path)
    assert found(tmp_path) == ([odd], [])
    assert rows_of(tmp_path / "marf.children.csv")[1][2] == "'-1"


def test_a_chart_in_place_of_a_sheet_is_refused(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.create_chartsheet("marf").add_chart(openpyxl.chart.BarChart())
    path = tmp_path / "one.xlsx"
    book.save(path)
    assert "not a chart" in refused(read_workbook, path)


def test_a_workbook_holds_one_type_and_some_records(tmp_path):
    path = tmp_path / "one.xlsx"
    plan = example("gloucestershire/my-plan")
    for given, told in (([MARF, plan], "one type"), ([], "no records")):
        with pytest.raises(OutputError, match=told):
            write_workbook(given, path)
        assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_the_tables_that_were_there(tables):
    def failing():
        yield SECOND
        raise RuntimeError

    before = {path.name: path.read_bytes() for path in tables.iterdir()}
    with pytest.raises(RuntimeError):
        write_tables(failing(), tables)
    assert {path.name: path.read_bytes() for path in tables.iterdir()} == before


def workbook(path, **parts):
    """Write a workbook, and put other parts into it."""
    made = path.with_name("made.xlsx")
    write_workbook([MARF], made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        names = {name.replace("/", "_").replace(".", "_"): name for name in old.namelist()}
        for key, name in names.items():
            new.writestr(name, parts.pop(key, None) or old.read(name))
        for name, data in parts.items():
            new.writestr(name, data)
    return path


SHEET = "xl_worksheets_sheet1_xml"
START = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c r="A1" t="inlineStr"><is><t>record</t></is></c>'
)


def test_a_bomb_is_not_unpacked(tmp_path):
    path = workbook(tmp_path / "bomb.xlsx", **{SHEET: START + b" " * 50_000_000})
    assert (
        refused(read_workbook, path)
        == "bomb.xlsx: the file expands too much when opened, so it is not read. Save it as CSV."
    )


def test_entities_are_refused(tmp_path):
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>' + START
    path = workbook(tmp_path / "bomb.xlsx", **{SHEET: bomb})
    assert "declares entities" in refused(read_workbook, path)


def test_a_million_parts_are_refused(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(2_001):
            archive.writestr(f"{number}.xml", b"")
    assert "more than 2,000 parts" in refused(read_workbook, path)


@pytest.mark.parametrize(
    ("end", "row"),
    [
        (b'</row><row r="9000000"><c r="A9000000"><v>1</v></c></row>', 9_000_000),
        (b'<c r="XFD1"><v>1</v></c></row>', 1),
    ],
)
def test_what_stands_far_outside_is_said_and_not_read(tmp_path, end, row):
    path = workbook(tmp_path / "far.xlsx", **{SHEET: START + end + b"</sheetData></worksheet>"})
    finding = next(read_workbook(path)).findings[0]
    assert (finding.code, finding.origin.sheet, finding.origin.row) == ("PTR-039", "marf", row)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "an old workbook (.xls), or has a password"),
        (b"Zaphod-of-Secrets", "not a workbook"),
        (b"PK\x03\x04" + b"x" * 600, "not a workbook"),
        (b"", "not a workbook"),
    ],
)
def test_what_is_not_a_workbook_is_refused(tmp_path, data, told):
    path = tmp_path / "one.xlsx"
    path.write_bytes(data)
    assert told in refused(read_workbook, path)
    assert "cannot be opened" in refused(read_workbook, tmp_path / "missing.xlsx")


@pytest.mark.parametrize("part", [SHEET, "xl_workbook_xml", "xl_styles_xml"])
def test_a_damaged_part_is_refused(tmp_path, part):
    path = workbook(tmp_path / "one.xlsx", **{part: b"<worksheet><Zaphod-of-Secrets"})
    assert "damaged" in refused(read_workbook, path)


def test_a_workbook_of_something_else_is_refused(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    path = tmp_path / "one.xlsx"
    openpyxl.Workbook().save(path)
    assert "name of a record type" in refused(read_workbook, path)


def test_a_missing_library_is_named(tmp_path, monkeypatch):
    (tmp_path / "one.xlsx").write_bytes(b"PK")
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    for attempt in (
        lambda: write_workbook([MARF], tmp_path / "one.xlsx"),
        lambda: next(read_workbook(tmp_path / "one.xlsx")),
    ):
        with pytest.raises(MissingExtraError, match=r"pip install 'eh-interop\[xlsx\]'"):
            attempt()


MEASURED = """
import sys, tracemalloc
from pathlib import Path
from eh_interop.formats.tables import read_tables
from eh_interop import load_standard
load_standard()
tracemalloc.start()
count = 0
try:
    for each in read_tables(Path(sys.argv[1])):
        count += each.document is not None
    print(count)
except Exception as error:
    print(type(error).__name__, error)
print(tracemalloc.get_traced_memory()[1] // 1024 // 1024)
"""


def measured(folder):
    """Read in a process of its own: what it says, and its memory in megabytes."""
    ran = subprocess.run(
        [sys.executable, "-c", MEASURED, str(folder)], capture_output=True, text=True, check=True
    )
    told, memory = ran.stdout.splitlines()
    return told, int(memory)


@pytest.fixture(scope="module")
def little(tmp_path_factory):
    """The memory that reading a small set of tables needs."""
    folder = tmp_path_factory.mktemp("little")
    write_tables([MARF], folder)
    return measured(folder)[1]


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_records(tmp_path, little):
    with (tmp_path / "marf.csv").open("wb") as file:
        file.write(b"record,recordId,otherInformation\r\n")
        for number in range(1, 20_001):
            file.write(b"%d,m-%d,%s\r\n" % (number, number, b"x" * 1000))
    told, memory = measured(tmp_path)
    assert told == "20000"
    assert memory < little + 10


def test_many_blank_rows_take_no_memory(tmp_path, little):
    with (tmp_path / "marf.csv").open("wb") as file:
        file.write(b"record,recordId\r\n1,m-1\r\n")
        for _ in range(10):
            file.write(b"\r\n,\r\n" * 10_000)
        file.write(b"2,m-2\r\n")
    told, memory = measured(tmp_path)
    assert told == "2"
    assert memory < little + 10


@pytest.mark.parametrize("start", [b"1,", b'1,"', b'1,"\r\n'])
def test_a_row_without_end_is_refused_before_it_is_in_memory(tmp_path, little, start):
    path = tmp_path / "marf.csv"
    with path.open("wb") as file:
        file.write(b"record,recordId\r\n" + start)
        line = b"x" * 999_999 + (b"\n" if b"\r" in start else b"x")
        for _ in range(300):
            file.write(line)
    told, memory = measured(tmp_path)
    assert told.startswith("RefusedError marf.csv, row 2: this row is too long")
    assert memory < little + 200


def test_a_record_without_end_is_refused(tmp_path):
    write_tables([MARF], tmp_path)
    with (tmp_path / "marf.children.csv").open("wb") as file:
        file.write(b"record,children,children.id\r\n")
        for number in range(100_002):
            file.write(b"1,%d,c\r\n" % (number + 1))
    assert "more here than one record may hold" in refused(read_tables, tmp_path)
