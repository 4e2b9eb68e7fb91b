"""Work in proportion: files that grow are read, or refused by a limit that `docs/limits.md` states.

A file that were unpacked or built whole would take minutes and the memory of the machine, and the
run of the tests would end.
"""

import json
import re

import openpyxl
import pytest
from tests.helpers.attacks import ATTACKS, table, workbook
from tests.helpers.packing import run
from tests.helpers.support import EXAMPLES, ROOT

from eh_interop.packs import safety
from eh_interop.reading import json_records, xml
from eh_interop.reading.streams import MIB, RefusedError
from eh_interop.reading.tabular import limits, open_table, open_tabular
from eh_interop.sources.formats import SourceOptions
from eh_interop.sources.opening import open_sources

PAGE = ROOT / "docs" / "limits.md"


def codes_of(path, attack):
    if attack.suffix == ".xml":
        options = SourceOptions(mapping="ctf-pupil")
        return {
            one.code for record in open_sources([str(path)], options) for one in record.findings
        }
    try:
        with open_tabular(path, workbook=attack.suffix == ".xlsx") as file:
            rows = sum(1 for sheet in file.sheets or [""] for _ in file.open_sheet(sheet).rows)
    except RefusedError as refused:
        return {refused.fault.code}
    assert rows >= 2
    return set()


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_a_file_that_grows_is_read_or_refused(tmp_path, attack):
    path = tmp_path / f"attack{attack.suffix}"
    path.write_bytes(attack.make())
    assert codes_of(path, attack) == ({attack.code} if attack.code else set())


def test_returns_are_read_within_the_same_limits(tmp_path):
    (attack,) = (one for one in ATTACKS if "150 MB" in one.name)
    path = tmp_path / "attack.xlsx"
    path.write_bytes(attack.make())
    options = SourceOptions(statutory_return="annex-a")
    found = {one.code for record in open_sources([str(path)], options) for one in record.findings}
    assert found == {attack.code}


FAR = {
    "corner": '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "right": '<row r="3"><c r="C3" t="str"><v>Rowan</v></c><c r="XFD3"><v>1</v></c></row>',
    "two": '<row r="90000"><c r="A90000"><v>1</v></c></row>'
    '<row r="1048576"><c r="ZZZ1048576"><v>1</v></c></row>',
}


@pytest.mark.parametrize(
    ("far", "rows"), [("corner", [1048576]), ("right", [3]), ("two", [90000, 1048576])]
)
def test_a_value_far_outside_costs_nothing_but_itself(tmp_path, far, rows):
    path = tmp_path / "pupils.xlsx"
    path.write_bytes(workbook(iter((*table(), FAR[far]))))
    with open_table(path) as opened:
        pupils = [row.cells[:3] for row in opened.rows if any(row.cells)]
    assert pupils == [["", "Ferrant", "Isolde"], *([["", "", "Rowan"]] if far == "right" else [])]
    assert [(one.fault.code, one.row) for one in opened.notes] == [("PTR-039", row) for row in rows]


def test_it_does_not_matter_how_far_down_or_right_a_table_itself_begins(tmp_path):
    path = tmp_path / "table.xlsx"
    path.write_bytes(
        workbook(f'<row r="{row}"><c r="AZ{row}"><v>1</v></c></row>' for row in (50_000, 50_001))
    )
    with open_tabular(path, workbook=True) as file:
        (sheet,) = file.sheets
        opened = file.open_sheet(sheet)
        assert [row.number for row in opened.rows if any(row.cells)] == [50_000, 50_001]
        assert not opened.outside


def test_our_own_workbooks_say_so_too(tmp_path):
    example = EXAMPLES / "minimal" / "marf.json"
    run("convert", example, "--to", "xlsx", "--out", tmp_path / "made")
    (made,) = (tmp_path / "made").glob("*.xlsx")
    book = openpyxl.load_workbook(made)
    book["marf"]["XFD1048576"] = "x"
    book.save(made)
    (note, record) = open_sources([str(made)])
    assert [(one.code, one.origin.sheet, one.origin.row) for one in note.findings] == [
        ("PTR-039", "marf", 1048576)
    ]
    assert record.document == json.loads(example.read_text("utf-8"))


LIMITS = {
    "MAX_RECORD_BYTES": json_records.MAX_RECORD_BYTES // MIB,
    "MAX_ROW": limits.MAX_ROW // MIB,
    "MAX_COLUMNS": limits.MAX_COLUMNS,
    "MAX_SHEET_ROWS": limits.MAX_SHEET_ROWS,
    "MAX_SHEETS": limits.MAX_SHEETS,
    "MAX_CELLS": limits.MAX_CELLS,
    "MAX_WORKBOOK": limits.MAX_WORKBOOK // MIB,
    "MAX_UNPACKED": limits.MAX_UNPACKED // MIB,
    "MAX_TEXTS": limits.MAX_TEXTS // MIB,
    "MAX_RATIO": limits.MAX_RATIO,
    "MAX_PARTS": limits.MAX_PARTS,
    "MAX_DEPTH": xml.MAX_DEPTH,
    "MAX_ATTRIBUTES": xml.MAX_ATTRIBUTES,
    "MAX_ELEMENTS": xml.MAX_ELEMENTS,
    "MAX_FILES": safety.MAX_FILES,
    "MAX_FILE_BYTES": safety.MAX_FILE_BYTES // MIB,
    "MAX_TOTAL_BYTES": safety.MAX_TOTAL_BYTES // MIB,
    "MAX_LIST_BYTES": safety.MAX_LIST_BYTES // MIB,
}
"""The figures that the page states, by the name of the constant."""


@pytest.mark.parametrize("name", LIMITS)
def test_the_page_states_each_limit(name):
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if f"`{name}`" in line]
    assert len(rows) == 1
    assert f"{LIMITS[name]:,}" in re.findall(r"\d[\d,]*", rows[0])


def test_every_limit_of_tables_is_on_the_page():
    named = {name for name in vars(limits) if name.startswith("MAX_")} - {"MAX_RECORD_BYTES"}
    assert named - {"MAX_CELL"} <= {*LIMITS}
