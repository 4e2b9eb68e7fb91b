"""``eh-interop check --baseline`` and ``--write-baseline`` as their users run them."""

import json
import tomllib
from datetime import date

import jsonschema_rs
import pytest
from click.testing import CliRunner
from tests.helpers.support import EXAMPLES, SCHEMAS, example

from eh_interop.checks.baseline import Known, read_baseline, write_baseline
from eh_interop.cli import main
from eh_interop.core.errors import BaselineError
from eh_interop.reports import FORMATS

BARE = {"recordType": "marf", "standardVersion": "1.0", "recordId": "R-1"}
AT_RISK = EXAMPLES / "gloucestershire" / "marf-immediate-risk.json"


def check(folder, *options, as_of="2026-11-01"):
    return CliRunner().invoke(
        main, ["check", str(folder), "--as-of", as_of, *map(str, options)], standalone_mode=False
    )


def schema(name):
    return json.loads((SCHEMAS / "1.0" / f"{name}.schema.json").read_text("utf-8"))


def put(folder, document):
    folder.mkdir(exist_ok=True)
    (folder / "record.json").write_text(json.dumps(document, indent=1), "utf-8")
    return folder


@pytest.fixture
def folder(tmp_path):
    return put(tmp_path / "records", BARE)


@pytest.fixture(params=["toml", "json"])
def baseline(request, tmp_path, folder):
    """Write the baseline of a faulty record, in either form."""
    file = tmp_path / f"baseline.{request.param}"
    assert check(folder, "--write-baseline", file).return_value == 1
    return file


def entries(file):
    text = file.read_text("utf-8")
    return (tomllib.loads(text) if file.suffix == ".toml" else json.loads(text))["known"]


def edit(file, **parts):
    known = read_baseline(file)
    changed = [
        Known(**{**each.as_json(), "expires": each.expires, **parts}) for each in known.values()
    ]
    write_baseline(file, changed)


def test_known_findings_are_shown_and_do_not_count(folder, baseline):
    result = check(folder, "--baseline", baseline)
    assert result.return_value == 0
    assert "Known: it stands in the baseline" in " ".join(result.stdout.split())
    assert "0 errors, 0 warnings" in result.stdout
    assert f"{len(entries(baseline))} more are known (baseline)." in result.stdout
    assert "ASK FIRST" in result.stdout


def test_a_new_finding_counts(folder, baseline):
    put(folder, {**BARE, "sentOn": "2026-13-01"})
    result = check(folder, "--baseline", baseline)
    assert result.return_value == 1
    assert "1 error" in result.stdout


def test_the_file_has_its_schema_and_nothing_from_the_record(tmp_path):
    document = {**example("gloucestershire/marf")}
    document["children"] = [{"id": "c1", "name": {"family": "Zq7Marker"}}]
    document["recordId"] = "Zq7Record"
    folder = put(tmp_path / "records", document)
    file = tmp_path / "baseline.json"
    check(folder, "--write-baseline", file)
    text = file.read_text("utf-8")
    assert "Zq7" not in text
    assert "c1" not in {each for entry in entries(file) for each in entry.values()}
    known = jsonschema_rs.Draft202012Validator(schema("baseline"), validate_formats=True)
    known.validate(json.loads(text))
    assert schema("baseline")["$defs"]["known"] == schema("report")["$defs"]["known"]


@pytest.mark.parametrize("form", ["toml", "json"])
def test_no_value_of_any_text_gets_into_the_file(tmp_path, form):
    def planted(value, name=""):
        if isinstance(value, dict):
            return {key: planted(each, key) for key, each in value.items()}
        if isinstance(value, list):
            return [planted(each, name) for each in value]
        kept = {"recordType", "standardVersion", "recordId", "area"}
        return f"{value} Zq7Marker" if isinstance(value, str) and name not in kept else value

    folder, file = tmp_path / "records", tmp_path / f"baseline.{form}"
    put(folder, planted(example("gloucestershire/marf")))
    result = check(folder, "--write-baseline", file)
    assert len(entries(file)) > 100
    result = check(folder, "--baseline", file, "--format", "json")
    assert result.return_value == 0
    assert "Zq7" not in file.read_text("utf-8") + result.output


def test_lines_and_the_order_of_entries_may_change(tmp_path):
    document = example("gloucestershire/marf")
    children = [{"id": "c1"}, {"id": "c2"}]
    folder = put(tmp_path / "records", {**document, "children": children})
    file = tmp_path / "baseline.toml"
    check(folder, "--write-baseline", file)
    turned = {**document, "children": [{"id": "c3"}, *reversed(children)]}
    text = "\n\n\n" + json.dumps({**turned, "children": turned["children"][1:]})
    (folder / "record.json").write_text(text, "utf-8")
    assert check(folder, "--baseline", file).return_value == 0
    put(folder, turned)
    result = check(folder, "--baseline", file)
    assert result.return_value == 1
    assert "Child 1" in result.stdout


def test_more_of_the_same_counts(folder, tmp_path):
    file = tmp_path / "baseline.toml"
    check(folder, "--write-baseline", file)
    (folder / "copy.json").write_text(json.dumps(BARE), "utf-8")
    assert check(folder, "--baseline", file).return_value == 1
    check(folder, "--write-baseline", file)
    assert {entry["count"] for entry in entries(file)} == {2}
    assert check(folder, "--baseline", file).return_value == 0


def test_expired_entries_count_again_and_are_said(folder, baseline):
    edit(baseline, owner="Data team", reason="Old system.", expires=date(2026, 10, 31))
    result = check(folder, "--baseline", baseline)
    assert result.return_value == 1
    assert "expired, so the findings count again" in result.stderr
    assert "Data team" in result.stderr
    edit(baseline, expires=date(2026, 11, 1))
    assert check(folder, "--baseline", baseline).return_value == 0


def test_stale_entries_are_said_and_left_out_of_the_next_file(folder, baseline):
    put(folder, example("minimal/marf"))
    result = check(folder, "--baseline", baseline, "--format", "json")
    assert result.return_value == 0
    assert "stale, because the finding is gone" in result.stderr
    report = json.loads(result.stdout)
    jsonschema_rs.Draft202012Validator(schema("report"), validate_formats=True).validate(report)
    assert len(report["baseline"]["stale"]) == len(entries(baseline))
    assert report["counts"]["known"] == 0
    check(folder, "--write-baseline", baseline)
    assert not read_baseline(baseline)


def test_what_people_wrote_stays(folder, baseline):
    edit(baseline, owner="Data team", reason='Old "system".\n', expires=date(2027, 1, 1))
    before = entries(baseline)
    put(folder, {**BARE, "sentOn": "2026-13-01"})
    result = check(folder, "--write-baseline", baseline)
    assert "1 without an owner or a reason" in result.stderr
    after = entries(baseline)
    assert [each for each in after if each["owner"]] == before
    assert len(after) == len(before) + 1


def test_findings_that_were_not_asked_for_are_neither_stale_nor_dropped(folder, baseline):
    code = entries(baseline)[0]["code"]
    before = len(entries(baseline))
    result = check(folder, "--baseline", baseline, "--write-baseline", baseline, "--ignore", code)
    assert "stale" not in result.stderr
    assert len(entries(baseline)) == before


def test_nothing_is_stale_if_something_could_not_be_read(folder, baseline):
    before = entries(baseline)
    (folder / "record.json").write_text("{", "utf-8")
    result = check(folder, "--baseline", baseline, "--write-baseline", baseline)
    assert result.return_value == 3
    assert "nobody can tell" in result.stderr
    assert entries(baseline) == before


def test_immediate_risk_is_not_touched(tmp_path):
    file = tmp_path / "baseline.toml"
    check(AT_RISK, "--write-baseline", file)
    plain, known = check(AT_RISK), check(AT_RISK, "--baseline", file)
    assert "ACT NOW" in known.stdout
    assert "call the police on 999" in known.stdout
    assert (
        plain.stdout.split("Children and family")[0] == known.stdout.split("Children and family")[0]
    )


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_says_which_findings_are_known(folder, tmp_path, name):
    file = tmp_path / "baseline.toml"
    check(folder, "--write-baseline", file)
    plain = check(folder, "--format", name).stdout
    text = check(folder, "--baseline", file, "--format", name).stdout
    assert "known" in text.lower().replace("not known", "")
    assert text != plain
    if name == "junit":
        assert "<failure" in plain
        assert "<failure" not in text
    if name == "github":
        assert "::error " not in text


def test_a_record_without_an_id_cannot_be_known_again(folder, tmp_path):
    put(folder, {key: each for key, each in BARE.items() if key != "recordId"})
    file = tmp_path / "baseline.toml"
    result = check(folder, "--write-baseline", file)
    assert "cannot be known again" in result.stderr
    assert not read_baseline(file)


@pytest.mark.slow
def test_several_processes_know_the_same(tmp_path):
    file, records = tmp_path / "baseline.toml", tmp_path / "records.ndjson"
    lines = [json.dumps({**BARE, "recordId": f"R-{number}"}) for number in range(300)]
    records.write_text("\n".join(lines), "utf-8")
    check(records, "--write-baseline", file, "--jobs", "2", "--quiet")
    one = check(records, "--baseline", file, "--quiet")
    two = check(records, "--baseline", file, "--quiet", "--jobs", "2")
    assert one.return_value == two.return_value == 0
    assert one.stdout == two.stdout


@pytest.mark.parametrize(
    "text",
    [
        "known = ",
        "[[known]]\ncode = 'MRF-107'",
        "[[know]]",
        (
            "[[known]]\nfingerprint = '0'\ncode = 'MRF-107'\nname = 'x'\nowner = ''\nreason = ''\n"
            "expires = 2026-12-01"
        ),
    ],
)
def test_a_broken_file_is_said(folder, tmp_path, text):
    file = tmp_path / "baseline.toml"
    file.write_text(text, "utf-8")
    problem = check(folder, "--baseline", file).exception
    assert isinstance(problem, BaselineError)
    assert "baseline.toml" in str(problem)
    assert problem.exit_code == 4


def test_a_fingerprint_stands_once(tmp_path):
    known = Known(
        fingerprint="0" * 32,
        code="MRF-107",
        name="no-genogram",
        owner="\x7f é",
        reason="",
        expires=date(2026, 12, 1),
    )
    file = tmp_path / "baseline.toml"
    write_baseline(file, [known])
    assert read_baseline(file) == {known.fingerprint: known}
    write_baseline(file, [known, known])
    with pytest.raises(BaselineError, match="twice"):
        read_baseline(file)
    with pytest.raises(BaselineError, match="written"):
        write_baseline(tmp_path / "nowhere" / "b.toml", [known])
