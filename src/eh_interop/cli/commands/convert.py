"""``eh-interop convert``: records as something else, and something else as records."""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import click
import orjson

from eh_interop.cli.exits import FAULT, FOUND, INTERRUPTED, OK, UNREADABLE
from eh_interop.cli.sources import records, source_options
from eh_interop.cli.stopping import Stopping, stopping
from eh_interop.convert.running import ConversionResult, ConvertOptions, convert_many
from eh_interop.convert.session import Tally, convert_into
from eh_interop.convert.staging import Staging
from eh_interop.convert.targets import RecordWriter, TargetSettings, targets
from eh_interop.core.findings import Finding, Severity
from eh_interop.core.uk_time import uk_today
from eh_interop.reading.conversion import ConvertFault
from eh_interop.reading.faults import TO_LOOK_AT, Fault
from eh_interop.reading.source_record import SourceRecord
from eh_interop.reports.words import plural, printable
from eh_interop.sources.formats import SourceOptions
from eh_interop.sources.opening import SourceLog
from eh_interop.sources.own_files import NOTES
from eh_interop.version import __version__

MOST_SHOWN: Final = 20
"""How many errors, and how many warnings, are shown; findings.ndjson has them all."""


@click.command("convert")
@click.argument("sources", metavar="FILE|FOLDER|-...", nargs=-1, required=True)
@click.option(
    "--to",
    "wanted",
    type=click.Choice(list(targets())),
    required=True,
    help="What to make of them.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="The folder for the results. Without it, what one record becomes goes to the screen.",
)
@source_options("--from")
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
    help="The day on which ages are calculated. By default today.",
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
    how: SourceOptions,
) -> int:
    """Convert records: JSON, NDJSON, FHIR, our own tables, packs, or - for standard input.

    With --mapping the sources are a partner's files, with --from a return.

    Nothing is lost in silence: what does not fit is left out and reported, and the
    rest goes on. What the source was stays as it is.

    \b
    Exit codes:
      0   everything was converted
      1   something was left out, or has to be looked at (all records were converted)
      2   wrong options or arguments
      3   some records or files could not be read or converted (the rest was)
      70  our own fault (the rest was converted)
      74  the results cannot be written: what is done is kept
    """  # noqa: D301 (click wants the character itself)
    settings = TargetSettings(
        as_of=as_of.date() if as_of else uk_today(),
        verify="none" if no_verify else verify or "all",
        forms=forms,
        authority=authority,
        compare=verify == "all",
    )
    options = ConvertOptions(wanted, settings, lineage)
    screen, log = _Screen(quiet=quiet), SourceLog()
    with stopping() as stop:
        try:
            given = _until_stopped(records(sources, how, log, quiet=quiet), stop)
            if dry_run or out is None:
                tally = _to_screen(given, options, jobs, screen, dry_run=dry_run)
            else:
                staging = Staging(out, _plan(sources, how, options, resume=resume), resume=resume)
                try:
                    tally = convert_into(
                        staging, given, options, jobs, screen.show, partial(_unmapped, log)
                    )
                finally:
                    staging.close()
        except KeyboardInterrupt:
            screen.write("Stopped. What is done is kept; go on with --resume.")
            return INTERRUPTED
    for line in _not_carried(out) if out and not dry_run else ():
        screen.write(line)
    screen.end(tally)
    return _exit_code(tally)


def _not_carried(out: Path) -> Iterator[str]:
    """Say what a return has no place for; the notes beside it name each field, with the reason."""
    path = out / NOTES
    notes = orjson.loads(path.read_bytes()) if path.is_file() else {}
    lost = Counter(str(loss["record"]) for loss in notes.get("lost", ()))
    for record, count in sorted(lost.items()):
        fields = plural(count, "field")
        yield f"Not carried over: {fields} of {record} records, for which the return has no place."
    for table, count in notes.get("outside", {}).items():
        yield f"Not in {table}: {plural(count, 'event')} outside the days that the return is about."
    for record, count in notes.get("ignored", {}).items():
        yield f"Not in the return: {plural(count, f'{record} record')}."
    if lost:
        yield f"{NOTES} names each field, with the reason."
    if unfilled := notes.get("unfilled"):
        columns = plural(len(unfilled), "column")
        yield f"Nothing is ever written into {columns}: {NOTES} says of each why."


def _unmapped(log: SourceLog) -> dict[str, Any]:
    """Say which of a partner's columns the mapping does not read."""
    return {"unmappedColumns": sorted(log.unmapped)} if log.unmapped else {}


def _until_stopped(given: Iterable[SourceRecord], stop: Stopping) -> Iterator[SourceRecord]:
    for record in given:
        stop.raise_if_interrupted()
        yield record


class _Screen:
    """What is shown on stderr. The screen holds no values of any record."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet, self._shown, self._more = quiet, Counter[Severity](), 0

    def show(self, result: ConversionResult) -> None:
        """Show what was found in one record, as long as it is not too much.

        Errors and warnings are counted apart: many warnings never hide why nothing was converted.
        """
        for finding in result.findings:
            if finding.severity is Severity.INFO:
                continue
            if self._shown[finding.severity] >= MOST_SHOWN:
                self._more += 1
                continue
            self._shown[finding.severity] += 1
            self.write(_line(result, finding))

    def end(self, tally: Tally) -> None:
        """Say in one line what happened."""
        if self._more:
            self.write(f"{self._more} more not shown.")
        missed = f", {tally.unreadable} not converted" if tally.unreadable else ""
        self.write(f"{plural(tally.records, 'record')}: {tally.written} converted{missed}.")

    def write(self, line: str) -> None:
        """Write one line."""
        if not self._quiet:
            click.echo(line, err=True)


def _line(result: ConversionResult, finding: Finding) -> str:
    origin = finding.origin
    line = (origin.line or origin.row if origin else 0) or result.line
    file = origin.file if origin and not result.source else ""
    where = str(replace(origin, line=0, column=0, file=file)) if origin else ""
    source = f"{printable(result.source)}:{line}: " if result.source else ""
    place = f" {finding.place}" if finding.place else ""
    words = f" ({printable(where)})" if where else ""
    return f"{source}{finding.severity} {finding.code}{place}{words}: {finding.message}"


def _to_screen(
    given: Iterable[SourceRecord],
    options: ConvertOptions,
    jobs: int,
    screen: _Screen,
    *,
    dry_run: bool,
) -> Tally:
    writer = targets()[options.target]
    if not isinstance(writer, RecordWriter):
        if not dry_run:
            raise click.UsageError(f"{options.target} has several files: name a folder with --out.")
        options = replace(options, target="ndjson")
    has_lines = isinstance(writer, RecordWriter) and writer.has_lines
    tally = Tally()
    for result in convert_many(enumerate(given), options, jobs):
        if result.data is not None and not dry_run:
            if tally.written and not has_lines:
                raise click.UsageError(
                    "There are several records: name a folder with --out, or use --to ndjson."
                )
            sys.stdout.buffer.write(result.data)
        tally.add(result)
        screen.show(result)
    sys.stdout.buffer.flush()
    return tally


def _plan(
    sources: tuple[str, ...], how: SourceOptions, options: ConvertOptions, *, resume: bool
) -> dict[str, Any]:
    """Describe the conversion: only the same one can go on where it was stopped."""
    if resume and "-" in sources:
        raise click.UsageError("--resume does not work with standard input.")
    settings = options.settings
    return {
        "tool": f"eh-interop {__version__}",
        "target": options.target,
        "asOf": settings.as_of.isoformat(),
        "verify": settings.verify,
        **({"lineage": True} if options.lineage else {}),
        **({"forms": settings.forms} if settings.forms else {}),
        **({"authority": settings.authority} if settings.authority else {}),
        **({"mapping": _source(how.mapping)} if how.mapping else {}),
        **({"from": how.statutory_return} if how.statutory_return else {}),
        "sources": [_source(source) for source in sources],
    }


def _source(name: str) -> dict[str, Any]:
    """Name a source, with what tells whether it is the same in the next run."""
    path = Path(name)
    if path.is_file():
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return {"name": path.name, "sha256": digest}
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.is_file())
        together = hashlib.sha256()
        for inside in files:
            with inside.open("rb") as content:
                together.update(hashlib.file_digest(content, "sha256").digest())
        return {"name": path.name, "files": len(files), "sha256": together.hexdigest()}
    return {"name": path.name}


def _exit_code(tally: Tally) -> int:
    if tally.codes[Fault.OURS.code]:
        return FAULT
    if tally.unreadable or not tally.records:
        return UNREADABLE
    to_look_at = {fault.code for fault in (ConvertFault.AS_WRITTEN, *TO_LOOK_AT)}
    return FOUND if tally.severities[Severity.ERROR] or to_look_at & set(tally.codes) else OK
