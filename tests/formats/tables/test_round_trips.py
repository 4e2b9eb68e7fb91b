"""Arbitrary records of every type come back from tables as they were.

A run without settings tries 300 records. EH_INTEROP_CASES=10000 makes a long run of it.
"""

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.helpers.arbitrary import records
from tests.helpers.support import EXAMPLES

from eh_interop import load_standard
from eh_interop.formats.tables import (
    RoundTripCheck,
    read_tables,
    read_workbook,
    write_tables,
    write_workbook,
)
from eh_interop.formats.tables.layout import layout_of, sheet_name

TYPES = load_standard().record_types
CASES = int(os.environ.get("EH_INTEROP_CASES", "300"))
IN_FILES = 3
"""Records in a set of tables."""


def through(count):
    return settings(
        max_examples=max(1, count // IN_FILES // len(TYPES)),
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    )


def assert_same(read, given_records):
    read = list(read)
    assert [each.findings for each in read] == [()] * len(given_records)
    assert [each.document for each in read] == given_records
    assert list(map(repr, map(sorted_deep, (each.document for each in read)))) == list(
        map(repr, map(sorted_deep, given_records))
    )


def sorted_deep(value):
    """Make 1, 1.0 and True look different, whatever the order of fields."""
    if isinstance(value, dict):
        return [(name, sorted_deep(value[name])) for name in sorted(value)]
    return [sorted_deep(each) for each in value] if isinstance(value, list) else value


def several(data, record_type):
    return data.draw(st.lists(records(record_type), min_size=IN_FILES, max_size=IN_FILES))


@pytest.mark.parametrize("record_type", TYPES)
@through(CASES * 2 // 3)
@given(data=st.data())
def test_every_record_comes_back_from_csv(record_type, data):
    chosen = several(data, record_type)
    with TemporaryDirectory() as name:
        write_tables(chosen, Path(name))
        assert_same(read_tables(Path(name)), chosen)


@pytest.mark.parametrize("record_type", TYPES)
@through(CASES // 3)
@given(data=st.data())
def test_every_record_comes_back_from_a_workbook(record_type, data):
    chosen = several(data, record_type)
    with TemporaryDirectory() as name:
        path = Path(name) / "records.xlsx"
        write_workbook(chosen, path)
        assert_same(read_workbook(path), chosen)


def examples():
    """All valid examples, by type, because tables of a type belong together."""
    found = {}
    for area in ("gloucestershire", "staffordshire"):
        for path in sorted((EXAMPLES / area).glob("*.json")):
            record = json.loads(path.read_text("utf-8"))
            found.setdefault(record["recordType"], []).append(record)
    return found


def test_the_examples_come_back_from_csv(tmp_path):
    by_type = examples()
    assert set(by_type) == set(TYPES)
    write_tables([record for each in by_type.values() for record in each], tmp_path)
    assert_same(read_tables(tmp_path), [record for each in TYPES for record in by_type[each]])


@pytest.mark.parametrize("record_type", TYPES)
def test_the_examples_come_back_from_a_workbook(record_type, tmp_path):
    path = tmp_path / "records.xlsx"
    write_workbook(examples()[record_type], path)
    assert_same(read_workbook(path), examples()[record_type])


MARF = {"recordType": "marf", "standardVersion": "1.0", "recordId": "m-1"}
TEXTS = [
    *("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "'", "'=1+1", "''x", " =1", "\uff1d1", "%"),
    *("007", " leading", "trailing ", "a\r\nb", "a\nb", "a\rb", '"quoted"', "a,b;c\\d", "\u00a0"),
    *("\x00", "\x0b\x1f", "\ufffe\uffff", "\u2028\x85", "_x0041_", "_x005F_x0041_", "_xD800_"),
    *(
        "_x0041_x0041_x0041_",
        "_longText:1_",
        "_xFFFE_",
        "_xffff_x",
        "\U0001f600" * 20_000,
        "x" * 999_998,
        "#N/A",
        "TRUE",
    ),
    *("2026-01-01", "1e5", "guidance", "\ufeffx", "\u200b=1", "<&>", "null", "true"),
]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_odd_texts_come_back(text, tmp_path):
    record = {
        **MARF,
        "otherInformation": text,
        "localData": {"other-system": {"a": text, "b": 1.5, "c": 5.0, "d": 5, "e": True}},
        "consents": [{"id": "c-1", "items": [text, f" {text} ", "; ", "\\", "a\\;b", "\\ "]}],
    }
    write_tables([record], tmp_path)
    assert_same(read_tables(tmp_path), [record])
    write_workbook([record], tmp_path / "one.xlsx")
    assert_same(read_workbook(tmp_path / "one.xlsx"), [record])


NUMBERS = [0, 1, 5.0, 0.1, 1 / 3, 99.99, 1e-7, 12345678901234567890, 1e22, 123456789012345678.0]


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_come_back_as_they_were(number, tmp_path):
    record = {**MARF, "attachments": [{"id": "a-1", "sizeBytes": number}]}
    record["children"] = [{"id": "c-1", "estimatedAge": number, "dateOfBirth": "1899-01-01"}]
    dropped = []
    write_tables([record], tmp_path, tell=lambda *told: dropped.append(told[1]))
    read = next(read_tables(tmp_path)).document
    write_workbook([record], tmp_path / "one.xlsx")
    assert next(read_workbook(tmp_path / "one.xlsx")).document == read
    count = 5 if number == 5 else number  # where only whole numbers have a place, 5.0 is 5
    for steps, place, expected in (
        (("attachments", 0, "sizeBytes"), read["attachments"][0], count),
        (("children", 0, "estimatedAge"), read["children"][0], number),
    ):
        if steps not in dropped:
            assert repr(place[steps[-1]]) == repr(expected)


def test_many_records_with_the_same_id_stay_apart(tmp_path):
    same = [{**MARF, "version": number, "children": [{"id": "c"}] * 2} for number in range(1, 40)]
    write_tables(same, tmp_path)
    assert_same(read_tables(tmp_path), same)


def test_names_of_sheets_are_not_too_long():
    for record_type in TYPES:
        layout = layout_of(record_type)
        names = [sheet_name(layout, table).lower() for table in layout.tables]
        assert len(set(names)) == len(names)
        assert max(map(len, names)) <= 31


def test_the_proof_holds_and_notices_a_change(tmp_path):
    chosen = examples()["marf"]
    with RoundTripCheck() as proof:
        write_tables(chosen, tmp_path, note=proof.note)
        assert proof.compare(read_tables(tmp_path)).holds
        path = tmp_path / "marf.csv"
        path.write_bytes(path.read_bytes().replace(b"true", b"false", 1))
        proved = proof.compare(read_tables(tmp_path))
    assert (proved.same, proved.different) == (len(chosen) - 1, 1)
    assert [each.file for each in proved.first] == ["marf.csv"]


def test_the_proof_notices_a_record_that_is_gone(tmp_path):
    with RoundTripCheck() as proof:
        write_tables([MARF, {**MARF, "recordId": "m-2"}], tmp_path, note=proof.note)
        path = tmp_path / "marf.csv"
        path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
        assert proof.compare(read_tables(tmp_path)).different == 1


def test_what_does_not_fit_is_left_out_and_told(tmp_path):
    told = []
    wrong = {**MARF, "version": "one", "nickname": "x", "children": [], "familyName": None}
    written = write_tables([wrong, {"a": 1}], tmp_path, tell=lambda *each: told.append(each))
    assert sorted(told) == [
        (1, ("children",)),
        (1, ("familyName",)),
        (1, ("nickname",)),
        (1, ("version",)),
        (2, ()),
    ]
    assert (written.records, written.left_out) == (1, 5)
    assert_same(read_tables(tmp_path), [MARF])
