"""Records from JSON and NDJSON (one record on each line), one at a time.

Reading never raises for what stands in a file, or for a file that cannot be
read: that is a finding of a record, which then has no document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, dropwhile
from pathlib import Path
from typing import BinaryIO, Final

from eh_interop.reading.encodings import as_utf8, damaged_wide
from eh_interop.reading.faults import Fault
from eh_interop.reading.json_records import (
    MAX_RECORD_BYTES,
    cannot_be_opened,
    nothing,
    read_record,
    too_large,
)
from eh_interop.reading.source_record import SourceRecord

NDJSON_SUFFIXES: Final = (".ndjson", ".jsonl")


def read_path(path: Path, source: str) -> Iterator[SourceRecord]:
    """Read all records of a file; ``source`` is what each ``SourceRecord.source`` should be."""
    try:
        stream = path.open("rb")
    except (OSError, ValueError) as error:  # ValueError: what cannot be the name of a file
        yield cannot_be_opened(source, 1, error)
        return
    with stream:
        yield from read_stream(stream, source)


def read_stream(stream: BinaryIO, source: str) -> Iterator[SourceRecord]:
    """Read all records of a stream. Memory does not grow with their number.

    If the first line that is not blank is a JSON object by itself, each line is
    a record; otherwise the whole stream is one record. A first line that is
    broken does not hide the others: if the second is an object by itself, each
    line is a record as well, unless the two may be parts of one (the name of the
    source then decides: ``.ndjson`` and ``.jsonl`` have a record on each line).
    """
    line = 1
    try:
        for raw in _records(as_utf8(stream), source):
            line = raw.line
            yield raw
            del raw  # or two records would be in memory while the next is read
    except UnicodeError:
        finding = damaged_wide(line)
        yield SourceRecord(source=source, document=None, findings=(finding,))
    except OSError as error:
        yield cannot_be_opened(source, line, error)


def _records(stream: BinaryIO, source: str) -> Iterator[SourceRecord]:
    every = dropwhile(_is_blank, lines(stream, MAX_RECORD_BYTES))
    first = next(every, None)
    if first is None:
        yield nothing(source)
        return
    raw = _record(first, source)
    more: list[Line] = []
    if raw.document is None and not first.too_long:
        more = _up_to_second(every, len(first.data))
        if not _stands_alone(raw, more, source):
            yield _whole([first, *more], stream, source)
            return
    yield raw
    del first, raw
    for line in chain(more, every):
        if not line.is_blank:
            yield _record(line, source)


def _is_blank(line: Line) -> bool:
    return line.is_blank


def _record(line: Line, source: str) -> SourceRecord:
    if line.too_long:
        return too_large(source, line.number)
    return read_record(line.data, source, line=line.number, unit="line")


def _up_to_second(every: Iterable[Line], size: int) -> list[Line]:
    """Take the lines up to the next that is not blank, or until they are too large for a record."""
    taken = []
    for line in every:
        taken.append(line)
        size += len(line.data)
        if not line.is_blank or size > MAX_RECORD_BYTES:
            break
    return taken


def _stands_alone(broken: SourceRecord, more: list[Line], source: str) -> bool:
    """Say whether a broken first line is a record of its own, with others after it."""
    if not more or _record(more[-1], source).document is None:
        return False
    # A line with any other fault cannot be the beginning of good JSON.
    is_unfinished = any(finding.code == Fault.TRUNCATED.code for finding in broken.findings)
    return not is_unfinished or source.lower().endswith(NDJSON_SUFFIXES)


def _whole(head: list[Line], stream: BinaryIO, source: str) -> SourceRecord:
    """Read the rest of the stream as well, and all as one record."""
    pieces = [line.data for line in head]
    room = MAX_RECORD_BYTES + 1 - sum(map(len, pieces))
    while room > 0 and (piece := stream.read(room)):
        pieces.append(piece)
        room -= len(piece)
    return read_record(b"".join(pieces), source, line=head[0].number)


_BLANK: Final = b" \t\r\n"
_PIECE: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Line:
    """One line, with its line break.

    Attributes:
        number: its number in the source, from 1.
        data: its bytes; only the beginning, if it is ``too_long``.
        too_long: whether it is longer than the limit, its line break counted.
    """

    number: int
    data: bytes = field(repr=False)
    too_long: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing to read in it."""
        return not self.too_long and not self.data.strip(_BLANK)


def lines(stream: BinaryIO, limit: int) -> Iterator[Line]:
    """Yield all lines, blank ones too; of one longer than ``limit`` bytes only the beginning.

    The rest of such a line is skipped when the next one is asked for.
    """
    number = 1
    while data := stream.readline(limit + 1):
        is_cut = len(data) > limit and not data.endswith(b"\n")
        yield Line(number, data, too_long=len(data) > limit)
        number += _line_breaks(data)
        del data
        if is_cut:
            _skip_line(stream)
            number += 1


def _line_breaks(data: bytes) -> int:
    # Tokens count a lone carriage return as a line break, so it has to count here too.
    returns = data.count(b"\r")
    return data.count(b"\n") + returns - (data.count(b"\r\n") if returns else 0)


def _skip_line(stream: BinaryIO) -> None:
    while (piece := stream.readline(_PIECE)) and not piece.endswith(b"\n"):
        pass
