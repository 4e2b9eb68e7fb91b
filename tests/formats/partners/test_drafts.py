import csv

import pytest
from tests.helpers.partner_files import read_all
from tests.helpers.support import EXAMPLES

from eh_interop.core.errors import UnreadableInputError
from eh_interop.core.findings import Severity
from eh_interop.formats.partners import check_table, headings_of, load_table, parse_table, read
from eh_interop.formats.partners.draft import draft_mapping

SAMPLES = [path for path in sorted((EXAMPLES / "partners").iterdir()) if path.suffix != ".xml"]


def errors(table, headings):
    return [each for each in check_table(table, headings) if each.severity is Severity.ERROR]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_draft_passes_the_check_and_converts_its_file(path):
    record = load_table(path.stem).record
    draft = draft_mapping(path, record)
    table = parse_table(draft.text, "draft.toml")
    assert errors(table, headings_of(path, table)) == []
    assert draft.matched >= 12
    file = read(path, table)
    records, _ = read_all(file)
    assert file.summary.complete
    assert all(record.document and record.document["children"] for record in records)


ROWS = [
    ["Our export", "", "", "", "", "", ""],
    [
        "Pupil ref no",
        "Childs Surname",
        "Birth dt",
        "The number",
        "Gendr",
        "Remarks",
        "Sister 1 DOB",
    ],
    ["P-1", "Secretname", "25/12/2015", "999 000 0018", "Girl", "x", "01/02/2015"],
    ["P-2", "Hiddenname", "03/04/2014", "9990000026", "Wizard", "y", "01/03/2015"],
]


@pytest.fixture
def unknown(tmp_path):
    path = tmp_path / "2025 export.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=";").writerows(ROWS)
    return path


def test_headings_are_matched_by_likeness_and_values(unknown):
    draft = draft_mapping(unknown, "marf")
    assert "header-row = 2" in draft.text
    assert 'delimiter = ";"' in draft.text
    assert 'id = ["Pupil ref no"]' in draft.text
    table = parse_table(draft.text, "draft")
    rows = {row.theirs: row for part in table.parts for row in part.fields}
    assert rows["Childs Surname"].ours == "/name/family"
    assert rows["The number"].ours == "/identifiers[nhs-number]/value"
    assert "Remarks" in draft.unmatched
    assert "1 of 2 different words are not known for the list sex" in draft.text


def test_no_value_stands_in_a_draft(unknown):
    text = draft_mapping(unknown, "marf").text
    for row in ROWS[2:]:
        for value in row:
            assert len(value) == 1 or value not in text


def test_the_order_of_dates_is_declared_only_if_the_values_prove_it(tmp_path):
    for name, second, expected in (("a", "25/12/2015", True), ("b", "05/12/2015", False)):
        path = tmp_path / f"{name}.csv"
        path.write_text(f"Surname,DOB\nA,03/04/2015\nB,{second}\n", encoding="utf-8")
        text = draft_mapping(path, "marf").text
        assert ('\ndates  = "day-first"' in text) is expected
        assert ("SAY HOW DATES ARE WRITTEN" in text) is not expected


def test_without_the_library_for_likeness_it_is_said(unknown, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "rapidfuzz", None)
    draft = draft_mapping(unknown, "marf")
    assert not draft.by_likeness
    assert "eh-interop[draft]" in draft.text


@pytest.mark.parametrize("name", ["x.xml", "x.pdf", "nowhere.csv"])
def test_what_is_no_table_is_refused(tmp_path, name):
    if name != "nowhere.csv":
        (tmp_path / name).write_text("<a/>")
    with pytest.raises(UnreadableInputError):
        draft_mapping(tmp_path / name, "marf")
