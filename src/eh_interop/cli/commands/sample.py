"""``eh-interop sample``: invented records to try a system out with."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import click

from eh_interop.cli.options import RECORD_TYPE, OutputFile, area_option, as_of_option, output_option
from eh_interop.core.atomic import replaced_file
from eh_interop.core.csv_injection import csv_line

if TYPE_CHECKING:
    from eh_interop.standard.areas import Area

_COLUMNS: Final = "line,code,place\n"


@click.command("sample")
@click.argument("record_type", type=RECORD_TYPE)
@click.option(
    "--count", type=click.IntRange(1), default=1, show_default=True, help="How many records."
)
@click.option(
    "--seed",
    type=int,
    default=1,
    show_default=True,
    help="The same seed gives the same records (with the same --as-of and --area).",
)
@area_option("Whose guidance they follow. By default all areas take turns.")
@as_of_option("The day on which they are to be checked; all dates fit to it.")
@click.option(
    "--faults",
    is_flag=True,
    help="Plant one to three faults in about one record of three, and list them.",
)
@output_option
def command(
    record_type: str,
    count: int,
    seed: int,
    area: Area | None,
    as_of: date,
    output: OutputFile,
    *,
    faults: bool,
) -> None:
    """Print invented records, one on each line (NDJSON).

    They are varied and realistic, and about nobody. Without --faults each one is
    in order. With --faults the list of what was planted (line, code, place) goes
    to FILE.faults.csv beside the --output FILE, or else to stderr.
    """
    import orjson

    from eh_interop.samples import samples

    made = samples(record_type, count, seed=seed, as_of=as_of, area=area, faults=faults)
    with _list_of_faults(output, wanted=faults) as fault_list:
        for line, sample in enumerate(made, 1):
            output.write(f"{orjson.dumps(sample.record).decode()}\n")
            fault_list.writelines(
                csv_line((line, fault.code, fault.place)) for fault in sample.planted
            )


@contextmanager
def _list_of_faults(output: OutputFile, *, wanted: bool) -> Iterator[IO[str]]:
    """Give the file to write the planted faults to."""
    if not wanted:
        yield io.StringIO()
        return
    if output.is_screen:
        sys.stderr.write(_COLUMNS)
        yield sys.stderr
        return
    with replaced_file(Path(f"{output.name}.faults.csv"), "w", encoding="utf-8") as file:
        file.write(_COLUMNS)
        yield file
