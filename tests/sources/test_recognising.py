"""What a file is, is decided by its content and said in the person's words."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner
from tests.helpers.other_files import OTHER_FILES
from tests.helpers.support import EXAMPLES, example

from eh_interop.cli import main
from eh_interop.reading.probe import Probe
from eh_interop.sources.opening import open_sources

COMMAND = [sys.executable, "-c", "from eh_interop.cli import run; run()"]


def run(*arguments, **options):
    return CliRunner().invoke(main, [*map(str, arguments)], standalone_mode=False, **options)


@pytest.mark.parametrize("name", OTHER_FILES)
@pytest.mark.parametrize("suffix", ["", ".json", ".dat"])
def test_a_file_is_known_by_its_content_whatever_it_is_called(tmp_path, name, suffix):
    title, content = OTHER_FILES[name]
    path = tmp_path / f"{name}{suffix}"
    path.write_bytes(content)
    assert Probe(str(path), path).kind.title == title


FORMS = {"locked.docx", "referral.docx", "referral.pdf", "mail.eml", "mail.msg"}
"""Kinds of file in which forms come: what is wrong with one is said by its reader."""


@pytest.mark.parametrize("name", sorted(FORMS))
def test_what_is_no_form_is_said_in_words_as_well(tmp_path, name):
    title, content = OTHER_FILES[name]
    path = tmp_path / name
    path.write_bytes(content)
    (record,) = open_sources([str(path)])
    assert record.document is None
    assert record.findings[-1].code in {"FRM-001", "FRM-003", "FRM-007"}
    kind = "a Word document" if name == "locked.docx" else title.partition(" saved")[0]
    assert record.findings[-1].message.startswith(f"This is {kind}. ")


@pytest.mark.parametrize("name", sorted(OTHER_FILES.keys() - {"files.zip", *FORMS}))
def test_what_cannot_be_read_is_said_in_words_with_what_to_do(tmp_path, name):
    title, content = OTHER_FILES[name]
    path = tmp_path / name
    path.write_bytes(content)
    (record,) = open_sources([str(path)])
    (finding,) = record.findings
    assert record.document is None
    assert finding.code == "RDG-017"
    assert finding.message.startswith(f"This is {title}. ")
    assert len(finding.message) > len(title) + 20
    assert "UTF-8" not in finding.message
    assert "Windows-1252" not in finding.message


@pytest.mark.parametrize("name", ["referral.docx", "school.csv", "photo.png", "mail.eml"])
def test_standard_input_is_recognised_too(name):
    title, content = OTHER_FILES[name]
    done = subprocess.run(
        [*COMMAND, "check", "-"], input=content, capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 3
    assert f"This is {title}." in " ".join(done.stdout.decode().split())


def test_a_folder_with_anything_in_it_names_every_file_that_is_not_read(tmp_path):
    for name, (_, content) in OTHER_FILES.items():
        if name not in FORMS:
            (tmp_path / name).write_bytes(content)
    for name in ("mail.eml", "mail-2.eml", "mail-3.eml", "mail-4.eml"):  # no forms either
        (tmp_path / name).write_bytes(OTHER_FILES["mail.eml"][1])
    (tmp_path / "marf.json").write_text(json.dumps(example("minimal/marf")), "utf-8")
    (tmp_path / ".hidden").write_bytes(b"x")
    result = run("check", tmp_path, "--as-of", "2026-11-01")
    assert result.return_value == 0
    assert "1 record: 1 ready" in result.stdout
    named = [line for line in result.stderr.splitlines() if "not read" in line]
    assert f"{tmp_path / 'photo.png'}: a picture, not read." in named
    assert len(named) == 21
    assert named[-1] == "2 more files not read."
    assert ".hidden" not in result.stderr


def test_files_that_we_write_beside_records_are_passed_over_without_a_word(tmp_path):
    out = tmp_path / "out"
    run("convert", EXAMPLES / "minimal", "--to", "json", "--out", out)
    result = run("check", out, "--as-of", "2026-11-01")
    assert result.return_value == 0
    assert result.stderr == ""
    assert "10 records: 10 ready" in result.stdout


def test_somebody_elses_manifest_is_a_file_like_any_other(tmp_path):
    (tmp_path / "manifest.json").write_text('{"name": "another tool"}', "utf-8")
    result = run("check", tmp_path)
    assert "manifest.json" in result.stdout


def test_utf_16_with_a_byte_order_mark_is_read(tmp_path):
    record = example("minimal/marf")
    lines = "\n".join(json.dumps(record | {"recordId": f"r{number}"}) for number in range(3))
    path = tmp_path / "records.ndjson"
    path.write_bytes(lines.encode("utf-16"))
    records = list(open_sources([str(path)]))
    assert [found.document["recordId"] for found in records] == ["r0", "r1", "r2"]
    assert [found.line for found in records] == [1, 2, 3]
    assert all(not found.findings for found in records)


def test_utf_16_that_is_damaged_is_a_finding(tmp_path):
    path = tmp_path / "record.json"
    path.write_bytes(json.dumps(example("minimal/marf")).encode("utf-16") + b"x")
    *_, last = open_sources([str(path)])
    assert last.document is None
    assert [finding.code for finding in last.findings] == ["RDG-003"]


def test_a_pattern_is_expanded_where_the_shell_does_not(tmp_path):
    for number in (1, 2):
        (tmp_path / f"{number}.json").write_text(json.dumps(example("minimal/marf")), "utf-8")
    assert len(list(open_sources([str(tmp_path / "*.json")]))) == 2


def test_a_pattern_that_fits_nothing_is_named(tmp_path):
    (record,) = open_sources([str(tmp_path / "*.json")])
    assert [finding.code for finding in record.findings] == ["RDG-013"]


def test_nothing_is_read_twice_to_know_what_it_is(tmp_path, monkeypatch):
    path = tmp_path / "a.docx"
    path.write_bytes(OTHER_FILES["referral.docx"][1])
    probe = Probe(str(path), path)
    opened = []
    original = type(path).open
    monkeypatch.setattr(
        type(path), "open", lambda self, *a, **k: opened.append(self) or original(self, *a, **k)
    )
    assert probe.kind.title
    assert probe.kind.title
    assert probe.zip_names == ("word/document.xml",)
    assert len(opened) == 2  # the beginning, and the list of names
