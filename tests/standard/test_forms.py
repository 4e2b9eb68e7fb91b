"""Real forms: every label has its place in the standard, or a reason why it has none."""

import pytest

from eh_interop import load_standard
from eh_interop.core.pointer import split
from eh_interop.standard.forms import load_forms

STANDARD = load_standard()
FORMS = [pytest.param(each, id=each.key) for each in load_forms()]
NONE = "none, because"


@pytest.mark.parametrize("form", FORMS)
def test_each_place_exists_in_its_record(form):
    for field in form.fields:
        steps = split(field.place)
        assert field.record in STANDARD.record_types
        assert len(list(STANDARD.fields(field.record, steps))) == len(steps), field


@pytest.mark.parametrize("form", FORMS)
def test_a_label_without_a_place_says_why(form):
    for field in form.fields:
        assert field.place or field.note.startswith(NONE), field
    for label in form.homeless:
        notes = [each.note for each in form.fields if (each.section, each.label) == label]
        assert all(note.startswith(NONE) for note in notes)


@pytest.mark.parametrize("form", FORMS)
def test_a_form_says_what_it_is(form):
    assert form.record in STANDARD.record_types
    assert form.authority
    assert form.evidence
    assert form.fields


def test_a_label_counts_once_however_many_places_it_has():
    form = next(each.values[0] for each in FORMS if each.values[0].key == "marf-lambeth")
    assert len(form.labels) < len(form.fields)
    assert len(form.labels) == len(set(form.labels))
