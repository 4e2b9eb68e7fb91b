"""Opening sources: from what somebody named to source records, one at a time.

Nothing that stands in a source makes this raise: what cannot be read is a record without a
document, whose findings say why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Final, cast

from eh_interop.reading import read_path, read_stream
from eh_interop.reading.faults import Fault
from eh_interop.reading.probe import UNKNOWN
from eh_interop.reading.source_record import SourceRecord
from eh_interop.sources.discovery import PassedOver, SourceFile, discover
from eh_interop.sources.formats import Reader, SourceOptions

PLAIN: Final = SourceOptions()


def open_sources(
    names: Iterable[str],
    options: SourceOptions = PLAIN,
    passed_over: Callable[[PassedOver], None] | None = None,
) -> Iterator[SourceRecord]:
    """Yield every record of the sources, in the standard's own form as far as that goes.

    Args:
        names: files, folders, patterns such as ``*.json``, packs, or ``-`` for standard input.
        options: how they are to be read.
        passed_over: told of each file of a folder that is not read.

    Raises:
        MappingError: the mapping is not right.
        MissingExtraError: what reads a source needs an extra that is not installed.
    """
    for entry in discover(names, options):
        if isinstance(entry, PassedOver):
            if passed_over is not None:
                passed_over(entry)
            continue
        yield from map(understand, read_source(entry, options))


def read_source(file: SourceFile, options: SourceOptions = PLAIN) -> Iterator[SourceRecord]:
    """Yield the records of one source as they stand there. FHIR is not yet understood.

    Raises:
        MappingError: the mapping is not right.
        MissingExtraError: what reads the source needs an extra that is not installed.
    """
    match file.reader:
        case None:
            yield _not_read(file)
        case Reader.JSON | Reader.FHIR_XML:
            yield from _read_json(file)
        case _:
            with _at_a_path(file) as path:
                yield from _read_whole(file, path, options)


def _read_whole(file: SourceFile, path: Path, options: SourceOptions) -> Iterator[SourceRecord]:
    """Read what a reader has to look at as a whole."""
    match file.reader:
        case Reader.PACK:
            from eh_interop.packs import records_of_pack

            yield from records_of_pack(path, file.name)
        case Reader.PARTNER:
            from eh_interop.formats.partners import reader as partners

            yield from partners.read(path, options.mapping or "")
        case Reader.RETURN:
            from eh_interop.formats.returns import reader as returns

            yield from returns.read(path, options.statutory_return or "")
        case Reader.TABLES:
            from eh_interop.formats.tables import reader as tables

            yield from tables.read(path)


def understand(record: SourceRecord) -> SourceRecord:
    """Turn a record that is FHIR into one of the standard; give any other as it is.

    It may be done in another process than the reading.
    """
    if record.document is not None:
        if not isinstance(record.document.get("resourceType"), str):
            return record
    elif not record.text:
        return record
    from eh_interop.formats.fhir.reader import is_fhir, to_standard

    return to_standard(record) if is_fhir(record) else record


def _at_a_path(file: SourceFile) -> AbstractContextManager[Path]:
    return file.probe.at_a_path() if file.probe else nullcontext(cast("Path", file.path))


def _not_read(file: SourceFile) -> SourceRecord:
    kind = file.probe.kind if file.probe else UNKNOWN
    message = f"This is {kind.title}. {kind.advice}"
    return SourceRecord(
        source=file.name, document=None, findings=(Fault.OTHER_FORMAT.finding(message),)
    )


def _read_json(file: SourceFile) -> Iterator[SourceRecord]:
    if file.path is not None:
        yield from read_path(file.path, file.name)
    elif file.probe is not None:
        with file.probe.opened() as stream:
            yield from read_stream(stream, file.name)
