"""``eh-interop check`` as its users run it."""

import json
import signal
import subprocess
import sys

import jsonschema_rs
import pytest
from click.testing import CliRunner
from tests.helpers.support import EXAMPLES, SCHEMAS, example

from eh_interop.cli import main

COMMAND = [sys.executable, "-c", "from eh_interop.cli import run; run()"]
READY = EXAMPLES / "minimal" / "marf.json"
AT_RISK = EXAMPLES / "gloucestershire" / "marf-immediate-risk.json"
GAPS = {"recordType": "marf", "standardVersion": "1.0", "recordId": "R-1"}


def run(*arguments, stdin=None):
    result = CliRunner().invoke(
        main,
        ["check", "--as-of", "2026-11-01", *map(str, arguments)],
        input=stdin,
        standalone_mode=False,
    )
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def command(*arguments, **options):
    """Run the real command in a process of its own."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        capture_output=True,
        check=False,
        timeout=60,
        **options,
    )


def test_a_ready_record_gives_0_and_says_so():
    result = run(READY)
    assert result.return_value == 0
    assert "READY\n" in result.stdout
    assert result.stdout.endswith("1 record: 1 ready. 0 errors, 0 warnings.\n")


def test_a_record_with_gaps_gives_1_and_says_what_to_ask_for(tmp_path):
    file = tmp_path / "gaps.json"
    file.write_text(json.dumps(GAPS), "utf-8")
    result = run(file)
    assert result.return_value == 1
    head, asks, findings = (
        result.stdout.index(part) for part in ("ASK FIRST", "Ask the referrer", "error ")
    )
    assert head < asks < findings


def test_immediate_risk_leads_and_never_fails():
    result = run(AT_RISK)
    assert result.return_value == 0
    assert result.stdout.index("ACT NOW") < result.stdout.index("999") < result.stdout.index("Ask")
    assert " error " not in result.stdout


def test_immediate_risk_leads_even_if_it_is_written_wrongly():
    result = run("-", stdin=json.dumps({**GAPS, "immediateRisk": "yes"}))
    assert result.return_value == 1  # the desk acts; the build of the system that wrote it is red
    assert "ACT NOW" in result.stdout
    assert result.stdout.index("ACT NOW") < result.stdout.index(" error ")


def test_immediate_risk_leads_even_if_the_record_type_is_unknown():
    result = run("-", stdin=json.dumps({"recordType": "referal", "immediateRisk": True}))
    assert "ACT NOW" in result.stdout


@pytest.mark.parametrize(("level", "code"), [("error", 0), ("warning", 1), ("never", 0)])
def test_fail_on(tmp_path, level, code):
    document = example("minimal/marf")
    del document["children"][0]["ethnicity"]
    file = tmp_path / "one-warning.json"
    file.write_text(json.dumps(document), "utf-8")
    assert run(file, "--fail-on", level).return_value == code


def report_schema():
    schema = json.loads((SCHEMAS / "1.0" / "report.schema.json").read_text("utf-8"))
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def test_the_json_report_fits_its_published_schema():
    result = run(EXAMPLES, "--format", "json")
    report = json.loads(result.stdout)
    report_schema().validate(report)
    assert report["asOf"] == "2026-11-01"
    own = [record for record in report["records"] if "across" not in record]
    assert 0 < len(own) < len(report["records"])
    assert report["counts"]["records"] == len(own)


def test_ndjson_reports_one_record_a_line():
    result = run(EXAMPLES / "minimal", "--format", "ndjson")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["source"] for line in lines] == sorted(map(str, EXAMPLES.glob("minimal/*.json")))


def test_several_reports_at_once(tmp_path):
    file = tmp_path / "report.json"
    result = run(READY, "--format", "text", "--format", f"json:{file}")
    assert "READY" in result.stdout
    assert json.loads(file.read_text("utf-8"))["counts"]["ready"] == 1


def test_output_goes_to_a_file_without_colours(tmp_path):
    file = tmp_path / "report.txt"
    result = run(READY, "--output", file)
    assert result.stdout == ""
    assert "READY" in file.read_text("utf-8")
    assert "\x1b" not in file.read_text("utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["report.txt"]


def test_findings_of_json_and_ndjson_carry_line_and_column(tmp_path):
    document = example("minimal/marf")
    document["children"][0]["sex"] = "X"
    file = tmp_path / "records.ndjson"
    good = json.dumps(example("minimal/plan"))
    bad = json.dumps(document, ensure_ascii=False)
    file.write_text(f"{good}\n{bad}\n", "utf-8")
    report = json.loads(run(file, "--format", "json").stdout)
    (finding,) = report["records"][1]["findings"]
    assert finding["place"] == "/children/0/sex"
    assert finding["origin"]["line"] == 2
    assert bad[finding["origin"]["column"] - 1 :].startswith('"X"')


def test_an_area_can_be_asked_for_by_name_and_by_file(tmp_path):
    own = tmp_path / "exampleshire.toml"
    own.write_text('area = "exampleshire"\ntitle = "Exampleshire"\nextends = "england"\n', "utf-8")
    for area, name in (("staffordshire", "staffordshire"), (own, "exampleshire")):
        report = json.loads(run(READY, "--area", area, "--format", "json").stdout)
        assert report["area"] == report["records"][0]["area"] == name


@pytest.mark.slow
def test_processes_and_engines_change_no_byte(tmp_path):
    lines = [json.dumps(example(name)) for name in ("minimal/marf", "minimal/plan")]
    faulty = json.dumps({**example("minimal/marf"), "children": [], "extra": 1})
    file = tmp_path / "records.ndjson"
    file.write_text("\n".join([*lines, '{"recordType": "marf"', faulty] * 60), "utf-8")
    arguments = ("check", file, "--as-of", "2026-11-01", "--format", "json")
    usual = command(*arguments).stdout
    assert json.loads(usual)["counts"]["unreadable"] == 60
    assert command(*arguments, "--jobs", "2").stdout == usual
    assert command(*arguments, "--engine", "reference").stdout == usual


def test_an_area_in_capital_letters_is_told_once_and_still_followed():
    document = {**example("minimal/marf"), "area": "Gloucestershire", "immediateRisk": "No"}
    (record,) = json.loads(run("-", "--format", "json", stdin=json.dumps(document)).stdout)[
        "records"
    ]
    assert record["area"] == "gloucestershire"
    assert [finding["code"] for finding in record["findings"] if finding["place"] == "/area"] == [
        "SHP-006"
    ]
    assert any(
        "for example gloucestershire" in finding["message"] for finding in record["findings"]
    )


def test_values_are_shown_only_on_request():
    document = {**GAPS, "children": [{"id": "c1", "sex": "Zebedee"}]}
    assert "Zebedee" not in run("-", stdin=json.dumps(document)).stdout
    assert "Zebedee" in run("-", "--show-values", stdin=json.dumps(document)).stdout


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        [READY, "--area", "nowhere"],
        [READY, "--format", "pdf"],
        [READY, "--as-of", "yesterday"],
        [READY, "--show-values", "--format", "json"],
        [READY, "--format", "json", "--format", "text"],
        [READY, "--output", "/no/such/folder/report.txt"],
        [READY, "--show-values", "--jobs", "2"],
        [READY, "--jobs", "0"],
    ],
)
def test_a_command_that_is_not_right_gives_2_and_one_line(arguments):
    result = command("check", *arguments)
    assert result.returncode == 2
    assert result.stdout == b""
    assert b"Traceback" not in result.stderr


def test_a_broken_area_file_gives_4(tmp_path):
    own = tmp_path / "broken.toml"
    own.write_text("area = ", "utf-8")
    result = command("check", READY, "--area", own)
    assert result.returncode == 4
    assert b"broken.toml" in result.stderr


BAD_INPUTS = {
    "not JSON": b"Dear MASH,",
    "truncated": b'{"recordType": "marf"',
    "UTF-16 without a byte order mark": '{"recordType": "marf"}'.encode("utf-16-le"),
    "Windows-1252": b'{"recordType": "caf\xe9"}',
    "NaN": b'{"recordType": NaN}',
    "huge number": b'{"recordType": 1e999}',
    "lone surrogate": b'{"recordType": "\\ud800"}',
    "deep nesting": b"[" * 5000 + b"]" * 5000,
    "deep nesting in a record": b'{"a":' * 5000 + b"1" + b"}" * 5000,
    "empty": b"",
    "a list": b"[{}]",
    "unknown record type": b'{"recordType": "letter", "standardVersion": "1.0"}',
    "unknown version": b'{"recordType": "marf", "standardVersion": "9.9"}',
    "no type": b"{}",
}


@pytest.mark.parametrize("name", BAD_INPUTS)
def test_bad_input_gives_3_and_one_clear_finding(tmp_path, name):
    file = tmp_path / "bad.json"
    file.write_bytes(BAD_INPUTS[name])
    result = run(file, "--format", "json")
    assert result.return_value == 3
    (record,) = json.loads(result.stdout)["records"]
    assert record["disposition"] == "unreadable"
    assert len(record["findings"]) == 1
    assert record["findings"][0]["message"].endswith(".")


def test_utf_16_with_a_byte_order_mark_is_read(tmp_path):
    file = tmp_path / "utf-16.json"
    file.write_bytes(READY.read_text("utf-8").encode("utf-16"))
    result = run(file, "--format", "json")
    assert result.return_value == 0
    (record,) = json.loads(result.stdout)["records"]
    assert record["disposition"] == "ready"


def test_one_unreadable_file_does_not_lose_the_others(tmp_path):
    (tmp_path / "a.json").write_bytes(READY.read_bytes())
    (tmp_path / "b.json").write_bytes(b"{")
    (tmp_path / "c.json").write_bytes(AT_RISK.read_bytes())
    (tmp_path / "notes.docx").write_bytes(b"not for us")
    result = run(tmp_path, "--format", "json")
    report = json.loads(result.stdout)
    assert result.return_value == 3
    assert [record["disposition"] for record in report["records"]] == [
        "ready",
        "unreadable",
        "act-now",
    ]
    assert "notes.docx: a text that is not a record, not read." in result.stderr


def test_a_file_that_is_not_there_gives_3():
    result = run("no-such-file.json")
    assert result.return_value == 3
    assert "no-such-file.json" in result.stdout


def test_duplicate_fields_are_an_error():
    result = run("-", "--format", "json", stdin='{"recordType": "marf", "recordType": "plan"}')
    (record,) = json.loads(result.stdout)["records"]
    assert "RDG-005" in [finding["code"] for finding in record["findings"]]


def test_a_byte_order_mark_is_no_obstacle():
    result = run("-", stdin=b"\xef\xbb\xbf" + READY.read_bytes())
    assert result.return_value == 0


def test_a_value_of_a_hundred_megabytes_gives_one_clear_line(tmp_path):
    file = tmp_path / "huge.json"
    with file.open("wb") as stream:
        stream.write(b'{"recordType": "')
        for _ in range(100):
            stream.write(b"x" * 1_000_000)
        stream.write(b'"}')
    result = run(file)
    assert result.return_value == 3
    assert len(result.stdout) < 1_000


def test_the_reader_of_the_output_may_go_away():
    script = (
        f"{sys.executable} -c 'from eh_interop.cli import run; run()' check {EXAMPLES} {EXAMPLES} "
        "| head -c 10 > /dev/null; echo ${PIPESTATUS[0]}"
    )
    result = subprocess.run(["bash", "-c", script], capture_output=True, check=True, timeout=60)
    assert result.stdout == b"141\n"
    assert result.stderr.count(b"\n") <= 2
    assert b"Traceback" not in result.stderr


def test_stopping_keeps_what_was_checked(tmp_path):
    report = tmp_path / "report.json"
    line = json.dumps(example("minimal/marf")) + "\n"
    with subprocess.Popen(
        [*COMMAND, "check", "-", "--format", f"json:{report}"],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        # More than a pipe holds: when it is written, most of it has been read.
        process.stdin.write((line * 300).encode())
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
    assert process.returncode == 130
    assert json.loads(report.read_text("utf-8"))["counts"]["records"] >= 2


def test_a_fault_of_ours_gives_70_and_quotes_nothing(monkeypatch, capsys):
    from eh_interop import cli
    from eh_interop.cli.commands import check

    def fail(*_, **__):
        raise KeyError("Freddy")

    monkeypatch.setattr(check, "check_many", fail)
    monkeypatch.setattr(sys, "argv", ["eh-interop", "check", str(READY)])
    with pytest.raises(SystemExit) as stop:
        cli.run()
    assert stop.value.code == 70
    words = capsys.readouterr()
    assert "Freddy" not in words.out + words.err
    assert "KeyError" in words.err


def test_every_command_has_help():
    for name in main.list_commands(None):
        assert main.get_command(None, name).help
