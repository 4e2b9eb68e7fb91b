"""Where records come from: files, folders and standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import click

from eh_interop.cli.progress import progress
from eh_interop.reading import Raw, find_files, read_path, read_stream
from eh_interop.report.words import plural

_STANDARD_INPUT: Final = "-"


def records(sources: Iterable[str], *, quiet: bool) -> Iterator[Raw]:
    """Yield every record of the sources, one at a time, and show progress on long work.

    Args:
        sources: files, folders, or ``-`` for standard input.
        quiet: say nothing on stderr.
    """
    files = list(_files(sources, quiet=quiet))
    with progress(() if quiet else files) as advance:
        for source, path in files:
            stream = sys.stdin.buffer
            for raw in read_path(path, source) if path else read_stream(stream, source):
                yield raw
                advance(len(raw.text))


def _files(sources: Iterable[str], *, quiet: bool) -> Iterator[tuple[str, Path | None]]:
    for source in sources:
        path = Path(source)
        if source == _STANDARD_INPUT:
            yield source, None
        elif path.is_dir():
            yield from _in_folder(path, quiet=quiet)
        else:
            yield source, path


def _in_folder(folder: Path, *, quiet: bool) -> Iterator[tuple[str, Path]]:
    found, others = find_files(folder)
    if others and not quiet:
        count = plural(len(others), "file")
        click.echo(f"{folder}: {count} not read, because neither JSON nor FHIR.", err=True)
    if not found and not quiet:
        click.echo(f"{folder}: there are no JSON or FHIR files here.", err=True)
    yield from ((str(each), each) for each in found)
