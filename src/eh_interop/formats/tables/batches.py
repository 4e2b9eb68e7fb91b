"""Records one after another as tables, whatever the format: what fits goes on, the rest is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from eh_interop.checks.pruning import pruned
from eh_interop.core.pointer import Steps
from eh_interop.standard.schemas import load_standard, versions

Tell = Callable[[int, Steps], None]
"""Is told what was left out: the position of the record among those given (from 1), and where.
No steps mean that the whole record was left out: it does not say what it is."""

Note = Callable[[Mapping[str, Any]], None]
"""Is shown each record as it is written."""


@dataclass(frozen=True, slots=True)
class Written:
    """What writing came to.

    Attributes:
        records: how many records the tables hold.
        left_out: how many values, or whole records, did not fit the standard.
    """

    records: int
    left_out: int


class Fitting:
    """Goes through records and keeps what fits the standard.

    Attributes:
        left_out: how many values or whole records were left out so far.
    """

    def __init__(
        self, records: Iterable[Mapping[str, Any]], tell: Tell | None, note: Note | None
    ) -> None:
        """Take the records, who is told what is left out, and who is shown the rest."""
        self._records = records
        self._tell = tell
        self._note = note
        self.left_out = 0

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        for position, record in enumerate(self._records, 1):
            if not _known(record):
                self._drop(position, ())
                continue
            fitting, dropped = pruned(record)
            for steps in dropped:
                self._drop(position, steps)
            if self._note is not None:
                self._note(fitting)
            yield fitting

    def _drop(self, position: int, steps: Steps) -> None:
        self.left_out += 1
        if self._tell is not None:
            self._tell(position, steps)


def _known(record: Mapping[str, Any]) -> bool:
    version, record_type = record.get("standardVersion"), record.get("recordType")
    return version in versions() and record_type in load_standard(str(version)).record_types
