"""Records as canonical tables: CSV files, or a workbook for each record type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Final

import orjson

from eh_interop.convert.targets import Settings
from eh_interop.core.findings import Finding
from eh_interop.reading.conversion import ConvertFault


@dataclass(frozen=True, slots=True)
class _Tables:
    name: str

    def write(
        self, records: Iterable[Mapping[str, Any]], folder: Path, settings: Settings
    ) -> Iterable[Finding]:
        """Write the tables; read them back and compare, if that is wanted."""
        from eh_interop.formats.tables import (
            RoundTripCheck,
            read_tables,
            write_tables,
        )

        with RoundTripCheck() as proof:
            write_tables(records, folder, note=proof.note if settings.prove else None)
            if settings.prove:
                proved = proof.compare(read_tables(folder))
                if proved.different:
                    return [ConvertFault.NOT_THE_SAME.finding()]
        return []


@dataclass(frozen=True, slots=True)
class _Workbooks:
    name: str

    def write(
        self, records: Iterable[Mapping[str, Any]], folder: Path, settings: Settings
    ) -> Iterable[Finding]:
        """Write a workbook for each record type; read them back, if that is wanted."""
        from eh_interop.formats.tables import (
            RoundTripCheck,
            read_workbook,
            write_workbook,
        )

        found = []
        for record_type, kept in _by_type(records):
            path = folder / f"{record_type}.xlsx"
            with RoundTripCheck() as proof:
                write_workbook(kept, path, note=proof.note if settings.prove else None)
                if settings.prove and proof.compare(read_workbook(path)).different:
                    found.append(ConvertFault.NOT_THE_SAME.finding())
        return found


def _by_type(
    records: Iterable[Mapping[str, Any]],
) -> Iterator[tuple[str, Iterator[Mapping[str, Any]]]]:
    """Set records aside by type: a workbook is written from the first to the last at once."""
    with ExitStack() as stack:
        files: dict[str, IO[bytes]] = {}
        for record in records:
            record_type = str(record["recordType"])
            if record_type not in files:
                files[record_type] = stack.enter_context(TemporaryFile())
            files[record_type].write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
        for record_type, file in sorted(files.items()):
            file.seek(0)
            yield record_type, map(orjson.loads, file)


CSV: Final = _Tables("csv")
XLSX: Final = _Workbooks("xlsx")
