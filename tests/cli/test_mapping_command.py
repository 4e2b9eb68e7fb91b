import json

import pytest
from click.testing import CliRunner
from tests.helpers.support import EXAMPLES

from eh_interop.cli import main
from eh_interop.formats.partners import shipped_mappings


def run(*arguments):
    return CliRunner().invoke(main, ["mapping", *map(str, arguments)])


UNSURE = "Surname,Forename,DOB,Carer,Relationship,Consent\n" + "".join(
    f"{name},A,03/04/201{number},B,Mother,No\n" for number, name in enumerate("VW")
)


def ask(tmp_path, answers):
    path, out = tmp_path / "unsure.csv", tmp_path / "ours.toml"
    path.write_text(UNSURE, "utf-8")
    arguments = ["mapping", "draft", str(path), "--record", "marf", "--interactive"]
    result = CliRunner().invoke(main, [*arguments, "--output", str(out)], input=answers)
    return result, out.read_text("utf-8") if out.exists() else ""


def test_what_a_draft_is_not_sure_of_is_asked(tmp_path):
    result, text = ask(tmp_path, "1\n9\nx\n1\n2\n2\n")
    assert result.exit_code == 0
    assert 'Whom are these columns about: "Surname", "Forename", "DOB"?' in result.stderr
    assert result.stderr.count("Please write a number from 1 to 2.") == 2
    assert 'dates = "month-first"' in text
    assert '"No" = "not-sought"' in text
    assert "ASK WHAT" not in text
    assert "may also be" not in text
    for value in ("V,", "03/04"):
        assert value not in result.stderr


def test_whom_columns_are_about_may_differ(tmp_path):
    _, text = ask(tmp_path, "3\n2\n3\n1\n2\n3\n3\n")
    assert 'ours   = "/name/family"' in text
    assert text.index('each = "/people"') < text.index('ours   = "/name/family"')
    assert "Forename" in text.split("Not matched")[1]
    assert "Relationship" in text.split("Not matched")[1]
    assert "ASK WHAT" in text
    assert "SAY HOW DATES" in text


def test_nothing_is_written_if_nobody_answers(tmp_path):
    result, text = ask(tmp_path, "1\n")
    assert result.exit_code != 0
    assert text == ""


MONTHS = {
    "october": "Ref No,Kid,DOB,Came to us,RAG\nR1,Mia V,13/02/2015,25/10/2026,Amber plus\n",
    "november": "Ref No,The Kid,DOB,Came  to us,RAG\nR2,Leo V,14/02/2015,26/11/2026,Amber plus\n",
}
PUT_RIGHT = """
mapping = "o"
title = "t"
record = "marf"
format = "csv"
dates = "day-first"
[codes.risk-level]
"Amber plus" = "high"
[slice.concerns.main]
[[part]]
each = "/children"
[[part.field]]
ours = "/name/full"
theirs = "Kid"
[[field]]
ours = "/referredOn"
theirs = "Came to us"
[[field]]
ours = "/concerns[main]/riskLevel"
theirs = "RAG"
"""


def test_what_somebody_put_right_is_known_of_the_next_file(tmp_path):
    files = {name: tmp_path / f"{name}.csv" for name in MONTHS}
    for name, path in files.items():
        path.write_text(MONTHS[name], "utf-8")
    ours, partner, next_ours = (tmp_path / name for name in ("o.toml", "p.csv", "n.toml"))
    run("draft", files["october"], "--record", "marf", "--output", ours)
    assert "Came to us" not in ours.read_text("utf-8").split("Not matched")[0]
    ours.write_text(PUT_RIGHT, "utf-8")
    shown = run("learn", ours, "--partner", partner)
    assert "4 headings and words for codes are known, 4 of them new or changed." in shown.output
    shown = run("learn", ours, "--partner", partner)
    assert "4 headings and words for codes are known, 0 of them" in shown.output
    assert "Mia" not in partner.read_text("utf-8")
    arguments = ("--record", "marf", "--partner", partner, "--output", next_ours)
    shown = run("draft", files["november"], *arguments)
    text = next_ours.read_text("utf-8")
    assert 'theirs = "Came to us"' in text
    assert '"Amber plus" = "high"' in text
    assert "it is one of this partner's headings" in shown.stderr
    out = tmp_path / "out"
    arguments = ["--mapping", str(next_ours), "--to", "ndjson", "--out", str(out)]
    CliRunner().invoke(main, ["convert", str(files["november"]), *arguments])
    record = json.loads(next(out.glob("*.ndjson")).read_text("utf-8").splitlines()[0])
    assert record["referredOn"] == "2026-11-26"
    assert record["concerns"][0]["riskLevel"] == "high"


def test_a_changed_heading_is_matched_with_that_of_before_and_it_is_told(tmp_path):
    path, partner = tmp_path / "x.csv", tmp_path / "p.csv"
    partner.write_text("kind,theirs,ours,via\nheading,Came to us on,/referredOn,\n", "utf-8")
    path.write_text("Surname,Came to us\nV,26/11/2026\n", "utf-8")
    shown = run("draft", path, "--record", "marf", "--partner", partner)
    assert 'like "came to us on" of this partner\'s headings' in shown.stderr


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "", "\xff\xfe"])
def test_what_was_not_learned_is_no_file_of_a_partner(tmp_path, text):
    path, partner = tmp_path / "x.csv", tmp_path / "p.csv"
    path.write_text("Surname\nV\n", "utf-8")
    partner.write_bytes(text.encode("latin-1"))
    result = run("draft", path, "--record", "marf", "--partner", partner)
    assert result.exit_code != 0
    assert "p.csv" in f"{result.exception}"


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
