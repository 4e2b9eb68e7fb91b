"""Nothing that is protected is shown to anybody but agencies, wherever it stands.

A run without settings tries 300 cases of each. EH_INTEROP_CASES=20000 makes a long run of it.
"""

import copy
import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.helpers.arbitrary import records
from tests.protection.planting import (
    ADDRESS,
    CASES,
    FATHER,
    HIDDEN,
    LINES,
    MARKS_OF_PERSON,
    MARKS_OF_PLACE,
    MOTHER,
    TYPES,
    leaves,
    marks_in,
    protected_people,
    protected_places,
    put,
    record_with,
    texts_of,
    thoroughly,
)

from eh_interop.checks.engine import CompiledEngine
from eh_interop.protection import Audience, protections
from eh_interop.standard.schemas import load_standard


def assert_kept(case):
    answer, sources = case.answer()
    for source in sources:
        before = copy.deepcopy(source.document)
        named = answer.recipient(source, "zz2")
        for audience in (Audience.FAMILY, named):
            view = answer.view(source, audience)
            assert marks_in(view.document, case.marks) == []
            assert (view.document == {}) if view.refused else view.document
            assert marks_in(repr((view, answer.all, view.left_out)), case.marks) == []
            assert view.marks == ()
        agency = answer.view(source, Audience.AGENCY)
        assert agency.document == source.document == before
        assert (agency.refused, agency.left_out) == (None, ())
        assert marks_in(repr([*answer.half_said(source)]), case.marks) == []
        if marks_in(source.document, case.marks):
            assert agency.marks
            assert all(mark.words(lambda who: who.id).startswith("Do not") for mark in agency.marks)
            assert answer.security_labels(source)[""]


@pytest.mark.slow
@given(protected_places())
@thoroughly()
def test_a_protected_place_is_nowhere(case):
    assert_kept(case)


@pytest.mark.slow
@given(protected_people())
@thoroughly()
def test_a_protected_person_is_nowhere(case):
    assert_kept(case)


@pytest.mark.parametrize("record_type", TYPES)
def test_no_field_of_any_record_type_shows_it(record_type):
    mother = MOTHER | {"addresses": [ADDRESS | {"confidential": True}]}
    hidden = {"referrer": {"person": "zz3", "wantsAnonymity": True}, "people": [HIDDEN, mother]}
    host = {"recordType": "marf", **hidden}
    text = f"At {LINES[1]} with Thimblewyn"
    marks = MARKS_OF_PERSON + MARKS_OF_PLACE
    for field in texts_of(record_type):
        shown = record_with(record_type, field, text)
        assert marks_in(shown, marks)
        view = protections([host, shown]).view(shown, Audience.FAMILY)
        assert marks_in(view.document, marks) == [], field.link
        assert view.refused or view.left_out, field.link


@pytest.mark.parametrize("record_type", TYPES)
@given(st.data())
@thoroughly(max(5, CASES // len(TYPES)))
def test_a_view_keeps_the_shape_of_a_record(record_type, data):
    shown = data.draw(records(record_type))
    shown.pop("safetyWarnings", None)
    texts = [steps for steps in leaves(shown) if steps[-1] not in {"recordId", "createdAt"}]
    assume(texts)
    engine = CompiledEngine(load_standard(), record_type, ())
    assume(not [*engine.violations(shown)])
    before = copy.deepcopy(shown)
    for steps in data.draw(st.lists(st.sampled_from(texts), max_size=5)):
        put(shown, steps, "7 Quibblewick Lane")
        if [*engine.violations(shown)]:
            shown = copy.deepcopy(before)
        before = copy.deepcopy(shown)
    flagged = {
        "recordType": "plan",
        "people": [MOTHER | {"addresses": [ADDRESS | {"confidential": 1}]}],
    }
    view = protections([shown, flagged]).view(shown, Audience.FAMILY)
    if not view.refused:
        assert [*engine.violations(view.document)] == []
        assert '"Quibblewick' not in json.dumps(view.document)


@st.composite
def mutated(draw):
    """Draw a record in which values are replaced by others of any type."""
    document = draw(records(draw(st.sampled_from(TYPES))))
    odd = st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=4),
        st.just([]), st.just({}), st.lists(st.none() | st.text(max_size=3), max_size=2),
        st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    )  # fmt: skip
    for _ in range(draw(st.integers(0, 6))):
        inside = document
        while True:
            keys = list(inside) if isinstance(inside, dict) else list(range(len(inside)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(inside[key], dict | list) and inside[key] and draw(st.booleans()):
                inside = inside[key]
                continue
            inside[key] = draw(odd)
            break
    return document


@pytest.mark.slow
@given(st.lists(mutated(), min_size=1, max_size=3))
@thoroughly()
def test_nothing_that_is_given_makes_it_fail(documents):
    answer = protections(documents)
    for document in documents:
        for audience in (Audience.FAMILY, Audience.AGENCY, answer.recipient(document, "a1")):
            view = answer.view(document, audience)
            json.dumps(view.document)
            [mark.words(str) for mark in view.marks]
        [*answer.half_said(document)]
        answer.security_labels(document)


@pytest.mark.parametrize("record", [None, 3, "text", [], {}])
def test_what_is_no_record_has_an_empty_view(record):
    assert protections([record]).view(record, Audience.FAMILY).document == {}


def test_a_record_without_end_is_not_shown():
    deep = {}
    for _ in range(5000):
        deep = {"a": [deep]}
    answer = protections([deep, {"recordType": "plan"}])
    for audience in (Audience.FAMILY, Audience.AGENCY):
        assert answer.view(deep, audience).document == {}


def test_a_record_that_is_not_among_those_given_is_looked_at_too():
    open_plan = {"recordType": "plan", "people": [FATHER, MOTHER | {"addresses": [ADDRESS]}]}
    answer = protections(
        [
            {
                "recordType": "marf",
                "households": [{"id": "h1", "address": ADDRESS | {"confidential": True}}],
            }
        ]
    )
    assert marks_in(answer.view(open_plan, Audience.FAMILY).document, MARKS_OF_PLACE) == []
