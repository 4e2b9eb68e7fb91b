"""What is no table, or a bad one: a sentence says so, and nothing is lost."""

import io
import zipfile

import pytest
from openpyxl import Workbook
from tests.helpers.partner_files import read_all

from eh_interop.core.errors import UnreadableInputError
from eh_interop.formats.partners import parse_table, read
from eh_interop.formats.partners.draft import draft_mapping

HEADINGS = ["Surname", "Forename", "DOB"]
CHILD = ["Vale", "Mia", "25/12/2015"]


def saved(path, rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def converted(path):
    records, findings = read_all(read(path, parse_table(draft_mapping(path, "marf").text, "d")))
    return records, [(finding.code, finding.message) for finding in findings]


def test_an_empty_sheet_is_said(tmp_path):
    with pytest.raises(UnreadableInputError, match="The sheet is empty"):
        draft_mapping(saved(tmp_path / "x.xlsx", []), "marf")


def test_a_picture_of_a_table_is_said(tmp_path):
    path = saved(tmp_path / "x.xlsx", [])
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/media/image1.png", b"\x89PNG")
    with pytest.raises(UnreadableInputError, match="pictures in the workbook: ask for the table"):
        draft_mapping(path, "marf")


def test_a_pivot_table_is_said(tmp_path):
    rows = [
        ["Count of Child", "Column Labels"],
        ["Row Labels", "Neglect", "Grand Total"],
        ["Hill Primary", 2, 2],
    ]
    with pytest.raises(UnreadableInputError, match="pivot table"):
        draft_mapping(saved(tmp_path / "x.xlsx", rows), "marf")


def test_headings_without_a_row_are_said(tmp_path):
    records, findings = converted(saved(tmp_path / "x.xlsx", [HEADINGS]))
    assert records == []
    assert ("PTR-040", "There are headings, and no row below them.") in findings


def test_400_columns_are_kept(tmp_path):
    more = [f"Field number {number}" for number in range(398)]
    rows = [[*HEADINGS[:2], *more], [*CHILD[:2], *(f"v{number}" for number in range(398))]]
    (record,), _ = converted(saved(tmp_path / "wide.xlsx", rows))
    assert set(record.document["localData"]["wide"].values()) == set(rows[1][2:])


def test_a_second_table_below_the_first_comes_back_and_makes_no_child(tmp_path):
    rows = [HEADINGS, CHILD, [], ["Parent", "Phone"], ["Ann Vale", "07700900801"]]
    records, _ = converted(saved(tmp_path / "x.xlsx", rows))
    assert [record.document is not None for record in records] == [True, False, False]
    assert [finding.code for finding in records[2].findings] == ["PTR-041"]
    assert "Ann Vale" in records[2].original.rows[0]


def test_headings_that_come_again_are_no_second_table(tmp_path):
    rows = [HEADINGS, CHILD, [], HEADINGS, ["Marsh", "Ivy", "26/12/2014"]]
    records, findings = converted(saved(tmp_path / "x.xlsx", rows))
    assert [record.document["children"][0]["name"]["family"] for record in records] == [
        "Vale",
        "Marsh",
    ]
    assert ("PTR-037", "This row repeats the headings, and was left out.") in findings


def test_a_row_of_a_second_table_that_speaks_of_danger_is_a_record(tmp_path):
    rows = [
        HEADINGS,
        CHILD,
        [],
        ["Parent", "Details"],
        ["Ann Vale", "He is on his way to the flat"],
    ]
    *_, last = converted(saved(tmp_path / "x.xlsx", rows))[0]
    assert last.document["immediateRisk"] is True


def test_a_row_after_a_blank_one_goes_on_with_the_table(tmp_path):
    rows = [HEADINGS, CHILD, [], ["Null", "Leo", "26/12/2014"], ["Marsh", "Ivy", ""]]
    records, _ = converted(saved(tmp_path / "x.xlsx", rows))
    assert all(record.document for record in records)


def test_text_from_right_to_left_stays_as_it_is(tmp_path):
    name, words = "\u05d5\u05d0\u05dc\u05d4", "\u0631\u0639\u0627\u064a\u0629"
    rows = [["Surname", "Concern"], [name, words], ["Vale", "Hungry"]]
    (record, _), _ = converted(saved(tmp_path / "x.xlsx", rows))
    assert record.document["children"][0]["name"]["family"] == name
    assert record.document["concerns"][0]["description"] == words


def test_an_empty_second_sheet_does_no_harm(tmp_path):
    book = Workbook()
    for row in (HEADINGS, CHILD):
        book.active.append(row)
    book.create_sheet("Nothing")
    data = io.BytesIO()
    book.save(data)
    path = tmp_path / "x.xlsx"
    path.write_bytes(data.getvalue())
    (record,), _ = converted(path)
    assert record.document["children"][0]["dateOfBirth"] == "2015-12-25"
