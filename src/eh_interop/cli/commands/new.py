"""``eh-interop new``: a record to fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from eh_interop.cli.options import RECORD_TYPE, OutputFile, area_option, json_text, output_option

if TYPE_CHECKING:
    from eh_interop.standard.areas import Area


@click.command("new")
@click.argument("record_type", type=RECORD_TYPE)
@area_option("Whose requirements to meet.", required=True)
@output_option
def command(record_type: str, area: Area, output: OutputFile) -> None:
    """Print a record to fill in, with everything that an area always requires.

    Replace each {"FILL IN": "..."} by the value itself. It says what to
    write: the form of a date, the codes of a list. Local ids are set already.

    eh-interop check reports exactly the places that are still to be filled in.
    If something is not known, take it out and say why under "absent". Until
    immediateRisk is answered, check says ACT NOW: it never assumes that a child
    is safe. Once you have answered, check asks for what then belongs there,
    such as the reasons for going ahead if consent was refused.
    """
    from eh_interop.samples.skeleton import skeleton
    from eh_interop.standard.schemas import load_standard

    output.write(f"{json_text(skeleton(load_standard(), record_type, area))}\n")
