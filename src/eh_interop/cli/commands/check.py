"""``eh-interop check``: is a record ready, what is missing, and what to ask for."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import click

from eh_interop.areas import Area, area_names, load_area
from eh_interop.checking import check_raw
from eh_interop.cli.exits import FAULT, FOUND, INTERRUPTED, OK, UNREADABLE
from eh_interop.cli.outputs import Outputs, Target, TargetType, open_outputs
from eh_interop.cli.progress import progress
from eh_interop.findings import Disposition, Severity
from eh_interop.reading import Raw, find_files, read_path, read_stream
from eh_interop.report import Run, Totals

_STANDARD_INPUT: Final = "-"
_FAIL_ON: Final = {
    "error": (Severity.ERROR,),
    "warning": (Severity.ERROR, Severity.WARNING),
    "never": (),
}


@click.command("check")
@click.argument("sources", metavar="FILE|FOLDER|-...", nargs=-1, required=True)
@click.option(
    "--area",
    "area_name",
    metavar="NAME|FILE.toml",
    help="Whose guidance to use. By default each record names its area.",
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The day on which to judge what is overdue. By default today.",
)
@click.option(
    "--format",
    "targets",
    type=TargetType(),
    multiple=True,
    help="How to report. Give it several times for several reports. By default text.",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the report to this file instead of the screen.",
)
@click.option(
    "--fail-on",
    type=click.Choice(list(_FAIL_ON)),
    default="error",
    show_default=True,
    help="Which findings give exit code 1.",
)
@click.option(
    "--show-values", is_flag=True, help="Show what stands at each place, on your own screen only."
)
def command(
    sources: tuple[str, ...],
    area_name: str | None,
    as_of: datetime | None,
    targets: tuple[Target, ...],
    output: Path | None,
    fail_on: str,
    show_values: bool,
) -> int:
    r"""Check records: JSON or NDJSON files, folders, or - for standard input.

    \b
    Exit codes:
      0   nothing at the level of --fail-on
      1   findings at that level
      2   the command was not given right
      3   something could not be read (the rest was checked)
      4   the standard or an area is broken
      70  our own fault
    """
    area = _area(area_name)
    chosen = _targets(targets, output, show_values=show_values)
    day = (as_of or datetime.now().astimezone()).date()
    run = Run(area=area.key if area else None, as_of=day, show_values=show_values)
    totals = Totals()
    stopped = False
    with open_outputs(chosen, run) as outputs:
        try:
            _check_all(sources, area, run, totals, outputs)
        except KeyboardInterrupt:
            stopped = True
            click.echo("Stopped early: the report holds what was checked so far.", err=True)
        outputs.end(totals)
    return INTERRUPTED if stopped else _exit_code(totals, _FAIL_ON[fail_on])


def _area(name: str | None) -> Area | None:
    if name is None:
        return None
    if not name.endswith(".toml") and name not in area_names():
        known = ", ".join(area_names())
        raise click.BadParameter(
            f"there is no such area. The areas are: {known}.", param_hint="--area"
        )
    return load_area(name)


def _targets(
    targets: tuple[Target, ...], output: Path | None, *, show_values: bool
) -> list[Target]:
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


def _check_all(
    sources: Iterable[str], area: Area | None, run: Run, totals: Totals, outputs: Outputs
) -> None:
    files = list(_files(sources))
    with progress(files) as advance:
        for source, path in files:
            for raw in _read(source, path):
                report = check_raw(raw, area=area, as_of=run.as_of)
                totals.add(report)
                outputs.record(report)
                advance(len(raw.text))


def _files(sources: Iterable[str]) -> Iterator[tuple[str, Path | None]]:
    for source in sources:
        path = Path(source)
        if source == _STANDARD_INPUT:
            yield source, None
        elif path.is_dir():
            found, others = find_files(path)
            if others:
                click.echo(
                    f"{source}: {len(others)} files are not JSON and were not read.", err=True
                )
            if not found:
                click.echo(f"{source}: there are no JSON files here.", err=True)
            yield from ((str(each), each) for each in found)
        else:
            yield source, path


def _read(source: str, path: Path | None) -> Iterator[Raw]:
    if path is None:
        return read_stream(sys.stdin.buffer, source)
    return read_path(path, source)


def _exit_code(totals: Totals, failing: tuple[Severity, ...]) -> int:
    if totals.faults:
        return FAULT
    if totals.dispositions[Disposition.UNREADABLE] or not totals.records:
        return UNREADABLE
    return FOUND if any(totals.severities[each] for each in failing) else OK
