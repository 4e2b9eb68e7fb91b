"""Opening sources: from what somebody named to source records, one at a time.

Nothing that stands in a source makes this raise: what cannot be read is a record without a
document, whose findings say why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final, cast

from eh_interop.checks.pruning import AS_WRITTEN, restore_as_written
from eh_interop.core.errors import UnreadableInputError
from eh_interop.core.fence import fenced, fenced_items
from eh_interop.reading import read_path, read_stream
from eh_interop.reading.faults import DocumentFault, Fault
from eh_interop.reading.probe import UNKNOWN, Probe
from eh_interop.reading.source_record import SourceRecord
from eh_interop.reading.streams import RefusedError
from eh_interop.sources.discovery import STANDARD_INPUT, PassedOver, SourceFile, discover
from eh_interop.sources.formats import Reader, SourceOptions, reader_of

PLAIN: Final = SourceOptions()
MOST_NAMED: Final = 20
"""How many files that are not read are named one by one."""


@dataclass(slots=True)
class SourceLog:
    """What is to be said of the sources beside their records.

    Attributes:
        passed_over: files of a folder that were not read, the first of them.
        more: how many others there were.
        unmapped: columns of partners' files that the mapping does not read.
    """

    passed_over: list[PassedOver] = field(default_factory=list)
    more: int = 0
    unmapped: set[str] = field(default_factory=set)

    def add(self, file: PassedOver) -> None:
        """Keep a file that is not read, unless there were too many."""
        if len(self.passed_over) < MOST_NAMED:
            self.passed_over.append(file)
        else:
            self.more += 1


def open_sources(
    names: Iterable[str], options: SourceOptions = PLAIN, log: SourceLog | None = None
) -> Iterator[SourceRecord]:
    """Yield every record of the sources, in the standard's own form as far as that goes.

    Args:
        names: files, folders, patterns such as ``*.json``, packs, or ``-`` for standard input.
        options: how they are to be read.
        log: keeps what is to be said beside the records; complete at the end.

    Raises:
        MappingError: the mapping is not right.
        MissingExtraError: what reads a source needs an extra that is not installed.
    """
    return map(understand, read_sources(names, options, log))


def read_sources(
    names: Iterable[str], options: SourceOptions = PLAIN, log: SourceLog | None = None
) -> Iterator[SourceRecord]:
    """Yield every record of the sources as it stands there: see :func:`open_sources`.

    FHIR is not yet understood: :func:`understand` does that, in this process or another.
    """
    log = log or SourceLog()
    for entry in discover(names, options):
        if not isinstance(entry, SourceFile):
            log.add(entry)
            continue
        for record in fenced_items(read_source(entry, options, log), partial(_failed, entry)):
            if entry.in_folder and _is_no_form(record):
                log.add(PassedOver(entry.name, "not a form that we know"))
            else:
                yield record


def _is_no_form(record: SourceRecord) -> bool:
    """Return whether a document is no form at all, and nothing in it speaks of risk."""
    codes = {finding.code for finding in record.findings}
    return codes == {DocumentFault.NOT_A_FORM.code}


def read_source(file: SourceFile, options: SourceOptions, log: SourceLog) -> Iterator[SourceRecord]:
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
            try:
                with _at_a_path(file) as path:
                    for record in _read_whole(file, path, options, log):
                        in_pack = record.source.startswith(file.name)
                        yield record if in_pack else replace(record, source=file.name)
            except UnreadableInputError as problem:
                yield _refused(file, problem)


def _read_whole(
    file: SourceFile, path: Path, options: SourceOptions, log: SourceLog
) -> Iterator[SourceRecord]:
    """Read what a reader has to look at as a whole."""
    match file.reader:
        case Reader.PACK:
            from eh_interop.packs import records_of_pack

            yield from records_of_pack(path, file.name)
        case Reader.PARTNER:
            from eh_interop.formats.partners import reader as partners

            partner_file = partners.read(path, options.mapping or "", name=_short(file))
            yield from partner_file
            log.unmapped |= set(partner_file.summary.unmapped)
        case Reader.RETURN:
            from eh_interop.formats import returns

            yield from returns.read(path, options.statutory_return or "")
        case Reader.TABLES:
            from eh_interop.formats.tables import reader as tables

            yield from tables.read(path)
        case Reader.WORD | Reader.PDF:
            from eh_interop.formats._shared.forms.reading import record_of
            from eh_interop.sources.forms import read_form

            yield record_of(read_form(path, file.reader, options), file.name)
        case Reader.MAIL:
            from eh_interop.sources.mail import MailReader

            read_other = partial(_read_attached, options=options, log=log)
            yield from MailReader(file.name, options, read_other).read(path)


def _read_attached(probe: Probe, options: SourceOptions, log: SourceLog) -> Iterator[SourceRecord]:
    """Read what is attached to a message, and is there only in memory."""
    file = SourceFile(probe.name, reader_of(probe, options), stream=probe)
    return read_source(file, options, log)


def understand(record: SourceRecord) -> SourceRecord:
    """Turn a record that is FHIR into one of the standard; give any other as it is.

    It may be done in another process than the reading. Where our own code fails, the record says
    so, and what it was read as stays.
    """
    failed: list[str] = []
    with fenced(failed.append):
        return _understood(record)
    return replace(record, findings=(*record.findings, *map(Fault.OURS.finding, failed)))


def _understood(record: SourceRecord) -> SourceRecord:
    if record.document is not None:
        if not isinstance(record.document.get("resourceType"), str):
            return _restored(record)
    elif not record.text:
        return record
    from eh_interop.formats.fhir.reader import is_fhir, to_standard

    return _restored(to_standard(record)) if is_fhir(record) else record


def _restored(record: SourceRecord) -> SourceRecord:
    """Put values back that a conversion kept as they were written."""
    local = (record.document or {}).get("localData")
    if record.document is None or not isinstance(local, dict) or AS_WRITTEN not in local:
        return record
    return replace(record, document=restore_as_written(record.document))


def _at_a_path(file: SourceFile) -> AbstractContextManager[Path]:
    return file.stream.at_a_path() if file.stream else nullcontext(cast("Path", file.path))


def _short(file: SourceFile) -> str:
    """Return the name of a file without its folder, as lineage and rejects call it."""
    return file.path.name if file.path else file.name


def _refused(file: SourceFile, problem: UnreadableInputError) -> SourceRecord:
    """Stand for a source that cannot be read, or not any further."""
    if isinstance(problem, RefusedError):
        finding = problem.fault.finding(problem.message, problem.origin)
    else:
        finding = Fault.CANNOT_BE_OPENED.finding(str(problem))
    return SourceRecord(source=file.name, document=None, findings=(finding,))


def _failed(file: SourceFile, why: str) -> SourceRecord:
    """Stand for what is left of a source in which our own code failed."""
    message = f"{why} The rest of this file was not read."
    return SourceRecord(source=file.name, document=None, findings=(Fault.OURS.finding(message),))


def _not_read(file: SourceFile) -> SourceRecord:
    kind = file.kind or UNKNOWN
    message = f"This is {kind.title}. {kind.advice}"
    return SourceRecord(
        source=file.name, document=None, findings=(Fault.OTHER_FORMAT.finding(message),)
    )


def reopen(options: SourceOptions, source: str) -> Iterator[SourceRecord]:
    """Read a source once more, as reports name it; nothing if that is not possible."""
    path = Path(source)
    try:
        if source in {"", STANDARD_INPUT} or not path.exists():
            return iter(())
    except (OSError, ValueError):
        return iter(())
    return open_sources([source], options)


def _read_json(file: SourceFile) -> Iterator[SourceRecord]:
    if file.path is not None:
        yield from read_path(file.path, file.name)
    elif file.stream is not None:
        with file.stream.opened() as stream:
            yield from read_stream(stream, file.name)
