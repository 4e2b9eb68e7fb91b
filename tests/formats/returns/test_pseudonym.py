"""Which child a row is about, and texts that must be safe to open."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.helpers.returns_records import codes, council_number, minimal, reported, rows, written

from eh_interop.core.csv_injection import escape, strip_illegal_xml, unescape

LIST_3 = "annex-a-list-3-referral.csv"


def number(tmp_path, *records, **options):
    result = written("annex-a", records, tmp_path, **options)
    return [row["Child Unique ID"] for row in rows(tmp_path / LIST_3)], result


def test_the_councils_own_number_is_written_as_it_is(tmp_path):
    found, result = number(
        tmp_path, minimal("marf", child={"identifiers": council_number("0042X")})
    )
    assert found == ["0042X"]
    assert "RET-006" not in codes(result.findings)


@pytest.mark.parametrize("value", ["12-34", "A" * 21])
def test_a_number_that_the_census_refuses_is_said(tmp_path, value):
    found, result = number(tmp_path, minimal("marf", child={"identifiers": council_number(value)}))
    assert found == [value]
    assert reported(result.findings, "RET-011") == [("Child Unique ID", "/children/0/identifiers")]


def test_without_it_a_child_has_the_same_stand_in_in_every_record_and_run(tmp_path):
    nhs = [{"type": "nhs-number", "value": "999 104 6143"}]
    one = minimal("marf", recordId="m1", child={"identifiers": nhs})
    same = [{"type": "nhs-number", "value": "9991046143"}]
    two = minimal("marf", recordId="m2", child={"identifiers": same, "name": {"full": "Somebody"}})
    other = [{"type": "nhs-number", "value": "9991046119"}]
    three = minimal("marf", recordId="m3", child={"identifiers": other})
    found, result = number(tmp_path, one, two, three)
    assert found[0] == found[1] != found[2]
    assert all(re.fullmatch("EH[A-Z0-9]{18}", number) for number in found)
    assert number(tmp_path, two)[0] == found[:1]
    assert any("stand-in" in note for note in result.notes)
    assert len(reported(result.findings, "RET-006")) == 3


def test_a_key_makes_other_stand_ins(tmp_path):
    record = minimal("marf")
    plain, _ = number(tmp_path, record)
    keyed, result = number(tmp_path, record, key=b"secret")
    assert plain != keyed == number(tmp_path, record, key=b"secret")[0]
    assert "keep the key" in result.notes[-1]


def test_name_and_birth_date_tell_a_child_without_numbers(tmp_path):
    named = {"identifiers": None, "name": {"given": "Ada", "family": "Fell"}}
    full = {"identifiers": None, "name": {"full": "ada  fell"}}
    nobody = {"identifiers": None, "name": None}
    records = [
        minimal("marf", recordId=f"m{at}", child=child)
        for at, child in enumerate([named, full, nobody, nobody])
    ]
    found, _ = number(tmp_path, *records)
    assert found[0] == found[1]
    assert len(set(found)) == 3


def test_a_formula_in_a_name_cannot_run(tmp_path):
    record = minimal("plan", child={"name": {"given": "=1+1", "family": "@home"}})
    written("ssd", [record], tmp_path)
    (row,) = rows(tmp_path / "ssd_person.csv")
    assert (row["pers_forename"], row["pers_surname"]) == ("'=1+1", "'@home")


def test_a_formula_stays_text_in_a_workbook(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    record = minimal("plan", child={"name": {"given": "=1+1", "family": "Fell"}})
    (path,) = written("ssd", [record], tmp_path, formats=("xlsx",)).files
    cell = openpyxl.load_workbook(path)["ssd_person"]["B2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


@given(st.text(alphabet="'=+-@\t\r\nab\uff1d"))
def test_guarding_a_text_is_undone_exactly(text):
    assert unescape(escape(text)) == text
    assert not escape(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"))


def test_characters_that_no_file_holds_are_left_out_and_said(tmp_path):
    assert strip_illegal_xml("a\x00b\x0bc\ud800") == "abc"
    record = minimal("plan", child={"name": {"given": "A\x07da", "family": "Fell"}})
    result = written("ssd", [record], tmp_path)
    assert rows(tmp_path / "ssd_person.csv")[0]["pers_forename"] == "Ada"
    assert reported(result.findings, "RET-010") == [("pers_forename", "/children/0/name/given")]
