"""Batches: records set aside on disk, so that one with which a writer fails can be left out.

A writer of batches looks at all records together, so a fault of ours in one record ends the work
on all. Then the records are written in halves until those are known with which it fails; the others
are written again without them. Without a fault this costs no more than setting the records aside.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Final

import orjson

from eh_interop.convert.targets import BatchWriter, TargetSettings
from eh_interop.core.fence import fenced
from eh_interop.core.findings import Finding

Record = Mapping[str, Any]


class SetAside:
    """Records in a file, in the order in which they came."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._starts = array("Q")

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._starts)

    def add(self, record: Record, **about: Any) -> None:
        """Set a record aside, with what is to be said of it if it has to be left out."""
        self._starts.append(self._file.tell())
        self._file.write(orjson.dumps([record, about], option=orjson.OPT_APPEND_NEWLINE))

    def records(self, numbers: Sequence[int]) -> Iterator[Record]:
        """Yield records by their numbers."""
        for number in numbers:
            yield self._at(number)[0]

    def about(self, number: int) -> Mapping[str, Any]:
        """Return what is to be said of a record."""
        about: Mapping[str, Any] = self._at(number)[1]
        return about

    def _at(self, number: int) -> Any:
        self._file.seek(self._starts[number])
        return orjson.loads(self._file.readline())


@contextmanager
def set_aside(folder: Path) -> Iterator[SetAside]:
    """Give room for records on the disk of a folder. Nothing of them is left at the end.

    The file has no name where the system allows that: nothing stays if the process is killed.
    """
    with TemporaryFile(dir=folder) as file:
        yield SetAside(file)


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What became of a batch.

    Attributes:
        findings: what the writer found.
        faults: with which records our own code failed, by number, and where.
    """

    findings: tuple[Finding, ...]
    faults: Mapping[int, str]


_TOGETHER: Final = "Our own fault: the records can be written one by one, and not together."


def write_batch(
    writer: BatchWriter, records: SetAside, folder: Path, settings: TargetSettings
) -> BatchResult:
    """Write records into an empty folder. One with which our own code fails is left out.

    Raises:
        OutputError: the folder cannot be written, or the format cannot hold the records.
    """
    numbers = range(len(records))
    tried = _Trial(writer, records, settings)
    findings, why = tried.write(numbers, folder)
    if not why:
        return BatchResult(findings, {})
    faults = dict(tried.faults(numbers, why, folder))
    rest = [number for number in numbers if number not in faults]
    _clear(folder)
    findings, why = tried.write(rest, folder)
    if why:  # no record by itself is to blame
        _clear(folder)
        faults |= dict.fromkeys(rest, f"{why} {_TOGETHER}")
    return BatchResult(findings, faults)


@dataclass(frozen=True, slots=True)
class _Trial:
    writer: BatchWriter
    records: SetAside
    settings: TargetSettings

    def write(self, numbers: Sequence[int], folder: Path) -> tuple[tuple[Finding, ...], str]:
        """Write some records; return what was found, and where our code failed, if it did."""
        failed: list[str] = []
        with fenced(failed.append):
            records = self.records.records(numbers)
            return tuple(self.writer.write_batch(records, folder, self.settings)), ""
        return (), failed[0]

    def faults(self, numbers: Sequence[int], why: str, folder: Path) -> Iterator[tuple[int, str]]:
        """Yield the records with which the writer fails, halving those that are in question."""
        if len(numbers) == 1:
            yield numbers[0], why
            return
        middle = len(numbers) // 2
        for half in (numbers[:middle], numbers[middle:]):
            _clear(folder)
            _, failed = self.write(half, folder)
            if failed:
                yield from self.faults(half, failed, folder)


def _clear(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
