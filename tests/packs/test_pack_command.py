"""``eh-interop pack`` and ``eh-interop check`` on packs, as their users run them."""

import json
import shutil
import subprocess
import sys

import jsonschema_rs
import pytest
from tests.helpers.packing import COMMANDS, FOLDER, attempt, make, run
from tests.helpers.support import EXAMPLES, ROOT, SCHEMAS, example

from eh_interop.cli import main

MARKER = "Zq7Marker"
REFERRAL = FOLDER / "referral.zip"


def write(tmp_path, document):
    path = tmp_path / "record.json"
    path.write_text(json.dumps(document), "utf-8")
    return path


def build(tmp_path, document, *more, to="o8", out="pack.zip"):
    path = write(tmp_path, document)
    return attempt(
        *("pack", "build", path, "--type", "referral", "--to", to, "--as-of", "2026-10-12"),
        *("--out", tmp_path / out),
        *more,
    )


def test_a_pack_that_may_not_be_shared_is_not_made_and_it_is_said_what_to_do(tmp_path):
    marf = example("gloucestershire/marf")
    del marf["consents"]
    result = build(tmp_path, marf)
    assert result.return_value == 1
    assert not (tmp_path / "pack.zip").exists()
    assert result.stdout == ""
    assert "The pack was not made" in result.stderr
    assert "PCK-101 /records/0: Multi-agency referral form (MARF) (record 1): no" in result.stderr
    assert "Get consent, leave it out, or record" in result.stderr
    assert "reject" not in result.output


def test_a_pack_that_is_made_says_what_is_missing(tmp_path):
    result = build(tmp_path, example("gloucestershire/marf"))
    assert result.return_value == 0
    assert "1 records, 0 other papers." in result.stdout
    assert "Please send the genogram, or say why there is none." in result.stdout


def test_at_immediate_risk_it_says_first_what_to_do_now(tmp_path):
    marf = example("gloucestershire/marf")
    del marf["consents"]
    marf["immediateRisk"] = True
    result = build(tmp_path, marf)
    assert result.return_value == 0
    lines = result.stdout.splitlines()
    assert "call the police on 999 now" in lines[1]
    assert "sharing log" in result.stdout


def test_left_out_papers_are_listed(tmp_path):
    result = attempt(
        *("pack", "build", EXAMPLES / "gloucestershire/step-down.json"),
        *("--attach", f"supervision-record={ROOT / 'LICENSE'}", "--type", "step-down"),
        *("--to", "o2", "--as-of", "2026-10-14", "--minimise", "--out", tmp_path / "pack.zip"),
    )
    assert "  Left out: supervision-record (N-004).\n" in result.stdout
    shown = run("pack", "show", tmp_path / "pack.zip").stdout
    assert "  Supervision record (N-004)\n" in shown


@pytest.mark.parametrize(
    "wrong",
    [
        ["--attach", "genogramm=LICENSE"],
        ["--attach", "genogram"],
        ["--purpose", "fun"],
        ["--type", "gift"],
    ],
)
def test_what_is_not_given_right_is_said(tmp_path, wrong):
    result = build(tmp_path, example("gloucestershire/marf"), *wrong)
    assert result.exception is not None
    assert result.exception.exit_code == 2


def test_without_a_name_the_pack_is_called_by_its_id(tmp_path, monkeypatch):
    path = write(tmp_path, example("gloucestershire/marf"))
    monkeypatch.chdir(tmp_path)
    run("pack", "build", path, "--type", "referral", "--to", "o8", "--as-of", "2026-10-12")
    assert (tmp_path / "referral-marf-2026-00655.zip").is_file()


def test_a_check_gives_1_for_errors_and_names_the_record_they_are_in(tmp_path):
    marf = example("gloucestershire/marf")
    del marf["children"][0]["name"]
    build(tmp_path, marf)
    result = run("pack", "check", tmp_path / "pack.zip", "--as-of", "2026-11-01")
    assert result.return_value == 1
    assert "pack.zip!data/records/001-marf.json\n" in result.stdout
    assert "CHD-961" in result.stdout
    assert "\n  The pack\n" in result.stdout


def test_a_check_reports_in_every_format():
    result = run("pack", "check", REFERRAL, "--as-of", "2026-11-01", "--format", "json")
    report = json.loads(result.stdout)
    schema = json.loads((SCHEMAS / "1.0" / "report.schema.json").read_text("utf-8"))
    assert jsonschema_rs.is_valid(schema, report)
    assert report["records"][0]["recordId"] == "referral-marf-2026-00655"
    assert [record["recordType"] for record in report["records"][1:3]] == ["marf", "plan"]
    for name in ("html", "ndjson", "junit", "sarif", "github", "outcome"):
        assert "PCK-104" in run("pack", "check", REFERRAL, "--format", name).stdout


def test_a_pack_is_shown_as_text_and_json():
    text = run("pack", "show", REFERRAL).stdout
    assert "Referral pack, made on 2026-10-12\n" in text
    assert "  To:   Gloucestershire County Council, Multi-agency safeguarding hub (MASH)" in text
    assert "KEEP FROM THE" in text
    assert "  ok    Genogram\n" in text
    assert "Ellery" not in text
    said = json.loads(run("pack", "show", REFERRAL, "--format", "json").stdout)
    assert said["packType"] == "referral"


def test_what_is_open_is_shown_by_part(tmp_path):
    build(tmp_path, example("gloucestershire/marf"))
    text = run("pack", "show", tmp_path / "pack.zip").stdout
    assert "  open  Genogram (PCK-304)\n" in text


@pytest.mark.parametrize("form", ["zip", "folder"])
def test_check_takes_a_pack_for_a_file(tmp_path, form):
    pack = tmp_path / "referral.zip"
    shutil.copy(REFERRAL, pack)
    if form == "folder":
        run("pack", "unpack", pack, "--out", tmp_path / "bag")
        pack = tmp_path / "bag"
    result = run("check", pack, "--as-of", "2026-11-01", "--format", "json")
    assert result.return_value == 0
    sources = [record["source"] for record in json.loads(result.stdout)["records"]]
    assert sources[0] == f"{pack}!data/records/001-marf.json"
    assert len(sources) == 6


def test_check_compares_the_records_of_a_pack(tmp_path):
    marf, plan, assessment = (
        example(f"gloucestershire/{name}")
        for name in ("marf", "my-plan-plus", "early-help-assessment")
    )
    assessment["completedOn"] = "2026-05-01"
    built = make([marf, plan, assessment])
    from eh_interop.packs import bag

    bag.write_folder(built.files.items(), tmp_path / "bag")
    result = run("check", tmp_path / "bag", "--as-of", "2026-11-01", "--format", "json")
    found = [record for record in json.loads(result.stdout)["records"] if record.get("across")]
    assert [each["findings"][0]["code"] for each in found] == ["ACR-007"]
    assert found[0]["source"].endswith("bag!data/records/002-plan.json")


def test_check_reads_packs_beside_other_files_in_several_processes():
    result = run(
        *("check", EXAMPLES / "minimal" / "marf.json", REFERRAL, FOLDER / "step-down.zip"),
        *("--as-of", "2026-11-01", "--jobs", "2"),
    )
    assert result.return_value == 0
    assert "8 records: 8 ready." in result.stdout


def test_check_goes_on_after_a_bad_pack(tmp_path):
    bad = tmp_path / "bad.zip"
    bad.write_bytes(b"nothing")
    result = run("check", bad, EXAMPLES / "minimal" / "marf.json", "--as-of", "2026-11-01")
    assert result.return_value == 3
    assert "PCK-001" in result.stdout
    assert "1 ready" in result.stdout


def test_a_bad_pack_gives_exit_code_3_and_one_line(tmp_path):
    bad = tmp_path / "bad.zip"
    bad.write_bytes(b"nothing")
    done = subprocess.run(
        [sys.executable, "-c", "from eh_interop.cli import run; run()", "pack", "check", bad],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr == (
        "eh-interop: This is not a pack: it is neither a folder nor a zip file. (PCK-001)\n"
    )


def planted(value, name=""):
    """Put the marker into every text that is not a code, an id or a date of the record."""
    if isinstance(value, dict):
        return {key: planted(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [planted(each, name) for each in value]
    if isinstance(value, str) and " " in value:
        return f"{value} {MARKER}"
    return value


@pytest.mark.parametrize("consent", [True, False])
def test_no_message_holds_a_value_from_a_record(tmp_path, consent):
    marf = planted(example("gloucestershire/marf"))
    if not consent:
        del marf["consents"]
    for to in ("o8", "p1", "o99"):
        result = build(tmp_path, marf, to=to, out=f"{to}.zip")
        assert MARKER not in f"{result.output}{result.exception!r}"
    if consent:
        for form in ("text", "json", "html"):
            assert MARKER not in run("pack", "check", tmp_path / "o8.zip", "--format", form).output


def test_the_marker_test_can_fail(tmp_path):
    build(tmp_path, planted(example("gloucestershire/marf")))
    assert MARKER in run("pack", "show", tmp_path / "pack.zip").output


def test_every_example_pack_has_a_command_and_every_command_a_pack():
    assert {path.name for path in FOLDER.glob("*.zip")} == set(COMMANDS)


def test_the_command_imports_no_pack_library_to_show_help():
    code = (
        "import sys; from eh_interop.cli import main; "
        "main(['pack', '--help'], standalone_mode=False); "
        "sys.exit(any(each.startswith(('eh_interop.packs', 'pyrage')) for each in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0
    assert "pack" in main.list_commands(None)


@pytest.mark.parametrize("check", ["PCK-001", "not-a-pack", "PCK-304"])
def test_a_check_of_packs_is_explained(check):
    text = run("explain", check).stdout
    assert text.startswith("PCK-")
    assert "  Applies to\n    packs\n" in text
