"""JSON by pointer: one file with a list of records, or NDJSON with one on each line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, Final

import orjson

from eh_interop.core.findings import Finding
from eh_interop.core.pointer import Steps, join, split
from eh_interop.formats.partners.sources.trees import Found
from eh_interop.formats.partners.tables import Table
from eh_interop.reading.diagnosis import diagnose
from eh_interop.reading.faults import Fault
from eh_interop.reading.json_records import MAX_RECORD_BYTES
from eh_interop.reading.losses import losses
from eh_interop.reading.partner_faults import PartnerFault
from eh_interop.reading.refused import RefusedError
from eh_interop.reading.streams import MIB, size_of

MAX_JSON: Final = 64 * MIB
"""Bytes of a JSON file that is not NDJSON: all of it is in memory."""
MAX_RECORD: Final = MAX_RECORD_BYTES
"""Bytes of one record of an NDJSON file."""
MAX_DEPTH: Final = 100
"""Members inside each other."""
_BOM = b"\xef\xbb\xbf"


class JsonItem:
    """One member that is a record, or an entry of one."""

    def __init__(
        self,
        value: Any,
        steps: Steps,
        *,
        document: Any,
        line: int = 0,
        found: tuple[Finding, ...] = (),
        read: set[Steps] | None = None,
    ) -> None:
        self._value, self._steps, self._document = value, steps, document
        self._found, self._read = found, set() if read is None else read
        self.line = line

    def values(self, path: str) -> list[Found]:
        """Return the values at a pointer, in which ``*`` is every entry of a list."""
        found: list[Found] = []
        for steps, value in self._at(path):
            for inner, each in leaves(value):
                self._read.add((*steps, *inner))
                found.append(Found(each, join((*steps, *inner)), self.line, path))
        return found

    def items(self, path: str) -> list[JsonItem]:
        """Return the entries of a list, or the one member at a pointer."""
        found: list[JsonItem] = []
        for steps, value in self._at(path):
            several = isinstance(value, list)
            pairs = [((*steps, index), each) for index, each in enumerate(value)] if several else []
            found += [self._inner(*pair) for pair in pairs or [(steps, value)] if pair[1]]
        return found

    def _inner(self, steps: Steps, value: Any) -> JsonItem:
        return JsonItem(value, steps, document=self._document, line=self.line, read=self._read)

    def _at(self, path: str) -> list[tuple[Steps, Any]]:
        whole = path.startswith("^")
        here: list[tuple[Steps, Any]] = [
            ((), self._document) if whole else (self._steps, self._value)
        ]
        for step in split(path.removeprefix("^")):
            here = [inner for steps, value in here for inner in _below(steps, value, step)]
        return here

    def unread(self, given_up: tuple[str, ...]) -> Iterator[Found]:
        """Yield the values that nobody has asked for."""
        left_out = [steps for path in given_up for steps, _ in self._at(path)]
        for inner, value in leaves(self._value):
            steps = (*self._steps, *inner)
            if steps in self._read or any(steps[: len(each)] == each for each in left_out):
                continue
            name = join(step if isinstance(step, str) else "*" for step in inner)
            yield Found(value, join(steps), self.line, name)

    def raw(self) -> str:
        """Return the record as JSON."""
        return orjson.dumps(self._value).decode()

    def notes(self) -> tuple[Finding, ...]:
        """Return what was wrong with its text, such as a name that stands twice."""
        return self._found


def _below(steps: Steps, value: Any, step: str) -> Iterator[tuple[Steps, Any]]:
    if isinstance(value, dict) and step in value:
        yield (*steps, step), value[step]
    elif isinstance(value, list):
        if step == "*":
            yield from (((*steps, index), each) for index, each in enumerate(value))
        elif step.isdigit() and int(step) < len(value):
            yield (*steps, int(step)), value[int(step)]


def leaves(value: Any) -> Iterator[tuple[Steps, Any]]:
    """Yield every simple value, with its steps.

    Raises:
        RefusedError: members stand too deep inside each other.
    """
    left: list[tuple[Steps, Any]] = [((), value)]
    while left:
        steps, each = left.pop()
        if len(steps) > MAX_DEPTH:
            raise RefusedError(
                Fault.NESTED_TOO_DEEPLY, "Members stand too deep inside each other in a record."
            )
        if isinstance(each, dict):
            left += [((*steps, key), inner) for key, inner in reversed(each.items())]
        elif isinstance(each, list):
            left += [((*steps, at), inner) for at, inner in reversed(list(enumerate(each)))]
        elif each is not None:
            yield steps, each


def json_items(file: BinaryIO, table: Table) -> Iterator[JsonItem]:
    """Yield the records of a JSON or NDJSON file.

    Raises:
        RefusedError: it is no JSON, or larger than is read.
    """
    if _has_lines(file):
        yield from _lines(file, table)
        return
    if size_of(file) > MAX_JSON:
        raise RefusedError(
            PartnerFault.TOO_LARGE,
            f"The file is larger than {MAX_JSON // MIB} MiB, the most that is read at once. "
            "Ask for one record on each line (NDJSON).",
        )
    document, found = _parsed(file.read(), 1)
    yield from _items(document, table, 0, found)


def _has_lines(file: BinaryIO) -> bool:
    """Tell whether the first line that is not blank is a record by itself, and more follows."""
    first, second = _next_line(file), _next_line(file)
    file.seek(0)
    if not second.startswith(b"{"):
        return False
    try:
        return isinstance(orjson.loads(first.removeprefix(_BOM)), dict)
    except orjson.JSONDecodeError:
        return False


def _next_line(file: BinaryIO) -> bytes:
    """Return the next line that is not blank; nothing at the end."""
    while line := file.readline(MAX_RECORD):
        if line.strip():
            return line.strip()
    return b""


def _lines(file: BinaryIO, table: Table) -> Iterator[JsonItem]:
    number = 0
    while line := file.readline(MAX_RECORD + 1):
        number += 1
        if len(line) > MAX_RECORD:
            raise RefusedError(
                PartnerFault.TOO_LARGE,
                f"This line is longer than {MAX_RECORD // MIB} MiB, the most that is read.",
                line=number,
            )
        if line.strip():
            document, found = _parsed(line, number)
            yield from _items(document, table, number, found)


def _parsed(data: bytes, line: int) -> tuple[Any, tuple[Finding, ...]]:
    data = data.removeprefix(_BOM)
    if not data.strip():
        raise RefusedError(Fault.EMPTY, "The file is empty.")
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError:
        found = diagnose(data, line, "file")
        at = found.origin.line if found.origin else line
        fault = next(each for each in Fault if each.code == found.code)
        raise RefusedError(fault, found.message, line=at) from None
    found_here = losses(data, document, line) if isinstance(document, dict) else ()
    return document, tuple(found_here)


def _items(
    document: Any, table: Table, line: int, found: tuple[Finding, ...]
) -> Iterator[JsonItem]:
    steps: Steps = ()
    value = document
    for step in split(table.record_at):
        below = list(_below(steps, value, step))
        if not below:
            return
        steps, value = below[0]
    entries = value if isinstance(value, list) else [value]
    for index, each in enumerate(entries):
        own = (*steps, index) if isinstance(value, list) else steps
        if isinstance(each, dict):
            yield JsonItem(each, own, document=document, line=line, found=found)
            found = ()
        else:
            raise RefusedError(
                PartnerFault.NOT_READABLE,
                "A record should be an object in braces here.",
                row=index + 1,
            )
