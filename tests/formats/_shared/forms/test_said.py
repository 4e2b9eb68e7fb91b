"""What people write on forms is read as what they mean, or not at all."""

import pytest

from eh_interop.formats._shared.forms import said
from eh_interop.formats._shared.forms.persons import (
    name_words,
    people_in,
    person_in,
    relationship_of,
    worker_in,
)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3/4/15", "2015-04-03"),
        ("17.09.1991", "1991-09-17"),
        ("05-06-2011", "2011-06-05"),
        ("12th March 2019", "2019-03-12"),
        ("9 Sept 2016", "2016-09-09"),
        ("1st of May 09", "2009-05-01"),
        ("Monday 6th October 2025", "2025-10-06"),
        ("Thurs 14/11/24", "2024-11-14"),
        ("2019-03-12", "2019-03-12"),
        ("19/12/85", "1985-12-19"),
        ("31/02/2019", ""),
        ("1988", ""),
        ("no date", ""),
        ("01632 960 001", ""),
    ],
)
def test_days_are_read_day_first(text, day):
    assert said.find_date(text, 2026)[0] == day


@pytest.mark.parametrize(
    ("text", "birth"),
    [
        ("3/4/15", said.Birth(day="2015-04-03")),
        ("EDD 30/6/19", said.Birth(day="2019-06-30", expected=True)),
        ("1988", said.Birth(month_or_year="1988")),
        ("May 2012", said.Birth(month_or_year="2012-05")),
        ("age 8", said.Birth(age=8)),
        ("aged about 67", said.Birth(age=67)),
        ("7 yrs", said.Birth(age=7)),
        ("n/k", None),
        ("summer", None),
    ],
)
def test_births_are_days_years_or_ages_and_never_made_up(text, birth):
    assert said.read_birth(text, 2026) == birth


@pytest.mark.parametrize(
    ("text", "answer", "rest"),
    [
        ("Yes", "yes", ""),
        ("Y - type 1 diabetes", "yes", "type 1 diabetes"),
        ("no", "no", ""),
        ("/ No If no, why? She is away", "no", "She is away"),
        ("not known - thinks Croydon", "unknown", "thinks Croydon"),
        ("N/A", "", "N/A"),
        ("nobody knows", "", "nobody knows"),
        ("Yesterday he said no", "", "Yesterday he said no"),
    ],
)
def test_yes_and_no_are_read_with_what_comes_after(text, answer, rest):
    assert said.yes_or_no(text) == (answer, rest)


@pytest.mark.parametrize("text", ["as above", "See above", "same as child 1", "ditto", '"'])
def test_references_are_known(text):
    assert said.REFERENCE.fullmatch(text)


@pytest.mark.parametrize("text", ["above all, he is tired", "see the nurse", "same school"])
def test_sentences_are_no_references(text):
    assert not said.REFERENCE.fullmatch(text)


def test_numbers_and_postcodes_are_found_in_texts():
    assert said.phones_in("101 ext 4417 / 07700 900 768") == ["07700 900 768"]
    assert said.phones_in("+44 7700 900145") == ["+44 7700 900145"]
    assert said.find_postcode("18 Quarry Rise, Obberton ob1 9zz")[0] == "OB1 9ZZ"
    assert said.is_mobile("07700 900145")
    assert not said.is_mobile("01632 960001")


def test_codes_are_known_in_any_order_of_words_and_with_letters_before():
    assert said.code_of("White - Other", "ethnicity") == "WOTH"
    assert said.code_of("B1 White and Black Caribbean", "ethnicity") == "MWBC"
    assert said.code_of("green", "ethnicity") == ""


@pytest.mark.parametrize(
    ("text", "name", "kind", "rest"),
    [
        ("Ada Garrow (mum)", "Ada Garrow", "mother", ""),
        ("Grandad Ken (Ada's father)", "Ken", "grandparent", "Ada's father"),
        ("mother Ada 07700 900019, no English", "Ada", "mother", "no English"),
        ("Abel Rook - father", "Abel Rook", "father", ""),
        ("Mrs Pat Yeo, next door", "Mrs Pat Yeo", "", "next door"),
        ("mum 07700 900412", "", "mother", ""),
    ],
)
def test_people_are_read_with_what_is_said_of_them(text, name, kind, rest):
    person = person_in(text)
    assert (person.name, person.relationship, person.rest) == (name, kind, rest)


def test_several_people_in_one_cell_are_apart():
    names = [one.name for one in people_in("Ada Garrow (mother); Piet Garrow (father)")]
    assert names == ["Ada Garrow", "Piet Garrow"]
    assert [one.name for one in people_in("Ada Garrow and Piet Garrow (both)")] == names
    assert [one.name for one in people_in("Ada Garrow\nPiet Garrow")] == names


def test_a_missing_person_is_absent_and_has_no_name():
    person = person_in("Dad - not known")
    assert (person.name, person.relationship, person.absent) == ("", "father", "not-known")


def test_relationships_are_known_in_many_words():
    assert relationship_of("paternal grandmother") == "grandparent"
    assert relationship_of("mums boyfriend") == "parents-partner"
    assert relationship_of("half brother") == "half-sibling"
    assert relationship_of("postman") == ""


def test_a_professional_is_read_with_job_and_organisation():
    worker = worker_in("Rhian Pugh, SENCo, Alder Bank Infants")
    assert (worker.name, worker.job, worker.organisation) == (
        "Rhian Pugh", "SENCo", "Alder Bank Infants",
    )  # fmt: skip
    assert worker_in("The Limes Practice").organisation == "The Limes Practice"


def test_names_are_compared_without_titles():
    assert name_words("Dr J. Pelham") == name_words("J Pelham")
