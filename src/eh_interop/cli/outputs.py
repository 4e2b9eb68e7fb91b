"""Where reports go (screen and files), progress on long work, and the baseline of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import click

from eh_interop.checks.baseline import Baseline, Known, read_baseline, write_baseline
from eh_interop.checks.record_report import RecordReport
from eh_interop.cli.exits import reader_may_go
from eh_interop.cli.options import OptionType
from eh_interop.core.atomic import replaced_file
from eh_interop.core.errors import OutputError
from eh_interop.core.fence import fenced
from eh_interop.reading import Fault
from eh_interop.reports import FORMATS, Run, Selection, Totals, Writer
from eh_interop.reports.words import plural

Write = Callable[[Iterable[str]], None]

Target = tuple[str, Path | None]
"""A format, and the file that it goes to (or the screen)."""


def _target(value: str) -> Target:
    name, _, file = value.partition(":")
    if name not in FORMATS:
        raise click.BadParameter(f"{name} is not a format. Choose from {', '.join(FORMATS)}.")
    return name, Path(file) if file else None


TARGET: Final = OptionType(f"[{'|'.join(FORMATS)}][:FILE]", _target)
"""``FORMAT`` or ``FORMAT:FILE``."""

targets_option = click.option(
    "--format",
    "targets",
    type=TARGET,
    multiple=True,
    help="How to report. Give it several times for several reports. By default text.",
)


class Outputs:
    """All the reports of one run, written side by side. Files appear only when it has ended.

    Attributes:
        faults: how many records a writer of ours could not show.
    """

    def __init__(self, writers: Iterable[tuple[Writer, Path | None]], stack: ExitStack) -> None:
        try:
            self._sinks = [
                (writer, stack.enter_context(_file(path)) if path else _echo)
                for writer, path in writers
            ]
        except OutputError as problem:  # before anything was checked: the option is not right
            raise click.UsageError(str(problem)) from None
        for writer, write in self._sinks:
            write(writer.begin())
        self.faults = 0

    def record(self, report: RecordReport) -> None:
        """Write one record to every target. Where a writer of ours fails, it says so instead."""
        for writer, write in self._sinks:
            failed, pieces = list[str](), list[str]()
            with fenced(failed.append):
                pieces = list(writer.record(report))
            if failed:
                self.faults += 1
                pieces = list(writer.record(_only_faults(report, failed)))
            write(pieces)

    def end(self, totals: Totals) -> None:
        """Finish every target."""
        for writer, write in self._sinks:
            write(writer.end(totals))


def _only_faults(report: RecordReport, failed: Iterable[str]) -> RecordReport:
    """Return of a report what it is about and what to do, and that it cannot be shown."""
    return replace(
        report,
        findings=tuple(map(Fault.OURS.finding, failed)),
        not_run=(),
        summary=None,
        document=None,
    )


@contextmanager
def open_outputs(targets: Iterable[Target], run: Run) -> Iterator[Outputs]:
    """Open the reports of one run."""
    with ExitStack() as stack:
        yield Outputs([(FORMATS[name](run), path) for name, path in targets], stack)


def _echo(pieces: Iterable[str]) -> None:
    with reader_may_go():
        for piece in pieces:
            click.echo(piece, nl=False)


@contextmanager
def _file(path: Path) -> Iterator[Write]:
    with replaced_file(path, "w", encoding="utf-8", newline="\n") as file:
        yield lambda pieces: file.writelines(click.unstyle(piece) for piece in pieces)


def chosen_targets(
    targets: tuple[Target, ...], output: Path | None, *, show_values: bool
) -> list[Target]:
    """Put ``--format`` and ``--output`` together.

    Raises:
        click.UsageError: the options contradict each other.
    """
    chosen = list(targets) or [("text", None)]
    if output is not None:
        if len(chosen) > 1 or chosen[0][1] is not None:
            raise click.UsageError(
                "Use --output with one format, or --format NAME:FILE for several."
            )
        chosen = [(chosen[0][0], output)]
    if sum(path is None for _, path in chosen) > 1:
        raise click.UsageError("Only one report can go to the screen. Use --format NAME:FILE.")
    if show_values and chosen != [("text", None)]:
        raise click.UsageError("--show-values works only with text on the screen.")
    return chosen


class BaselineOptions:
    """What ``--baseline`` and ``--write-baseline`` ask for. Without them it does nothing."""

    def __init__(
        self, read: Path | None, to_write: Path | None, as_of: date, selection: Selection
    ) -> None:
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
            without = sum(not (entry.owner and entry.reason) for entry in self._written)
            count = len(self._written)
            entries = "1 entry" if count == 1 else f"{count:,} entries"
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
