"""Ofsted Annex A, lists 1 to 3: exact on the way out."""

from datetime import date

import pytest
from tests.helpers.returns_records import (
    AS_OF,
    RETURNS,
    codes,
    council_number,
    family,
    minimal,
    reported,
    rows,
    written,
)

COMMON = ["Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age of Child (Years)"]
HEADINGS = {
    "annex-a-list-1-contacts": [*COMMON, "Date of Contact", "Contact Source"],
    "annex-a-list-2-early-help": [
        *COMMON,
        "Assessment start date",
        "Assessment completion date",
        "Organisation completing assessment",
    ],
    "annex-a-list-3-referral": [
        *COMMON,
        "Date of referral",
        "Referral Source",
        "Referral NFA?",
        "Number of Referrals in Last 12 Months",
        "Allocated Team",
        "Allocated Worker",
    ],
}


@pytest.fixture
def annex(tmp_path):
    def make(*records, **options):
        result = written("annex-a", records, tmp_path, **options)
        return result, [rows(tmp_path / f"{name}.csv") for name in HEADINGS]

    return make


def test_the_example_records_give_the_expected_lists(tmp_path, regenerate):
    if regenerate:
        written("annex-a", family(), RETURNS / "annex-a")
    result = written("annex-a", family(), tmp_path)
    assert {path.name for path in result.files} == {f"{name}.csv" for name in HEADINGS}
    for path in result.files:
        assert path.read_bytes() == (RETURNS / "annex-a" / path.name).read_bytes()
    assert all(result.rows.values())


def test_headings_are_those_of_the_workbook(tmp_path):
    written("annex-a", [], tmp_path)
    for name, headings in HEADINGS.items():
        assert (tmp_path / f"{name}.csv").read_bytes() == (",".join(headings) + "\r\n").encode()


def test_a_contact_is_one_row_for_each_child(annex):
    record = minimal("early-help-request", receivedOn="2026-05-08")
    second = {**record["children"][0], "id": "c9", "identifiers": council_number("B2")}
    record["children"] = [{**record["children"][0], "identifiers": council_number("A1")}, second]
    result, (contacts, help_, referrals) = annex(record)
    assert [row["Child Unique ID"] for row in contacts] == ["A1", "B2"]
    assert {row["Date of Contact"] for row in contacts} == {"08/05/2026"}
    assert (help_, referrals) == ([], [])
    assert result.rows["list-1"] == 2


@pytest.mark.parametrize(
    ("child", "birth", "age"),
    [
        ({"dateOfBirth": "2010-11-01"}, "01/11/2010", "16"),
        ({"dateOfBirth": "2010-11-02"}, "02/11/2010", "15"),
        ({"dateOfBirth": "2026-11-01"}, "01/11/2026", "0"),
        ({"dateOfBirth": None, "estimatedAge": 7.5}, "", "7"),
        ({"dateOfBirth": None}, "", ""),
        (
            {"dateOfBirth": None, "unborn": True, "expectedDateOfBirth": "2027-01-09", "sex": "U"},
            "09/01/2027",
            "-1",
        ),
        ({"dateOfBirth": None, "unborn": True, "sex": "U"}, "", "-1"),
    ],
)
def test_age_is_whole_years_on_the_given_day(annex, child, birth, age):
    _, (_, _, (row,)) = annex(minimal("marf", child=child))
    assert (row["Date of Birth"], row["Age of Child (Years)"]) == (birth, age)


def test_who_was_born_on_29_february_has_the_birthday_on_1_march(annex):
    record = minimal("marf", child={"dateOfBirth": "2012-02-29"}, referredOn="2026-02-01")
    _, (_, _, (before,)) = annex(record, as_of=date(2026, 2, 28))
    _, (_, _, (after,)) = annex(record, as_of=date(2026, 3, 1))
    assert (before["Age of Child (Years)"], after["Age of Child (Years)"]) == ("13", "14")


def test_a_birth_after_the_given_day_gives_no_age(annex):
    result, (_, _, (row,)) = annex(minimal("marf", child={"dateOfBirth": "2026-12-25"}))
    assert row["Age of Child (Years)"] == ""
    assert reported(result.findings, "RET-013") == [
        ("Age of Child (Years)", "/children/0/dateOfBirth")
    ]


@pytest.mark.parametrize(
    ("day", "belongs"),
    [("2026-04-30", False), ("2026-05-01", True), ("2026-11-01", True), ("2026-11-02", False)],
)
def test_a_referral_belongs_if_it_arrived_in_the_six_months(annex, day, belongs):
    result, (_, _, referrals) = annex(minimal("marf", referredOn=day))
    assert len(referrals) == belongs
    assert result.outside == ({} if belongs else {"list-3": 1})


def test_six_months_before_the_end_of_august_begin_at_the_end_of_february(annex):
    record = minimal("marf", referredOn="2026-02-28")
    assert annex(record, as_of=date(2026, 8, 31))[1][2]
    record = minimal("marf", referredOn="2026-02-27")
    assert not annex(record, as_of=date(2026, 8, 31))[1][2]


@pytest.mark.parametrize(
    ("begin", "end", "belongs"),
    [
        ("2024-01-01", None, True),
        ("2024-01-01", "2026-05-01", True),
        ("2024-01-01", "2026-04-30", False),
        ("2026-11-01", None, True),
        ("2026-11-02", None, False),
    ],
)
def test_a_plan_belongs_if_it_was_open_on_any_of_the_days(annex, begin, end, belongs):
    closure = {"on": end, "reason": "needs-met"} if end else None
    _, (_, plans, _) = annex(minimal("plan", startedOn=begin, closure=closure))
    assert len(plans) == belongs
    if belongs and end:
        assert plans[0]["Assessment completion date"] == "01/05/2026"


def test_an_event_without_a_day_is_left_out_and_said(annex):
    result, (_, _, referrals) = annex(minimal("marf", referredOn=None))
    assert referrals == []
    assert reported(result.findings, "RET-003") == [("", "/receivedOn")]


def test_referrals_of_twelve_months_are_counted_for_each_child(annex):
    ada, ben = council_number("A1"), council_number("B2")

    def referral(number, day, who):
        return minimal("marf", recordId=f"m{number}", referredOn=day, child={"identifiers": who})

    result, (_, _, referrals) = annex(
        referral(1, "2026-10-01", ada),
        referral(2, "2025-11-01", ada),
        referral(3, "2025-10-31", ada),
        referral(4, "2026-09-01", ben),
        referral(5, "2026-11-02", ben),
        referral(6, "2026-08-01", ada),
    )
    counts = [
        (row["Child Unique ID"], row["Number of Referrals in Last 12 Months"]) for row in referrals
    ]
    assert counts == [("A1", "3"), ("B2", "1"), ("A1", "3")]
    assert "RET-007" not in codes(result.findings)


def test_a_record_given_twice_is_one_row_and_counts_once(annex):
    first = minimal("marf", referredOn="2026-10-01")
    result, (_, _, referrals) = annex(first, {**first, "referredOn": "2026-10-02"})
    (row,) = referrals
    assert row["Date of referral"] == "02/10/2026"
    assert row["Number of Referrals in Last 12 Months"] == "1"
    assert reported(result.findings, "RET-007") == [("", "/recordId")]


def test_what_became_of_a_referral_comes_from_its_outcome_whichever_comes_first(annex):
    marf = minimal("marf")
    named = {"recordId": marf["recordId"], "recordType": "marf"}
    outcome = minimal("referral-outcome", referral=named, outcome="single-assessment")
    earlier = {
        **outcome,
        "recordId": "o0",
        "decidedAt": "2020-01-01T09:00:00Z",
        "outcome": "advice-no-referral",
    }
    for order in ([marf, outcome, earlier], [earlier, outcome, marf]):
        _, (_, _, (row,)) = annex(*order)
        assert row["Referral NFA?"] == "b) No"


def test_an_open_decision_has_no_code_and_is_not_guessed(annex):
    marf = minimal("marf")
    named = {"recordId": marf["recordId"], "recordType": "marf"}
    outcome = minimal("referral-outcome", referral=named, outcome="consent-to-be-obtained")
    result, (_, _, (row,)) = annex(marf, outcome)
    assert row["Referral NFA?"] == ""
    assert ("Referral NFA?", "/outcome") in reported(result.findings, "RET-001")
    assert ("Referral NFA?", "") in reported(result.findings, "RET-002")


@pytest.mark.parametrize(
    ("sex", "expected"), [("M", "a) Male"), ("F", "b) Female"), ("U", "c) Not stated/recorded")]
)
def test_gender_has_the_prefix_of_the_workbook(annex, sex, expected):
    _, (_, _, (row,)) = annex(minimal("marf", child={"sex": sex}))
    assert row["Gender"] == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1A", "a) 1A: Individual"),
        ("4", "m) 4: Housing"),
        ("5C", "p) 5C: LA services"),
        ("5D", "p1) 5D: LA services"),
        ("10", "u) 10: Unknown"),
    ],
)
def test_sources_have_the_prefix_of_the_workbook(annex, source, expected):
    record = minimal("marf")
    record["referrer"]["source"] = source
    result, (_, _, (row,)) = annex(record)
    assert row["Referral Source"] == expected
    assert ("RET-005" in codes(result.findings)) == (source == "5D")


@pytest.mark.parametrize(
    ("child", "expected"),
    [
        ({"ethnicity": "NOBT"}, "s) NOBT"),
        ({"ethnicity": "REFU"}, "s) REFU"),
        ({"ethnicity": None, "absent": {"ethnicity": "refused"}}, "s) REFU"),
        ({"ethnicity": None, "absent": {"ethnicity": "not-obtained"}}, "s) NOBT"),
        ({"ethnicity": None, "absent": {"ethnicity": "not-known"}}, ""),
        ({"ethnicity": None}, ""),
    ],
)
def test_a_missing_ethnicity_is_written_only_if_the_record_says_why(annex, child, expected):
    result, (_, _, (row,)) = annex(minimal("marf", child=child))
    assert row["Ethnicity"] == expected
    missing = ("Ethnicity", "/children/0/ethnicity") in reported(result.findings, "RET-002")
    assert missing == (not expected)


def test_a_workbook_holds_the_same_rows_and_the_same_bytes_each_time(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    one = written("annex-a", family(), tmp_path / "one", formats=("xlsx", "csv"))
    two = written("annex-a", family(), tmp_path / "two", formats=("xlsx",))
    (path,) = two.files
    assert path.read_bytes() == (tmp_path / "one" / "annex-a.xlsx").read_bytes()
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["List 1", "List 2", "List 3"]
    for sheet, (name, headings) in zip(book, HEADINGS.items(), strict=True):
        assert [cell.value for cell in sheet[1]] == headings
        expected = rows(RETURNS / "annex-a" / f"{name}.csv")
        assert sheet.max_row == len(expected) + 1
        begin = sheet.cell(2, 6)
        assert begin.number_format == "DD/MM/YYYY"
        assert begin.value.strftime("%d/%m/%Y") == expected[0][headings[5]]
        assert isinstance(sheet.cell(2, 5).value, int)
    assert one.findings == two.findings


def test_nothing_is_left_behind_when_a_record_source_fails(tmp_path):
    def failing():
        yield minimal("marf")
        raise OSError

    target = tmp_path / "out"
    with pytest.raises(OSError):  # noqa: PT011 (ours, without words)
        written("annex-a", failing(), target)
    assert list(target.iterdir()) == []


def test_the_given_day_alone_decides(tmp_path):
    one = written("annex-a", family(), tmp_path / "a", as_of=AS_OF)
    two = written("annex-a", family(), tmp_path / "b", as_of=date(2020, 1, 1))
    assert any(one.rows.values())
    assert not any(two.rows.values())
