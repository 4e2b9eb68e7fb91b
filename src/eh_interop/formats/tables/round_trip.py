"""Round trip: checks on the user's own data that tables come back as the same records.

While records are written, a digest of each is noted, sixteen bytes on disk. Then
the tables are read again and compared, so records may be as many as they like.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import blake2b
from tempfile import TemporaryFile
from typing import IO, Any, Final, Self

from eh_interop.core.findings import Origin
from eh_interop.reading.source_record import SourceRecord

_SIZE: Final = 16
_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class RoundTripResult:
    """What the comparison came to.

    Attributes:
        same: records that came back as they were.
        different: records that did not, or not at all, or that nobody had written.
        findings: what reading found wrong with the tables.
        first: where the first records that came back different stand.
    """

    same: int
    different: int
    findings: int
    first: tuple[Origin, ...]

    @property
    def holds(self) -> bool:
        """Every record came back, and nothing else."""
        return not self.different and not self.findings


class RoundTripCheck:
    """Notes records as they are written, and compares what is read with them."""

    def __init__(self) -> None:
        self._files: dict[str, IO[bytes]] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def note(self, record: Mapping[str, Any]) -> None:
        """Note a record that is written."""
        record_type = str(record["recordType"])
        if record_type not in self._files:
            file = TemporaryFile()  # noqa: SIM115 (closed with the others)
            self._files[record_type] = self._stack.enter_context(file)
        self._files[record_type].write(_digest(record))

    def compare(self, read: Iterable[SourceRecord]) -> RoundTripResult:
        """Compare what was noted with what is read, for each type in the same order."""
        for file in self._files.values():
            file.seek(0)
        same = different = findings = 0
        first: list[Origin] = []
        for record in read:
            findings += len(record.findings)
            if record.document is None:
                continue
            if self._expected(str(record.document.get("recordType"))) == _digest(record.document):
                same += 1
                continue
            different += 1
            if len(first) < _SHOWN:
                first.append(record.position)
        different += sum(len(file.read()) // _SIZE for file in self._files.values())
        return RoundTripResult(same, different, findings, tuple(first))

    def _expected(self, record_type: str) -> bytes:
        file = self._files.get(record_type)
        return file.read(_SIZE) if file else b""


def _digest(record: Mapping[str, Any]) -> bytes:
    """Tell records apart that differ in any value, and 1 from 1.0 and from true."""
    return blake2b(json.dumps(record, sort_keys=True).encode(), digest_size=_SIZE).digest()
