"""The command line: ``eh-interop``. Results go to stdout, everything else to stderr."""

from __future__ import annotations

import os
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import Final

import click

from eh_interop.cli.exits import BROKEN_PIPE, FAULT, INTERRUPTED, OK, USAGE, ReaderGoneError
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
    try:
        code = main(standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as problem:
        problem.show()
        return USAGE
    except (KeyboardInterrupt, click.Abort):
        click.echo("Stopped.", err=True)
        return INTERRUPTED
    except EhInteropError as problem:
        click.echo(f"eh-interop: {problem}", err=True)
        return problem.exit_code
    except (BrokenPipeError, ReaderGoneError):
        # Whoever read our output has had enough. Python would complain once more when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except Exception as fault:  # noqa: BLE001 (a traceback could quote a record)
        click.echo(describe_fault(fault), err=True)
        return FAULT
    return code if isinstance(code, int) else OK


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
