"""``eh-interop check``: is a record ready, what is missing, and what to ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, time
from functools import partial
from pathlib import Path
from typing import Final

import click

from eh_interop.checks.comparing import LIMIT
from eh_interop.checks.parallel import (
    ENGINES,
    CheckOptions,
    check_many,
    engine_called,
    new_key,
    with_across,
)
from eh_interop.cli.exits import FAULT, FOUND, INTERRUPTED, OK, UNREADABLE
from eh_interop.cli.options import MOMENT, area_option, today
from eh_interop.cli.outputs import (
    BaselineOptions,
    Target,
    chosen_targets,
    open_outputs,
    targets_option,
)
from eh_interop.cli.sources import has_pack, records, source_options
from eh_interop.cli.stopping import stopping
from eh_interop.core.findings import Disposition, Severity
from eh_interop.protection import half_said_alone, traces
from eh_interop.reports import FINGERPRINTED, Run, Selection, Totals, select
from eh_interop.reports.words import left_out
from eh_interop.sources.formats import SourceOptions
from eh_interop.sources.opening import reopen, understand
from eh_interop.standard.areas import Area

_FAIL_ON: Final = {
    "error": (Severity.ERROR,),
    "warning": (Severity.ERROR, Severity.WARNING),
    "never": (),
}


@click.command("check")
@click.argument("sources", metavar="FILE|FOLDER|PACK|-...", nargs=-1, required=True)
@source_options("--from")
@area_option()
@click.option(
    "--as-of",
    "moment",
    type=MOMENT,
    help="The day on which to judge what is overdue, by default today. With a time of day, ACT NOW "
    "says whom to ring then.",
)
@targets_option
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
    "--only",
    multiple=True,
    metavar="CODE",
    help="Report only the findings with this code or name. Give it several times for several.",
)
@click.option(
    "--ignore",
    "ignored",
    multiple=True,
    metavar="CODE",
    help="Leave out the findings with this code or name, and say how many there were.",
)
@click.option(
    "--baseline",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Known findings (TOML or JSON): they are shown, and do not count for the exit code.",
)
@click.option(
    "--write-baseline",
    "to_write",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write what was found as known findings. What people wrote there before stays.",
)
@click.option(
    "--quiet",
    is_flag=True,
    help="No text about records that are ready, and no progress or notes on stderr.",
)
@click.option(
    "--engine",
    type=click.Choice(list(ENGINES)),
    default="compiled",
    show_default=True,
    help="Which JSON Schema engine to use. Both say the same; the reference one is slow.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="How many processes to use. The report is the same with any number.",
)
@click.option(
    "--across/--no-across",
    default=None,
    help="Compare the records of each child with each other: always, or never. "
    f"By default they are compared if there are no more than {LIMIT:,}.",
)
@click.option(
    "--show-values", is_flag=True, help="Show what stands at each place, on your own screen only."
)
def command(
    sources: tuple[str, ...],
    area: Area | None,
    moment: tuple[date, time | None] | None,
    targets: tuple[Target, ...],
    output: Path | None,
    fail_on: str,
    only: tuple[str, ...],
    ignored: tuple[str, ...],
    baseline: Path | None,
    to_write: Path | None,
    quiet: bool,
    engine: str,
    jobs: int,
    across: bool | None,
    show_values: bool,
    how: SourceOptions,
) -> int:
    """Check records: JSON or NDJSON files, folders, packs, or - for standard input.

    \b
    Exit codes:
      0   nothing at the level of --fail-on
      1   findings at that level
      2   wrong options or arguments
      3   something could not be read (the rest was checked)
      4   the standard, an area or a baseline is broken
      70  our own fault
    """  # noqa: D301 (click wants the character itself)
    if show_values and jobs > 1:
        raise click.UsageError("--show-values works only with --jobs 1.")
    as_of, at = moment or (today(), None)
    chosen = chosen_targets(targets, output, show_values=show_values)
    selection = Selection(
        only=_codes("--only", only, area), ignored=_codes("--ignore", ignored, area)
    )
    run = Run(
        area=area.key if area else None,
        as_of=as_of,
        show_values=show_values,
        quiet=quiet,
        clauses=area.clauses if area else {},
        documents=area.documents if area else {},
    )
    known = BaselineOptions(baseline, to_write, as_of, selection)
    options = CheckOptions(
        area=area.origin if area else None,
        as_of=as_of,
        at=at,
        engine=engine_called(engine),
        more=half_said_alone,
        trace=traces,
        fingerprints=known.wanted or any(name in FINGERPRINTED for name, _ in chosen),
        key=None if across is False else new_key(),
        # The records of a pack are about one family: they are always compared.
        limit=None if across or has_pack(sources) else LIMIT,
    )
    totals = Totals(has_baseline=baseline is not None)
    stopped = False
    with open_outputs(chosen, run) as outputs, stopping() as asked:
        try:
            checked = check_many(records(sources, how, quiet=quiet), options, jobs, understand)
            for whole in with_across(checked, options, partial(reopen, how)):
                report, unasked = select(whole, selection)
                marked = known.mark(report)
                totals.add(marked, unasked)
                outputs.record(marked)
                asked.raise_if_interrupted()
        except KeyboardInterrupt:
            stopped = True
            click.echo("Stopped early: the report holds what was checked so far.", err=True)
        totals.faults += outputs.faults
        known.end(totals, stopped=stopped)
        outputs.end(totals)
    if not quiet:
        for note in (*known.notes(totals), *_ended(area, as_of)):
            click.echo(note, err=True)
    if totals.left_out and not quiet:
        click.echo(left_out(totals), err=True)
    return INTERRUPTED if stopped else _exit_code(totals, _FAIL_ON[fail_on])


def _codes(option: str, given: Iterable[str], area: Area | None) -> frozenset[str]:
    """Turn codes and names into codes."""
    from eh_interop.checks.catalogue import entries, nearest

    codes: set[str] = set()
    for name in given:
        wanted = name.strip().lower()
        matches = {
            entry.code for entry in entries(area) if wanted in {entry.code.lower(), entry.name}
        }
        if not matches:
            near = nearest(name, area)
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            raise click.BadParameter(
                f"there is no check of the code or name {name}.{hint}", param_hint=option
            )
        codes |= matches
    return frozenset(codes)


def _ended(area: Area | None, day: date) -> Iterator[str]:
    """Yield the waivers of the chosen area whose day is over."""
    if area is None:
        return
    for code, waiver in area.waivers.items():
        if day > waiver.until:
            yield f"{area.title}: the waiver of {code} ended on {waiver.until} and has no effect."


def _exit_code(totals: Totals, failing: tuple[Severity, ...]) -> int:
    if totals.faults:
        return FAULT
    if totals.dispositions[Disposition.UNREADABLE] or not totals.records:
        return UNREADABLE
    return FOUND if any(totals.severities[severity] for severity in failing) else OK
