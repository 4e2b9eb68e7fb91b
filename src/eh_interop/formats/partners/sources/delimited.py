"""CSV and its relatives, read row by row. Memory does not grow with the number of rows."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from eh_interop.convert.mended import Mended
from eh_interop.formats.partners.headings import match
from eh_interop.formats.partners.places import RefusedError
from eh_interop.formats.partners.plan import Plan
from eh_interop.formats.partners.sources.encodings import Encoding, detect
from eh_interop.formats.partners.sources.grid import Grid, GridRow
from eh_interop.formats.partners.sources.limits import MAX_CELL, MAX_COLUMNS
from eh_interop.formats.partners.sources.streams import seekable
from eh_interop.reading.faults import Fault
from eh_interop.reading.partner_faults import PartnerFault

DELIMITERS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
_SAMPLE: Final = 64 * 1024
_ROWS: Final = 20


@contextmanager
def open_csv(source: Path | BinaryIO, plan: Plan) -> Iterator[Grid]:
    """Open a CSV file as a table.

    Raises:
        RefusedError: it cannot be read as text, or has no row of headings.
    """
    table = plan.table
    with seekable(source) as file:
        encoding = detect(file, table.encoding)
        text = _text(file, encoding)
        try:
            sample = text.read(_SAMPLE)
            text.seek(0)
            delimiter = table.delimiter or choose_delimiter(sample, plan)
            rows = _rows(text, delimiter)
            headings = _headings(rows, table.header_row)
            mended = Mended(headings)
            data = _data(rows, table.first_row or table.header_row + 1)
            grid = Grid(
                headings=tuple(mended.row(headings)),
                rows=(GridRow(each.number, each.line, mended.row(each.cells)) for each in data),
                encoding=encoding.name,
                delimiter=delimiter,
            )
            grid.notes += _notes(encoding, "" if table.delimiter else delimiter)
            yield grid
        except UnicodeDecodeError:
            raise RefusedError(
                PartnerFault.ENCODING_UNCLEAR, "A character is not in the encoding of the file."
            ) from None
        finally:
            text.detach()


def _text(file: BinaryIO, encoding: Encoding) -> io.TextIOWrapper:
    return io.TextIOWrapper(file, encoding=encoding.codec, newline="")


def _notes(encoding: Encoding, delimiter: str) -> Iterator[tuple[PartnerFault, str, str, int]]:
    if encoding.found:
        yield PartnerFault.ENCODING_FOUND, f"The file was read as {encoding.name}.", "", 0
    if delimiter not in {"", ","}:
        message = f"The columns were told apart by the {DELIMITERS[delimiter]}."
        yield PartnerFault.DELIMITER_FOUND, message, "", 0


def choose_delimiter(sample: str, plan: Plan | None, header_row: int = 1) -> str:
    """Choose the delimiter that finds most headings of a mapping, or else most columns.

    Args:
        sample: the beginning of the file.
        plan: the mapping; None if there is none yet.
        header_row: where the headings stand, if there is no mapping.
    """
    if sample.startswith("sep=") and sample[4:5] in DELIMITERS:
        return sample[4]
    at = plan.table.header_row if plan else header_row

    def score(delimiter: str) -> tuple[int, int]:
        rows = _sampled(sample, delimiter)
        widths = Counter(map(len, rows))
        width, times = widths.most_common(1)[0] if widths else (0, 0)
        found = match(plan, rows[at - 1]).bound if plan and len(rows) >= at else ()
        return len({each.index for each in found}), width * times if width > 1 else 0

    return max(DELIMITERS, key=score)


def _sampled(sample: str, delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) == _ROWS:
                break
    except csv.Error:
        return rows
    return rows


def _rows(text: io.TextIOWrapper, delimiter: str) -> Iterator[GridRow]:
    # The limit is one for all of Python: it is only ever raised.
    csv.field_size_limit(max(csv.field_size_limit(), MAX_CELL))
    reader = csv.reader(text, delimiter=delimiter)
    line, number = 1, 0
    try:
        for cells in reader:
            number += 1
            if len(cells) > MAX_COLUMNS:
                raise RefusedError(
                    PartnerFault.TOO_LARGE,
                    f"This row has more than {MAX_COLUMNS:,} cells, the most that is read.",
                    row=number,
                    line=line,
                )
            if number == 1 and cells and cells[0].startswith("sep="):
                number = 0
            else:
                yield GridRow(number, line, cells)
            line = reader.line_num + 1
    except csv.Error:
        raise RefusedError(
            PartnerFault.TOO_LARGE,
            "A cell that begins here has no end, or holds more than 2 MiB. "
            "A quotation mark may be missing.",
            row=number + 1,
            line=line,
        ) from None


def _headings(rows: Iterator[GridRow], header_row: int) -> tuple[str, ...]:
    found: Sequence[str] | None = None
    for row in rows:
        if row.number == header_row:
            found = row.cells
            break
    if found is None:
        if header_row == 1:
            raise RefusedError(Fault.EMPTY, "The file is empty.")
        raise RefusedError(
            PartnerFault.NO_HEADINGS, f"The file ends before row {header_row}, the headings."
        )
    return tuple(found)


def _data(rows: Iterator[GridRow], first: int) -> Iterator[GridRow]:
    for row in rows:
        if row.number >= first:
            yield row
