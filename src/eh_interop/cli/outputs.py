"""Where reports go: to the screen, to files, or both at once."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from eh_interop.checks.record_report import RecordReport
from eh_interop.cli.exits import ReaderGoneError
from eh_interop.reports import FORMATS, Run, Totals, Writer

Write = Callable[[Iterable[str]], None]

Target = tuple[str, Path | None]
"""A format, and the file that it goes to (or the screen)."""


class TargetType(click.ParamType[Target]):
    """``FORMAT`` or ``FORMAT:FILE``."""

    name = "format"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Show the choices in the help text."""
        del param, ctx
        return f"[{'|'.join(FORMATS)}][:FILE]"

    def convert(
        self, value: str | Target, param: click.Parameter | None, ctx: click.Context | None
    ) -> Target:
        """Read one ``--format``."""
        if isinstance(value, tuple):
            return value
        name, _, file = value.partition(":")
        if name not in FORMATS:
            self.fail(f"{name} is not a format. Choose from {', '.join(FORMATS)}.", param, ctx)
        return name, Path(file) if file else None


class Outputs:
    """All the reports of one run, written side by side."""

    def __init__(self, writers: Iterable[tuple[Writer, Path | None]], stack: ExitStack) -> None:
        """Open every target. Files appear only when the run has ended."""
        self._sinks = [
            (writer, stack.enter_context(_file(path)) if path else _echo)
            for writer, path in writers
        ]
        for writer, write in self._sinks:
            write(writer.begin())

    def record(self, report: RecordReport) -> None:
        """Write one record to every target."""
        for writer, write in self._sinks:
            write(writer.record(report))

    def end(self, totals: Totals) -> None:
        """Finish every target."""
        for writer, write in self._sinks:
            write(writer.end(totals))


@contextmanager
def open_outputs(targets: Iterable[Target], run: Run) -> Iterator[Outputs]:
    """Open the reports of one run."""
    with ExitStack() as stack:
        yield Outputs([(FORMATS[name](run), path) for name, path in targets], stack)


def _echo(pieces: Iterable[str]) -> None:
    try:
        for piece in pieces:
            click.echo(piece, nl=False)
    except BrokenPipeError:
        # The command line library would end with 1, which here means findings.
        raise ReaderGoneError from None


@contextmanager
def _file(path: Path) -> Iterator[Write]:
    """Write beside the file and move it into place at the end, so that nobody reads half of it."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as problem:
        raise click.UsageError(f"{path} cannot be written: {problem.strerror}.") from None
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        yield lambda pieces: file.writelines(click.unstyle(piece) for piece in pieces)
    Path(name).replace(path)


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
