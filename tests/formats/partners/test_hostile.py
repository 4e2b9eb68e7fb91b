import io
import tracemalloc
import zipfile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.helpers.partner_files import read_all

from eh_interop.formats.partners import lineage, load_table, parse_table, read

MARKER = "Zzmarker"
ON_SHEET = """
mapping = "sheet"
title = "t"
record = "marf"
format = "{form}"
dates = "day-first"
{head}

[[part]]
each = "/children"
[[part.field]]
ours = "/name/family"
theirs = "Surname"
[[part.field]]
ours = "/identifiers[nhs-number]/value"
theirs = "NHS number"
[[part.field]]
ours = "/dateOfBirth"
theirs = "DOB"
"""


def on_sheet(form="xlsx", head=""):
    return parse_table(ON_SHEET.format(form=form, head=head), "sheet.toml")


def workbook(rows, **more):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Data"
    for row in rows:
        sheet.append(row)
    for change in more.values():
        change(book, sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(data, change):
    """Return a workbook with ``change(name, content)`` made to each file in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for each in old.namelist():
            new.writestr(each, change(each, old.read(each)))
    return out.getvalue()


def in_sheet(data, before, after):
    def change(name, content):
        return content.replace(before, after) if "worksheets/" in name else content

    return repacked(data, change)


HEADS = ["Surname", "NHS number", "DOB"]
PLAIN = workbook([HEADS, ["A", 9990000018, "01/02/2015"]])


def refused(data, table):
    file = read(io.BytesIO(data), table, name="f")
    records, findings = read_all(file)
    assert not file.summary.complete
    last = findings[-1]
    assert last.origin.file == "f"
    assert MARKER not in f"{last}"
    return records, last.code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "RDG-011"),
        (b"PK\x03\x04 cut off", "PTR-001"),
        (b"\xd0\xcf\x11\xe0 old or protected", "PTR-001"),
        (b"Surname,DOB\nA,1\n", "PTR-001"),
        (PLAIN[: len(PLAIN) // 2], "PTR-001"),
        (repacked(PLAIN, lambda name, data: b"" if "sheet1" in name else data), "PTR-001"),
        (repacked(PLAIN, lambda name, data: b"<x" if "workbook.xml" in name else data), "PTR-001"),
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_refused_in_one_finding(data, code):
    assert refused(data, on_sheet()) == ([], code)


@pytest.mark.parametrize("at", ["XFD1048576", "A99999999", "ZZZ1"])
def test_a_cell_far_outside_does_not_fill_memory(at):
    data = in_sheet(PLAIN, b'r="C2"', f'r="{at}"'.encode())
    tracemalloc.start()
    _, findings = read_all(read(io.BytesIO(data), on_sheet(), name="f"))
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()
    (told,) = (finding for finding in findings if finding.code == "PTR-039")
    assert MARKER not in f"{findings}"
    assert told.origin.sheet == "Data"


def test_a_packed_bomb_is_refused():
    data = in_sheet(PLAIN, b"<sheetData>", b"<sheetData>" + b" " * 50_000_000)
    assert len(data) < 200_000
    assert refused(data, on_sheet()) == ([], "PTR-002")


def test_an_ods_cell_that_stands_for_millions_is_refused():
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
        '<office:spreadsheet><table:table table:name="Data">'
        '<table:table-row table:number-rows-repeated="1048576">'
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="string">'
        "<text:p>x</text:p></table:table-cell></table:table-row>"
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", 8) as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("content.xml", content)
    assert refused(out.getvalue(), on_sheet("ods")) == ([], "PTR-002")


def ods(rows):
    """Return a small ODS workbook; blank columns to the right are written as one repeated cell."""
    body = "".join(
        "<table:table-row>"
        + "".join(
            '<table:table-cell office:value-type="string">'
            f"<text:p>{each}</text:p></table:table-cell>"
            for each in row
        )
        + '<table:table-cell table:number-columns-repeated="16380"/></table:table-row>'
        for row in rows
    )
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="Data">{body}'
        '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/>'
        "</table:table-row></table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", 8) as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr(
            "META-INF/manifest.xml",
            "<manifest:manifest "
            'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="/" '
            'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
            "</manifest:manifest>",
        )
        file.writestr("content.xml", content)
    return out.getvalue()


def test_ods_is_read_and_its_million_blank_rows_cost_nothing():
    data = ods([HEADS, ["A", "999 000 0018", "#REF!"]])
    (record,), _ = read_all(read(io.BytesIO(data), on_sheet("ods")))
    assert record.document["children"][0]["identifiers"][0]["value"] == "9990000018"
    assert [finding.code for finding in record.findings] == ["PTR-020"]


def test_errors_formulas_and_merged_cells_are_said_with_their_place():
    def broken(_, sheet):
        sheet["A3"], sheet["B3"], sheet["C3"] = MARKER, "#REF!", "=A1&A2"
        sheet["B3"].data_type = "e"
        sheet.merge_cells("A4:C4")
        sheet["A4"] = "Merged"

    data = workbook([HEADS, ["A", 9990000018, "01/02/2015"]], broken=broken)
    records, findings = read_all(read(io.BytesIO(data), on_sheet()))
    at = [
        (finding.code, finding.origin.row, finding.origin.heading)
        for record in records
        for finding in record.findings
    ]
    assert at == [("PTR-020", 3, "NHS number"), ("PTR-030", 3, "DOB")]
    assert [finding.code for finding in findings] == ["PTR-021"]
    assert findings[0].origin.row == 4


def test_rows_and_columns_keep_their_places_below_and_beside_blank_ones():
    book = openpyxl.Workbook()
    sheet = book.active
    for column, text in zip("CDE", HEADS, strict=True):
        sheet[f"{column}4"] = text
    sheet["C6"], sheet["D6"] = "A", "bad"
    sheet["E6"] = "31/02/2015"
    out = io.BytesIO()
    book.save(out)
    file = read(io.BytesIO(out.getvalue()), on_sheet(head="header-row = 4"))
    (record,), _ = read_all(file)
    at = [(finding.origin.row, finding.origin.heading) for finding in record.findings]
    assert at == [(6, "DOB")]
    assert lineage(record)["children", 0, "name", "family"].column.letter == "C"


def test_a_hidden_sheet_is_not_read_unless_it_is_named():
    def hide(book, sheet):
        sheet.sheet_state = "hidden"
        other = book.create_sheet("Shown")
        other.append(HEADS)
        other.append(["B", None, None])

    data = workbook([HEADS, ["A", None, None]], hide=hide)
    for head, name in (("", "B"), ('sheet = "Data"', "A")):
        records, _ = read_all(read(io.BytesIO(data), on_sheet(head=head)))
        assert records[0].document["children"][0]["name"]["family"] == name
    assert refused(data, on_sheet(head='sheet = "Dta"')) == ([], "PTR-001")


CTF = "<CTfile><CTFpupilData>{}</CTFpupilData></CTfile>"
PUPIL = f"<Pupil><Surname>{MARKER}</Surname></Pupil>"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('<!DOCTYPE CTfile [<!ENTITY a "b">]>' + CTF.format(PUPIL), "PTR-027"),
        ('<!DOCTYPE CTfile SYSTEM "http://127.0.0.1:1/x.dtd">' + CTF.format(PUPIL), "PTR-027"),
        (CTF.format(f"<Pupil><Surname>{MARKER}&nbsp;</Surname></Pupil>"), "PTR-001"),
        (CTF.format(PUPIL)[:-20], "PTR-001"),
        (CTF.format("<Pupil>" + "<a>" * 300 + "</a>" * 300 + "</Pupil>"), "RDG-009"),
        (CTF.format(""), "PTR-007"),
        ("", "RDG-011"),
        ("not xml", "PTR-001"),
        ('<?xml version="1.0" encoding="no-such"?><a/>', "PTR-001"),
    ],
)
def test_hostile_xml_is_refused_in_one_finding(text, code):
    assert refused(text.encode(), "ctf-pupil")[1] == code


def test_an_inclusion_is_not_followed(tmp_path):
    (tmp_path / "secret.txt").write_text(MARKER)
    include = (
        f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{tmp_path}/secret.txt"/>'
    )
    text = CTF.format(f"<Pupil><Surname>{include}</Surname><Forename>A</Forename></Pupil>")
    (record,), _ = read_all(read(io.BytesIO(text.encode()), "ctf-pupil"))
    assert record.document["children"][0]["name"] == {"given": "A"}


def test_records_of_a_large_xml_file_do_not_stay_in_memory():
    peaks = []
    for size in (200, 2_000):
        data = CTF.format(PUPIL * size).encode()
        tracemalloc.start()
        assert sum(record.is_record for record in read(io.BytesIO(data), "ctf-pupil")) == size
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 2 * peaks[0]


@pytest.mark.slow
def test_rows_of_a_large_csv_file_do_not_stay_in_memory(small_mapping):
    peaks = []
    for size in (10, 3_000, 12_000):  # the first only fills what is remembered for ever
        rows = (b"A%d," % number + b"Hungry " * 70 + b"\n" for number in range(size))
        data = b"Surname,Concern\n" + b"".join(rows)
        tracemalloc.start()
        assert sum(record.is_record for record in read(io.BytesIO(data), small_mapping())) == size
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < 1.5 * peaks[1] + 250 * 9_000  # what tells rows that are sent twice


def test_a_million_blank_rows_are_skipped_and_counted(read):
    found = read("Surname\nA\n" + ",\n" * 200_000 + "B\n")
    assert len(found.records) == 2
    assert found.summary.blank_rows == 200_000


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "RDG-011"),
        (b"Surname,Concern\nA," + b'"' + b"x," * 2_000_000, "PTR-002"),
        (b"Surname\n" + b"," * 5_000, "PTR-002"),
        (b"Surname\n\x81\x8d", "PTR-004"),
    ],
)
def test_hostile_csv_is_refused_in_one_finding(data, code, small_mapping):
    assert refused(data, small_mapping())[1] == code


def test_nul_and_other_control_characters_are_left_out_and_said(read):
    found = read(b"Surname,Sex\nA\x00B\x07,F\n")
    assert found.records[0]["children"][0]["name"]["family"] == "AB"
    assert found.codes == ["PTR-022"]


def test_a_formula_in_a_csv_is_text_and_nothing_else(read):
    found = read('Surname,Concern\nA,"=HYPERLINK(""http://127.0.0.1"")"\n')
    assert found.records[0]["concerns"][0]["description"].startswith("=HYPERLINK")


def test_a_mark_of_excel_for_the_delimiter_is_understood(read):
    found = read("sep=;\nSurname;Concern\nA;a,b,c,d\n")
    assert found.records[0]["concerns"][0]["description"] == "a,b,c,d"


def test_a_pipe_is_read_too(small_mapping):
    class Pipe(io.RawIOBase):
        def __init__(self, data):
            self._data = io.BytesIO(data)

        def readable(self):
            return True

        def readinto(self, buffer):
            return self._data.readinto(buffer)

    pipe = io.BufferedReader(Pipe(b"Surname\nA\n"))
    (record,), _ = read_all(read(pipe, small_mapping()))
    assert record.document["children"][0]["name"]["family"] == "A"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    data=st.binary(max_size=300),
    name=st.sampled_from(["school-mis", "ctf-pupil", "health-visiting"]),
)
def test_no_bytes_make_reading_fail(data, name):
    for start in (b"", b"Surname,DOB\n", b"<CTfile>", b"PK\x03\x04"):
        list(read(io.BytesIO(start + data), load_table(name)))


@settings(max_examples=60, deadline=None)
@given(cells=st.lists(st.text(min_size=4, max_size=30), min_size=3, max_size=12))
def test_no_message_shows_a_value(cells):
    import csv

    out = io.StringIO()
    names = ["DOB", "Sex", "Immediate Risk?", "Postcode", "NHS Number", "Attendance"]
    csv.writer(out).writerow(names)
    csv.writer(out).writerow([f"{MARKER}{cell}" for cell in cells])
    file = read(io.BytesIO(out.getvalue().encode("utf-8", "replace")), on_all())
    texts = [f"{thing}" for record in file for thing in (*record.findings, record)]
    assert texts
    assert all(MARKER not in text for text in texts)


def on_all():
    rows = (
        ("/children", "/dateOfBirth", "DOB"),
        ("/children", "/sex", "Sex"),
        ("", "/immediateRisk", "Immediate Risk?"),
        ("/children", "/identifiers[nhs-number]/value", "NHS Number"),
    )
    parts = "".join(
        f'[[part.field]]\nours = "{ours}"\ntheirs = "{theirs}"\n'
        for each, ours, theirs in rows
        if each
    )
    top = "".join(
        f'[[field]]\nours = "{ours}"\ntheirs = "{theirs}"\n'
        for each, ours, theirs in rows
        if not each
    )
    head = 'mapping = "all"\ntitle = "t"\nrecord = "marf"\nformat = "csv"\n'
    return parse_table(f'{head}[[part]]\neach = "/children"\n{parts}{top}', "all.toml")
