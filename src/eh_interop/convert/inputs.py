"""Records from other forms than JSON and FHIR: our own tables, returns, and partner files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from eh_interop.convert.prepared import Given
from eh_interop.core.findings import Finding, Layer, Origin
from eh_interop.core.pointer import steps_of
from eh_interop.formats.partners import PartnerFile, lineage
from eh_interop.formats.returns.remarks import Remark
from eh_interop.formats.tables.merging import ReadRecord

METADATA: Final = "*-metadata.json"
"""What tells that a folder holds tables of ours."""


def is_tables(path: Path) -> bool:
    """Tell whether a path is a folder of tables of ours, or a workbook."""
    if path.is_dir():
        return any(path.glob(METADATA))
    return path.suffix.lower() == ".xlsx"


def from_tables(path: Path) -> Iterator[Given]:
    """Yield the records of a folder of tables, or of a workbook.

    Raises:
        UnreadableInputError: it cannot be read any further.
        MissingExtraError: a workbook needs the extra ``xlsx``.
    """
    from eh_interop.formats.tables import read_tables, read_workbook

    read = read_tables(path) if path.is_dir() else read_workbook(path)
    for each in read:
        yield _of_tables(path.name, each)


def _of_tables(source: str, read: ReadRecord) -> Given:
    begins = read.origins(())
    lineage = {}
    if read.record is not None:
        for steps in _places(read.record):
            origin = read.origins(steps)
            if origin is not None:
                lineage[steps] = str(origin)
    line = begins.row if begins else 1
    is_record = read.record is not None
    return Given(source, line, read.record, read.findings, lineage, is_record=is_record)


def _places(value: object, steps: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _places(each, (*steps, name))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _places(each, (*steps, number))
    else:
        yield steps


def from_return(name: str, path: Path) -> Iterator[Given]:
    """Yield the records that a statutory return holds, as far as they go.

    Raises:
        UnreadableInputError: nothing of the return can be found there.
        MappingError: there is no such return.
    """
    from eh_interop.formats.returns import read_return

    said: list[Remark] = []
    for each in read_return(name, path, said.append):
        found, said[:] = tuple(map(finding_of, said)), []
        lineage = {
            steps_of(place): f"{each.file}, row {each.row}, column {column}"
            for place, column in each.origins.items()
        }
        yield Given(each.file, each.row, each.record, found, lineage)
    if said:
        yield Given(path.name, 1, None, tuple(map(finding_of, said)), is_record=False)


def finding_of(remark: Remark) -> Finding:
    """Turn what a return has to say into a finding."""
    column = f", column {remark.column}" if remark.column else ""
    row = f", row {remark.row}" if remark.row else ""
    return Finding(
        code=remark.code,
        name=remark.kind.name,
        layer=Layer.READING,
        severity=remark.severity,
        place=remark.place,
        message=f"{remark.file}{row}{column}: {remark.kind.title}.",
        origin=Origin(remark.row, 1) if remark.row else None,
    )


def from_partner(file: PartnerFile) -> Iterator[Given]:
    """Yield the records of a partner's file, and at the end what is wrong with the file."""
    for record in file:
        told = {steps: str(source) for steps, source in lineage(record).items()}
        yield Given(
            record.source,
            record.line,
            record.document,
            tuple(map(_in_words, record.findings)),
            told,
            record.original.rows if record.original else (),
            record.original.headings if record.original else (),
            is_record=record.is_record,
        )


def _in_words(finding: Finding) -> Finding:
    origin = finding.origin
    if origin is None:
        return finding
    return replace(finding, origin=Origin(origin.line or origin.row or 1, 1, str(origin)))
