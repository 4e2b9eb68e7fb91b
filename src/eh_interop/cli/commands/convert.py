"""``eh-interop convert``: records as something else, and something else as records."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click

from eh_interop.cli.exits import FOUND, INTERRUPTED, OK, UNREADABLE
from eh_interop.cli.sources import records
from eh_interop.cli.stopping import Stopping, stopping
from eh_interop.convert.running import Converted, Work, convert_many
from eh_interop.convert.session import Tally, convert_into
from eh_interop.convert.staging import Staging
from eh_interop.convert.targets import EachTarget, Settings, targets
from eh_interop.findings import Severity
from eh_interop.reading import Raw
from eh_interop.report.words import plural, printable

MOST_TOLD: Final = 20
"""How many findings are told on the screen; all of them stand in findings.ndjson."""


class _Targets(click.Choice[str]):
    """The names of what there is to convert to, found when they are asked for."""

    def __init__(self) -> None:
        super().__init__(list(targets()))


@click.command("convert")
@click.argument("sources", metavar="FILE|FOLDER|-...", nargs=-1, required=True)
@click.option("--to", "wanted", type=_Targets(), required=True, help="What to make of them.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="The folder for the results. Without it, what one record becomes goes to the screen.",
)
@click.option(
    "--verify",
    type=click.Choice(["all", "sample", "none"]),
    default="all",
    show_default=True,
    help="Which FHIR documents are verified fully before they are written. "
    "With sample, one in a hundred, and the others by a fast gate.",
)
@click.option("--no-verify", is_flag=True, help="The same as --verify none.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The day on which ages are reckoned. By default today.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="How many processes to use. The result is the same with any number.",
)
@click.option("--resume", is_flag=True, help="Go on where the same conversion was stopped.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and write nothing.")
@click.option("--quiet", is_flag=True, help="Say nothing but errors on stderr.")
def command(
    sources: tuple[str, ...],
    wanted: str,
    out: Path | None,
    verify: str,
    no_verify: bool,
    as_of: datetime | None,
    jobs: int,
    resume: bool,
    dry_run: bool,
    quiet: bool,
) -> int:
    """Convert records: JSON, NDJSON or FHIR files, folders, or - for standard input.

    Nothing is lost in silence: what does not fit is left out and told, and the
    rest goes on. What the source was stays as it is.

    \b
    Exit codes:
      0   everything was converted
      1   something was left out or not written (the rest was)
      2   the command was not given right
      3   something could not be read (the rest was converted)
      74  the results cannot be written: what is done is kept
    """  # noqa: D301 (click wants the character itself)
    settings = Settings(
        as_of=(as_of or datetime.now().astimezone()).date(),
        verify="none" if no_verify else verify,
    )
    work = Work(wanted, settings)
    screen = _Screen(quiet=quiet)
    with stopping() as asked:
        try:
            raws = _until_stopped(records(sources, quiet=quiet), asked)
            if dry_run or out is None:
                tally = _to_screen(raws, work, jobs, screen, dry_run=dry_run)
            else:
                tally = _to_folder(sources, raws, work, jobs, screen, out, resume=resume)
        except KeyboardInterrupt:
            screen.say("Stopped. What is done is kept; go on with --resume.")
            return INTERRUPTED
    screen.end(tally)
    return _exit_code(tally)


def _until_stopped(raws: Iterable[Raw], asked: Stopping) -> Iterator[Raw]:
    for raw in raws:
        asked.look()
        yield raw


class _Screen:
    """What is said on stderr. The screen holds no values of any record."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet, self._told, self._more = quiet, 0, 0

    def tell(self, one: Converted) -> None:
        """Tell what was found in one record, as long as it is not too much."""
        for each in one.findings:
            if each.severity is Severity.INFO:
                continue
            if self._told >= MOST_TOLD:
                self._more += 1
                continue
            self._told += 1
            line = each.origin.line if each.origin else one.line
            place = f" {each.place}" if each.place else ""
            source = f"{printable(one.source)}:{line}: " if one.source else ""
            self.say(f"{source}{each.severity} {each.code}{place}: {each.message}")

    def end(self, tally: Tally) -> None:
        """Say in one line what happened."""
        if self._more:
            self.say(f"{self._more} more not shown.")
        missed = f", {tally.unreadable} not converted" if tally.unreadable else ""
        self.say(f"{plural(tally.records, 'record')}: {tally.written} converted{missed}.")

    def say(self, line: str) -> None:
        """Say one line."""
        if not self._quiet:
            click.echo(line, err=True)


def _to_screen(
    raws: Iterable[Raw], work: Work, jobs: int, screen: _Screen, *, dry_run: bool
) -> Tally:
    target = targets()[work.target]
    if not isinstance(target, EachTarget):
        raise click.UsageError(f"{work.target} has several files: name a folder with --out.")
    tally = Tally()
    for one in convert_many(enumerate(raws), work, jobs):
        if one.data is not None and not dry_run:
            if (
                tally.written
                and (target.suffix, work.target) != (".json", "fhir")
                and target.suffix
            ):
                raise click.UsageError(
                    "There are several records: name a folder with --out, or use --to ndjson."
                )
            sys.stdout.buffer.write(one.data)
        tally.add(one)
        screen.tell(one)
    sys.stdout.buffer.flush()
    return tally


def _to_folder(
    sources: tuple[str, ...],
    raws: Iterable[Raw],
    work: Work,
    jobs: int,
    screen: _Screen,
    out: Path,
    *,
    resume: bool,
) -> Tally:
    if resume and "-" in sources:
        raise click.UsageError("Standard input cannot be read again, so it cannot be gone on with.")
    plan = {
        "target": work.target,
        "asOf": work.settings.as_of.isoformat(),
        "verify": work.settings.verify,
        "sources": [_source(each) for each in sources],
    }
    staging = Staging(out, plan, resume=resume)
    try:
        tally, _ = convert_into(staging, raws, work, jobs, screen.tell)
    finally:
        staging.close()
    return tally


def _source(name: str) -> dict[str, Any]:
    """Name a source, with what tells whether it is the same in the next run."""
    path = Path(name)
    if path.is_file():
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return {"name": path.name, "sha256": digest}
    if path.is_dir():
        files = sorted(each for each in path.rglob("*") if each.is_file())
        together = hashlib.sha256()
        for each in files:
            with each.open("rb") as file:
                together.update(hashlib.file_digest(file, "sha256").digest())
        return {"name": path.name, "files": len(files), "sha256": together.hexdigest()}
    return {"name": path.name}


def _exit_code(tally: Tally) -> int:
    if tally.unreadable or not tally.records:
        return UNREADABLE
    return FOUND if tally.severities[Severity.ERROR] else OK
