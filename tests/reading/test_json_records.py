"""One record: what is read, and what is said when it cannot be."""

from __future__ import annotations

import codecs
import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eh_interop.core.findings import Finding, Layer, Origin, Severity
from eh_interop.reading import json_records
from eh_interop.reading.json_faults import MAX_REPEATS, safe_steps
from eh_interop.reading.json_records import JsonLocator, SourceRecord, read_record


def read(data: bytes | str) -> SourceRecord:
    return read_record(data.encode() if isinstance(data, str) else data, "folder/file.json")


def only(raw: SourceRecord) -> Finding:
    [finding] = raw.findings
    return finding


def lists(depth: int, opening: str = "[", closing: str = "]") -> str:
    return '{"a":' + opening * depth + ("1" if opening != "[" else "") + closing * depth + "}"


def test_a_good_record():
    raw = read('{"id": "r1"}')
    text = b'{"id": "r1"}'
    assert raw == SourceRecord(
        source="folder/file.json", document={"id": "r1"}, text=text, locator=JsonLocator(text, 1)
    )


def test_the_text_is_not_copied():
    data = b'{"id": "r1"}'
    assert read(data).text is data


def test_origins_of_values_and_names():
    raw = read_record(b'{"a":\n1}', "-", line=7)
    assert raw.locate([("a",)]) == {("a",): Origin(8, 1)}
    assert raw.locate_names([("a",)]) == {("a",): Origin(7, 2)}
    assert read("{").locate([()]) == read("{").locate_names([()]) == {}


def test_the_representation_shows_nothing_of_the_record():
    assert "MARKER" not in repr(read('{"MARKER-a": "MARKER-b", "MARKER-a": 1}'))
    assert "MARKER" not in repr(read('{"MARKER-a": "MARKER-b'))


NOT_JSON = ("RDG-001", "not-json")
TRUNCATED = ("RDG-002", "truncated")
WRONG_ENCODING = ("RDG-003", "wrong-encoding")
NOT_A_NUMBER = ("RDG-006", "not-a-number")
TOO_LARGE_NUMBER = ("RDG-007", "number-too-large")
LONE_SURROGATE = ("RDG-008", "lone-surrogate")
TOO_DEEP = ("RDG-009", "nested-too-deeply")
EMPTY = ("RDG-011", "empty")
NOT_AN_OBJECT = ("RDG-012", "not-an-object")

UNREADABLE = [
    ('{"a":1,}', NOT_JSON, (1, 7)),
    ("{'a':1}", NOT_JSON, (1, 2)),
    ('{\r\n"a":1,\r\n x}', NOT_JSON, (3, 2)),
    ('{\r"a":1,\r x}', NOT_JSON, (3, 2)),
    ('{"é😀":"é" x}', NOT_JSON, (1, 11)),
    ('{"a":1} x', NOT_JSON, (1, 9)),
    ('{"a":1}{"b":2}', NOT_JSON, (1, 8)),
    ('{"a":"x\ty"}', NOT_JSON, (1, 8)),
    ('{"a":"\\x"}', NOT_JSON, (1, 7)),
    ('{"a":01}', NOT_JSON, (1, 6)),
    ('{"a":+1}', NOT_JSON, (1, 6)),
    ('{"a":nap}', NOT_JSON, (1, 6)),
    ('{"a":nano}', NOT_JSON, (1, 6)),
    ("Infantile", NOT_JSON, (1, 1)),
    ('{"a":--1}', NOT_JSON, (1, 7)),
    ("\x0b{}", NOT_JSON, (1, 1)),
    ("\x00\x00\x00\x00", NOT_JSON, (1, 1)),
    ("<html>", NOT_JSON, (1, 1)),
    ("{", TRUNCATED, (1, 2)),
    ('{"a"', TRUNCATED, (1, 5)),
    ('{"a":1,\n "b": [tr\n\n', TRUNCATED, (2, 10)),
    ('{"a":"é', TRUNCATED, (1, 8)),
    ('{"a":"x y\n', TRUNCATED, (1, 10)),
    ('{"a":"\\ud83d', TRUNCATED, (1, 13)),
    ('{"a":"é'.encode()[:-1], TRUNCATED, (1, 7)),
    ('{"é":1}'.encode("cp1252"), WRONG_ENCODING, (1, 3)),
    ('{\n"a":"é",\r\n"b":"'.encode() + b'x\x93"}', WRONG_ENCODING, (3, 7)),
    (b'{"a":"\x81"}', WRONG_ENCODING, (1, 7)),
    ('{"a":1}'.encode("utf-16"), WRONG_ENCODING, (1, 1)),
    ('{"a":1}'.encode("utf-16-le"), WRONG_ENCODING, (1, 1)),
    ('{\n"a":1}'.encode("utf-16-be"), WRONG_ENCODING, (1, 1)),
    (codecs.BOM_UTF16_BE + '{"a":1}'.encode("utf-16-be"), WRONG_ENCODING, (1, 1)),
    ('{"a":1}'.encode("utf-32"), WRONG_ENCODING, (1, 1)),
    ('{"a":1}'.encode("utf-32-le"), WRONG_ENCODING, (1, 1)),
    ('{"a":1}'.encode("utf-32-be"), WRONG_ENCODING, (1, 1)),
    (codecs.BOM_UTF32_BE + '{"a":1}'.encode("utf-32-be"), WRONG_ENCODING, (1, 1)),
    ('{"é":1,\n"a":NaN}', NOT_A_NUMBER, (2, 5)),
    ('{"a":nan}', NOT_A_NUMBER, (1, 6)),
    ('{"a":[1, Infinity]}', NOT_A_NUMBER, (1, 10)),
    ('{"a":-Infinity}', NOT_A_NUMBER, (1, 6)),
    ('{"a":+inf}', NOT_A_NUMBER, (1, 6)),
    ('{"a":1e400}', TOO_LARGE_NUMBER, (1, 6)),
    ('{"a":\n-1e400}', TOO_LARGE_NUMBER, (2, 1)),
    ('{"a":' + "9" * 400 + "}", TOO_LARGE_NUMBER, (1, 6)),
    ('{"a":"x\\ud800y"}', LONE_SURROGATE, (1, 8)),
    ('{"a":"\\udc00"}', LONE_SURROGATE, (1, 7)),
    ('{"a":"\\ud800\\ud800"}', LONE_SURROGATE, (1, 7)),
    ('{"\\ud800":1}', LONE_SURROGATE, (1, 3)),
    (b'{"a":"\xed\xa0\xbd"}', LONE_SURROGATE, (1, 7)),
    (lists(100_000), TOO_DEEP, (1, 1030)),
    ("[1]", NOT_AN_OBJECT, (1, 1)),
    ("\n 17", NOT_AN_OBJECT, (2, 2)),
    ('"x"', NOT_AN_OBJECT, (1, 1)),
    ("null", NOT_AN_OBJECT, (1, 1)),
    ("true", NOT_AN_OBJECT, (1, 1)),
]


@pytest.mark.parametrize(("data", "fault", "at"), UNREADABLE)
def test_what_cannot_be_read_is_said_with_its_place(data, fault, at):
    raw = read(data)
    finding = only(raw)
    assert raw.document is None
    assert (finding.code, finding.name) == fault
    assert finding.origin == Origin(*at)
    assert finding.severity is Severity.ERROR
    assert finding.layer is Layer.READING
    assert finding.place == ""


@pytest.mark.parametrize("data", ["", " \r\n\t", codecs.BOM_UTF8])
def test_an_empty_record(data):
    raw = read(data)
    assert raw.document is None
    assert (raw.findings[-1].code, raw.findings[-1].name) == EMPTY


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("[1]", "NDJSON"),
        ('{"a":1}\n{"a":1}', "NDJSON"),
        ("null", "null"),
        ("true", "true or false"),
        ('"x"', "a text"),
        ("1.5", "a number"),
        ('{"a":1,}', "comma"),
        ('{"a":01}', "begins with 0"),
        ("{a:1}", "double quotation marks"),
        ('{"a":"x\n}', "not closed"),
        ('{"a":"C:\\dir"}', "backslash"),
        (b'{"a":"\xe9"}', "looks like Windows-1252: save it as UTF-8"),
        (b'{"a":"\x8d"}', "is not UTF-8: save it as UTF-8"),
        ('{"a":1}'.encode("utf-16-le"), "UTF-16 LE: save it as UTF-8"),
        ('{"a":1}'.encode("utf-16-be"), "UTF-16 BE: save it as UTF-8"),
        ('{"a":1}'.encode("utf-32"), "UTF-32: save it as UTF-8"),
        ('{"a":', "The file ends before the record is complete."),
    ],
)
def test_the_message_helps(data, words):
    assert words in only(read(data)).message


def test_lines_count_from_the_line_of_the_record():
    raw = read_record(b'{"a":tru}', "-", line=210, unit="line")
    assert only(raw).origin == Origin(210, 6)
    assert "line" in only(read_record(b'{"a":', "-", line=210, unit="line")).message


def test_a_byte_order_mark_is_skipped():
    raw = read(codecs.BOM_UTF8 + b'{"a":1}')
    assert raw.document == {"a": 1}
    assert (only(raw).code, only(raw).severity) == ("RDG-004", Severity.INFO)
    assert raw.locate([("a",)]) == {("a",): Origin(1, 6)}


def test_a_byte_order_mark_does_not_hide_another_fault():
    raw = read(codecs.BOM_UTF8 + b'{"a":1,}')
    assert [finding.code for finding in raw.findings] == ["RDG-004", "RDG-001"]
    assert raw.findings[1].origin == Origin(1, 7)


def test_a_property_that_stands_twice():
    raw = read('{"children": [{"name": 1,\n  "name": 2}]}')
    assert raw.document == {"children": [{"name": 2}]}
    finding = only(raw)
    assert (finding.code, finding.name) == ("RDG-005", "duplicate-field")
    assert (finding.place, finding.origin) == ("/children/0", Origin(2, 3))


@pytest.mark.parametrize(
    ("steps", "safe"),
    [
        (("children", 0, "name"), ("children", 0, "name")),
        (("children", 0, "Jo Smith", "name"), ("children", 0)),
        (("Jo", "a"), ()),
        (("a" * 64,), ("a" * 64,)),
        (("a" * 65,), ()),
        (("a\n",), ()),
        (("naïve",), ()),
        (("", "a"), ()),
        ((), ()),
    ],
)
def test_a_place_is_cut_where_a_name_might_say_something(steps, safe):
    assert safe_steps(steps) == safe


def test_a_long_list_of_repeats_is_cut_and_says_so():
    raw = read("{" + '"a":1,' * 5000 + '"a":1}')
    assert len(raw.findings) == MAX_REPEATS + 1
    assert {finding.code for finding in raw.findings} == {"RDG-005"}
    assert raw.findings[-1].message.startswith("More")
    assert len(read("{" + '"a":1,' * MAX_REPEATS + '"a":1}').findings) == MAX_REPEATS


@pytest.mark.parametrize(
    ("number", "is_kept"),
    [
        (2**64 - 1, True),
        (2**64, False),
        (-(2**63), True),
        (-(2**63) - 1, False),
        (10**30, False),
        (9_999_999_999_999_999_999, True),
    ],
)
def test_a_whole_number_beyond_64_bits(number, is_kept):
    raw = read(f'{{"a": [1,\n {number}]}}')
    assert raw.document is not None
    assert (raw.document["a"][1] == number and isinstance(raw.document["a"][1], int)) == is_kept
    if is_kept:
        assert not raw.findings
    else:
        assert (only(raw).code, only(raw).name) == TOO_LARGE_NUMBER
        assert only(raw).origin == Origin(2, 2)


@pytest.mark.parametrize("value", ['"12345678901234567890123"', "0.12345678901234567890123"])
def test_many_digits_that_are_not_a_whole_number(value):
    assert not read(f'{{"a": {value}}}').findings


def test_a_long_list_of_huge_numbers_is_cut_and_says_so():
    raw = read('{"a": [' + ",".join([str(10**20)] * 500) + "]}")
    assert len(raw.findings) == MAX_REPEATS + 1
    assert raw.findings[-1].message.startswith("More")


def test_the_deepest_record_that_is_read():
    assert read(lists(1000)).document is not None
    assert read(lists(1100)).document is None


def test_many_brackets_are_not_depth():
    assert read('{"a": [' + "[{}]," * 1000 + "{}]}").document is not None
    assert not read(json.dumps({"a": "[{" * 1000})).findings


def test_a_record_that_is_too_large(monkeypatch):
    monkeypatch.setattr(json_records, "MAX_RECORD_BYTES", 1024 * 1024)
    fits = b'{"a":"' + b"x" * (1024 * 1024 - 8) + b'"}'
    assert read(fits).document is not None
    raw = read(fits + b" ")
    assert (raw.document, raw.text) == (None, b"")
    assert (only(raw).code, only(raw).name) == ("RDG-010", "too-large")
    assert "1 MiB" in only(raw).message


WITH_MARKERS = [
    '{"MARKER-k": "MARKER-v",}',
    '{"MARKER-k": MARKER-v}',
    '{"MARKER-k": "MARKER-v',
    '{"MARKER-k": "MARKER-v", "a": NaN}',
    '{"MARKER-k": "MARKER-v", "a": 1e999}',
    '{"MARKER-k": "MARKER-v\\ud800"}',
    '{"MARKER-k": {"MARKER-k": "MARKER-v", "MARKER-k": 1}, "MARKER-k": 1}',
    '{"MARKER-k": 123456789012345678901234567890, "a": "MARKER-v"}',
    '{"MARKER-k": ' + "[" * 2000 + '"MARKER-v"' + "]" * 2000 + "}",
    '["MARKER-v"]',
    '"MARKER-v"',
    "MARKER-v",
    '{"MARKER-k": "é'.encode("cp1252") + b'MARKER-v"}',
    '{"MARKER-k": "MARKER-v"}'.encode("utf-16"),
    '{"MARKER-k": "MARKER-v"}'.encode("utf-16-le"),
    codecs.BOM_UTF8 + b'{"MARKER-k": "MARKER-v"} MARKER',
]


@pytest.mark.parametrize("data", WITH_MARKERS)
def test_no_finding_quotes_the_source(data, caplog, capsys):
    raw = read(data)
    assert raw.findings
    said = repr(raw) + repr(raw.findings) + caplog.text + "".join(capsys.readouterr())
    assert "MARKER" not in said
    assert "123456789" not in said


@given(st.binary(max_size=40) | st.text(max_size=40).map(str.encode))
def test_nothing_makes_reading_raise(data):
    raw = read(data)
    assert (raw.document is None) == any(
        finding.code not in {"RDG-004", "RDG-005", "RDG-007"} for finding in raw.findings
    )


@given(st.text('{}[]",:\\ud8nN1e+-I\n\r ', max_size=25))
def test_almost_json_never_makes_reading_raise(text):
    raw = read(text)
    if raw.document is None:
        assert raw.findings
    else:
        assert json.loads(text) == raw.document


@pytest.mark.parametrize(
    ("data", "words", "position"),
    [
        (b'{"a":', "unexpected end of data", 5),
        (b'{"a":1,}', "trailing comma is not allowed", 6),
        (b'{"a":1} x', "unexpected content after document", 8),
        (b'{"a":"\t"}', "unexpected control character in string", 6),
        (b'{"a":"\\x"}', "invalid escaped sequence in string", 6),
        (b"{a:1}", "unexpected character, expected a string key", 1),
        (b'{"a":01}', "number with leading zero is not allowed", 5),
        (b'{"a":-Infinity}', "no digit after sign", 6),
        (b'{"a":1e400}', "number is infinity when parsed as double", 5),
        (b'{"a":"\\ud800"}', "no low surrogate in string", 6),
        (b'{"a":"\\ud800\\u0041"}', "invalid low surrogate in string", 6),
        (b'{"a":"\\udc00"}', "invalid high surrogate in string", 6),
        (b"[" * 2000, "depth limit exceeded", 1025),
        ('["éé" x]'.encode(), "unexpected character, expected ',' or ']'", 6),
    ],
)
def test_orjson_says_what_the_diagnosis_relies_on(data, words, position):
    """When this fails after an update of orjson, its words in ``diagnosis`` need a look."""
    with pytest.raises(orjson.JSONDecodeError) as caught:
        orjson.loads(data)
    assert (caught.value.msg, caught.value.pos) == (words, position)
