"""The contract of everything that reads tables: the same good and bad files, the same answers.

A reader that is not in READERS does not exist. Each is a class with ``HEADINGS``, the ``SHEET``
that it reads, ``row(text)`` (a row of its own with a text in it) and ``read(data, tmp_path,
suffix)``, which returns the texts that it found and its findings.
"""

import io
import sys
import tracemalloc

import pytest
from tests.helpers.tabular_files import bomb, delimited, repacked, workbook

from eh_interop.core.errors import MissingExtraError, UnreadableInputError
from eh_interop.formats.partners import parse_table, read_partner
from eh_interop.formats.tables.reader import read as read_canonical
from eh_interop.reading.tabular import open_table, plain_text

MAPPING = """
mapping = "contract"
title = "For tests"
record = "marf"
format = "{form}"

[[field]]
ours = "/recordId"
theirs = "Reference"
[[field]]
ours = "/familyName"
theirs = "Surname"
"""


class Tabular:
    """The room itself: rows of text, whatever they mean."""

    HEADINGS, SHEET = ["Reference", "Surname"], "Data"

    @staticmethod
    def row(text, number=1):
        return [f"m-{number}", text]

    @staticmethod
    def read(data, tmp_path, suffix):
        path = tmp_path / f"table{suffix}"
        path.write_bytes(data)
        with open_table(path) as table:
            texts = [plain_text(row.cells[1]) for row in table.rows if any(row.cells)]
            faults = [
                f"{fault.fault.code} {table.sheet} {row} {table.headings[fault.column]}"
                for row, faults in table.faults.items()
                for fault in faults
            ]
        return texts, faults


class Partner(Tabular):
    """A partner's file, through a mapping."""

    @staticmethod
    def read(data, tmp_path, suffix):  # noqa: ARG004 (it reads a stream)
        table = parse_table(MAPPING.format(form=suffix[1:]), "contract.toml")
        reading = read_partner(io.BytesIO(data), table, name="table")
        records = list(reading)
        if not reading.summary.complete:
            raise UnreadableInputError(records[-1].findings[-1].message)
        texts = [record.document.get("familyName") for record in records if record.document]
        faults = [
            f"{finding.code} {finding.origin.sheet} {finding.origin.row} {finding.origin.heading}"
            for record in records
            if record.is_record
            for finding in record.findings
        ]
        return texts, faults


class Canonical:
    """Tables of the standard."""

    HEADINGS, SHEET = ["record", "recordId", "familyName"], "marf"

    @staticmethod
    def row(text, number=1):
        return [str(number), f"m-{number}", text]

    @staticmethod
    def read(data, tmp_path, suffix):
        path = tmp_path / f"marf{suffix}"
        path.write_bytes(data)
        records = list(read_canonical(tmp_path if suffix == ".csv" else path))
        texts = [record.document.get("familyName") for record in records if record.is_record]
        faults = [
            f"{finding.code} {finding.origin.sheet} {finding.origin.row} {finding.origin.heading}"
            for record in records
            for finding in record.findings
        ]
        return texts, faults


READERS = [Tabular, Partner, Canonical]
every_reader = pytest.mark.parametrize("reader", READERS)


def rows(reader, *texts):
    return [reader.HEADINGS, *(reader.row(text, at) for at, text in enumerate(texts, 1))]


def book(reader, *texts, change=None):
    return workbook(rows(reader, *texts), reader.SHEET, change)


@every_reader
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_unicode_encoding_with_a_mark_is_read(reader, encoding, tmp_path):
    data = delimited(rows(reader, "Zoë", "Łukasz"), encoding)
    assert reader.read(data, tmp_path, ".csv") == (["Zoë", "Łukasz"], [])


@every_reader
def test_a_ragged_row_is_read_as_far_as_it_goes(reader, tmp_path):
    table = rows(reader, "A", "B")
    table[1].append("")
    table.append(table.pop()[: len(reader.HEADINGS)])
    assert reader.read(delimited(table), tmp_path, ".csv")[0] == ["A", "B"]


@every_reader
def test_a_workbook_reads_as_its_csv_does(reader, tmp_path):
    assert reader.read(book(reader, "A", "B"), tmp_path, ".xlsx") == (["A", "B"], [])


@every_reader
@pytest.mark.parametrize("kind", ["bomb", "cut", "entities", "old"])
def test_a_bad_workbook_is_refused_in_a_sentence_and_little_memory(reader, kind, tmp_path):
    good = book(reader, "Zzmarker")
    data = {
        "bomb": bomb(good),
        "cut": good[: len(good) // 2],
        "entities": repacked(good, b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet'),
        "old": b"\xd0\xcf\x11\xe0 old or protected",
    }[kind]
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableInputError) as caught:
            reader.read(data, tmp_path, ".xlsx")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 50_000_000
    assert str(caught.value).endswith((".", "CSV"))
    assert "Zzmarker" not in str(caught.value)


@every_reader
def test_a_value_far_outside_costs_little_memory_and_nothing_else(reader, tmp_path):
    def stray(sheet):
        sheet.cell(1_048_576, 16_000).value = "Zzmarker"

    tracemalloc.start()
    try:
        texts, faults = reader.read(book(reader, "A", change=stray), tmp_path, ".xlsx")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 50_000_000
    assert texts == ["A"]
    assert "Zzmarker" not in str(faults)


@every_reader
def test_blank_formatted_rows_far_below_cost_nothing(reader, tmp_path):
    def paint(sheet):
        sheet.cell(1_048_576, 16_000).number_format = "@"

    assert reader.read(book(reader, "A", change=paint), tmp_path, ".xlsx") == (["A"], [])


@every_reader
def test_a_cell_that_cannot_be_read_is_found_with_sheet_row_and_heading(reader, tmp_path):
    at = len(reader.HEADINGS)

    def spoil(sheet):
        sheet.cell(2, at).value = "=A1&A2"
        sheet.cell(3, at).value, sheet.cell(3, at).data_type = "#REF!", "e"

    data = book(reader, "A", "B", "C", change=spoil)
    faults = reader.read(data, tmp_path, ".xlsx")[1]
    assert [fault.split(" ", 1)[1] for fault in faults] == [
        f"{reader.SHEET} {row} {reader.HEADINGS[-1]}" for row in (2, 3)
    ]


@every_reader
def test_a_missing_library_is_named_in_one_way(reader, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'eh-interop\[xlsx\]'"):
        reader.read(book(reader, "A"), tmp_path, ".xlsx")


@every_reader
def test_a_formula_in_a_text_is_text(reader, tmp_path):
    text = '=HYPERLINK("http://127.0.0.1")'
    assert reader.read(delimited(rows(reader, text)), tmp_path, ".csv")[0] == [text]
