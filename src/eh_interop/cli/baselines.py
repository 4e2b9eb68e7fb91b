"""The baseline of one run: which findings are known, and what is said of it at the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from eh_interop.checks.baseline import Baseline, Known, read_baseline, write_baseline
from eh_interop.checks.record_report import RecordReport
from eh_interop.reports import Selection, Totals
from eh_interop.reports.words import plural


class BaselineOptions:
    """What ``--baseline`` and ``--write-baseline`` ask for. Without them it does nothing."""

    def __init__(
        self, read: Path | None, to_write: Path | None, as_of: date, selection: Selection
    ) -> None:
        """Read the files that are there."""
        self._used = Baseline(read_baseline(read), as_of) if read else None
        self._to_write = to_write
        self._next: Baseline | None = None
        self._written: tuple[Known, ...] = ()
        if to_write:
            before = read_baseline(to_write) if to_write.exists() else {}
            earlier = self._used.entries if self._used else {}
            self._next = Baseline({**earlier, **before}, as_of, collects=True)
        self._takes = selection.takes

    @property
    def wanted(self) -> bool:
        """Whether findings need fingerprints at all."""
        return self._used is not None or self._next is not None

    def mark(self, report: RecordReport) -> RecordReport:
        """Mark what is known, and remember what to write."""
        if self._next:
            self._next.mark(report)
        return self._used.mark(report) if self._used else report

    def end(self, totals: Totals, *, stopped: bool) -> None:
        """Say what became of the entries, and write the new file unless the run was stopped."""
        if self._used:
            self._used.whole &= not stopped
            totals.expired = self._used.expired()
            totals.stale = self._used.stale(self._takes)
        if self._next and self._to_write and not stopped:
            self._written = self._next.updated(self._takes)
            write_baseline(self._to_write, self._written)

    def notes(self, totals: Totals) -> Iterator[str]:
        """Yield the lines about the baseline for the end of the run."""
        if totals.expired:
            yield f"{_entries(totals.expired)} expired, so the findings count again:"
            yield from map(_line, totals.expired)
        if totals.stale:
            yield f"{_entries(totals.stale)} stale, because the finding is gone:"
            yield from map(_line, totals.stale)
        if self._used and not self._used.whole:
            yield "Not everything was read, so nobody can tell which entries are stale."
        if self._next and self._to_write and self._written:
            without = sum(not (each.owner and each.reason) for each in self._written)
            entries = "1 entry" if len(self._written) == 1 else f"{len(self._written):,} entries"
            yield f"{self._to_write.name}: {entries}, {without:,} without an owner or a reason."
        if self._next and self._next.unknown:
            yield (
                f"{plural(self._next.unknown, 'finding')} cannot be known again, because "
                "the record has no id in the right form."
            )


def _entries(entries: tuple[Known, ...]) -> str:
    number = len(entries)
    return (
        "1 entry of the baseline is" if number == 1 else f"{number:,} entries of the baseline are"
    )


def _line(entry: Known) -> str:
    owner = entry.owner or "no owner"
    return f"  {entry.code} {entry.name}, {owner}, until {entry.expires}, {entry.fingerprint}"
