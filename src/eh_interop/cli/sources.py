"""Where records come from: files, folders, packs and standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import click

from eh_interop.cli.progress import progress
from eh_interop.reading import SourceRecord, find_files, read_path, read_stream
from eh_interop.reports.words import plural

_STANDARD_INPUT: Final = "-"
_BAG: Final = "bagit.txt"
_PACKED: Final = (".zip", ".age")


def records(sources: Iterable[str], *, quiet: bool) -> Iterator[SourceRecord]:
    """Yield every record of the sources, one at a time, and show progress on long work.

    Args:
        sources: files, folders, packs, or ``-`` for standard input.
        quiet: say nothing on stderr.
    """
    files = list(_files(sources, quiet=quiet))
    with progress(() if quiet else files) as advance:
        for source, path in files:
            for raw in _read(source, path):
                yield raw
                advance(len(raw.text))


def packs_among(sources: Iterable[str]) -> bool:
    """Tell whether one of the sources is a pack, without opening it."""
    return any(source != _STANDARD_INPUT and _may_be_pack(Path(source)) for source in sources)


def _may_be_pack(path: Path) -> bool:
    if path.is_dir():
        return (path / _BAG).is_file()
    return path.name.lower().endswith(_PACKED) and path.is_file()


def _read(source: str, path: Path | None) -> Iterator[SourceRecord]:
    if path is None:
        return read_stream(sys.stdin.buffer, source)
    if not _may_be_pack(path):
        return read_path(path, source)
    from eh_interop.packs import records_of_pack

    return records_of_pack(path, source)


def _files(sources: Iterable[str], *, quiet: bool) -> Iterator[tuple[str, Path | None]]:
    for source in sources:
        path = Path(source)
        if source == _STANDARD_INPUT:
            yield source, None
        elif path.is_dir() and not _may_be_pack(path):
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
