import csv
import io

import pytest
from tests.helpers.tabular_files import delimited, repacked, workbook

from eh_interop.reading.streams import RefusedError
from eh_interop.reading.tabular import open_table, open_tabular, plain_text
from eh_interop.reading.tabular.delimited import choose_delimiter
from eh_interop.reading.tabular.limits import MAX_ROW


def opened(data, **options):
    with open_table(io.BytesIO(data), **options) as table:
        return table.headings, [row.cells for row in table.rows], table.notes


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter):
    data = delimited([["a", "b"], ["1", "x,y;z"]], delimiter=delimiter)
    assert opened(data)[:2] == (("a", "b"), [["1", "x,y;z"]])


def test_known_headings_count_more_than_columns():
    sample = "Date;Sur name,x\n1;2,3\n"
    assert choose_delimiter(sample, count_headings=lambda row: "Sur name,x" in row) == ";"


def test_windows_text_is_read_and_noted():
    headings, rows, notes = opened("a,b\n1,Zoë\n".encode("cp1252"))
    assert (headings, rows) == (("a", "b"), [["1", "Zoë"]])
    assert [note.fault.code for note in notes] == ["PTR-003"]


def test_what_is_not_guessed_is_refused_with_its_row():
    data = "a,b\n1,Zoë\n".encode("cp1252")
    with pytest.raises(RefusedError, match=r"^table, row 2: the file looks like Windows-1252"):
        opened(data, name="table", guess_encoding=False)


def test_old_macintosh_lines_are_lines():
    assert opened(b"a,b\r1,2\r3,4\r")[1] == [["1", "2"], ["3", "4"]]


def test_rows_have_the_numbers_of_a_spreadsheet_and_the_lines_of_an_editor():
    data = b'a,b\n"1\n2",x\n\n3,y\n'
    with open_table(io.BytesIO(data)) as table:
        assert [(row.number, row.line) for row in table.rows] == [(2, 2), (3, 4), (4, 5)]


def test_the_limit_of_python_for_cells_is_only_ever_raised():
    before = csv.field_size_limit(MAX_ROW * 2)
    try:
        opened(b"a\n1\n")
        assert csv.field_size_limit() == MAX_ROW * 2
    finally:
        csv.field_size_limit(before)


def test_several_sheets_are_opened_and_named():
    def more(sheet):
        other = sheet.parent.create_sheet("Other")
        other.append(["x", 1.0, True])
        other.sheet_state = "hidden"

    with open_tabular(io.BytesIO(workbook([["a"]], change=more))) as file:
        assert (file.kind, file.sheets, file.hidden) == ("xlsx", ("Data", "Other"), {"Other"})
        (row,) = file.open_sheet("Other").rows
        assert [plain_text(cell) for cell in row.cells] == ["x", "1", "true"]


def test_cells_that_do_not_say_where_they_are_are_counted():
    data = repacked(workbook([["a", "b"], ["1", "2"]]), b' r="B2"', b"")
    assert opened(data)[1] == [["1", "2"]]


def test_a_row_without_end_is_refused():
    data = repacked(workbook([["a"]]), b"</row>", b"<c><v>1</v></c>" * 3_000_000 + b"</row>")
    with pytest.raises(RefusedError):
        opened(data)


def test_whoever_gave_the_file_may_close_it_first():
    file = io.BytesIO(b"a,b\n1,2\n3,4\n")
    opening = open_table(file)
    table = opening.__enter__()
    next(iter(table.rows))
    file.close()
    opening.__exit__(None, None, None)
