"""What the command ``pack build`` reads and says."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from eh_interop.cli.options import wrapped

if TYPE_CHECKING:
    from eh_interop.packs import Built, Judgement


class PaperType(click.ParamType[tuple[str, Path]]):
    """``TYPE=FILE``: a paper and what kind of paper it is."""

    name = "paper"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Show the form in the help text."""
        del param, ctx
        return "TYPE=FILE"

    def convert(
        self,
        value: str | tuple[str, Path],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> tuple[str, Path]:
        """Read one ``--attach``."""
        if isinstance(value, tuple):
            return value
        kind, equals, file = value.partition("=")
        if not equals or not file:
            self.fail("write it as TYPE=FILE, such as genogram=genogram.pdf.", param, ctx)
        known_code("attachment-type", kind, lambda told: self.fail(told, param, ctx))
        return kind, Path(file)


def known_code(codelist: str, code: str, fail: Any) -> None:
    """Call ``fail`` with a sentence if a code list has no such code."""
    from eh_interop.core.suggestions import did_you_mean
    from eh_interop.standard.schemas import load_standard

    known = [row.code for row in load_standard().codes(codelist)]
    if code not in known:
        near = did_you_mean(code, known)
        fail(f"there is no such code in the list {codelist}{near or '.'}")


def write_pack(built: Built, out: Path | None, encrypt_to: str | None) -> Path:
    """Write a pack: as a zip file or a folder, by its name, or encrypted."""
    from eh_interop.packs import writing

    pack_id = built.description["packId"]
    target = out or Path(f"{pack_id}.zip" + (".age" if encrypt_to else ""))
    if encrypt_to:
        _write_encrypted(built, target, encrypt_to)
    elif target.suffix.lower() == ".zip":
        with writing.new_file(target) as file:
            writing.write_zip(built.files, file, pack_id)
    else:
        writing.write_folder(built.files.items(), target)
    return target


def _write_encrypted(built: Built, target: Path, encrypt_to: str) -> None:
    from eh_interop.packs.encryption import encrypt, recipient
    from eh_interop.packs.writing import new_file, write_zip

    key = recipient(encrypt_to)
    plain = io.BytesIO()
    write_zip(built.files, plain, built.description["packId"])
    plain.seek(0)
    with new_file(target) as file:
        encrypt(plain, file, key)


def tell_stops(judgement: Judgement) -> None:
    """Say why a pack was not made, and what to do."""
    click.echo("The pack was not made: something in it may not be shared as it is.", err=True)
    for stop in judgement.stops:
        click.echo(wrapped(f"{stop.code} {stop.place}: {stop.message}", "  ", "    "), err=True)
    for question in dict.fromkeys(stop.ask for stop in judgement.stops if stop.ask):
        click.echo(wrapped(f"→ {question}", "  ", "    "), err=True)
    click.echo(
        wrapped(
            "Get consent, leave it out, or record in the main record why it is shared without "
            "consent (under consents: the exemption or the reason for going ahead)."
        ),
        err=True,
    )


def tell_built(built: Built, target: Path) -> None:
    """Say what was made, what to do now, and what is still missing."""
    description = built.description
    records, papers = len(description["records"]), len(description.get("attachments", ()))
    click.echo(f"{target}: {records} records, {papers} other papers.")
    judgement = built.judgement
    for line in judgement.area.do_now if judgement.at_risk else ():
        click.echo(wrapped(line, "  → ", "    "))
    for each in description.get("leftOut", ()):
        what = each.get("recordType") or each.get("type")
        click.echo(f"  Left out: {what} ({', '.join(each['cites'])}).")
    if "sharingLog" in description:
        click.echo("  What is shared without consent stands in the pack's sharing log.")
    questions = list(_questions(built))
    if questions:
        click.echo(f"  Still missing ({len(questions)}), and listed in the pack:")
        for question in questions:
            click.echo(wrapped(question, "   - ", "     "))


def _questions(built: Built) -> Iterator[str]:
    gaps: list[dict[str, Any]] = list(built.description.get("gaps", ()))
    yield from dict.fromkeys(gap.get("ask") or gap["message"] for gap in gaps)
