import json

import pytest
from click.testing import CliRunner
from tests.helpers.support import EXAMPLES

from eh_interop.cli import main
from eh_interop.formats.partners import shipped_mappings


def run(*arguments):
    return CliRunner().invoke(main, ["mapping", *map(str, arguments)])


def test_the_list_has_every_shipped_mapping():
    assert [line.split()[0] for line in run("list").output.splitlines()] == list(shipped_mappings())
    assert len(json.loads(run("list", "--format", "json").output)) == len(shipped_mappings())


@pytest.mark.parametrize("name", shipped_mappings())
def test_a_mapping_is_shown(name):
    facts = json.loads(run("show", name, "--format", "json").output)
    text = run("show", name).output
    assert all(field["ours"] in text for field in facts["fields"])
    assert facts["fields"]


def test_a_sound_mapping_leaves_with_0_and_a_broken_one_with_1(tmp_path):
    sample = EXAMPLES / "partners" / "web-form.csv"
    assert run("check", "web-form", "--file", sample).exit_code == 0
    broken = tmp_path / "b.toml"
    broken.write_text(
        'mapping = "b"\ntitle = "t"\nrecord = "marf"\nformat = "csv"\n'
        '[[field]]\nours = "/histry"\ntheirs = "X"\n'
    )
    found = run("check", broken)
    assert found.exit_code == 1
    assert "b.toml:5: error:" in found.output
    assert json.loads(run("check", broken, "--format", "json").output)["problems"][0]["line"] == 5


def test_a_draft_goes_to_a_file_and_passes_the_check(tmp_path):
    out = tmp_path / "draft.toml"
    sample = EXAMPLES / "partners" / "school-mis.csv"
    assert run("draft", sample, "--record", "marf", "--output", out).exit_code == 0
    assert run("check", out, "--file", sample).exit_code == 0
