"""``eh-interop convert`` from partner files, tables, returns and packs, also when stopped."""

import csv
import json
import random
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.helpers.support import EXAMPLES, ROOT

from eh_interop.cli import main
from eh_interop.convert import staging
from eh_interop.convert.targets import targets
from eh_interop.formats import tables

COMMAND = [sys.executable, "-c", "from eh_interop.cli import run; run()", "convert"]
DAY = ("--as-of", "2026-11-01")
MARKER = "Zq7Marker"
SAMPLE = EXAMPLES / "partners" / "school-mis.csv"
SCHOOL = ("--mapping", "school-mis")
REASONS = "What to put right"
FAMILY = sorted((EXAMPLES / "gloucestershire").glob("*.json"))
WHOLE = ["annex-a", "cin", "csv", "ssd", "xlsx"]
ONE_BY_ONE = ["fhir", "fhir-xml", "json", "ndjson"]


def run(*arguments):
    return CliRunner().invoke(main, ["convert", *map(str, arguments)], standalone_mode=False)


def files(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def manifest(folder):
    return json.loads((folder / "manifest.json").read_text("utf-8"))


def lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def by_id(records):
    return {record["recordId"]: record for record in records}


def sample():
    headings, *first = rows(SAMPLE)
    return headings, dict(zip(headings, first[0], strict=True))


def school(path, *changes, extra=()):
    """Write a school's file: a good row for each of ``changes``, with these cells changed."""
    headings, good = sample()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*headings, *extra])
        for number, change in enumerate(changes):
            cells = {**good, "Referral ID": f"R-{number}", **change}
            beyond = cells.pop(BEYOND, [])
            writer.writerow([*(cells.get(name, "") for name in [*headings, *extra]), *beyond])
    return path


WRONG_DAY = {"Child 1 DOB": "31/02/2016"}
BEYOND = "beyond the headings"
SLIPPED = {BEYOND: ["more"]}
"""A row that has one cell too many: nobody knows where it slipped."""


@pytest.fixture
def mixed(tmp_path):
    """Many rows, some of which have to go back."""
    changes = [SLIPPED if number % 7 == 3 else {} for number in range(900)]
    return school(tmp_path / "mixed.csv", *changes)


# ---------------------------------------------------------------- a partner's file


def test_wrong_rows_go_back_in_the_partners_columns_with_reasons(tmp_path):
    formula = {**SLIPPED, "Child 1 Surname": "=1+1", "Reason for Referral": "@SUM(A1)"}
    file = school(tmp_path / "school.csv", {}, formula, {}, SLIPPED)
    result = run(file, *SCHOOL, "--to", "ndjson", "--out", tmp_path / "out")
    assert result.return_value == 3
    headings, *back = rows(tmp_path / "out" / "not-converted.csv")
    assert headings == [*rows(file)[0], REASONS]
    told = [dict(zip(headings, row, strict=False)) for row in back]
    assert [each["Referral ID"] for each in told] == ["R-1", "R-3"]
    assert told[0]["Child 1 Surname"] == "'=1+1"
    assert told[0]["Reason for Referral"] == "'@SUM(A1)"
    for each in told:
        assert "PTR-012" in each[REASONS]
    assert len(lines(tmp_path / "out" / "records.ndjson")) == 2
    assert (manifest(tmp_path / "out")["written"], manifest(tmp_path / "out")["records"]) == (2, 4)


def test_reasons_stand_below_their_heading_however_long_the_row_is(tmp_path):
    wide = {BEYOND: ["one", "two"]}
    file = school(tmp_path / "school.csv", {}, SLIPPED, wide)
    run(file, *SCHOOL, "--to", "ndjson", "--out", tmp_path / "out")
    headings, *back = rows(tmp_path / "out" / "not-converted.csv")
    at = headings.index(REASONS)
    assert [row[at][:4] for row in back] == ["PTR-"] * 2
    assert back[1][at + 1 :] == ["one", "two"]


def test_files_with_other_headings_get_a_file_each(tmp_path):
    one = school(tmp_path / "one.csv", SLIPPED)
    other = school(tmp_path / "other.csv", SLIPPED, extra=["More"])
    out = tmp_path / "out"
    run(one, other, one, *SCHOOL, "--to", "json", "--out", out)
    assert [len(rows(out / name)) for name in ("not-converted.csv", "not-converted-2.csv")] == [
        3,
        2,
    ]
    assert rows(out / "not-converted-2.csv")[0][-2:] == ["More", REASONS]


def test_a_folder_of_a_partners_files_is_read(tmp_path):
    folder = tmp_path / "exports"
    (folder / "spring").mkdir(parents=True)
    school(folder / "b.csv", {})
    school(folder / "spring" / "a.CSV", {"School URN": "100002"})
    (folder / "readme.md").write_text("not a table", "utf-8")
    result = run(folder, *SCHOOL, "--to", "ndjson", "--out", tmp_path / "out")
    assert result.return_value == 0
    assert len(by_id(lines(tmp_path / "out" / "records.ndjson"))) == 2
    nothing = run(folder, "--mapping", "ctf-pupil", "--to", "json")
    assert nothing.return_value == 3
    assert "b.csv: a table of text, not read." in nothing.stderr


def test_an_element_without_a_record_goes_back_whole(tmp_path):
    mapping, file = tmp_path / "own.toml", tmp_path / "pupils.xml"
    mapping.write_text(
        """
        mapping = "own"
        title = "For a test"
        record = "marf"
        format = "xml"
        record-at = "/File/Pupil"
        [[field]]
        ours = "/history"
        theirs = "History"
        """,
        "utf-8",
    )
    file.write_text("<File><Pupil><Other>2016-02-31</Other></Pupil></File>", "utf-8")
    run(file, "--mapping", mapping, "--to", "json", "--out", tmp_path / "out")
    (headings, (record, reason)) = rows(tmp_path / "out" / "not-converted.csv")
    assert headings == ["Record", REASONS]
    assert "2016-02-31" in record
    assert "PTR-031" in reason


@pytest.mark.parametrize(
    ("cell", "written", "code"),
    [
        ("Child 1 DOB", "31/02/2016", "PTR-014"),
        ("Child 1 Sex", "girl?", "PTR-015"),
        ("Child 1 Attendance %", "most days", "PTR-016"),
        ("Immediate Risk?", "hard to say", "PTR-017"),
        ("Child 1 NHS Number", "9.99E+09", "PTR-018"),
        ("Child 1 Postcode", "BFPO 61", "PTR-026"),
        ("Consent Obtained", "sort of", "PTR-015"),
    ],
)
def test_one_bad_cell_never_stops_a_row(tmp_path, cell, written, code):
    file = school(tmp_path / "school.csv", {cell: written}, {})
    out = tmp_path / "out"
    result = run(file, *SCHOOL, "--to", "ndjson", "--out", out)
    assert result.return_value == 1  # converted, and a person has to look at it
    assert code in result.stderr
    assert written not in result.stderr
    assert not (out / "not-converted.csv").exists()
    first, _ = (out / "records.ndjson").read_text("utf-8").splitlines()
    assert written in first


@pytest.mark.parametrize("said", ["Yes", "yes!!! phone us"])
def test_a_row_about_immediate_risk_is_converted_however_wrong_it_is(tmp_path, said):
    wrong = {**WRONG_DAY, **SLIPPED, "Immediate Risk?": said, "Date of Referral": "soon"}
    file = school(tmp_path / "school.csv", wrong)
    out = tmp_path / "out"
    assert run(file, *SCHOOL, "--to", "ndjson", "--out", out).return_value == 1
    (record,) = lines(out / "records.ndjson")
    assert record["immediateRisk"] is not False
    assert not (out / "not-converted.csv").exists()
    assert "error" not in manifest(out)["severities"]


def test_lineage_names_the_place_of_each_value(tmp_path):
    file = school(tmp_path / "school.csv", {}, SLIPPED)
    out = tmp_path / "out"
    run(file, *SCHOOL, "--to", "ndjson", "--lineage", "--out", out)
    (record,) = lines(out / "records.ndjson")
    told = {line["place"]: line["from"] for line in lines(out / "lineage.ndjson")}
    assert {line["recordId"] for line in lines(out / "lineage.ndjson")} == {record["recordId"]}
    assert told["/children/0/dateOfBirth"].startswith("school.csv, row 2, column Child 1 DOB")
    assert "school-mis.toml line" in told["/children/0/dateOfBirth"]
    assert told["/children/1/name/given"].startswith("school.csv, row 2, column Child 2 Forename")


def test_columns_that_are_not_mapped_stand_in_the_manifest(tmp_path):
    file = school(tmp_path / "school.csv", {}, extra=["Bus Route", "Contact notes"])
    run(file, *SCHOOL, "--to", "json", "--out", tmp_path / "out")
    listed = manifest(tmp_path / "out")["unmappedColumns"]
    assert "Contact notes" in listed
    assert "Bus Route" not in listed  # it may be what somebody wrote: its column is named


@pytest.mark.parametrize("target", [*ONE_BY_ONE, *WHOLE])
def test_no_value_of_a_row_is_told(tmp_path, target):
    headings, good = sample()
    every = {name: f"{cell}{MARKER}" for name, cell in good.items()}
    each = [{name: f"{good[name]}{MARKER}"} for name in headings]
    urgent = {**every, "Immediate Risk?": "Yes"}
    back = {**every, "Immediate Risk?": "No", **SLIPPED}
    file = school(tmp_path / "school.csv", back, urgent, every, *each)
    out = tmp_path / "out"
    result = run(file, *SCHOOL, "--to", target, "--lineage", "--out", out, *DAY)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert MARKER not in result.stderr
    about = [out / name for name in ("manifest.json", "findings.ndjson", "lineage.ndjson")]
    for path in [*about, out / "notes.json"] if (out / "notes.json").exists() else about:
        assert MARKER not in path.read_text("utf-8"), path.name
    assert MARKER in (out / "not-converted.csv").read_text("utf-8")


def test_rows_that_went_back_are_mended_and_sent_again(tmp_path):
    phone = {"Parent 1 Mobile": "+44 7700 900123", "Reason for Referral": "'quoted' words"}
    good = school(tmp_path / "good.csv", phone)
    wrong = school(tmp_path / "wrong.csv", {**phone, BEYOND: [" and tired"]})
    run(wrong, *SCHOOL, "--to", "ndjson", "--out", tmp_path / "first")
    mended = tmp_path / "not-converted.csv"
    text = (tmp_path / "first" / mended.name).read_text("utf-8")
    assert "'+44" in text
    mended.write_text(text.replace(", and tired", ""), "utf-8")
    assert run(mended, *SCHOOL, "--to", "ndjson", "--out", tmp_path / "then").return_value == 0
    run(good, *SCHOOL, "--to", "ndjson", "--out", tmp_path / "good")
    assert lines(tmp_path / "then" / "records.ndjson") == lines(
        tmp_path / "good" / "records.ndjson"
    )


def test_an_earlier_runs_rejects_do_not_stay(tmp_path):
    out = tmp_path / "out"
    run(school(tmp_path / "school.csv", {}, SLIPPED), *SCHOOL, "--to", "ndjson", "--out", out)
    assert (out / "not-converted.csv").exists()
    run(school(tmp_path / "school.csv", {}), *SCHOOL, "--to", "ndjson", "--out", out)
    assert not (out / "not-converted.csv").exists()


# ---------------------------------------------------------------- our tables; a return; a pack


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_tables_go_there_and_come_back_equal(tmp_path, form):
    there, back = tmp_path / "there", tmp_path / "back"
    arguments = [*FAMILY, EXAMPLES / "minimal", "--to", form, "--verify", "all", "--out", there]
    assert run(*arguments, *DAY).return_value == 0
    assert run(there, "--to", "ndjson", "--lineage", "--out", back, *DAY).return_value == 0
    given = [json.loads(path.read_text("utf-8")) for path in FAMILY]
    given += [json.loads(path.read_text("utf-8")) for path in (EXAMPLES / "minimal").iterdir()]
    assert by_id(lines(back / "records.ndjson")) == by_id(given)
    assert len(lines(back / "records.ndjson")) == len(given)
    origins = {(line["recordId"], line["place"]) for line in lines(back / "lineage.ndjson")}
    assert ("marf-2026-00655", "/referredOn") in origins


def test_tables_that_come_back_otherwise_are_told_if_they_are_verified(tmp_path, monkeypatch):
    real = tables.read_tables

    def other(folder):
        for each in real(folder):
            each.document["recordId"] += "-other"
            yield each

    monkeypatch.setattr(tables, "read_tables", other)
    proved = run(FAMILY[0], "--to", "csv", "--verify", "all", "--out", tmp_path / "proved")
    assert (proved.return_value, "CNV-005" in proved.stderr) == (1, True)
    assert manifest(tmp_path / "proved")["findings"] == {"CNV-005": 1}
    trusted = run(FAMILY[0], "--to", "csv", "--out", tmp_path / "trusted")
    assert trusted.return_value == 0


@pytest.mark.parametrize(
    ("name", "form", "events"),
    [
        ("annex-a", "csv", ("list-1", "list-2", "list-3")),
        ("annex-a", "xlsx", ("list-1", "list-2", "list-3")),
        ("ssd", "csv", ("ssd_early_help_episodes", "ssd_contacts")),
        ("ssd", "xlsx", ("ssd_early_help_episodes", "ssd_contacts")),
        ("cin", None, ("details",)),
    ],
)
def test_a_return_that_we_wrote_can_be_read_from_its_folder(tmp_path, name, form, events):
    there, back = tmp_path / "there", tmp_path / "back"
    chosen = ["--form", form] if form else ["--authority", "916"]
    run(*FAMILY, "--to", name, *chosen, "--out", there, *DAY)
    written = json.loads((there / "notes.json").read_text("utf-8"))["rows"]
    result = run(there, "--from", name, "--to", "ndjson", "--lineage", "--out", back, *DAY)
    assert result.return_value == 0
    records = lines(back / "records.ndjson")
    assert len(by_id(records)) == len(records) == sum(written[event] for event in events)
    assert all(record["children"] for record in records)
    assert {line["recordId"] for line in lines(back / "lineage.ndjson")} == set(by_id(records))


def test_a_pack_gives_its_records(tmp_path):
    pack = EXAMPLES / "packs" / "referral.zip"
    assert run(pack, "--to", "ndjson", "--out", tmp_path / "out").return_value == 0
    with zipfile.ZipFile(pack) as packed:
        names = [name for name in packed.namelist() if "/records/" in name]
        inside = [json.loads(packed.read(name)) for name in names]
    assert inside
    assert by_id(lines(tmp_path / "out" / "records.ndjson")) == by_id(inside)


# ---------------------------------------------------------------- in batch


@pytest.mark.slow
@pytest.mark.parametrize("target", ["ndjson", "fhir"])
def test_two_processes_give_the_same_bytes_from_a_partners_file(tmp_path, mixed, target):
    for jobs in (1, 2):
        out = tmp_path / str(jobs)
        how = ("--to", target, "--verify", "none", "--lineage", "--jobs", jobs)
        run(mixed, *SCHOOL, *how, "--out", out, *DAY)
    assert files(tmp_path / "1") == files(tmp_path / "2")
    assert {"lineage.ndjson", "not-converted.csv"} <= set(files(tmp_path / "1"))


def test_two_processes_give_the_same_bytes_from_tables(tmp_path):
    run(*FAMILY, "--to", "csv", "--out", tmp_path / "tables", *DAY)
    for jobs in (1, 2):
        how = ("--to", "json", "--lineage", "--jobs", jobs)
        run(tmp_path / "tables", *how, "--out", tmp_path / str(jobs), *DAY)
    assert files(tmp_path / "1") == files(tmp_path / "2")
    assert "lineage.ndjson" in files(tmp_path / "1")


@pytest.mark.slow
@pytest.mark.parametrize("target", ["ndjson", "csv"])
def test_killed_at_any_moment_no_row_is_lost_or_doubled(tmp_path, mixed, target):
    whole, out = tmp_path / "whole", tmp_path / "out"
    how = ("--to", target, "--lineage", *DAY)
    assert run(mixed, *SCHOOL, *how, "--out", whole).return_value == 3
    arguments = [*COMMAND, str(mixed), *SCHOOL, *how, "--out", str(out), "--resume", "--quiet"]
    dice = random.Random(11)
    killed = 0
    for _ in range(12):
        with subprocess.Popen(arguments, stderr=subprocess.DEVNULL) as process:
            while process.poll() is None and not (out / ".partial" / "journal.json").exists():
                time.sleep(0.005)
            time.sleep(dice.random() / 4)
            process.send_signal(signal.SIGKILL)
        killed += process.returncode == -signal.SIGKILL
        if process.returncode == 3:
            break
    assert killed
    assert subprocess.run(arguments, check=False).returncode == 3
    assert files(out) == files(whole)


@pytest.mark.slow
@pytest.mark.parametrize("moved", range(5))
def test_stopped_while_the_results_are_moved_nothing_is_lost(tmp_path, mixed, monkeypatch, moved):
    whole, out = tmp_path / "whole", tmp_path / "out"
    how = (mixed, *SCHOOL, "--to", "ndjson", "--lineage", *DAY)
    run(*how, "--out", whole)
    real, seen = Path.replace, []

    def stopped(path, target):
        if Path(target).parent == out:
            seen.append(path)
            if len(seen) > moved:
                raise KeyboardInterrupt
        return real(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(staging.Path, "replace", stopped)
        assert run(*how, "--out", out).return_value == 130
    assert not (out / "manifest.json").exists()
    assert run(*how, "--out", out, "--resume").return_value == 3
    assert files(out) == files(whole)


def test_a_changed_mapping_is_another_conversion(tmp_path, mixed, monkeypatch):
    own, out = tmp_path / "own.toml", tmp_path / "out"
    text = (ROOT / "mappings" / "partners" / "school-mis.toml").read_text("utf-8")
    own.write_text(text, "utf-8")
    how = (mixed, "--mapping", own, "--to", "ndjson", "--out", out, *DAY)

    def stopped(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(staging.Staging, "finish", stopped)
        assert run(*how).return_value == 130
    own.write_text(text + "\n# changed\n", "utf-8")
    assert "another conversion" in str(run(*how, "--resume").exception)


@pytest.mark.parametrize("target", sorted(targets()))
def test_a_dry_run_tells_and_writes_nothing(tmp_path, target):
    file = school(tmp_path / "school.csv", {}, SLIPPED)
    out = tmp_path / "out"
    result = run(file, *SCHOOL, "--to", target, "--out", out, "--dry-run", *DAY)
    assert (result.return_value, result.stdout) == (3, "")
    assert "PTR-012" in result.stderr
    assert result.stderr.endswith("2 records: 1 converted, 1 not converted.\n")
    assert not out.exists()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files")
@pytest.mark.parametrize("target", ["ndjson", *WHOLE])
def test_a_disk_that_is_full_is_told_in_one_line_and_the_work_goes_on(tmp_path, mixed, target):
    out = tmp_path / "out"
    how = [str(mixed), *SCHOOL, "--to", target, *DAY, "--quiet"]
    limited = ["sh", "-c", 'ulimit -f 8; exec "$@"', "sh", *COMMAND, *how, "--out", str(out)]
    full = subprocess.run(limited, capture_output=True, text=True, check=False)
    assert full.returncode == 74
    assert len(full.stderr.splitlines()) == 1
    assert "cannot be written" in full.stderr
    assert not (out / "manifest.json").exists()
    assert run(*how, "--out", out, "--resume").return_value == 3
    run(*how, "--out", tmp_path / "whole")
    assert set(files(out)) == set(files(tmp_path / "whole"))
    assert manifest(out) == manifest(tmp_path / "whole")
