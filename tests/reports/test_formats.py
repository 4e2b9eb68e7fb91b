"""What holds for every format."""

import json
from dataclasses import replace
from datetime import date
from unicodedata import category

import pytest
from click import unstyle
from click.testing import CliRunner
from lxml import etree
from tests.helpers.report_samples import (
    COUNTS,
    FAULT,
    MISSING,
    NASTY,
    NOT_RUN,
    RUN,
    act_now,
    gaps,
    ready,
    unreadable,
    written,
)
from tests.helpers.support import EXAMPLES, example

from eh_interop import check_path
from eh_interop.cli import main
from eh_interop.core.findings import NotRun, Origin
from eh_interop.reports import FORMATS, Run, Totals

EVERY = sorted(FORMATS)
EACH = sorted(set(EVERY) - COUNTS)
"""Formats that show each record."""
SILENT_ON_READY = {"sarif", "github", "outcome"}
"""Formats that list findings alone: a ready record is only counted."""


@pytest.mark.parametrize("name", EACH)
def test_a_record_is_written_before_the_end(name):
    writer = FORMATS[name](RUN)
    list(writer.begin())
    assert "MRF-107" in "".join(writer.record(gaps()))


@pytest.mark.parametrize("name", EVERY)
def test_memory_does_not_grow_with_the_records(name):
    writer = FORMATS[name](RUN)
    list(writer.begin())
    sizes = []
    for number in range(1, 201):
        list(writer.record(gaps(not_run=(NOT_RUN,), source=f"{number}.json")))
        list(writer.record(act_now()))
        sizes.append(len(repr(vars(writer))))
    assert sizes[-1] - sizes[0] < 10


@pytest.mark.parametrize("name", EVERY)
def test_a_run_on_nothing_is_valid(name):
    text = written(name)
    if name in {"json", "sarif", "outcome"}:
        assert json.loads(text)
    elif name == "junit":
        assert etree.fromstring(text.encode()).tag == "testsuites"
    elif name in {"text", "github"}:
        assert text == "0 records: nothing was checked. 0 errors, 0 warnings.\n"
    elif name == "html":
        assert text.endswith("</html>\n")
    else:
        assert not text or "0 referrals" in text


@pytest.mark.parametrize("name", EVERY)
def test_any_file_name_can_be_written_as_utf_8(name):
    for report in (gaps(source=NASTY), unreadable(source=NASTY, line=3), act_now(source=NASTY)):
        text = written(name, report)
        text.encode()
        assert "\n::error::no" not in text


@pytest.mark.parametrize("name", EVERY)
def test_a_file_name_cannot_steer_a_terminal(name):
    source = f"{NASTY}\x1b]0;title\x07\r\x9b1m\u202e"
    origin = Origin(file=source, sheet=source, row=2, heading=source, path=source, part=source)
    found = replace(MISSING, origin=origin)
    text = written(name, unreadable(source=source), gaps(found, source=source))
    assert "\x1b[31m\\udcff" not in text
    steering = {letter for letter in unstyle(text) if category(letter) in {"Cc", "Cf", "Cs"}}
    assert steering <= {"\n"}


@pytest.mark.parametrize("name", EVERY)
def test_a_record_that_came_from_no_file_can_be_reported(name):
    assert written(name, gaps(source=""))


@pytest.mark.parametrize("name", sorted(set(EACH) - SILENT_ON_READY - {"html"}))
def test_a_ready_record_is_seen(name):
    assert "ready" in written(name, ready()).lower()


@pytest.mark.parametrize("name", EACH)
def test_what_to_do_now_comes_before_the_findings(name):
    text = written(name, act_now(*gaps().findings))
    assert text.index("Call 999.") < text.index("No genogram.")


@pytest.mark.parametrize("name", EACH)
def test_what_was_not_run_is_never_silent(name):
    text = written(name, gaps(not_run=(NOT_RUN, FAULT)))
    assert "FAM-006" in text
    assert "oldest-age" in text
    assert "KeyError" in text


@pytest.mark.parametrize("name", EACH)
def test_three_records_of_an_ndjson_file(tmp_path, name):
    file = tmp_path / "three.ndjson"
    broken = {"recordType": "marf", "standardVersion": "1.0", "recordId": "R-2"}
    lines = [json.dumps(example("minimal/marf")), json.dumps(broken), '{"recordType": ']
    file.write_text("\n".join(lines) + "\n", "utf-8")
    reports = list(check_path(file, as_of=date(2026, 11, 1)))
    assert [report.disposition for report in reports][1:] == ["ask-first", "unreadable"]
    text = written(name, *reports)
    assert "RDG-" in text
    assert all(finding.code in text for finding in reports[1].findings)


@pytest.mark.parametrize("name", EVERY)
def test_an_area_of_the_users_own_can_be_reported(tmp_path, name):
    own = tmp_path / "own.toml"
    own.write_text('area = "exampleshire"\ntitle = "Exampleshire"\nextends = "england"\n', "utf-8")
    result = CliRunner().invoke(
        main,
        ["check", str(EXAMPLES / "minimal"), "--area", str(own), "--format", name],
        standalone_mode=False,
    )
    assert result.exception is None


@pytest.mark.parametrize("name", EVERY)
def test_several_formats_can_be_written_at_once(tmp_path, name):
    file = tmp_path / "report"
    assert checked("--format", "text", "--format", f"{name}:{file}") == checked("--format", "text")
    assert file.read_text("utf-8") == checked("--format", name)


def checked(*options):
    """Check the minimal examples, and return what goes to the screen."""
    arguments = ["check", str(EXAMPLES / "minimal"), "--as-of", "2026-11-01", *options]
    result = CliRunner().invoke(main, arguments, standalone_mode=False)
    assert result.exception is None
    return result.stdout


def test_quiet_text_keeps_what_has_to_be_seen():
    quiet = Run(area=None, as_of=RUN.as_of, quiet=True)
    text = written("text", ready(source="a.json"), gaps(source="b.json"), run=quiet)
    assert "a.json" not in text
    assert "b.json" in text
    assert "2 records: 1 ready, 1 ready with gaps" in text
    assert "KeyError" in written("text", ready(not_run=(FAULT,)), run=quiet)


def test_counts_tell_what_was_left_out():
    assert "1 finding was left out" in written("text", gaps(), left_out=1)
    assert "2 findings were left out" in written("html", gaps(), left_out=2)
    assert "left out" not in written("text", gaps())
    assert "left_out" not in Totals().as_json()


@pytest.mark.parametrize("name", ["text", "html", "github"])
def test_many_checks_that_were_not_made_are_counted(name):
    why = "It needs the whole record, and the shape of this record is not sound yet."
    many = tuple(NotRun(f"PLA-{number:03}", why) for number in range(45))
    told = " ".join(written(name, gaps(not_run=many)).split())
    assert f"Not checked: 45 checks (JSON names them). {why}" in told
    assert "PLA-044" not in told
    few = " ".join(written(name, gaps(not_run=many[:3])).split())
    assert f"Not checked: PLA-000, PLA-001, PLA-002. {why}" in few


def test_json_names_every_check_that_was_not_made():
    many = tuple(NotRun(f"PLA-{number:03}", "Why.") for number in range(45))
    told = written("json", gaps(not_run=many))
    assert all(each.check in told for each in many)
