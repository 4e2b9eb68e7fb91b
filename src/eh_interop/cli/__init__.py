"""The command line: ``eh-interop``. Results go to stdout, everything else to stderr."""

from __future__ import annotations

import sys
import traceback
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Final

import click

from eh_interop.cli.exits import (
    BROKEN_PIPE,
    FAULT,
    INTERRUPTED,
    NOT_WRITTEN,
    OK,
    USAGE,
    ReaderGoneError,
    cannot_write,
    forget_output,
    open_closed_streams,
    why_not_written,
)
from eh_interop.cli.stopping import stopping
from eh_interop.core.errors import EhInteropError
from eh_interop.version import __version__

_COMMANDS: Final = Path(__file__).parent / "commands"


class _Commands(click.Group):
    """Finds each command in its own module, and imports it only when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return sorted(path.stem for path in _COMMANDS.glob("[a-z]*.py"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = import_module(f"eh_interop.cli.commands.{cmd_name}")
        command: click.Command = module.command
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="eh-interop %(version)s")
def main() -> None:
    """Check Early Help records against the eh-interop standard.

    The tool tells you what is missing or does not agree. It never decides a
    level of need and never turns a referral down.
    """


def run() -> None:
    """Run the command line and leave with an exit code that has a meaning."""
    sys.exit(_run())


def _run() -> int:
    open_closed_streams()
    try:
        with stopping():
            code = main(standalone_mode=False)
            sys.stdout.flush()
    except click.ClickException as problem:
        with suppress(OSError):
            problem.show()
        return USAGE
    except (KeyboardInterrupt, click.Abort):
        return _end(INTERRUPTED, "Stopped.")
    except EhInteropError as problem:
        return _end(problem.exit_code, f"eh-interop: {problem}")
    except (BrokenPipeError, ReaderGoneError):
        # Whoever read our output has had enough.
        return _end(BROKEN_PIPE)
    except Exception as fault:  # noqa: BLE001 (a traceback could quote a record)
        return _end(*_described(fault))
    return code if isinstance(code, int) else OK


def _described(fault: Exception) -> tuple[int, str]:
    if isinstance(fault, OSError) and cannot_write(fault):
        return NOT_WRITTEN, f"eh-interop: {why_not_written(fault)}"
    return FAULT, describe_fault(fault)


def _end(code: int, why: str = "") -> int:
    """Say why a run ends early, as far as anybody listens."""
    with suppress(OSError):
        click.echo(why, err=True, nl=bool(why))
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        forget_output()
    return code


def describe_fault(fault: BaseException) -> str:
    """Say where our own code failed, without the exception's text: it may quote a record."""
    frames = [
        f"  {Path(frame.filename).name}:{frame.lineno} in {frame.name}"
        for frame in traceback.extract_tb(fault.__traceback__)
    ]
    head = (
        f"eh-interop failed: {type(fault).__name__}. This is our fault, not yours. Please report:"
    )
    return "\n".join([head, *frames])
