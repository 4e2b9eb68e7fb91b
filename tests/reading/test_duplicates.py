"""Properties that stand twice: the exact look, and the quick one before it."""

from __future__ import annotations

import json

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.helpers.json_texts import documents, repeats, texts_with_repeats, value_at, written

from eh_interop.core.findings import Origin
from eh_interop.reading.json_positions import duplicate_keys, may_have_duplicate_keys


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a":1,"b":1}', []),
        ('{"a":1,"a":1}', [((), Origin(1, 8))]),
        ('{"a":1,"\\u0061":1}', [((), Origin(1, 8))]),
        ('{"a":1,\n "a":1,\n  "a":1}', [((), Origin(2, 2)), ((), Origin(3, 3))]),
        ('{"x":[0,{"a":1,"a" :2}]}', [(("x", 1), Origin(1, 16))]),
        ('{"x":[[],{},[{"a":1,"a":2}]]}', [(("x", 2, 0), Origin(1, 21))]),
        ('{"a":{"a":{"a":1}},"b":{"a":1}}', []),
        ('[{"a":1},{"a":1}]', []),
        ('{"a":"a","b":"a"}', []),
        ('{"":1,"":1}', [((), Origin(1, 7))]),
        ('{"a":{"b":1},"a":{"b":1,"b":2}}', [((), Origin(1, 14)), (("a",), Origin(1, 25))]),
    ],
)
def test_each_repeated_name_is_listed(text, expected):
    assert duplicate_keys(text) == expected
    assert may_have_duplicate_keys(text.encode(), orjson.loads(text)) == bool(expected)


def test_lines_count_from_the_first_line_and_the_list_can_be_cut():
    text = '{"a":1,\n"a":1,\n"a":1}'
    assert duplicate_keys(text, 10, most=1) == [((), Origin(11, 1))]


@given(texts_with_repeats, st.randoms(use_true_random=False))
def test_the_exact_look_is_exact(value, chance):
    text = written(value, chance)
    found = duplicate_keys(text)
    assert [(steps, value_at(text, origin)) for steps, origin in found] == repeats(value)


@settings(max_examples=500)
@given(texts_with_repeats, st.randoms(use_true_random=False))
def test_the_quick_look_never_misses_one(value, chance):
    text = written(value, chance)
    data = text.encode()
    quick = may_have_duplicate_keys(data, orjson.loads(data))
    if duplicate_keys(text):
        assert quick
    elif b"\\u0022" not in data:
        assert not quick


@given(documents, st.sampled_from([None, 1]), st.booleans(), st.sampled_from([":", " : "]))
def test_ordinary_records_need_no_exact_look(document, indent, ensure_ascii, colon):
    text = json.dumps(document, indent=indent, ensure_ascii=ensure_ascii, separators=(",", colon))
    data = text.encode()
    assert not may_have_duplicate_keys(data, orjson.loads(data))


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":"\\u0022\\u0022"}',  # counts alike but for the look for \u0022
        b'{"a":"\\u0022","b":{"a":1,"a":2}}',
        b'{"a" :1,"a" :2}',
        b'{"a":"\\u003a","a":2}',
        b'{"\\/":1,"/":2}',
    ],
)
def test_spellings_that_might_hide_one(data):
    assert may_have_duplicate_keys(data, orjson.loads(data))


def test_what_orjson_cannot_write_is_looked_at_exactly():
    data = b"[" * 500 + b"]" * 500
    assert may_have_duplicate_keys(data, orjson.loads(data))


def test_nesting_has_no_limit():
    depth = 100_000
    text = '{"a":' * depth + '{"b":1,"b":2}' + "}" * depth
    [(place, origin)] = duplicate_keys(text)
    assert len(place) == depth
    assert origin == Origin(1, 5 * depth + 8)


def test_a_large_list_without_repeats():
    assert duplicate_keys("[" + ",".join(['{"a":1}'] * 100_000) + "]") == []
