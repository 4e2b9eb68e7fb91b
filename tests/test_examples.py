"""Every example gives exactly what ``expected.csv`` says; every invalid one has one fault."""

import csv

import pytest
from tests.helpers.invalid_examples import (
    INVALID,
    expectations,
    path_of,
    requirements,
    write_invalid_examples,
)
from tests.helpers.support import EXAMPLES, RECORD_FILES, example, findings

REQUIREMENTS = requirements()
VALID = sorted(
    path.relative_to(EXAMPLES).with_suffix("").as_posix()
    for path in RECORD_FILES
    if path.parent != INVALID
)


def test_every_example_gives_what_is_expected(regenerate):
    path = EXAMPLES / "expected.csv"
    if regenerate:
        write_invalid_examples()
        path.write_bytes(expectations())
    assert path.read_bytes() == expectations(), "run: pytest --regenerate"


def test_every_expectation_has_a_file():
    with (EXAMPLES / "expected.csv").open(encoding="utf-8", newline="") as file:
        named = {row["file"] for row in csv.DictReader(file)}
    assert named == {path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.rglob("*.json")}


@pytest.mark.parametrize("code", REQUIREMENTS)
def test_every_requirement_has_an_example_with_that_one_fault(code):
    path = path_of(REQUIREMENTS[code])
    found = findings(example(path.relative_to(EXAMPLES).with_suffix("").as_posix()))
    assert [each[0] for each in found] == [code]


def test_there_are_no_other_invalid_examples():
    assert set(INVALID.glob("*.json")) == {path_of(each) for each in REQUIREMENTS.values()}


@pytest.mark.parametrize("name", VALID)
def test_valid_examples_have_no_error(name):
    assert [finding for finding in findings(example(name)) if finding[1] == "error"] == []
