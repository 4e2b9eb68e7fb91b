"""``eh-interop convert``: records as something else, and something else as records."""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click

from eh_interop.cli.exits import FOUND, INTERRUPTED, OK, UNREADABLE
from eh_interop.cli.sources import records
from eh_interop.cli.stopping import Stopping, stopping
from eh_interop.convert.inputs import (
    PartnerFile,
    from_return,
    from_tables,
    is_tables,
    partner_files,
)
from eh_interop.convert.prepared import Given
from eh_interop.convert.running import Converted, Work, convert_many
from eh_interop.convert.session import Tally, convert_into, is_about
from eh_interop.convert.staging import MANIFEST, Staging
from eh_interop.convert.targets import EachTarget, Settings, targets
from eh_interop.core.findings import Severity
from eh_interop.reading import SourceRecord
from eh_interop.reports.words import plural, printable
from eh_interop.version import __version__

MOST_TOLD: Final = 20
"""How many errors, and how many warnings, are told on the screen; findings.ndjson has them all."""


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
    "--mapping",
    metavar="NAME|FILE.toml",
    help="The sources are a partner's files, read by this mapping: see eh-interop mapping list.",
)
@click.option(
    "--from",
    "origin",
    type=click.Choice(["annex-a", "ssd", "cin"]),
    help="The sources are a statutory return.",
)
@click.option(
    "--verify",
    type=click.Choice(["all", "sample", "none"]),
    help="FHIR: which documents are verified fully before they are written (by default all; with "
    "sample, one in a hundred, and the others by a fast gate). Tables: read all of them back and "
    "compare (by default none).",
)
@click.option("--no-verify", is_flag=True, help="The same as --verify none.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The day on which ages are reckoned. By default today.",
)
@click.option(
    "--form",
    "forms",
    type=click.Choice(["csv", "xlsx"]),
    multiple=True,
    help="For annex-a and ssd: which files to write. By default CSV.",
)
@click.option(
    "--authority", default="", metavar="CODE", help="For cin: the council's three digits."
)
@click.option("--lineage", is_flag=True, help="Write where each value stood: lineage.ndjson.")
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
    mapping: str | None,
    origin: str | None,
    verify: str | None,
    no_verify: bool,
    as_of: datetime | None,
    forms: tuple[str, ...],
    authority: str,
    lineage: bool,
    jobs: int,
    resume: bool,
    dry_run: bool,
    quiet: bool,
) -> int:
    """Convert records: JSON, NDJSON, FHIR, our own tables, packs, or - for standard input.

    With --mapping the sources are a partner's files, with --from a return.

    Nothing is lost in silence: what does not fit is left out and told, and the
    rest goes on. What the source was stays as it is.

    \b
    Exit codes:
      0   everything was converted
      1   something was left out, or has to be looked at (all records were converted)
      2   the command was not given right
      3   some records or files could not be read or converted (the rest was)
      74  the results cannot be written: what is done is kept
    """  # noqa: D301 (click wants the character itself)
    settings = Settings(
        as_of=(as_of or datetime.now().astimezone()).date(),
        verify="none" if no_verify else verify or "all",
        forms=forms,
        authority=authority,
        prove=verify == "all",
    )
    work = Work(wanted, settings, lineage)
    given = _Given(sources, mapping, origin, quiet=quiet)
    screen = _Screen(quiet=quiet)
    with stopping() as asked:
        try:
            raws = _until_stopped(given.records(), asked)
            if dry_run or out is None:
                tally = _to_screen(raws, work, jobs, screen, dry_run=dry_run)
            else:
                tally = _to_folder(given, raws, work, jobs, screen, out, resume=resume)
        except KeyboardInterrupt:
            screen.say("Stopped. What is done is kept; go on with --resume.")
            return INTERRUPTED
    screen.end(tally)
    return _exit_code(tally)


class _Given:
    """The sources, and how they are read."""

    def __init__(
        self, sources: tuple[str, ...], mapping: str | None, origin: str | None, *, quiet: bool
    ) -> None:
        if mapping and origin:
            raise click.UsageError("Use --mapping or --from, not both.")
        self.sources = sources
        self.told: dict[str, Any] = {"mapping": _source(mapping)} if mapping else {}
        self.told |= {"from": origin} if origin else {}
        self._origin, self._quiet = origin, quiet
        self._partners = [
            PartnerFile(file, chosen)
            for chosen in ([mapping] if mapping else [])
            for source in sources
            for file in partner_files(source, chosen)
        ]

    def records(self) -> Iterator[SourceRecord | Given]:
        """Yield every record."""
        if self._partners:
            for partner in self._partners:
                yield from partner.records()
            return
        for source in self.sources:
            if self._origin:
                yield from from_return(self._origin, Path(source))
                continue
            for path in _files(Path(source)):
                if is_tables(path):
                    yield from from_tables(path)
                else:
                    yield from records((str(path),), quiet=self._quiet)

    def unmapped(self) -> dict[str, Any]:
        """Say which of a partner's columns the mapping does not read."""
        lost = sorted({name for partner in self._partners for name in partner.unmapped})
        return {"unmappedColumns": lost} if lost else {}


def _files(path: Path) -> list[Path]:
    """Return a path; of a folder that an earlier conversion wrote, the files with records."""
    if not (path / MANIFEST).is_file() or is_tables(path):
        return [path]
    return sorted(each for each in path.iterdir() if each.is_file() and not is_about(each.name))


def _until_stopped(
    raws: Iterable[SourceRecord | Given], asked: Stopping
) -> Iterator[SourceRecord | Given]:
    for raw in raws:
        asked.look()
        yield raw


class _Screen:
    """What is said on stderr. The screen holds no values of any record."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet, self._told, self._more = quiet, Counter[Severity](), 0

    def tell(self, one: Converted) -> None:
        """Tell what was found in one record, as long as it is not too much.

        Errors and warnings are counted apart: many warnings never hide why nothing was converted.
        """
        for finding in one.findings:
            if finding.severity is Severity.INFO:
                continue
            if self._told[finding.severity] >= MOST_TOLD:
                self._more += 1
                continue
            self._told[finding.severity] += 1
            line = finding.origin.line if finding.origin else one.line
            place = f" {finding.place}" if finding.place else ""
            place += (
                f" ({printable(finding.origin.path)})"
                if finding.origin and finding.origin.path
                else ""
            )
            source = f"{printable(one.source)}:{line}: " if one.source else ""
            self.say(f"{source}{finding.severity} {finding.code}{place}: {finding.message}")

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
    raws: Iterable[SourceRecord | Given], work: Work, jobs: int, screen: _Screen, *, dry_run: bool
) -> Tally:
    target = targets()[work.target]
    if not isinstance(target, EachTarget):
        if not dry_run:
            raise click.UsageError(f"{work.target} has several files: name a folder with --out.")
        work = replace(work, target="ndjson")
    has_lines = isinstance(target, EachTarget) and target.has_lines
    tally = Tally()
    for one in convert_many(enumerate(raws), work, jobs):
        if one.data is not None and not dry_run:
            if tally.written and not has_lines:
                raise click.UsageError(
                    "There are several records: name a folder with --out, or use --to ndjson."
                )
            sys.stdout.buffer.write(one.data)
        tally.add(one)
        screen.tell(one)
    sys.stdout.buffer.flush()
    return tally


def _to_folder(
    given: _Given,
    raws: Iterable[SourceRecord | Given],
    work: Work,
    jobs: int,
    screen: _Screen,
    out: Path,
    *,
    resume: bool,
) -> Tally:
    if resume and "-" in given.sources:
        raise click.UsageError("Standard input cannot be read again, so it cannot be gone on with.")
    plan = {
        "tool": f"eh-interop {__version__}",
        "target": work.target,
        "asOf": work.settings.as_of.isoformat(),
        "verify": work.settings.verify,
        **({"lineage": True} if work.lineage else {}),
        **({"forms": work.settings.forms} if work.settings.forms else {}),
        **({"authority": work.settings.authority} if work.settings.authority else {}),
        **given.told,
        "sources": [_source(source) for source in given.sources],
    }
    staging = Staging(out, plan, resume=resume)
    try:
        return convert_into(staging, raws, work, jobs, screen.tell, given.unmapped)
    finally:
        staging.close()


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
