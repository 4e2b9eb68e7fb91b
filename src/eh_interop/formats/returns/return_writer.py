"""Writing a return from records."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from eh_interop.core.errors import MappingError
from eh_interop.formats.returns.census import Header, write_census
from eh_interop.formats.returns.gathering import Gatherer
from eh_interop.formats.returns.losses import Loss, losses
from eh_interop.formats.returns.output import Finisher, as_cell, as_text, write_csv
from eh_interop.formats.returns.remarks import Remark, Say
from eh_interop.formats.returns.spool import Spool
from eh_interop.formats.returns.tables import Return, Table, load_return
from eh_interop.formats.returns.workbooks import write_workbook


@dataclass(frozen=True, slots=True)
class Written:
    """What was written, and what was not.

    Attributes:
        name: of the return.
        edition: whose columns and codes it has.
        files: the files, in order.
        rows: how many rows each table has.
        outside: how many events of each table are not in its window.
        ignored: how many records of each type make no rows.
        remarks: what there is to say of single values; empty if somebody else takes them.
        lost: the fields that these records have and the return does not carry.
        unfilled: columns in which nothing is ever written, with the reason.
        notes: what whoever uses the return has to know.
    """

    name: str
    edition: str
    files: tuple[Path, ...]
    rows: Mapping[str, int]
    outside: Mapping[str, int]
    ignored: Mapping[str, int]
    remarks: tuple[Remark, ...]
    lost: tuple[Loss, ...]
    unfilled: Mapping[str, str]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Options:
    """How a return is written.

    Attributes:
        formats: such as ``csv`` and ``xlsx``; empty for the usual one.
        key: at most 64 secret bytes that make stand-ins for missing numbers; the same key
            gives the same stand-ins.
        authority: for the census, the council's three digits.
        say: takes the remarks, for runs that have too many to keep.
    """

    formats: tuple[str, ...] = ()
    key: bytes = b""
    authority: str = ""
    say: Say | None = field(default=None)


def write_return(
    name: str,
    records: Iterable[Mapping[str, Any]],
    out: Path,
    as_of: date,
    options: Options = Options(),
) -> Written:
    """Write a return into a folder. Files appear only when all of them are whole.

    Args:
        name: ``annex-a``, ``ssd`` or ``cin``.
        records: each says its type and version; they are taken one at a time.
        out: the folder, which is made if it is not there.
        as_of: the day on which ages are given and the window ends.
        options: see :class:`Options`.

    Raises:
        MappingError: there is no such return, or it does not have such a format.
    """
    whole = load_return(name)
    formats = options.formats or whole.formats[:1]
    if not set(formats) <= set(whole.formats):
        raise MappingError(f"{name} is written as {' or '.join(whole.formats)}.")
    kept: list[Remark] = []
    say = options.say or kept.append
    with Spool() as spool, _folder(out) as draft:
        gatherer = Gatherer(whole, as_of, options.key, spool, say)
        for record in records:
            gatherer.add(record)
        rows = _write(whole, spool, draft, formats, as_of, options, say)
        names = sorted(path.name for path in draft.iterdir())
    return Written(
        name=name,
        edition=whole.edition,
        files=tuple(out / each for each in names),
        rows=MappingProxyType(rows),
        outside=MappingProxyType({key: n for key, n in gatherer.outside.items() if n}),
        ignored=MappingProxyType(dict(gatherer.ignored)),
        remarks=tuple(kept),
        lost=tuple(losses(whole, gatherer.held)),
        unfilled=_unfilled(whole),
        notes=(*whole.notes, _about_stand_ins(options)),
    )


def _write(
    whole: Return,
    spool: Spool,
    out: Path,
    formats: tuple[str, ...],
    as_of: date,
    options: Options,
    say: Say,
) -> dict[str, int]:
    """Write each format; only the first one remarks, so nothing is said twice."""
    rows: dict[str, int] = {}
    for number, form in enumerate(formats):
        finisher = Finisher(whole, spool, say if not number else lambda _remark: None)
        if form == "csv":
            for table in whole.tables:
                write_csv(
                    out / f"{table.file}.csv", _headings(table), _texts(whole, table, finisher)
                )
        elif form == "xlsx":
            sheets = ((t.sheet, _headings(t), _cells(whole, t, finisher)) for t in whole.tables)
            write_workbook(out / f"{whole.file}.xlsx", sheets, as_of)
        else:
            if not options.authority:
                say(Remark("RET-002", "Header", "Source/LEA"))
            header = Header(as_of, options.authority)
            write_census(out / f"{whole.file}.xml", whole, finisher, header)
        rows = {table.key: finisher.rows[table.key] for table in whole.tables}
    return rows


def _headings(table: Table) -> list[str]:
    return [column.heading for column in table.columns]


def _texts(whole: Return, table: Table, finisher: Finisher) -> Iterator[list[str]]:
    for _, cells in finisher.rows_of(table):
        pairs = zip(table.columns, cells, strict=True)
        yield [as_text(column, value, whole.dates) for column, value in pairs]


def _cells(whole: Return, table: Table, finisher: Finisher) -> Iterator[list[Any]]:
    for _, cells in finisher.rows_of(table):
        pairs = zip(table.columns, cells, strict=True)
        yield [as_cell(column, value, whole.dates) for column, value in pairs]


def _unfilled(whole: Return) -> Mapping[str, str]:
    columns = (column for table in whole.tables for column in table.columns if column.unfilled)
    return MappingProxyType({column.heading: column.unfilled for column in columns})


def _about_stand_ins(options: Options) -> str:
    start = (
        "A child without the council's own number has a stand-in: EH and 18 letters and digits, "
        "made from NHS number, unique pupil number, or name and birth date."
    )
    if options.key:
        return f"{start} It was made with a key; keep the key, and the same child has it next time."
    return f"{start} It was made without a key: whoever knows these can work it out."


@contextmanager
def _folder(out: Path) -> Iterator[Path]:
    """Give a folder for drafts; what is in it moves to its place when all went well."""
    out.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".return-", dir=out))
    try:
        yield draft
        for path in sorted(draft.iterdir()):
            os.replace(path, out / path.name)  # noqa: PTH105 (says that it replaces)
    finally:
        shutil.rmtree(draft)
