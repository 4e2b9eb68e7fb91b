"""Where things stand in a JSON text."""

from __future__ import annotations

import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.helpers.json_texts import documents, offset_of, places, value_at

from eh_interop.core.findings import Origin
from eh_interop.reading.json_positions import locate, locate_keys

RECORD = """\
{
  "id": "r1",
  "children": [
    {"name": "A", "born": null},
    {"n\\u0061me" : "B"}
  ],
  "empty": {}, "none": []
}
"""


@pytest.mark.parametrize(
    ("place", "line", "column"),
    [
        ((), 1, 1),
        (("id",), 2, 9),
        (("children",), 3, 15),
        (("children", 0), 4, 5),
        (("children", "0"), 4, 5),
        (("children", 0, "born"), 4, 27),
        (("children", 1, "name"), 5, 20),
        (("empty",), 7, 12),
        (("none",), 7, 24),
    ],
)
def test_a_value_is_found(place, line, column):
    assert locate(RECORD, [place]) == {place: Origin(line, column)}


@pytest.mark.parametrize(
    ("missing", "parent"),
    [
        (("nothing",), ()),
        (("nothing", 0, "at", "all"), ()),
        (("children", 2), ("children",)),
        (("children", -1), ("children",)),
        (("children", "00"), ("children",)),
        (("children", "name"), ("children",)),
        (("children", 1, "born"), ("children", 1)),
        (("id", "x"), ("id",)),
        (("id", 0), ("id",)),
        (("empty", "x"), ("empty",)),
        (("none", 0), ("none",)),
    ],
)
def test_what_is_missing_is_where_its_nearest_parent_is(missing, parent):
    found = locate(RECORD, [missing, parent])
    assert found[missing] == found[parent]
    assert locate_keys(RECORD, [missing])[missing] == found[parent]


@pytest.mark.parametrize(
    ("place", "line", "column"),
    [
        (("id",), 2, 3),
        (("children", 0, "born"), 4, 19),
        (("children", 1, "name"), 5, 6),
        (("none",), 7, 16),
        (("children", 0), 4, 5),
        ((), 1, 1),
    ],
)
def test_a_name_is_found(place, line, column):
    assert locate_keys(RECORD, [place]) == {place: Origin(line, column)}


def test_many_places_are_found_together():
    asked = [("id",), ("children", 1), ("nothing",), ("id",)]
    assert list(locate(RECORD, asked)) == [("id",), ("children", 1), ("nothing",)]
    assert locate(RECORD, []) == {}


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_break_counts_once(line_break):
    text = '{\n\n"a":\n 1}'.replace("\n", line_break)
    assert locate(text, [("a",)]) == {("a",): Origin(4, 2)}


def test_line_breaks_of_both_kinds_in_one_text():
    assert locate('{\r\r\n\n"a":1}', [("a",)]) == {("a",): Origin(4, 5)}


def test_columns_count_characters():
    assert locate('{"é😀":"😀", "b":1}', [("b",)]) == {("b",): Origin(1, 16)}


def test_lines_count_from_the_first_line_of_the_text():
    assert locate('{\n"a":1}', [("a",), ()], first_line=41) == {
        ("a",): Origin(42, 5),
        (): Origin(41, 1),
    }


@pytest.mark.parametrize("text", ["1", " true ", '"x"', "[]", "{}", "-1.5e3"])
def test_a_text_need_not_be_an_object(text):
    column = len(text) - len(text.lstrip()) + 1
    assert locate(text, [(), ("a",), (0,)]) == dict.fromkeys([(), ("a",), (0,)], Origin(1, column))


def test_the_last_of_two_properties_counts():
    text = '{"a": {"b": 1, "c": 1},\n"a": {"b": 2}}'
    found = locate(text, [("a",), ("a", "b"), ("a", "c")])
    assert found == {
        ("a",): Origin(2, 6),
        ("a", "b"): Origin(2, 12),
        ("a", "c"): Origin(2, 6),  # the first one was not kept
    }
    assert locate_keys(text, [("a",), ("a", "c")]) == {
        ("a",): Origin(2, 1),
        ("a", "c"): Origin(2, 6),
    }


def test_a_name_that_was_not_kept_is_not_the_name_of_an_entry():
    text = '{"a": {"0": 1}, "a": [5]}'
    assert locate_keys(text, [("a", 0)]) == {("a", 0): Origin(1, 23)}


def test_brackets_and_marks_within_text_are_text():
    text = '{"a{[": "}]\\"," , "b\\\\": ["\\\\", "]"], "c": 1}'
    for place, value in places(orjson.loads(text)):
        assert value_at(text, locate(text, [place])[place]) == value


layouts = st.fixed_dictionaries(
    {
        "indent": st.sampled_from([None, 0, 1, 7]),
        "separators": st.sampled_from([(",", ":"), (", ", ": "), (" ,", " : ")]),
        "ensure_ascii": st.booleans(),
    }
)


@given(documents, layouts, st.sampled_from(["\n", "\r\n", "\r"]), st.integers(1, 1000))
def test_at_every_origin_stands_the_value(document, layout, line_break, first_line):
    text = json.dumps(document, **layout).replace("\n", line_break)
    expected = dict(places(document))
    found = locate(text, expected, first_line=first_line)
    assert {place: value_at(text, at, first_line) for place, at in found.items()} == expected
    assert len({offset_of(text, at, first_line) for at in found.values()}) == len(expected)


@given(documents, layouts)
def test_at_every_origin_of_a_name_stands_the_name(document, layout):
    text = json.dumps(document, **layout)
    for place, value in places(document):
        has_name = bool(place) and isinstance(place[-1], str)
        there = value_at(text, locate_keys(text, [place])[place])
        assert there == (place[-1] if has_name else value)


@pytest.mark.parametrize(
    ("opening", "closing", "step"), [("[", "]", 0), ('{"a":', "}", "a")], ids=["lists", "objects"]
)
def test_nesting_has_no_limit(opening, closing, step):
    depth = 100_000
    text = opening * depth + "1" + closing * depth
    place = (step,) * depth
    column = depth * len(opening) + 1
    assert locate(text, [place, (step,) * 7 + ("none",)]) == {
        place: Origin(1, column),
        (step,) * 7 + ("none",): Origin(1, 7 * len(opening) + 1),
    }


def test_a_hundred_thousand_places_in_a_large_list():
    count = 100_000
    text = "[\n" + ",\n".join(['{"a":1}'] * count) + "\n]"
    found = locate(text, ((index, "a") for index in range(count)))
    assert len(found) == count
    assert found[count - 1, "a"] == Origin(count + 1, 6)


@pytest.mark.parametrize(
    "filler", ["x", "\\n", '\\"', "é", "\\u00e9"], ids=["plain", "escape", "mark", "wide", "hex"]
)
def test_long_text_is_passed_over(filler):
    text = '{"a": "' + filler * 500_000 + '", "b": 1}'
    assert value_at(text, locate(text, [("b",)])["b",]) == 1


@pytest.mark.parametrize("blank", [" ", "\n", "\r\n", "\t"])
def test_long_blanks_are_passed_over(blank):
    gap = blank * 300_000
    text = gap + '{"a"' + gap + ":" + gap + '"x"' + gap + ',"b":2' + gap + "}" + gap
    found = locate(text, [("a",), ("b",)])
    assert [value_at(text, origin) for origin in found.values()] == ["x", 2]
