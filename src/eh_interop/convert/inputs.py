"""Records from other forms than JSON and FHIR: our own tables, returns, and partner files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from eh_interop.convert.prepared import Given
from eh_interop.core.errors import UnreadableInputError
from eh_interop.core.findings import Finding, Layer, Origin
from eh_interop.core.pointer import Steps, steps_of
from eh_interop.formats.partners.places import PartnerFinding, SourcePlace, Where
from eh_interop.formats.partners.reading import Reading
from eh_interop.formats.returns.remarks import Remark
from eh_interop.reading.source_record import SourceRecord

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
    from eh_interop.formats.tables.reader import read

    for record in read(path):
        yield _of_tables(record)


def _of_tables(record: SourceRecord) -> Given:
    origins = record.locate(_places(record.document)) if record.document else {}
    lineage = {steps: str(origin) for steps, origin in origins.items()}
    return Given(
        record.source,
        record.line,
        record.document,
        record.findings,
        lineage,
        is_record=record.is_record,
    )


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


SUFFIXES: Final = {
    "csv": (".csv", ".tsv", ".txt"),
    "json": (".json", ".ndjson", ".jsonl"),
    "ods": (".ods",),
    "xlsx": (".xlsx",),
    "xml": (".xml",),
}
"""How the names of a partner's files end, by the format that a mapping names."""


def partner_files(source: str, mapping: str) -> list[str]:
    """Return a file, or the files of a folder and its folders that a mapping may read.

    Raises:
        MappingError: the mapping is not right.
        UnreadableInputError: there is no such file in the folder.
    """
    path = Path(source)
    if not path.is_dir():
        return [source]
    from eh_interop.formats.partners import load_table

    suffixes = SUFFIXES[load_table(_named(mapping)).format]
    found = sorted(each for each in path.rglob("*") if each.suffix.lower() in suffixes)
    if not found:
        endings = ", ".join(suffixes)
        raise UnreadableInputError(f"{path.name}: no file here ends with {endings}.")
    return list(map(str, found))


def _named(mapping: str) -> Path | str:
    return Path(mapping) if mapping.endswith(".toml") else mapping


class PartnerFile:
    """A partner's file: its records, and then what is known of it as a whole."""

    def __init__(self, source: str, mapping: str) -> None:
        """Make ready to read.

        Args:
            source: the file.
            mapping: the name of a shipped mapping, or a file of one's own.

        Raises:
            MappingError: the mapping is not right.
            UnreadableInputError: there is no such file.
        """
        from eh_interop.formats.partners import read_partner

        self.source = source
        self._reading: Reading = read_partner(Path(source), _named(mapping))

    @property
    def headings(self) -> tuple[str, ...]:
        """The partner's own headings."""
        return self._reading.summary.headings

    @property
    def unmapped(self) -> tuple[str, ...]:
        """What the mapping does not read."""
        return tuple(self._reading.summary.unmapped)

    def records(self) -> Iterator[Given]:
        """Yield the records, and at the end what is wrong with the file."""
        name = Path(self.source).name
        for each in self._reading:
            rows = tuple(row.cells for row in each.rows)
            line = each.rows[0].number if each.rows else 1
            lineage = _Lineage(each.where)
            found = tuple(map(_finding, each.findings))
            yield Given(name, line, each.record, found, lineage, rows or ((),), self.headings)
        if self._reading.findings:
            found = tuple(map(_finding, self._reading.findings))
            yield Given(name, 1, None, found, is_record=False)


class _Lineage(Mapping[Steps, str]):
    """Where values stood, in words. They are put together only when somebody asks."""

    __slots__ = ("_where",)

    def __init__(self, where: Mapping[Steps, Where]) -> None:
        self._where = where

    def __getitem__(self, steps: Steps) -> str:
        """Say where the value stood."""
        return _told(self._where[steps].place())

    def __iter__(self) -> Iterator[Steps]:
        """Yield the places in the record."""
        return iter(self._where)

    def __len__(self) -> int:
        """Count them."""
        return len(self._where)


def _told(at: SourcePlace) -> str:
    """Say in words where a value stood."""
    parts = [
        at.file,
        f"sheet {at.sheet}" if at.sheet else "",
        f"row {at.row}" if at.row else "",
        f"column {at.heading or at.column}" if at.heading or at.column else "",
        at.path,
        f"{at.mapping} line {at.mapping_line}" if at.mapping_line else "",
    ]
    return ", ".join(part for part in parts if part)


def _finding(found: PartnerFinding) -> Finding:
    where = _told(found.at)
    finding = found.finding
    return Finding(
        code=finding.code,
        name=finding.name,
        layer=finding.layer,
        severity=finding.severity,
        place=finding.place,
        message=finding.message,
        origin=Origin(found.at.line or found.at.row or 1, 1, where),
    )
