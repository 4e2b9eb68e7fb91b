"""Views: each core holds what is required, protects somebody or is asked by many forms."""

import json
from collections import Counter

import pytest
from tests.helpers.support import AS_OF, EXAMPLES
from tests.helpers.views import computed, draft, protective

import eh_interop
from eh_interop.core.errors import StandardError
from eh_interop.core.findings import Disposition
from eh_interop.standard.fields import fields_of
from eh_interop.standard.schemas import load_standard
from eh_interop.standard.views import SYSTEM, ViewLevel, leaves, link_of, load_view

TYPES = load_standard().record_types


def as_core_form(value, links, link=""):
    """Return what a core form holds of a record, and what the system adds."""
    if isinstance(value, dict):
        kept = {}
        for name, inner in value.items():
            at = f"{link}.{name}" if link else name
            part = inner if name in SYSTEM or at == "area" else as_core_form(inner, links, at)
            if part not in (None, [], {}):
                kept[name] = part
        return kept if kept.keys() - {"id"} else None
    if isinstance(value, list):
        return [part for inner in value if (part := as_core_form(inner, links, link)) is not None]
    return value if link in links else None


@pytest.mark.parametrize("record_type", TYPES)
def test_the_core_holds_what_is_required_protects_or_is_usual(record_type):
    core = {one.place for one in load_view(record_type).fields(ViewLevel.CORE)}
    missing = {place: why for place, why in computed(record_type).items() if place not in core}
    assert missing == {}


@pytest.mark.parametrize("record_type", TYPES)
def test_whatever_else_is_core_has_a_reason(record_type):
    expected = computed(record_type)
    chosen = [
        one for one in load_view(record_type).fields(ViewLevel.CORE) if one.place not in expected
    ]
    assert all(one.because for one in chosen), [one.place for one in chosen if not one.because]


@pytest.mark.parametrize("record_type", TYPES)
def test_a_reason_is_given_only_where_nothing_else_is_one(record_type):
    expected = computed(record_type)
    core = load_view(record_type).fields(ViewLevel.CORE)
    assert [one.place for one in core if one.because and one.place in expected] == []


@pytest.mark.parametrize("record_type", TYPES)
def test_every_field_is_in_the_full_view_once(record_type):
    view = load_view(record_type)
    counts = Counter(one.place for one in view.fields())
    assert counts == Counter(place for place, _ in leaves(fields_of(record_type)))
    assert {top for section in view.sections for top in section.holds} == {
        one.name for one in fields_of(record_type).fields
    }


@pytest.mark.parametrize("record_type", TYPES)
def test_labels_tell_fields_of_one_entry_apart(record_type):
    groups = Counter(
        (link_of(one.place.rsplit("/", 1)[0]), one.label)
        for one in load_view(record_type).fields(ViewLevel.CORE)
    )
    assert [key for key, count in groups.items() if count > 1] == []


@pytest.mark.parametrize("record_type", TYPES)
def test_conditions_speak_of_fields_of_the_form(record_type):
    fields = list(load_view(record_type).fields(ViewLevel.CORE))
    core = {one.place for one in fields}
    assert {place for one in fields for place in one.when} <= core


@pytest.mark.parametrize("record_type", TYPES)
def test_a_core_form_can_be_ready(record_type):
    record = json.loads((EXAMPLES / "minimal" / f"{record_type}.json").read_text("utf-8"))
    links = {link_of(one.place) for one in load_view(record_type).fields(ViewLevel.CORE)}
    report = eh_interop.check(as_core_form(record, links), as_of=AS_OF)
    assert report.disposition is Disposition.READY, [
        (one.code, one.place) for one in report.findings
    ]


def test_protective_places_are_fields():
    known = {place for record in TYPES for place, _ in leaves(fields_of(record))}
    assert set(protective()) <= known


def test_a_draft_is_a_view():
    assert draft("marf").count("[[section]]") == len(load_view("marf").sections)


def test_there_is_no_view_of_an_unknown_type():
    with pytest.raises(StandardError):
        load_view("letter")
