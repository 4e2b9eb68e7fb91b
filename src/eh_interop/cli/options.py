"""Options and texts that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, NoReturn, TypeVar

import click

from eh_interop.cli.exits import reader_may_go
from eh_interop.core.uk_time import uk_today

F = TypeVar("F", bound=Callable[..., Any])


if TYPE_CHECKING:
    _ParamType = click.ParamType[Any]
else:  # it takes no type in click before 8.4
    _ParamType = click.ParamType


class OptionType(_ParamType):
    """A type of option or argument: what the help text shows, and a function that reads it.

    The function raises :class:`click.BadParameter`, which says what would be right.
    """

    name = "value"

    def __init__(self, metavar: str, read: Callable[[str], Any]) -> None:
        self._metavar, self._read = metavar, read

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """Show in the help text what to write."""
        del param, ctx
        return self._metavar

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read what was written. A value that was read before stays."""
        try:
            return self._read(value) if isinstance(value, str) else value
        except click.BadParameter as problem:
            self.fail(problem.message, param, ctx)


def _area(value: str) -> Any:
    from eh_interop.standard.areas import area_names, load_area

    if not value.endswith(".toml") and value not in area_names():
        raise no_such("area", area_names())
    return load_area(value)


def _record_type(value: str) -> str:
    from eh_interop.standard.schemas import load_standard

    if value not in load_standard().record_types:
        raise no_such("record type", load_standard().record_types)
    return value


AREA: Final = OptionType("NAME|FILE.toml", _area)
"""The name of an area, or an area file of one's own. Gives the area."""
RECORD_TYPE: Final = OptionType("RECORD", _record_type)
"""The code of a record type."""


def today() -> date:
    """Return the day that it is in the United Kingdom."""
    return uk_today()


def _today_if_none(_ctx: click.Context, _param: click.Parameter, value: datetime | None) -> date:
    return value.date() if value else today()


def _moment(text: str) -> tuple[date, time | None]:
    """Read a day, or a day with a time of day.

    Raises:
        click.BadParameter: it is neither.
    """
    day, mark, clock = text.partition("T")
    try:
        return date.fromisoformat(day), time.fromisoformat(clock) if mark else None
    except ValueError:
        raise click.BadParameter(
            "it is a day such as 2026-11-10, or a day and a time such as 2026-11-10T19:30."
        ) from None


MOMENT: Final = OptionType("YYYY-MM-DD[THH:MM]", _moment)
"""A day, or a day with a time of day. Gives both; the time is None if it is not said."""
DAY: Final = click.DateTime(["%Y-%m-%d"])
DAY_METAVAR: Final = "YYYY-MM-DD"


def as_of_option(text: str) -> Callable[[F], F]:
    """Add ``--as-of``, a date and by default today; ``text`` says what is judged on that day."""
    return click.option(
        "--as-of",
        type=DAY,
        metavar=DAY_METAVAR,
        callback=_today_if_none,
        help=f"{text} By default today.",
    )


def area_option(
    text: str = "Whose guidance to use. By default each record names its area.",
    *,
    required: bool = False,
) -> Callable[[F], F]:
    """Add ``--area``."""
    return click.option("--area", type=AREA, required=required, help=text)


def names_option(text: str) -> Callable[[F], F]:
    """Add ``--names``: what is written of a person's name."""
    return click.option(
        "--names",
        type=click.Choice(["first", "initials"]),
        default="first",
        show_default=True,
        help=text,
    )


class OutputFile:
    """A file that is opened when something is written, and appears only when all of it is.

    Files of click that are "atomic" appear half written when the command fails.
    """

    def __init__(self, context: click.Context, name: str) -> None:
        self._context, self.name = context, name
        self._file: IO[str] | None = None

    @property
    def is_screen(self) -> bool:
        """Whether it is not a file."""
        return self.name == "-"

    def write(self, text: str) -> None:
        """Write text."""
        self._file = self._file or self._opened()
        with reader_may_go():
            self._file.write(text)

    def _opened(self) -> IO[str]:
        from eh_interop.core.atomic import replaced_file
        from eh_interop.core.errors import OutputError

        if self.is_screen:
            screen = click.open_file("-", "w", encoding="utf-8")
            self._context.call_on_close(reader_may_go()(screen.flush))
            return screen
        file = replaced_file(Path(self.name), "w", encoding="utf-8")
        try:
            return self._context.with_resource(file)
        except OutputError as problem:
            raise click.UsageError(str(problem)) from None


def _file_option(*names: str) -> Callable[[F], F]:
    return click.option(
        *names,
        callback=lambda context, _, name: OutputFile(context, name),
        default="-",
        metavar="FILE",
        help="Write to this file instead of the screen.",
    )


def output_option(command: F) -> F:
    """Add ``--output FILE``. The file appears only when all of it has been written."""
    return _file_option("--output")(command)


def out_option(command: F) -> F:
    """Add ``--out FILE`` (or ``--output``). The file appears only when all of it is written."""
    return _file_option("--out", "--output", "out")(command)


def format_option(*choices: str, name: str = "form", flag: str = "--format") -> Callable[[F], F]:
    """Add ``--format``; the first choice is the default."""
    return click.option(
        flag,
        name,
        type=click.Choice(choices),
        default=choices[0],
        show_default=True,
        help="How to write it.",
    )


def check_code(code_list: str, code: str, option: str | None = None) -> None:
    """Compare a code with a code list.

    Raises:
        click.BadParameter: the list has no such code.
    """
    from eh_interop.core.suggestions import did_you_mean
    from eh_interop.standard.code_lists import titles

    codes = titles(code_list)
    if code not in codes:
        hint = did_you_mean(code, codes) or "."
        raise click.BadParameter(
            f"there is no such code in the list {code_list}{hint}", param_hint=option
        )


def no_such(what: str, names: Iterable[str]) -> click.BadParameter:
    """Return the error for a name that does not exist. It lists every right one."""
    things = f"{what.rsplit(maxsplit=1)[-1]}s"
    return click.BadParameter(f"there is no such {what}. The {things} are: {', '.join(names)}.")


def unknown_name(what: str, wrong: str, right: Iterable[str], hint: str, option: str) -> NoReturn:
    """Say that there is nothing of that name, and what is near.

    Args:
        what: what was looked for, such as ``form``.
        wrong: what was written; it is not repeated.
        right: every name that there is.
        hint: the sentence to end with if none of them is near.
        option: the option or argument.
    """
    from difflib import get_close_matches

    near = " or ".join(get_close_matches(wrong, list(right), 3))
    ending = f"Did you mean {near}?" if near else hint
    raise click.BadParameter(f"there is no such {what}. {ending}", param_hint=option)


def json_text(value: object) -> str:
    """Write a value as JSON for people and machines."""
    import orjson

    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


def show(form: str, facts: object, text: Callable[[], str]) -> None:
    """Print facts as JSON if that is the form, or else as text."""
    click.echo(json_text(facts) if form == "json" else text())


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
