"""What ``examples/answers`` shows is what the commands write."""

import shlex

import pytest
from click.testing import CliRunner
from tests.helpers.support import ROOT

from eh_interop.cli import main

FOLDER = ROOT / "examples" / "answers"
G = "examples/gloucestershire"
SHOWN = {
    "genogram.svg": f"genogram {G}/marf.json --as-of 2026-11-01",
    "cover.html": (
        f"cover {G}/marf.json {G}/my-plan.json {G}/my-plan-plus.json "
        f"{G}/early-help-assessment.json {G}/consent-record.json "
        "--to 'Multi-agency safeguarding hub (MASH)' --as-of 2026-10-12"
    ),
    "cover-act-now.html": f"cover {G}/marf-immediate-risk.json --as-of 2026-11-01",
    "reply.txt": f"chase {G}/marf-immediate-risk.json --as-of 2026-11-01",
    "reply.html": f"chase {G}/marf-immediate-risk.json --to html --as-of 2026-11-01",
}


@pytest.mark.parametrize("name", SHOWN)
def test_shown_answers_are_current(name, regenerate, monkeypatch):
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(main, shlex.split(SHOWN[name]), standalone_mode=False)
    assert result.exception is None
    if regenerate:
        (FOLDER / name).write_text(result.stdout, "utf-8")
    assert (FOLDER / name).read_text("utf-8") == result.stdout, "run: pytest --regenerate"


def test_nothing_else_is_shown():
    assert {path.name for path in FOLDER.iterdir()} == {*SHOWN, "README.md"}
