"""What labels mean, held by the examples beside each pattern and by the labels of real forms."""

import re

import pytest

from eh_interop.core.resources import csv_rows, folder
from eh_interop.formats._shared.forms.recognising import record_type_of
from eh_interop.formats._shared.forms.special import HANDLERS
from eh_interop.formats._shared.forms.vocabulary import (
    LIKELY,
    is_follow_up,
    knows,
    meaning_of,
    number_in,
    subject_of,
)
from eh_interop.standard.fields import fields_of
from eh_interop.standard.forms import load_forms
from eh_interop.standard.schemas import load_standard

FORMS = folder("mappings") / "forms"
QUESTIONS = csv_rows(FORMS / "questions.csv")
WORDS = csv_rows(FORMS / "label-words.csv")
TYPES = csv_rows(FORMS / "record-types.csv")
LINKS = {field.link for kind in load_standard().record_types for field in fields_of(kind).walk()}


def link_of(place):
    steps = [step for step in place.split("/")[1:] if step[0] not in "{+*" and not step.isdigit()]
    return ".".join(steps)


@pytest.mark.parametrize("row", QUESTIONS, ids=lambda row: row["example"])
def test_the_example_of_a_question_leads_to_its_place(row):
    meaning = meaning_of(row["example"])
    assert (meaning.place, meaning.why) == (row["place"], row["why"])


@pytest.mark.parametrize("row", WORDS, ids=lambda row: row["example"])
def test_the_example_of_a_word_is_understood(row):
    meaning = meaning_of(row["example"])
    known = subject_of(row["example"]) if row["kind"] == "subject" else meaning.attribute
    assert known == row["name"]


@pytest.mark.parametrize("row", QUESTIONS, ids=lambda row: row["example"])
def test_places_are_fields_of_the_standard_and_handlers_exist(row):
    for place in [*row["place"].split(), *row["why"].split()]:
        assert place in HANDLERS if place.startswith("=") else link_of(place) in LINKS


@pytest.mark.parametrize("row", TYPES, ids=lambda row: row["example"])
def test_a_title_says_which_record_a_form_is(row):
    assert record_type_of("", row["example"], (), ()) == row["record"]


def test_most_labels_of_real_forms_are_known():
    labels = {label for form in load_forms() for _, label in form.labels if form.kind == "marf"}
    unknown = [label for label in labels if not knows(label)]
    assert len(unknown) < 0.08 * len(labels)


@pytest.mark.parametrize(
    ("label", "attribute", "subject"),
    [
        ("1. Child's date of birth:", "birth", "child"),
        ("Q3) D.O.B *", "birth", ""),
        ("Mother", "name", "mother"),
        ("Child 2 surname", "family-name", "child"),
        ("Name of person completing this form", "name", "referrer"),
        ("Health visitor / midwife", "name", "health-visitor"),
        ("Other adults living in the household", "name", "other-person"),
    ],
)
def test_a_label_says_of_whom_and_what(label, attribute, subject):
    meaning = meaning_of(label)
    assert (meaning.attribute, meaning.subject) == (attribute, subject)


@pytest.mark.parametrize(
    "label",
    ["Was it agreed that a referral was required?", "Parent signature", "Consent revisited on"],
)
def test_what_only_sounds_like_consent_is_none(label):
    assert meaning_of(label).place == "=not-read"


@pytest.mark.parametrize("label", ["", "Amount due", "Invoice number 7", "x" * 400])
def test_what_nobody_can_tell_means_nothing(label):
    assert meaning_of(label) is None


def test_a_label_that_is_nearly_one_of_a_real_form_is_less_sure():
    meaning = meaning_of("Reason to live at this current address (private fostering)")
    assert meaning is None or meaning.confidence <= LIKELY or meaning.attribute


@pytest.mark.parametrize("label", ["If no, why not?", "Details:", "Please give details", "Why?"])
def test_a_label_may_ask_for_more_about_the_one_before(label):
    assert is_follow_up(label)


def test_a_heading_counts_children():
    assert number_in("Child 2 of 3") == 2
    assert number_in("Children") == 0


def test_patterns_are_in_small_letters_as_labels_are_compared():
    for row in [*QUESTIONS, *WORDS, *TYPES]:
        letters = re.sub(r"\\.", "", row["pattern"])
        assert letters == letters.lower()
