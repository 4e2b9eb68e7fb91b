"""Records for commands, from whatever is named on the command line."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, Final, TextIO, TypeVar, cast

import click

from eh_interop.core.errors import UnreadableInputError
from eh_interop.reading.source_record import SourceRecord
from eh_interop.reports.words import plural, printable
from eh_interop.sources.discovery import STANDARD_INPUT
from eh_interop.sources.formats import SourceOptions, is_pack
from eh_interop.sources.opening import PLAIN, SourceLog, open_sources, read_sources

F = TypeVar("F", bound=Callable[..., Any])
RETURNS: Final = ("annex-a", "ssd", "cin")


def source_options(return_flag: str = "--return") -> Callable[[F], F]:
    """Add the options that say how sources are read; the command gets them as ``how``.

    Args:
        return_flag: the option that names a statutory return.
    """

    def add(function: F) -> F:
        @click.option(
            "--mapping",
            metavar="NAME|FILE.toml",
            help="The sources are a partner's files, read by this mapping: see eh-interop "
            "mapping list.",
        )
        @click.option(
            return_flag,
            "statutory_return",
            type=click.Choice(RETURNS),
            help="The sources are a statutory return.",
        )
        @click.option(
            "--password-file",
            type=click.File(encoding="utf-8"),
            help="Its first line opens Word documents and PDFs that are protected.",
        )
        @click.option(
            "--ask-password",
            is_flag=True,
            help="Ask for the password that opens Word documents and PDFs that are protected.",
        )
        @wraps(function)
        def command(
            *arguments: Any,
            mapping: str | None,
            statutory_return: str | None,
            password_file: TextIO | None,
            ask_password: bool,
            **options: Any,
        ) -> Any:
            if mapping and statutory_return:
                raise click.UsageError(f"Use --mapping or {return_flag}, not both.")
            password = _password(password_file, ask=ask_password)
            how = SourceOptions(mapping, statutory_return, password)
            return function(*arguments, how=how, **options)

        return cast("F", command)

    return add


def _password(file: TextIO | None, *, ask: bool) -> str:
    """Return the password for protected documents. It is never an argument: others could see it."""
    if file is not None:
        return file.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, err=True)) if ask else ""


LONG_WORK: Final = 5_000_000
"""Bytes from which work is long enough to show progress."""


def records(
    sources: Iterable[str],
    options: SourceOptions = PLAIN,
    log: SourceLog | None = None,
    *,
    quiet: bool,
) -> Iterator[SourceRecord]:
    """Yield every record as it stands in its source, and show progress on long work.

    Args:
        sources: files, folders, patterns, packs, or ``-`` for standard input.
        options: how they are to be read.
        log: keeps what is to be said beside the records.
        quiet: say nothing on stderr.
    """
    named = list(sources)
    log = SourceLog() if log is None else log
    with _progress([] if quiet else named) as advance:
        for record in read_sources(named, options, log):
            yield record
            advance(len(record.text))
    if not quiet:
        _echo_passed_over(log)


def _echo_passed_over(log: SourceLog) -> None:
    """Name the files of a folder that were not read, and what they are, on stderr."""
    for file in log.passed_over:
        click.echo(f"{printable(file.name)}: {file.what}, not read.", err=True)
    if log.more:
        click.echo(f"{plural(log.more, 'more file')} not read.", err=True)


def has_pack(sources: Iterable[str]) -> bool:
    """Return whether one of the sources is a pack."""
    return any(source != STANDARD_INPUT and is_pack(Path(source)) for source in sources)


def readable(
    sources: Iterable[str], options: SourceOptions = PLAIN
) -> Iterator[tuple[SourceRecord, dict[str, Any]]]:
    """Yield every record of the sources with its document.

    Raises:
        UnreadableInputError: one of them cannot be read, or there is none.
    """
    count = 0
    for record in open_sources(sources, options):
        if not record.is_record:
            continue
        count += 1
        if record.document is None:
            why = " ".join(finding.message for finding in record.findings)
            raise UnreadableInputError(f"{printable(record.source)}: {why}")
        yield record, record.document
    if not count:
        raise UnreadableInputError("There is no record here.")


def only_record(source: str, options: SourceOptions = PLAIN) -> dict[str, Any]:
    """Return the one record of a source, or the record that a pack is about.

    Raises:
        UnreadableInputError: it cannot be read, or there are several.
    """
    return dict(record_and_others(source, options)[0].document or {})


def record_and_others(source: str, options: SourceOptions = PLAIN) -> list[SourceRecord]:
    """Return the one record of a source; or that which a pack is about, then its others.

    Raises:
        UnreadableInputError: it cannot be read, or there are several.
    """
    if has_pack([source]):
        return _records_of_pack(source)
    first, *others = readable([source], options)
    if others:
        raise UnreadableInputError(f"{printable(source)}: there is more than one record here.")
    return [first[0]]


def _records_of_pack(source: str) -> list[SourceRecord]:
    from eh_interop.packs import opened_pack

    with opened_pack(Path(source)) as pack:
        contents = pack.contents
    if contents.main is None:
        raise UnreadableInputError(f"{printable(source)}: the record that it is about is missing.")
    main = contents.main.source
    return [main, *(one.source for one in contents.records if one.source is not main)]


@contextmanager
def _progress(sources: Iterable[str]) -> Iterator[Callable[[int], None]]:
    """Give a function to call with the bytes that are done; shown only on a terminal."""
    total = sum(map(_bytes, sources)) if sys.stderr.isatty() else 0
    if total < LONG_WORK:
        yield lambda _: None
        return
    with click.progressbar(length=total, label="Checking", file=sys.stderr) as bar:
        yield bar.update


def _bytes(source: str) -> int:
    path = Path(source)
    if not path.is_dir():
        return path.stat().st_size if path.is_file() else 0
    inside = (Path(at, name) for at, _, names in os.walk(path) for name in names)
    return sum(file.stat().st_size for file in inside if file.is_file())
