"""Files and streams: one record or many, and the ones that cannot be read."""

from __future__ import annotations

import io
import tracemalloc
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.helpers.json_texts import names, scalars

from eh_interop.core.findings import Origin
from eh_interop.reading import json_records, json_streams
from eh_interop.reading.json_records import MAX_RECORD_BYTES, SourceRecord
from eh_interop.reading.json_streams import read_path, read_stream

PIECES = [b"{", b"}", b"[", b"]", b'"a":', b"1", b",", b"\n", b"\r", b"\xef\xbb\xbf", b'{"a":1}\n']


def read(data: bytes | str, source: str = "-") -> list[SourceRecord]:
    data = data.encode() if isinstance(data, str) else data
    return list(read_stream(io.BytesIO(data), source))


def summary(raws: list[SourceRecord]) -> list[tuple[int, object, list[str]]]:
    return [(raw.line, raw.document, [finding.code for finding in raw.findings]) for raw in raws]


@pytest.mark.parametrize(
    "data", ['{"a":1}', '{"a":1}\n', '\n \n{"a":1}', '{\n\n"a":1}', '{"a":\r1}']
)
def test_one_record(data):
    [raw] = read(data)
    assert (raw.document, raw.findings) == ({"a": 1}, ())


def test_one_record_on_each_line():
    assert summary(read('{"a":1}\n{"a":2}\r\n\r\n  \n{"a":3}')) == [
        (1, {"a": 1}, []),
        (2, {"a": 2}, []),
        (5, {"a": 3}, []),
    ]


def test_a_broken_line_does_not_hide_the_others():
    assert summary(read(b'{"a":1}\n{"a":\n[]\n\xff\n{"a":5,"a":6}\n')) == [
        (1, {"a": 1}, []),
        (2, None, ["RDG-002"]),
        (3, None, ["RDG-012"]),
        (4, None, ["RDG-003"]),
        (5, {"a": 6}, ["RDG-005"]),
    ]


def test_findings_and_origins_have_the_line_of_the_source():
    raws = read('\n{"a":1}\n{"a":1,"a":2}\n{"a":\n')
    assert raws[1].findings[0].origin == Origin(3, 8)
    assert raws[1].locate([("a",)]) == {("a",): Origin(3, 12)}
    assert raws[2].findings[0].origin == Origin(4, 6)
    assert raws[2].findings[0].message == "The line ends before the record is complete."


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r\n\r\n", "\n\r", "\n\n\n"])
def test_blank_lines_count_in_the_middle_of_a_record(line_break):
    [raw] = read(f'{line_break}{{{line_break}"a":1}}')
    breaks = line_break.replace("\r\n", "\n").replace("\r", "\n").count("\n")
    assert raw.locate([("a",)])["a",].line == 1 + 2 * breaks


def test_a_lone_carriage_return_counts_as_a_line_break_everywhere():
    raws = read('{"a":\r1}\n{"a":2}')
    assert summary(raws) == [(1, {"a": 1}, []), (3, {"a": 2}, [])]


@pytest.mark.parametrize(
    "first", ['{"a":NaN}', b'{"a":"\xe9"}', "null", "[1]", "a heading", '{"a":1}}', "x" * 100]
)
def test_a_broken_first_line_does_not_hide_the_others(first):
    first = first.encode() if isinstance(first, str) else first
    raws = read(first + b'\n\n{"a":2}\n{"a":3}\n')
    assert [(raw.line, raw.document) for raw in raws] == [(1, None), (3, {"a": 2}), (4, {"a": 3})]


def test_an_unfinished_first_line_may_be_the_beginning_of_one_record():
    data = '{"a": [\n{"b": 1}\n]}'
    assert summary(read(data)) == [(1, {"a": [{"b": 1}]}, [])]
    cut_off = '{"a": [\n{"b": 1}\n{"b": 2}\n'
    assert summary(read(cut_off)) == [(1, None, ["RDG-001"])]
    assert [raw.document for raw in read(cut_off, "folder/file.NDJSON")] == [
        None,
        {"b": 1},
        {"b": 2},
    ]


@given(st.lists(st.dictionaries(names, scalars, max_size=3), min_size=1, max_size=5))
def test_records_on_lines_come_back(records):
    lines = [orjson.dumps(record) for record in records]
    assert [raw.document for raw in read(b"\n".join(lines))] == records


@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=3), max_size=12).map(b"".join))
def test_nothing_makes_reading_raise(data):
    raws = read(data)
    assert raws
    for raw in raws:
        assert raw.document is not None or raw.findings


def test_a_list_of_records():
    for data in ('[{"a":1},{"a":2}]', '[\n{"a":1},\n{"a":2}\n]', '[\n{"a":1}\n]'):
        [raw] = read(data)
        assert raw.findings[0].code == "RDG-012"
        assert "NDJSON" in raw.findings[0].message


@pytest.mark.parametrize("data", ["", "\n", " \r\n \t \n"])
def test_nothing_to_read(data):
    [raw] = read(data)
    assert raw.document is None
    assert raw.findings[0].code == "RDG-011"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("data", ['{\n"a": 1\n}\n', '{"a":1}\n{"a":2}\n'])
def test_another_encoding_is_said_once(data, encoding):
    assert summary(read(data.encode(encoding))) == [(1, None, ["RDG-003"])]


@pytest.fixture
def small_limit(monkeypatch):
    for module in (json_records, json_streams):
        monkeypatch.setattr(module, "MAX_RECORD_BYTES", 100)


@pytest.mark.usefixtures("small_limit")
def test_a_line_that_is_too_long_is_skipped():
    long = '{"a":"' + "x" * 100 + '"}'
    fits = '{"a":"' + "x" * 91 + '"}'
    for ending in ("", "\n"):
        raws = read(f'{{"a":1}}\n{long}\n{fits}\n{long * 2000}{ending}')
        assert [raw.line for raw in raws] == [1, 2, 3, 4]
        assert [raw.document is None for raw in raws] == [False, True, False, True]
        assert raws[1].findings[0].code == raws[3].findings[0].code == "RDG-010"
        assert raws[3].findings[0].origin == Origin(4, 1)
    assert [raw.line for raw in read(f'{long}\n{{"a":1}}')] == [1, 2]


@pytest.mark.usefixtures("small_limit")
@pytest.mark.parametrize(
    "data",
    [
        "{\n" + '"a":1,\n' * 20 + "}",
        "{\n" + "\n" * 200,
        '{\n"' + "x" * 200,
        '{"a":1,\n"b":2,' + " " * 100 + "\n}",
    ],
)
def test_a_file_that_is_too_large(data):
    assert summary(read(data)) == [(1, None, ["RDG-010"])]


@pytest.mark.usefixtures("small_limit")
def test_a_file_that_just_fits():
    assert read("{\n" + " " * 97 + "}")[0].document == {}
    assert read("\n" * 500 + "{\n" + " " * 97 + "}")[0].document == {}
    assert read("{\n" + " " * 98 + "}")[0].findings[0].code == "RDG-010"


def test_memory_does_not_grow_with_the_number_of_records(tmp_path):
    def peak(count: int) -> int:
        path = tmp_path / f"{count}.ndjson"
        with path.open("wb") as file:
            file.writelines(b'{"id":"%d","text":"%s"}\n' % (i, b"x" * 500) for i in range(count))
        tracemalloc.start()
        try:
            assert sum(raw.document is not None for raw in read_path(path, "x")) == count
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)  # what is made once
    few, many = peak(2_000), peak(20_000)
    assert many < few + 20_000


class Endless(io.RawIOBase):
    """A stream of a given size without any line break, which is nowhere kept."""

    def __init__(self, size: int) -> None:
        self.left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        count = min(len(buffer), self.left)
        buffer[:count] = b"x" * count
        self.left -= count
        return count


def test_an_endless_line_does_not_fill_the_memory():
    tracemalloc.start()
    try:
        [raw] = read_stream(io.BufferedReader(Endless(8 * MAX_RECORD_BYTES)), "-")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert raw.findings[0].code == "RDG-010"
    assert "32 MiB" in raw.findings[0].message
    assert peak < 3 * MAX_RECORD_BYTES


def test_records_come_one_at_a_time():
    class Counting(io.BytesIO):
        lines = 0

        def readline(self, size=-1):
            self.lines += 1
            return super().readline(size)

    stream = Counting(b'{"a":1}\n' * 10)
    records = read_stream(stream, "-")
    next(records)
    assert stream.lines == 1
    next(records)
    assert stream.lines == 2


def test_a_file_is_read_and_named(tmp_path):
    path = tmp_path / "a.json"
    path.write_text('{\n"a": 1\n}')
    [raw] = read_path(path, "folder/a.json")
    assert (raw.source, raw.document) == ("folder/a.json", {"a": 1})


def cannot_be_opened(path: Path) -> str:
    [raw] = read_path(path, "x")
    [finding] = raw.findings
    assert raw.document is None
    assert (finding.code, finding.name) == ("RDG-013", "cannot-be-opened")
    assert "MARKER" not in finding.message
    return finding.message


def test_what_cannot_be_opened(tmp_path):
    assert "not there" in cannot_be_opened(tmp_path / "MARKER.json")
    assert "folder" in cannot_be_opened(tmp_path)
    assert "cannot be opened" in cannot_be_opened(Path("MARKER\0"))
    assert "cannot be opened" in cannot_be_opened(tmp_path / ("MARKER" * 100))


def test_a_file_without_permission(tmp_path, monkeypatch):
    def refuse(*_args):
        raise PermissionError(13, "MARKER", "MARKER")

    monkeypatch.setattr(Path, "open", refuse)
    assert "permission" in cannot_be_opened(tmp_path / "a.json")


def test_an_unreadable_file_among_others(tmp_path):
    (tmp_path / "a.json").write_text('{"a":1}')
    (tmp_path / "c.json").write_text('{"c":1}')
    raws = [raw for name in "abc" for raw in read_path(tmp_path / f"{name}.json", name)]
    assert [raw.source for raw in raws if raw.document is None] == ["b"]
    assert len(raws) == 3


def test_a_stream_that_breaks_off():
    class Broken(io.BytesIO):
        def readline(self, size=-1):
            line = super().readline(size)
            if not line:
                raise OSError(5, "MARKER")
            return line

    raws = list(read_stream(Broken(b'{"a":1}\n{"a":2}\n'), "-"))
    assert summary(raws) == [(1, {"a": 1}, []), (2, {"a": 2}, []), (2, None, ["RDG-013"])]
    assert "MARKER" not in raws[2].findings[0].message


def test_faults_of_the_reader_of_the_records_are_not_taken_for_ours():
    def use_them():
        for _ in read_stream(io.BytesIO(b'{"a":1}'), "-"):
            raise OSError("from outside")

    with pytest.raises(OSError, match="from outside"):
        use_them()
