"""Sessions that are shown have been run: each line after ``$`` by a shell, a page in one folder."""

import os
import re
import subprocess
import sys

import pytest
from tests.helpers.support import EXAMPLES, ROOT

PAGES = [
    page
    for page in sorted([ROOT / "README.md", *(EXAMPLES / "commands").glob("*.md")])
    if "```console" in page.read_text("utf-8")
]
SHOWN = re.compile(r"```console\n(?P<session>.*?)```\n", re.DOTALL)


@pytest.fixture
def shell(tmp_path):
    """A shell that begins in a folder with the examples, and knows ``eh-interop``."""
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "eh-interop"
    code = "from eh_interop.cli import run; run()"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{code}" "$@"\n', "utf-8")
    program.chmod(0o755)
    here = tmp_path / "here"
    here.mkdir()
    (here / "examples").symlink_to(EXAMPLES)
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"

    def run(command):
        ran = subprocess.run(
            ["sh", "-c", command],
            cwd=here,
            env={**os.environ, "PATH": path, "LC_ALL": "C"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
        )
        # What ends without a line break must not run into the next command.
        whole = not ran.stdout or ran.stdout.endswith("\n")
        return ran.stdout if whole else f"{ran.stdout}\n"

    return run


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the pages are for a POSIX shell")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_shown_sessions_are_real(page, regenerate, shell):
    def ran(shown):
        commands = [line for line in shown["session"].splitlines() if line.startswith("$ ")]
        told = "".join(f"{line}\n{shell(line.removeprefix('$ '))}" for line in commands)
        return f"```console\n{told}```\n"

    fresh = SHOWN.sub(ran, page.read_text("utf-8"))
    if regenerate:
        page.write_text(fresh, "utf-8")
    assert page.read_text("utf-8") == fresh, "run: pytest --regenerate"


def test_every_mapping_and_return_is_shown():
    shown = "".join(page.read_text("utf-8") for page in PAGES)
    mappings = [path.stem for path in (ROOT / "mappings" / "partners").glob("*.toml")]
    returns = [path.stem for path in (ROOT / "mappings" / "returns").glob("*.toml")]
    assert len(mappings) >= 5
    assert len(returns) >= 3
    for name in mappings:
        assert f"--mapping {name} " in shown
    for name in returns:
        assert f"--to {name} " in shown
        assert f"--from {name} " in shown
