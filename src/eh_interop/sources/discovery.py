"""Discovery: which files hold records, among the files, folders, patterns and packs given."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from glob import glob, has_magic
from pathlib import Path
from typing import Final

from eh_interop.reading.probe import ARCHIVE, TEXT, UNKNOWN, FileKind, Probe
from eh_interop.sources.formats import Reader, SourceOptions, reader_of, reader_of_folder
from eh_interop.sources.own_files import is_sidecar

STANDARD_INPUT: Final = "-"
_PACKED: Final = (".zip", ".age")
_UNCLEAR: Final = frozenset({None, ARCHIVE, TEXT, UNKNOWN})


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file, folder or stream that is read as a whole.

    Attributes:
        name: how reports call it.
        reader: what reads it; None if nothing does.
        path: where it is; None for standard input.
        stream: the content of standard input.
        kind: what it is, if nothing reads it.
        in_folder: it was not named itself, but lies in a folder that was.
    """

    name: str
    reader: Reader | None
    path: Path | None = None
    stream: Probe | None = field(default=None, repr=False)
    kind: FileKind | None = None
    in_folder: bool = False


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A file of a folder that is not read, and what it is."""

    name: str
    what: str


def discover(names: Iterable[str], options: SourceOptions) -> Iterator[SourceFile | PassedOver]:
    """Yield what the names stand for, in their order; the files of a folder sorted by path.

    A name that was given is always a source, whatever it is. In a folder only what can be read
    is one; every other file is passed over, with a word about what it is. Hidden files, and the
    files that we write beside records, are not mentioned.

    Args:
        names: files, folders, patterns such as ``*.json``, packs, or ``-``.
        options: how they are to be read.
    """
    for name in names:
        if name == STANDARD_INPUT:
            import sys

            yield _recognised(Probe(name, stream=sys.stdin.buffer), options)
            continue
        for path in _expanded(name):
            yield from _given(path, options)


def _expanded(name: str) -> list[Path]:
    """Expand a pattern: the Windows command line leaves that to programs."""
    path = Path(name)
    if not has_magic(name) or path.exists():
        return [path]
    matches = glob(name, recursive=True)  # noqa: PTH207 (a pattern may begin anywhere)
    return [Path(match) for match in sorted(matches)] or [path]


def _given(path: Path, options: SourceOptions) -> Iterator[SourceFile | PassedOver]:
    if not path.is_dir():
        file = _file(path, options)
        # Who gives a zip file means a pack: its reader says what is wrong with it as one.
        calls_itself_pack = path.name.lower().endswith(_PACKED) and file.kind in _UNCLEAR
        yield SourceFile(str(path), Reader.PACK, path) if calls_itself_pack else file
    elif reader := reader_of_folder(path, options):
        yield SourceFile(str(path), reader, path)
    else:
        yield from _in_folder(path, options)


def _file(path: Path, options: SourceOptions) -> SourceFile:
    try:
        return _recognised(Probe(str(path), path), options)
    except (OSError, ValueError):  # ValueError: what cannot be the name of a file
        return SourceFile(str(path), Reader.JSON, path)  # it says why it cannot be opened


def _recognised(probe: Probe, options: SourceOptions) -> SourceFile:
    reader = reader_of(probe, options)
    return SourceFile(
        name=probe.name,
        reader=reader,
        path=probe.path,
        stream=probe if probe.path is None else None,
        kind=probe.kind if reader is None else None,
    )


def _in_folder(root: Path, options: SourceOptions) -> Iterator[SourceFile | PassedOver]:
    entries: list[SourceFile | PassedOver] = []
    closed: list[OSError] = []
    for folder, folders, files in os.walk(root, onerror=closed.append):
        at = Path(folder)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in list(folders):
            if (at / name).is_symlink():
                entries.append(PassedOver(str(at / name), "a link to a folder"))
            elif reader := reader_of_folder(at / name, options):
                entries.append(SourceFile(str(at / name), reader, at / name))
                folders.remove(name)
        entries += [
            _entry(at / name, options)
            for name in files
            if not name.startswith(".") and not is_sidecar(at / name)
        ]
    entries += [PassedOver(error.filename, "a folder that cannot be opened") for error in closed]
    yield from sorted(entries, key=lambda entry: Path(entry.name).as_posix())


def _entry(path: Path, options: SourceOptions) -> SourceFile | PassedOver:
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would wait for ever
            return PassedOver(str(path), "not a file")
    except OSError:
        pass  # what is not there may be tried: the reader says why it cannot be opened
    file = _file(path, options)
    return PassedOver(file.name, file.kind.title) if file.kind else replace(file, in_folder=True)
