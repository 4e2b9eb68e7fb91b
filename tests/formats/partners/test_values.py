from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eh_interop.formats._shared.cells import MisreadError, cell_text
from eh_interop.formats.partners.converters import converters
from eh_interop.formats.partners.dates import read_date, read_date_time

DAYS = st.dates(date(1900, 3, 1), date(2199, 12, 31))
FORMS = {
    "iso": "%Y-%m-%d",
    "day-first": "%d/%m/%Y",
    "month-first": "%m/%d/%Y",
    "year-first": "%Y/%m/%d",
    "compact": "%Y%m%d",
}


@given(day=DAYS, form=st.sampled_from(sorted(FORMS)))
def test_a_day_is_read_in_the_declared_form(day, form):
    assert read_date(day.strftime(FORMS[form]), form) == day.isoformat()


@given(day=DAYS)
def test_serials_and_real_dates_are_read(day):
    serial = (day - date(1899, 12, 30)).days
    assert read_date(str(serial), "excel-serial") == day.isoformat()
    assert read_date(float(serial), "excel-serial") == day.isoformat()
    assert read_date(day, "") == day.isoformat()
    assert read_date(f"{day.isoformat()} 00:00:00.000", "") == day.isoformat()


@pytest.mark.parametrize(
    ("text", "form", "code"),
    [
        ("03/04/2015", "", "PTR-013"),
        ("25/04/2015", "", "PTR-013"),
        ("42000", "", "PTR-013"),
        ("31/02/2015", "day-first", "PTR-014"),
        ("03/14/2015", "day-first", "PTR-014"),
        ("03/04/15", "day-first", "PTR-014"),
        ("03/04/2015", "iso", "PTR-014"),
        ("01/01/0001", "day-first", "PTR-014"),
        ("59", "excel-serial", "PTR-014"),
        ("soon", "day-first", "PTR-014"),
        ("2015-13-01", "", "PTR-014"),
    ],
)
def test_what_is_no_date_as_declared_is_refused(text, form, code):
    with pytest.raises(MisreadError) as caught:
        read_date(text, form)
    assert caught.value.fault.code == code
    assert text not in caught.value.message


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("06/05/2025 14:31", "2025-05-06T14:31:00+01:00"),
        ("06/01/2025 2:05 pm", "2025-01-06T14:05:00+00:00"),
        ("2025-05-06T14:31:09Z", "2025-05-06T14:31:09+00:00"),
        ("2025-05-06T14:31:09+0200", "2025-05-06T14:31:09+02:00"),
        (datetime(2025, 7, 1, 9, 0), "2025-07-01T09:00:00+01:00"),  # noqa: DTZ001 (a cell)
    ],
)
def test_a_moment_without_a_zone_is_in_that_of_the_mapping(cell, expected):
    assert read_date_time(cell, "day-first", ZoneInfo("Europe/London")) == expected


@pytest.mark.parametrize("cell", ["06/05/2025", "06/05/2025 25:00", date(2025, 5, 6)])
def test_a_day_is_no_moment(cell):
    with pytest.raises(MisreadError):
        read_date_time(cell, "day-first", ZoneInfo("Europe/London"))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (9990000018.0, "9990000018"),
        (0.5, "0.5"),
        (True, "true"),
        (None, ""),
        ("\u00a0 a\u00a0b\u200b ", "a b"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\x00b\x07", "ab"),
        (date(2025, 1, 2), "2025-01-02"),
    ],
)
def test_a_cell_as_text(cell, expected):
    assert cell_text(cell) == expected


WORDS = st.text("abcdefghijklmnopqrstuvwxyzABC-' ", min_size=1).map(str.strip).filter(bool)
NAMES = WORDS.map(lambda text: " ".join(text.split()))
POSTCODES = st.from_regex(r"\A[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2}\Z")
ROUND_TRIPS = {
    "percent": st.integers(0, 100).map(str),
    "share-of-one": st.integers(0, 100).map(float),
    "laestab": st.from_regex(r"\A[0-9]{7}\Z"),
    "level": st.sampled_from("1234"),
    "postcode": POSTCODES,
    "address-lines": st.lists(NAMES, min_size=2),
    "surname-first": st.fixed_dictionaries({"given": NAMES, "family": NAMES}),
    "warning": NAMES,
    "year-group": st.sampled_from(["R", "1", "13", "N2"]),
}


def test_every_converter_is_taken_round():
    assert set(ROUND_TRIPS) == set(converters())


@given(data=st.data(), name=st.sampled_from(sorted(ROUND_TRIPS)))
def test_a_converter_takes_a_value_there_and_back(data, name):
    converter = converters()[name]
    value = data.draw(ROUND_TRIPS[name])
    back = converter.from_target(converter.to_target(value))
    assert float(back) == value if isinstance(value, float) else back == value


@given(st.text())
def test_no_text_makes_a_converter_fail_in_another_way(text):
    for converter in converters().values():
        for value in (text, f"{text}Quill"):
            try:
                converter.from_target(value)
            except MisreadError as error:
                told = error.message
                assert "Quill" not in told


@pytest.mark.parametrize("word", ["Yes", "Y", "y", "1", "TRUE", "true", "a) Yes"])
def test_ways_to_say_yes(read, word):
    assert read(f"Referred,Immediate risk\n01/05/2025,{word}\n").records[0]["immediateRisk"] is True


@pytest.mark.parametrize("word", ["No", "N", "n", "0", "FALSE", "b) No"])
def test_ways_to_say_no(read, word):
    found = read(f"Referred,Immediate risk\n01/05/2025,{word}\n")
    assert found.records[0]["immediateRisk"] is False


@pytest.mark.parametrize("word", ["maybe", "X", "2"])
def test_an_unclear_answer_stays_as_it_was_written(read, word):
    found = read(f"Referred,Immediate risk\n01/05/2025,{word}\n")
    assert found.records[0]["immediateRisk"] == word
    assert found.codes == ["PTR-017"]
    assert "localData" not in found.records[0]


@pytest.mark.parametrize(
    "word",
    ["Yes - father has knife", "YES", "yes. Not safe tonight", "y", "\u2713", "\u2611", "\uf0fe"],
)
def test_words_that_begin_with_yes_and_ticks_are_yes(read, word):
    found = read(f"Referred,Immediate risk\n01/05/2025,{word}\n")
    assert found.records[0]["immediateRisk"] is True


@pytest.mark.parametrize("word", ["No, but he may come tonight", "yesterday", "Yusuf says no"])
def test_words_that_only_look_like_an_answer_are_none(read, word):
    found = read(f'Referred,Immediate risk\n01/05/2025,"{word}"\n')
    assert found.records[0]["immediateRisk"] == word


def test_words_for_a_missing_value_become_a_reason(read):
    found = read("Surname,DOB,Referred,Immediate risk\nUnknown,NK,Refused,Don't know\n").records
    assert found == []
    found = read("Surname,DOB,Immediate risk,Concern\nNa,NK,Don't know,Hungry\n").records[0]
    assert found["children"][0]["name"] == {"family": "Na"}
    assert found["children"][0]["absent"] == {"dateOfBirth": "not-known"}
    assert found["absent"] == {"immediateRisk": "not-known"}


def test_words_for_codes_come_from_the_standard_the_area_and_the_mapping(read):
    assert read("Surname,Sex\nA,girl\n").records[0]["children"][0]["sex"] == "F"
    found = read("Surname,Sex\nA,Mädchen\n")
    assert (found.codes, found.records[0]["children"][0]["sex"]) == (["PTR-015"], "Mädchen")
    assert found.findings[0].place == "/children/0/sex"
    assert found.findings[0].origin.heading == "Sex"


def test_a_column_of_floats_keeps_its_digits(read):
    found = read("Surname,NHS number\nA,9990000018.0\nB,9.99E+09\nC,999-000-0026\n")
    numbers = [record["children"][0].get("identifiers") for record in found.records]
    assert numbers == [
        [{"type": "nhs-number", "value": "9990000018"}],
        None,  # what is left of it is no number of anybody
        [{"type": "nhs-number", "value": "9990000026"}],
    ]
    assert found.codes == ["PTR-018"]
    assert found.records[1]["localData"] == {"small": {"NHS number": "9.99E+09"}}


def test_a_telephone_number_gets_its_zero_back_and_it_is_said(read):
    found = read("Surname,Phone\nA,7700900123\n")
    assert found.codes == ["PTR-038"]
    (contact,) = found.records[0]["children"][0]["contacts"]
    assert contact == {"kind": "phone", "value": "07700900123"}


def test_a_number_in_a_cell_of_a_workbook_may_be_a_day():
    assert read_date(46227, "day-first") == "2026-07-24"
    with pytest.raises(MisreadError):
        read_date("46227", "day-first")


@pytest.mark.parametrize(
    ("cell", "code", "kept"),
    [("a) Female", "F", False), ("F - as of birth", "F", True), ("Female (trans)", "F", True)],
)
def test_a_code_may_stand_with_a_letter_or_an_explanation(read, cell, code, kept):
    (document,) = read(f"Surname,Sex\nA,{cell}\n").records
    assert document["children"][0]["sex"] == code
    assert (document.get("localData") == {"small": {"Sex": cell}}) is kept


def test_a_word_that_may_be_a_name_is_blank_only_as_it_is_declared(read):
    found = read("Surname,Sex\nNull,null\nNULL,F\n", 'blank = ["NULL"]')
    first, second = (document["children"][0] for document in found.records)
    assert first == {"id": "child-1", "name": {"family": "Null"}}
    assert "name" not in second


def test_a_line_break_in_a_name_is_said(read):
    found = read('Surname,Sex\n"Smith\nJones",F\n')
    assert found.records[0]["children"][0]["name"]["family"] == "Smith Jones"
    assert found.codes == ["PTR-029"]
