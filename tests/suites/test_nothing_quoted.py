"""No output quotes what a file of somebody else says: not even where a name stands.

A table without its heading row has a child where the headings should be. XML and JSON can have a
name where an element or a property should be, a workbook as the name of a sheet, an archive as the
name of a file. Every command and every target is in the list; what is not fails the last tests.
"""

import io
import json
import zipfile

import pytest
from click.testing import CliRunner
from tests.helpers.attacks import HEADINGS, row, workbook
from tests.helpers.packing import FOLDER, entries_of, zipped
from tests.helpers.support import EXAMPLES, example

from eh_interop.cli import main
from eh_interop.convert.targets import targets
from eh_interop.reports import FORMATS
from eh_interop.standard.quotable import known_path, known_steps, may_be_quoted

MARKS = ("Quillfeather", "Ottoline", "9990087", "Zanderholt", "WV99")
CHILD = ["9990087654", "Quillfeather", "Ottoline", "2017-03-04", "7 Zanderholt Lane", "WV99 9ZX"]
ROWS = [
    CHILD,
    ["9990087662", "Quillfeather", "Ottoline", "2015-06-07", "7 Zanderholt Lane", "WV99 9ZX"],
]


def marked_csv(place):
    path = place / "export.csv"
    path.write_text("".join(",".join(cells) + "\r\n" for cells in ROWS), "utf-8")
    return path, ("--mapping", "school-mis")


def marked_sheet(place):
    path = place / "export.xlsx"
    book = workbook(row(number, cells) for number, cells in enumerate(map(tuple, ROWS), 1))
    with zipfile.ZipFile(io.BytesIO(book)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"Pupils", b"Ottoline Zanderholt")
    return zipped(path, parts), ("--mapping", "health-visiting")


def marked_xml(place):
    path = place / "export.xml"
    text = (
        "<CTfile><CTFpupilData><Pupil><UPN>L916299916034</UPN><Surname>Quillfeather</Surname>"
        "<Ottoline Zanderholt='WV99'><Quillfeather>9990087654</Quillfeather></Ottoline>"
        "</Pupil></CTFpupilData></CTfile>"
    )
    path.write_text(text, "utf-8")
    return path, ("--mapping", "ctf-pupil")


API = """
mapping = "api"
title = "Referrals of a system"
record = "marf"
format = "json"
record-at = "/referrals"
id = ["/id"]
[[field]]
ours = "/whatShouldChange"
theirs = "/wish"
"""


def marked_json(place):
    mapping, path = place / "api.toml", place / "export.json"
    mapping.write_text(API, "utf-8")
    referral = {"id": 7, "wish": "Help", "Ottoline": {"Quillfeather": "x"}, "9990087654": "y"}
    path.write_text(json.dumps({"referrals": [referral]}), "utf-8")
    return path, ("--mapping", mapping)


def test_names_in_json_of_others_are_read_and_not_quoted(tmp_path):
    path, options = marked_json(tmp_path)
    out = tmp_path / "out"
    run("convert", path, *options, "--to", "json", "--out", out)
    (record,) = out.glob("0*.json")
    assert "Quillfeather" in record.read_text("utf-8")
    assert "PTR-009" in (out / "findings.ndjson").read_text("utf-8")


def marked_record(place):
    record = example("minimal/marf")
    record["children"][0]["Ottoline"] = "Quillfeather"
    record["children"][0]["name"] = {"Quillfeather": "Ottoline", "9990087654": "x"}
    record["localData"] = {"Zanderholt": "WV99 9ZX", "9990087654": {"Ottoline": 1}}
    path = place / "record.json"
    path.write_text(json.dumps(record), "utf-8")
    return path, ()


def marked_pack(place):
    entries = entries_of(FOLDER / "referral.zip")
    top = next(iter(entries)).partition("/")[0]
    more = {f"{top}/data/attachments/Quillfeather Ottoline.txt": b"Zanderholt"}
    return zipped(place / "pack.zip", {**entries, **more}), ()


def marked_archive(place):
    path = place / "archive.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Quillfeather/Ottoline.txt", "Zanderholt")
    return path, ()


SOURCES = [
    marked_csv, marked_sheet, marked_xml, marked_json, marked_record, marked_pack, marked_archive,
]  # fmt: skip
COMMANDS = {"check", "chase", "convert", "mapping", "pack"}
"""Commands that say something of a file beside what they make of it."""
ITSELF = {"cover", "genogram", "outcome"}
"""Commands whose output is the record itself, or a part of it, for whoever holds the record."""
WITHOUT = {
    "areas", "clauses", "doctor", "explain", "fhir", "forms", "new", "rules", "sample", "schema",
    "template",
}  # fmt: skip
SAYS = {"findings.ndjson", "manifest.json", "notes.json", "lineage.ndjson"}
"""Files beside records that say something of them."""
ROWS_BACK = "not-converted"
"""The partner's own rows, for the partner."""


def run(*arguments):
    result = CliRunner().invoke(main, [*map(str, arguments)])
    assert "Traceback" not in result.output
    problem = "" if isinstance(result.exception, SystemExit) else str(result.exception or "")
    return result.output + result.stderr + problem


def assert_nothing_quoted(text, what):
    assert [mark for mark in MARKS if mark.casefold() in text.casefold()] == [], (what, text[:2000])


@pytest.mark.parametrize("source", SOURCES)
def test_no_report_quotes_anything(tmp_path, source):
    path, options = source(tmp_path)
    ways = [f"--format={name}:{tmp_path / name}" for name in FORMATS]
    assert_nothing_quoted(run("check", path, *options, *ways, "--as-of", "2026-11-01"), "screen")
    for name in FORMATS:
        assert_nothing_quoted((tmp_path / name).read_text("utf-8"), name)
    for form in ("text", "html", "json"):
        assert_nothing_quoted(run("chase", path, *options, "--to", form), form)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("target", ["json", "csv"])
def test_nothing_beside_converted_records_quotes_anything(tmp_path, source, target):
    path, options = source(tmp_path)
    out = tmp_path / "out"
    said = run("convert", path, *options, "--to", target, "--out", out, "--lineage")
    assert_nothing_quoted(said, "screen")
    made = {file.name: file for file in out.iterdir()} if out.exists() else {}
    for name in SAYS & {*made}:
        assert_nothing_quoted(made[name].read_text("utf-8"), name)
    others = {*made} - SAYS
    assert all(
        name.startswith(("0", ROWS_BACK)) or name.endswith((".csv", "-metadata.json"))
        for name in others
    ), others


@pytest.mark.parametrize("number", ["9990087654", "999 008 7654", "999-008-7654"])
def test_a_draft_quotes_nothing(tmp_path, number):
    path, _ = marked_csv(tmp_path)
    text = path.read_text("utf-8").replace("9990087654", number)
    path.write_text(text.replace("9990087662", "999 008 7662"), "utf-8")
    assert "999 008" not in run("mapping", "draft", path, "--record", "marf")
    assert "999-008" not in run("mapping", "draft", path, "--record", "marf")
    assert_nothing_quoted(run("mapping", "draft", path, "--record", "marf"), "draft")
    assert_nothing_quoted(run("mapping", "check", "school-mis", "--file", path), "check")


def test_a_draft_of_a_tree_quotes_nothing(tmp_path):
    path = tmp_path / "x.json"
    entry = {"surname": "Zanderholt", "dob": "2015-01-02", "Ottoline": {"x": "Quillfeather"}}
    path.write_text(json.dumps([entry, {**entry, "Ottoline": {"x": "y"}}]), "utf-8")
    assert_nothing_quoted(run("mapping", "draft", path, "--record", "marf"), "draft")


@pytest.mark.parametrize("way", ["check", "show"])
def test_no_word_about_a_pack_quotes_anything(tmp_path, way):
    for source in (marked_pack, marked_archive):
        path, _ = source(tmp_path)
        assert_nothing_quoted(run("pack", way, path), source.__name__)


def test_every_command_target_and_report_is_known():
    assert {*main.list_commands(None)} == COMMANDS | ITSELF | WITHOUT
    assert {*targets()} == {
        "annex-a", "cin", "csv", "fhir", "fhir-xml", "json", "ndjson", "ssd", "xlsx",
    }  # fmt: skip


def test_a_place_is_cut_before_a_number_that_may_be_anybodys():
    assert known_steps(("localData", "9990087654", "x")) == ("localData",)
    assert known_path("/referrals/3/9990087654") == "/referrals/3/*"


def test_headings_that_are_known_are_quoted_and_others_are_not():
    for name in (*HEADINGS, "dateOfBirth", "Pupil First Name", "contact_2_phone", "NHS No"):
        assert may_be_quoted(name), name
    for name in (*CHILD, "No", "Grace", "12 High Street", "", "x" * 101, "Rose", "Möwe", "2"):
        assert not may_be_quoted(name), name
    assert may_be_quoted("Quillfeather", also=["QUILLFEATHER"])


def test_every_heading_of_the_examples_may_be_quoted():
    head = (EXAMPLES / "partners" / "school-mis.csv").read_text("utf-8-sig").splitlines()[0]
    assert [name for name in head.split(",") if not may_be_quoted(name.strip('"'))] == []
