"""Progress on long work: on stderr, and only on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click

LONG_WORK: Final = 5_000_000
"""Bytes from which work is long enough to show progress."""


@contextmanager
def progress(files: Iterable[tuple[str, Path | None]]) -> Iterator[Callable[[int], None]]:
    """Give a function to call with the bytes that are done."""
    total = sum(path.stat().st_size for _, path in files if path and path.is_file())
    if total < LONG_WORK or not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=total, label="Checking", file=sys.stderr) as bar:
        yield bar.update
