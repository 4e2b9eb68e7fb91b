"""Requirements as they are read from their files."""

from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from eh_interop import StandardError, load_standard
from eh_interop.standard.requirements import load_requirements, read_requirements
from eh_interop.standard.schemas import CURRENT

ENTRY = {
    "code": "TST-001",
    "name": "nothing-there",
    "place": "/reason",
    "severity": "warning",
    "cites": ["G-001"],
    "ask": "Please say why.",
    "why": "It is a test.",
}


@contextmanager
def files():
    """Give a standard whose requirements stand in a folder with nothing in it, and the folder."""
    with TemporaryDirectory() as name:
        folder = Path(name) / "requirements"
        folder.mkdir()
        (folder / "shared.toml").write_text("", "utf-8")
        yield replace(load_standard(CURRENT), root=Path(name)), folder


def test_an_entry_that_says_little_asks_for_a_value_and_no_more():
    (read,) = read_requirements([ENTRY], ("marf",))
    assert read.records == ("marf",)
    assert (read.alternatives, read.values, read.accepts) == ((), (), ())
    assert (read.document, read.example) == (None, None)
    assert (dict(read.entry), dict(read.when), dict(read.unless)) == ({}, {}, {})


def test_conditions_keep_a_word_as_a_word_and_a_list_as_a_fixed_list():
    (read,) = read_requirements([{**ENTRY, "when": {"status": ["given", "refused"], "on": "set"}}])
    assert dict(read.when) == {"status": ("given", "refused"), "on": "set"}
    hash(read.when["status"])


@pytest.mark.parametrize("part", sorted(ENTRY.keys() - {"code"}))
def test_what_an_entry_lacks_is_named_with_its_code(part):
    entry = {key: value for key, value in ENTRY.items() if key != part}
    with pytest.raises(StandardError, match=f"^Requirement TST-001 is not complete: '{part}'.$"):
        read_requirements([entry])


def test_an_entry_without_a_code_is_called_so():
    entry = {key: value for key, value in ENTRY.items() if key != "code"}
    with pytest.raises(StandardError, match=r"^Requirement without a code is not complete: 'code'"):
        read_requirements([entry])
    with pytest.raises(StandardError, match=r"^Requirement TST-001 has unknown parts: a, b.$"):
        read_requirements([{**ENTRY, "b": 1, "a": 1}])


def test_a_file_is_for_its_record_type_and_the_shared_one_for_those_that_it_names():
    own = "\n".join(f"{key} = {value!r}" for key, value in ENTRY.items())
    shared = own.replace("TST-001", "TST-002") + "\nrecords = ['marf', 'plan']"
    nobody = own.replace("TST-001", "TST-003")
    with files() as (standard, folder):
        (folder / "marf.toml").write_text(f"[[requirement]]\n{own}".replace("say", "sé"), "utf-8")
        (folder / "shared.toml").write_text(
            f"[[requirement]]\n{shared}\n[[requirement]]\n{nobody}", "utf-8"
        )
        first, second = load_requirements(standard, "marf")
    assert (first.code, first.records, first.ask) == ("TST-001", ("marf",), "Please sé why.")
    assert second.code == "TST-002"


def test_a_file_without_requirements_has_none():
    with files() as (standard, folder):
        (folder / "marf.toml").write_text("", "utf-8")
        assert load_requirements(standard, "marf") == ()


@pytest.mark.parametrize("content", [None, b"[[", b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_named(content):
    with files() as (standard, folder):
        if content is not None:
            (folder / "marf.toml").write_bytes(content)
        with pytest.raises(
            StandardError, match=r"^The requirements file marf.toml cannot be read.$"
        ):
            load_requirements(standard, "marf")
