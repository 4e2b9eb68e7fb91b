"""Reading the records that a command works on: what cannot be read is said plainly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from eh_interop.cli.sources import packs_among, records
from eh_interop.core.errors import UnreadableInputError
from eh_interop.reading import SourceRecord
from eh_interop.reports.words import printable


def readable(sources: Iterable[str]) -> Iterator[tuple[SourceRecord, dict[str, Any]]]:
    """Yield every record of the sources with its document.

    Raises:
        UnreadableInputError: one of them cannot be read, or there is none.
    """
    count = 0
    for raw in records(sources, quiet=True):
        count += 1
        if raw.document is None:
            why = " ".join(finding.message for finding in raw.findings)
            raise UnreadableInputError(f"{printable(raw.source)}: {why}")
        yield raw, raw.document
    if not count:
        raise UnreadableInputError("There is no record here.")


def only_record(source: str) -> dict[str, Any]:
    """Return the one record of a source, or the record that a pack is about.

    Raises:
        UnreadableInputError: it cannot be read, or there are several.
    """
    if packs_among([source]):
        return _main_record(source)
    first, *others = readable([source])
    if others:
        raise UnreadableInputError(f"{printable(source)}: there is more than one record here.")
    return first[1]


def _main_record(source: str) -> dict[str, Any]:
    from eh_interop.packs import opened_pack

    with opened_pack(Path(source)) as pack:
        main = pack.contents.main
    if main is None:
        raise UnreadableInputError(f"{printable(source)}: the record that it is about is missing.")
    return dict(main.document)
