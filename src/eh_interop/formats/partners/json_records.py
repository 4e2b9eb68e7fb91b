"""JSON by pointer: one file with a list of records, or NDJSON with one on each line."""

from __future__ import annotations

import codecs
import io
from collections.abc import Collection, Iterator
from typing import Any, BinaryIO, Final

import orjson

from eh_interop.core.findings import Finding
from eh_interop.core.pointer import Steps, join, split
from eh_interop.formats._shared.code_maps import fold_label
from eh_interop.formats.partners.mapping_table import MappingTable
from eh_interop.formats.partners.tree_records import TreeValue
from eh_interop.reading.faults import Fault, PartnerFault
from eh_interop.reading.json_faults import diagnose, losses
from eh_interop.reading.json_records import MAX_RECORD_BYTES
from eh_interop.reading.json_streams import lines
from eh_interop.reading.streams import MIB, RefusedError, size_of

MAX_JSON: Final = 64 * MIB
"""Bytes of a JSON file that is not NDJSON: all of it is in memory."""
MAX_DEPTH: Final = 100
"""Members inside each other."""
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class JsonItem:
    """One member that is a record, or an entry of one; ``value`` is what stands there."""

    def __init__(
        self,
        value: Any,
        steps: Steps,
        *,
        document: Any,
        line: int = 0,
        findings: tuple[Finding, ...] = (),
        read: set[Steps] | None = None,
    ) -> None:
        self.value, self._steps, self._document = value, steps, document
        self._findings, self._read = findings, set() if read is None else read
        self.path = join(steps)
        self.line = line

    def values(self, path: str) -> list[TreeValue]:
        """Return the values at a pointer, in which ``*`` is every entry of a list."""
        values: list[TreeValue] = []
        for steps, member in self._at(path):
            for inner, value in leaves(member):
                self._read.add((*steps, *inner))
                values.append(TreeValue(value, join((*steps, *inner)), self.line, path))
        return values

    def holds(self, path: str, words: Collection[str]) -> bool:
        """Return whether one of some folded words stands at a pointer; it is not read by that."""
        texts = (value for _, member in self._at(path) for _, value in leaves(member))
        return any(fold_label(str(text)) in words for text in texts)

    def items(self, path: str) -> list[JsonItem]:
        """Return the entries of a list, or the one member at a pointer."""
        items: list[JsonItem] = []
        for steps, member in self._at(path):
            pairs: list[tuple[Steps, Any]] = [(steps, member)]
            if isinstance(member, list) and member:
                pairs = [((*steps, index), entry) for index, entry in enumerate(member)]
            items += [
                JsonItem(value, at, document=self._document, line=self.line, read=self._read)
                for at, value in pairs
                if value
            ]
        return items

    def _at(self, path: str) -> list[tuple[Steps, Any]]:
        here: list[tuple[Steps, Any]] = [(self._steps, self.value)]
        if path.startswith("^"):
            here = [((), self._document)]
        for step in split(path.removeprefix("^")):
            here = [inner for steps, value in here for inner in _below(steps, value, step)]
        return here

    def unread(self, dropped: tuple[str, ...]) -> Iterator[TreeValue]:
        """Yield the values that nobody has asked for."""
        left_out = [steps for path in dropped for steps, _ in self._at(path)]
        for inner, value in leaves(self.value):
            steps = (*self._steps, *inner)
            if steps in self._read or any(steps[: len(place)] == place for place in left_out):
                continue
            name = join(step if isinstance(step, str) else "*" for step in inner)
            yield TreeValue(value, join(steps), self.line, name)

    def raw(self) -> str:
        """Return the record as JSON."""
        return orjson.dumps(self.value).decode()

    def notes(self) -> tuple[Finding, ...]:
        """Return what was wrong with its text, such as a name that stands twice."""
        return self._findings


def _below(steps: Steps, value: Any, step: str) -> Iterator[tuple[Steps, Any]]:
    if isinstance(value, dict) and step in value:
        yield (*steps, step), value[step]
    elif isinstance(value, list):
        if step == "*":
            yield from (((*steps, index), entry) for index, entry in enumerate(value))
        elif step.isdigit() and int(step) < len(value):
            yield (*steps, int(step)), value[int(step)]


def leaves(value: Any) -> Iterator[tuple[Steps, Any]]:
    """Yield every simple value, with its steps.

    Raises:
        RefusedError: members stand too deep inside each other.
    """
    left: list[tuple[Steps, Any]] = [((), value)]
    while left:
        steps, member = left.pop()
        if len(steps) > MAX_DEPTH:
            raise RefusedError(
                Fault.NESTED_TOO_DEEPLY, "Members stand too deep inside each other in a record."
            )
        if isinstance(member, dict):
            left += [((*steps, key), inner) for key, inner in reversed(member.items())]
        elif isinstance(member, list):
            left += [((*steps, at), inner) for at, inner in reversed(list(enumerate(member)))]
        elif member is not None:
            yield steps, member


def json_records(file: BinaryIO, table: MappingTable) -> Iterator[JsonItem]:
    """Yield the records of a JSON or NDJSON file.

    Raises:
        RefusedError: it is not JSON, or larger than is read.
    """
    file = _as_utf8(file)
    if _has_lines(file):
        for line in lines(file, MAX_RECORD_BYTES):
            if line.too_long:
                most = f"{MAX_RECORD_BYTES // MIB} MiB"
                message = f"This line is longer than {most}, the most that is read."
                raise RefusedError(PartnerFault.TOO_LARGE, message, line=line.number)
            if not line.is_blank:
                yield from _items(*_parsed(line.data, line.number), table, line.number)
    else:
        _refuse_large(size_of(file))
        yield from _items(*_parsed(file.read(), 1), table, 0)


def _as_utf8(file: BinaryIO) -> BinaryIO:
    """Return a file in UTF-8, if it is UTF-16 with a byte order mark; any other as it is."""
    head = file.read(4)
    size = size_of(file)
    if not head.startswith(_UTF16) or head.startswith(codecs.BOM_UTF32_LE):
        return file
    _refuse_large(size)
    try:
        return io.BytesIO(file.read().decode("utf-16").encode())
    except UnicodeDecodeError:
        message = "The file is UTF-16, but it is damaged: save it as UTF-8."
        raise RefusedError(Fault.WRONG_ENCODING, message) from None


def _refuse_large(size: int) -> None:
    if size > MAX_JSON:
        raise RefusedError(
            PartnerFault.TOO_LARGE,
            f"The file is larger than {MAX_JSON // MIB} MiB, the most that is read at once. "
            "Ask for one record on each line (NDJSON).",
        )


def _has_lines(file: BinaryIO) -> bool:
    """Return whether the first line that is not blank is a record by itself, and more follows."""
    filled = (line.data for line in lines(file, MAX_RECORD_BYTES) if not line.is_blank)
    first, second = next(filled, b""), next(filled, b"")
    file.seek(0)
    if not second.lstrip().startswith(b"{"):
        return False
    try:
        return isinstance(orjson.loads(first.removeprefix(codecs.BOM_UTF8)), dict)
    except orjson.JSONDecodeError:
        return False


def _parsed(data: bytes, line: int) -> tuple[Any, tuple[Finding, ...]]:
    data = data.removeprefix(codecs.BOM_UTF8)
    if not data.strip():
        raise RefusedError(Fault.EMPTY, "The file is empty.")
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError:
        finding = diagnose(data, line, "file")
        at = finding.origin.line if finding.origin else line
        fault = next(fault for fault in Fault if fault.code == finding.code)
        raise RefusedError(fault, finding.message, line=at) from None
    return document, tuple(losses(data, document, line) if isinstance(document, dict) else ())


def _items(
    document: Any, findings: tuple[Finding, ...], table: MappingTable, line: int
) -> Iterator[JsonItem]:
    steps: Steps = ()
    value = document
    for step in split(table.record_at):
        below = list(_below(steps, value, step))
        if not below:
            return
        steps, value = below[0]
    entries = value if isinstance(value, list) else [value]
    for index, entry in enumerate(entries):
        own = (*steps, index) if isinstance(value, list) else steps
        if isinstance(entry, dict):
            yield JsonItem(entry, own, document=document, line=line, findings=findings)
            findings = ()
        else:
            message = "A record should be an object in braces here."
            raise RefusedError(PartnerFault.NOT_READABLE, message, row=index + 1)
