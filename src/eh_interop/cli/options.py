"""Options and outputs that several commands share."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

import click

WIDTH: Final = 88
F = TypeVar("F", bound=Callable[..., Any])


class AreaType(click.ParamType[Any]):
    """The name of an area, or an area file of your own. Gives the area."""

    name = "area"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Show the two forms in the help text."""
        del param, ctx
        return "NAME|FILE.toml"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Load the area."""
        from eh_interop.standard.areas import area_names, load_area

        if not isinstance(value, str):
            return value
        if not value.endswith(".toml") and value not in area_names():
            known = ", ".join(area_names())
            self.fail(f"there is no such area. The areas are: {known}.", param, ctx)
        return load_area(value)


class RecordType(click.ParamType[str]):
    """The code of a record type."""

    name = "record"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Name the argument in the help text."""
        del param, ctx
        return "RECORD"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Look the record type up."""
        from eh_interop.standard.schemas import load_standard

        known = load_standard().record_types
        if value not in known:
            self.fail(
                f"there is no such record type. The types are: {', '.join(known)}.", param, ctx
            )
        return value


def output_option(command: F) -> F:
    """Add ``--output FILE``. The file appears only when all of it has been written."""
    return click.option(
        "--output",
        type=click.File("w", encoding="utf-8", lazy=True, atomic=True),
        default="-",
        metavar="FILE",
        help="Write to this file instead of the screen.",
    )(command)


def out_option(command: F) -> F:
    """Add ``--out FILE`` (or ``--output``). The file appears only when all of it is written."""
    return click.option(
        "--out",
        "--output",
        "out",
        type=click.File("w", encoding="utf-8", lazy=True, atomic=True),
        default="-",
        metavar="FILE",
        help="Write to this file instead of the screen.",
    )(command)


def as_of_option(text: str) -> Callable[[F], F]:
    """Add ``--as-of``; ``text`` says what is judged on that day."""
    return click.option(
        "--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help=text
    )


def format_option(*choices: str, name: str = "form") -> Callable[[F], F]:
    """Add ``--format``; the first choice is the default."""
    return click.option(
        "--format",
        name,
        type=click.Choice(choices),
        default=choices[0],
        show_default=True,
        help="How to write it.",
    )


def json_text(value: object) -> str:
    """Write a value as JSON for people and machines."""
    import orjson

    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


def wrapped(text: str, first: str = "", rest: str | None = None) -> str:
    """Break a paragraph into lines for a screen."""
    after = first if rest is None else rest
    return textwrap.fill(text, WIDTH, initial_indent=first, subsequent_indent=after)


def table(rows: Iterable[tuple[str, ...]]) -> str:
    """Set rows in columns, one row a line, so that they can be searched."""
    cells = list(rows)
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)][:-1]
    return "\n".join(
        "  ".join(
            [*(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)), row[-1]]
        ).rstrip()
        for row in cells
    )
