"""Findings point, they do not quote: no value from a record in anything that is printed."""

import copy
import json

import pytest
from click.testing import CliRunner
from tests.helpers.support import AS_OF, EXAMPLES, RECORD_FILES, example

from eh_interop import check
from eh_interop.cli import main
from eh_interop.reports import FORMATS

MARKER = "Zq7Marker"
EVERY = sorted(path.relative_to(EXAMPLES).with_suffix("").as_posix() for path in RECORD_FILES)
ENVELOPE = {"recordType", "standardVersion", "recordId", "area"}


def planted(value, name=""):
    """Put the marker into every text of a record, beside what is there."""
    if isinstance(value, dict):
        return {key: each if key in ENVELOPE else planted(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [planted(each, name) for each in value]
    return f"{value} {MARKER}" if isinstance(value, str) else value


def renamed(value):
    """Put the marker into every property name as well."""
    if isinstance(value, dict):
        return {
            key if key in ENVELOPE else f"{key}{MARKER}": renamed(each)
            for key, each in value.items()
        }
    return [renamed(each) for each in value] if isinstance(value, list) else value


def broken_texts(document):
    text = json.dumps(document)
    yield text[: len(text) // 2]
    yield text.replace('"children"', "children", 1)
    yield text.replace(MARKER, MARKER + "\\ud800", 1)
    yield text.replace("{", '{"x": NaN, ', 1)
    yield text[:-1] + f', "{MARKER}": 1, "{MARKER}": 2}}'


def outputs(text, folder):
    files = {name: folder / name for name in FORMATS}
    options = [f"--format={name}:{file}" for name, file in files.items()]
    result = CliRunner().invoke(main, ["check", "-", *options], input=text)
    yield "screen", result.output
    for name, file in files.items():
        yield name, file.read_text("utf-8")
    report = check(text, as_of=AS_OF)
    yield "repr", repr(report)


@pytest.mark.parametrize("name", [name for name in EVERY if not name.startswith("invalid/")])
def test_no_output_holds_a_value(name, tmp_path):
    document = planted(example(name))
    for text in (json.dumps(document), json.dumps(renamed(document)), *broken_texts(document)):
        for kind, output in outputs(text, tmp_path):
            assert MARKER not in output, kind


def test_the_marker_test_can_fail():
    document = planted(example("minimal/marf"))
    result = CliRunner().invoke(main, ["check", "-", "--show-values"], input=json.dumps(document))
    assert MARKER in result.output


def test_a_value_in_place_of_a_group_or_a_list_is_not_quoted(tmp_path):
    original = example("minimal/marf")
    for name in original:
        if name in ENVELOPE:
            continue
        document = copy.deepcopy(original)
        document[name] = MARKER
        for kind, output in outputs(json.dumps(document), tmp_path):
            assert MARKER not in output, (kind, name)


@pytest.mark.parametrize("said", ["not-known", "no reason that we know", 7, {}])
def test_a_name_that_stands_where_a_field_is_said_to_be_missing_is_not_told(said):
    record = {**example("minimal/marf"), "absent": {"Quillfeather": said, "reason": "not-known"}}
    report = check(record, area="england", as_of=AS_OF)
    places = {finding.place for finding in report.findings}
    assert "/absent" in places
    assert not any("Quillfeather" in place for place in places)
