"""JSON as RFC 8259 has it: what must be read is read, what must not is told, and nothing raises.

The cases are of three kinds, as suites for JSON parsers have them: a parser has to take it, has to
refuse it, or may do either. Each stands as the value of a property of a record.
"""

import codecs

import pytest

from eh_interop.reading import Fault, read_record

TAKEN = {
    "empty object": "{}",
    "empty list": "[]",
    "list of lists": "[[[]],[]]",
    "blanks of all kinds": " \t\r\n[ \t\r\n1 , 2\n]\r",
    "true, false, null": "[true,false,null]",
    "zero": "0",
    "minus zero": "-0",
    "fraction": "1.5",
    "exponent": "[1e5,1E5,1e+5,1E-5,0e0]",
    "small fraction": "1e-400",
    "escapes": r'"\"\\\/\b\f\n\r\t\u0041"',
    "two escapes for one character": r'"\ud83d\ude00"',
    "escaped zero": r'"\u0000"',
    "not a character": r'"\uffff"',
    "letters of four bytes": '"\U0001f600"',
    "line separator": '"\u2028\u2029"',
    "delete": '"\x7f"',
    "name of no letters": '{"":1}',
    "name with escape": r'{"\u0061":1}',
    "reverse solidus before u": r'"\\u0041"',
}
REFUSED = {
    "comma at the end": "[1,]",
    "two commas": "[1,,2]",
    "comma first": "[,1]",
    "no comma": "[1 2]",
    "colon in a list": "[1:2]",
    "no value": '{"a":}',
    "no colon": '{"a" 1}',
    "name without marks": "{a:1}",
    "number as a name": "{1:1}",
    "single marks": "['a']",
    "comma after the last property": '{"a":1,}',
    "comment": "[1/* one */]",
    "comment to the end of the line": "[1//one\n]",
    "plus": "+1",
    "leading zero": "012",
    "minus alone": "-",
    "no digits before": ".5",
    "no digits after": "1.",
    "no digits in the exponent": "1e",
    "hexadecimal": "0x1F",
    "not a number": "NaN",
    "infinite": "-Infinity",
    "digits of another script": "\uff11",
    "capitals": "True",
    "half a word": "tru",
    "line break in a text": '"a\nb"',
    "tab in a text": '"a\tb"',
    "unknown escape": r'"\x41"',
    "half an escape": r'"\u00a"',
    "escape at the end": '"\\"',
    "half of a pair": r'"\ud83d"',
    "second half of a pair": r'"\ude00"',
    "pair in the wrong order": r'"\ude00\ud83d"',
    "open list": "[1",
    "open object": '{"a":1',
    "open text": '"a',
    "closed twice": "[1]]",
    "closed by the wrong bracket": "[1}",
    "nothing": "",
    "form feed": "\x0c1",
    "no-break space": "\u00a01",
    "byte order mark inside": "\ufeff1",
    "backslash outside": "\\u0031",
    "star": "*",
    "single closing bracket": "]",
    "overflow": "1e400",
}
BYTES = {
    "not UTF-8": b'"\xff"',
    "too long for its letter": b'"\xc0\xaf"',
    "surrogate in UTF-8": b'"\xed\xa0\x80"',
    "half a letter": b'"\xe2\x82"',
    "beyond Unicode": b'"\xf4\x90\x80\x80"',
}
WHOLE = {
    "one thousand million levels": b"[" * 100_000,
    "many levels in objects": b'{"a":' * 50_000,
    "nothing but a byte order mark": codecs.BOM_UTF8,
    "UTF-16": '{"a":1}'.encode("utf-16"),
    "UTF-32": '{"a":1}'.encode("utf-32"),
    "zero bytes": b"\0" * 100,
    "a text": b'"a"',
    "a list": b"[1]",
    "null": b"null",
    "two records": b"{}{}",
}


def read(value):
    data = b'{"recordType":"marf","localData":{"x":' + value + b"}}"
    return read_record(data, "case.json")


@pytest.mark.parametrize("name", TAKEN)
def test_what_has_to_be_read_is_read(name):
    record = read(TAKEN[name].encode())
    assert record.document is not None
    assert record.findings == ()


@pytest.mark.parametrize("name", REFUSED)
def test_what_must_not_be_read_is_told(name):
    assert_told(read(REFUSED[name].encode()))


@pytest.mark.parametrize("name", BYTES)
def test_bytes_that_are_no_text_are_told(name):
    assert_told(read(BYTES[name]))


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_no_record_is_told(name):
    assert_told(read_record(WHOLE[name], "case.json"))


def assert_told(record):
    assert record.document is None
    (finding,) = [one for one in record.findings if one.severity.value == "error"]
    assert finding.code != Fault.OURS.code


@pytest.mark.parametrize("text", ['{"a":1,"a":2}', '{"a":{"b":1,"b":1}}', r'{"a":1,"\u0061":2}'])
def test_a_name_that_stands_twice_is_told(text):
    record = read(text.encode())
    assert [finding.code for finding in record.findings] == [Fault.DUPLICATE_FIELD.code]


@pytest.mark.parametrize("number", ["18446744073709551616", "-9223372036854775809", "1" * 400])
def test_a_number_that_loses_digits_is_told(number):
    assert Fault.NUMBER_TOO_LARGE.code in {one.code for one in read(number.encode()).findings}


def test_a_byte_order_mark_before_a_record_is_passed_over():
    record = read_record(codecs.BOM_UTF8 + b'{"recordType":"marf"}', "case.json")
    assert record.document == {"recordType": "marf"}
    assert [finding.code for finding in record.findings] == [Fault.BYTE_ORDER_MARK.code]
