"""How requirements compile: each part of the closed vocabulary, through a real validator."""

import jsonschema_rs
import pytest

from eh_interop.checks.completeness import compile_requirement, in_words, requirement_finding
from eh_interop.core.errors import StandardError
from eh_interop.standard.requirements import read_requirements

COMMON = {
    "code": "TST-001",
    "name": "no-thing",
    "severity": "warning",
    "cites": ["E-001"],
    "ask": "Please send the thing.",
    "why": "It matters.",
}


def met(requirement, document):
    (read,) = read_requirements([COMMON | requirement], ("marf",))
    return jsonschema_rs.is_valid(compile_requirement(read), document)


@pytest.mark.parametrize(
    ("requirement", "document", "expected"),
    [
        ({"place": "/a"}, {}, False),
        ({"place": "/a"}, {"a": 1}, True),
        ({"place": "/a"}, {"absent": {"a": "not-known"}}, False),
        ({"place": "/a", "accepts": ["not-known"]}, {"absent": {"a": "not-known"}}, True),
        ({"place": "/a", "accepts": ["not-known"]}, {"absent": {"a": "refused"}}, False),
        ({"place": "/a", "or": ["b"]}, {"b": 1}, True),
        ({"place": "/a", "is": [True]}, {"a": False}, False),
        ({"place": "/a", "is": [True]}, {"a": True}, True),
        ({"place": "/l/*/a"}, {}, True),
        ({"place": "/l/*/a"}, {"l": [{"a": 1}, {"a": 1}]}, True),
        ({"place": "/l/*/a"}, {"l": [{"a": 1}, {}]}, False),
        ({"place": "/l/*/a", "when": {"s": ["x"]}}, {"l": [{"s": "y"}]}, True),
        ({"place": "/l/*/a", "when": {"s": ["x"]}}, {"l": [{"s": "x"}]}, False),
        ({"place": "/l/*/a", "unless": {"s": ["x"]}}, {"l": [{"s": "x"}]}, True),
        ({"place": "/l/*/a", "unless": {"s": ["x"]}}, {"l": [{}]}, False),
        ({"place": "/l/*/a", "when": {"s": "present"}}, {"l": [{"s": "q"}]}, False),
        ({"place": "/l/*/a", "when": {"s": "missing"}}, {"l": [{"s": "q"}]}, True),
        ({"place": "/l/*/a", "when": {"s": "missing"}}, {"l": [{}]}, False),
        ({"place": "/l/*/a", "when": {"/top": [True]}}, {"top": True, "l": [{}]}, False),
        ({"place": "/l/*/a", "when": {"/top": [True]}}, {"top": False, "l": [{}]}, True),
        ({"place": "/l/*/o/a", "when": {"^s": ["x"]}}, {"l": [{"s": "x", "o": {}}]}, False),
        ({"place": "/l/*/o/a", "when": {"^s": ["x"]}}, {"l": [{"s": "y", "o": {}}]}, True),
        ({"place": "/l/*/m/*/a", "when": {"^s": ["x"]}}, {"l": [{"s": "x", "m": [{}]}]}, False),
        ({"place": "/l/*/m/*/a", "when": {"^s": ["x"]}}, {"l": [{"s": "y", "m": [{}]}]}, True),
        ({"place": "/a", "when": {"/l/*/t/*": ["x"]}}, {"l": [{"t": ["y"]}, {"t": ["x"]}]}, False),
        ({"place": "/a", "when": {"/l/*/t/*": ["x"]}}, {"l": [{"t": ["y"]}]}, True),
        ({"place": "/l", "has": {"t": ["x"]}}, {"l": [{"t": "y"}]}, False),
        ({"place": "/l", "has": {"t": ["x"]}}, {"l": [{"t": "y"}, {"t": "x"}]}, True),
        ({"place": "/l", "has": {"t": ["x"], "u": "present"}}, {"l": [{"t": "x"}]}, False),
        ({"document": "genogram"}, {}, False),
        (
            {"document": "genogram"},
            {"attachments": [{"type": "genogram", "status": "attached"}]},
            True,
        ),
        (
            {"document": "genogram"},
            {"attachments": [{"type": "genogram", "status": "to-follow"}]},
            False,
        ),
        (
            {"document": "genogram", "accepts": ["not-known"]},
            {
                "attachments": [
                    {"type": "genogram", "status": "not-attached", "reason": "not-known"}
                ]
            },
            True,
        ),
        (
            {"document": "genogram", "accepts": ["not-known"]},
            {"attachments": [{"type": "genogram", "status": "not-attached", "reason": "refused"}]},
            False,
        ),
        (
            {"document": "genogram"},
            {"attachments": [{"type": "genogram", "status": "sent-separately"}]},
            True,
        ),
        (
            {"document": "genogram", "accepts": ["not-known"]},
            {"attachments": [{"type": "genogram", "status": "to-follow", "reason": "not-known"}]},
            True,
        ),
        (
            {"document": "genogram", "accepts": ["not-known"]},
            {"attachments": [{"type": "genogram", "status": "other", "reason": "not-known"}]},
            False,
        ),
        (
            {"document": "genogram", "accepts": ["not-known"]},
            {"absent": {"attachments": "not-known"}},
            False,
        ),
        ({"place": "/l/*/a"}, {"l": "not a list"}, True),
        ({"place": "/a", "when": {"/l/*": ["x"]}}, {"l": "x"}, True),
        ({"place": "/a", "when": {"/o/s": "present"}}, {"o": "x"}, True),
        ({"place": "/a", "when": {"s": ["x"]}}, {"s": ["x"]}, True),
    ],
)
def test_vocabulary(requirement, document, expected):
    assert met(requirement, document) is expected


@pytest.mark.parametrize(
    "entry",
    [
        {key: value for key, value in COMMON.items() if key != "ask"} | {"place": "/a"},
        COMMON,
        COMMON | {"place": "/a", "severity": "fatal"},
        COMMON | {"place": "/a", "if": "x > 1"},
    ],
)
def test_what_is_not_in_the_vocabulary_is_refused(entry):
    with pytest.raises(StandardError):
        read_requirements([entry], ("marf",))


def test_names_read_as_words():
    assert in_words("no-taf-review-minutes") == "No TAF review minutes"


def test_abbreviations_are_written_in_capitals():
    known = "cse dsl eha ehcp gp marf mash nhs sen smart taf upn"
    assert in_words(f"no-{known.replace(' ', '-')}") == f"No {known.upper()}"


def test_finding_says_what_the_requirement_says():
    (read,) = read_requirements([COMMON | {"place": "/l/*/a"}], ("marf",))
    found = requirement_finding(read, ("l", 2))
    assert (found.code, found.name, found.place) == ("TST-001", "no-thing", "/l/2/a")
    assert (found.message, found.cites, found.ask) == ("No thing.", read.cites, read.ask)
