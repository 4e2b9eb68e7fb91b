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


def test_a_draft_shows_what_it_did_and_no_value(tmp_path):
    file = tmp_path / "export.csv"
    file.write_text("Surname,DOB,Room,Tel\nSecretname,25/12/2015,Moles,07700900123\n", "utf-8")
    shown = run("draft", file, "--record", "marf", "--output", tmp_path / "d.toml").output
    assert "99/99/9999" in shown
    assert "/children/*/name/family" in shown
    assert "its words say what it is, and not whose" in shown
    for value in ("Secretname", "25/12/2015", "Moles", "07700900123"):
        assert value not in shown
    assert "It may also be /people/*/contacts[phone]/value." in (tmp_path / "d.toml").read_text()


def test_a_check_with_a_file_says_which_share_of_the_cells_is_read(tmp_path):
    file, mapping = tmp_path / "export.csv", tmp_path / "d.toml"
    file.write_text("Surname,DOB,Room\nA,25/12/2015,Moles\nB,soon,\n", "utf-8")
    run("draft", file, "--record", "marf", "--output", mapping)
    shown = run("check", mapping, "--file", file).output
    assert "60% of 5 filled cells are read as the mapping says." in shown
    assert "  DOB: 1 of 2 kept as written" in shown
    assert "  Column C: 1 of 1 not in the mapping: local data" in shown
