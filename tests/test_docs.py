"""What the documentation shows has been run: a block after ``<!-- run: ... -->`` is real output."""

import re
import shlex

import pytest
from click.testing import CliRunner
from tests.helpers.support import ROOT

from eh_interop.cli import main

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("schemas/*.md")])
SHOWN = re.compile(
    r"<!-- run: eh-interop (?P<command>[^\n]*) -->\n```\n(?P<output>.*?)```\n", re.DOTALL
)


def output_of(command, monkeypatch):
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(main, shlex.split(command))
    return result.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_shown_output_is_real(page, regenerate, monkeypatch):
    text = page.read_text("utf-8")
    fresh = SHOWN.sub(
        lambda shown: (
            f"<!-- run: eh-interop {shown['command']} -->\n"
            f"```\n{output_of(shown['command'], monkeypatch)}```\n"
        ),
        text,
    )
    if regenerate:
        page.write_text(fresh, "utf-8")
    assert page.read_text("utf-8") == fresh, "run: pytest --regenerate"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target


def test_the_readme_gives_two_commands_and_ci_runs_the_second():
    commands = re.findall(
        r"^python3 -m venv .*$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE
    )
    assert len(commands) == 2
    steps = (ROOT / ".ci" / "run").read_text("utf-8").replace("--quiet ", "")
    assert commands[1] in steps


def test_every_example_in_python_runs():
    import doctest

    import eh_interop

    assert doctest.testmod(eh_interop).failed == 0


def test_python_in_the_readme_runs(monkeypatch, tmp_path, capsys):
    text = (ROOT / "README.md").read_text("utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "referrals.ndjson").write_text("{}\n", "utf-8")
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102 (our own text)
    assert "unreadable" in capsys.readouterr().out
