"""Packs encrypted for the way, with age."""

import sys

import pyrage
import pytest
from tests.helpers.packing import COMMANDS, FOLDER, attempt, run
from tests.helpers.support import ROOT

from eh_interop.core.errors import MissingExtraError, UnreadableInputError
from eh_interop.packs import EncryptionError, PackError


@pytest.fixture
def identity(tmp_path):
    key = pyrage.x25519.Identity.generate()
    path = tmp_path / "key.txt"
    path.write_text(f"# made for a test\n{key}\n", "utf-8")
    return path, str(key.to_public())


@pytest.fixture
def sealed(tmp_path, identity, monkeypatch):
    monkeypatch.chdir(ROOT)
    _, public = identity
    out = tmp_path / "pack.zip.age"
    run(*COMMANDS["step-down.zip"].split(), "--encrypt-to", public, "--out", out)
    return out


def test_only_the_recipient_can_open_it(sealed, identity, tmp_path):
    path, _ = identity
    assert sealed.read_bytes().startswith(b"age-encryption.org/v1\n")
    assert b"pack.json" not in sealed.read_bytes()
    result = run("pack", "check", sealed, "--identity", path, "--as-of", "2026-11-01")
    assert result.return_value == 0
    run("pack", "unpack", sealed, "--identity", path, "--out", tmp_path / "out")
    assert (tmp_path / "out" / "data" / "pack.json").is_file()
    assert "Step-down pack" in run("pack", "show", sealed, "--identity", path).stdout


def test_what_is_sealed_is_the_same_pack(sealed, identity):
    path, _ = identity
    key = pyrage.x25519.Identity.from_str(path.read_text("utf-8").splitlines()[1])
    plain = pyrage.decrypt(sealed.read_bytes(), [key])
    assert plain == (FOLDER / "step-down.zip").read_bytes()


@pytest.mark.parametrize("command", [["pack", "check"], ["pack", "show"]])
def test_without_a_key_it_says_that_it_is_locked(sealed, command):
    result = attempt(*command, sealed)
    assert isinstance(result.exception, PackError)
    assert result.exception.finding.code == "PCK-012"


def test_check_says_that_a_pack_is_locked(sealed):
    result = run("check", sealed)
    assert result.return_value == 3
    assert "PCK-012" in result.stdout


def test_another_key_does_not_open_it(sealed, tmp_path):
    other = tmp_path / "other.txt"
    other.write_text(str(pyrage.x25519.Identity.generate()), "utf-8")
    result = attempt("pack", "check", sealed, "--identity", other)
    assert result.exception.finding.code == "PCK-012"


def test_a_changed_byte_is_seen(sealed, identity):
    data = bytearray(sealed.read_bytes())
    data[-100] ^= 1
    sealed.write_bytes(data)
    result = attempt("pack", "check", sealed, "--identity", identity[0])
    assert result.exception.finding.code == "PCK-012"


@pytest.mark.parametrize("text", ["no key\n", "AGE-SECRET-KEY-1NOTAKEY\n", None])
def test_a_file_that_holds_no_key(sealed, tmp_path, text):
    path = tmp_path / "bad.txt"
    if text is not None:
        path.write_text(text, "utf-8")
    result = attempt("pack", "check", sealed, "--identity", path)
    assert isinstance(result.exception, UnreadableInputError)
    assert "NOTAKEY" not in str(result.exception)


def test_a_key_that_is_none_makes_no_pack(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    out = tmp_path / "pack.zip.age"
    result = attempt(*COMMANDS["step-down.zip"].split(), "--encrypt-to", "age1no", "--out", out)
    assert isinstance(result.exception, EncryptionError)
    assert list(tmp_path.iterdir()) == []


def test_without_the_extra_it_says_what_to_install(sealed, identity, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyrage", None)
    path, public = identity
    for arguments in (
        [*COMMANDS["step-down.zip"].split(), "--encrypt-to", public, "--out", tmp_path / "x.age"],
        ["pack", "check", sealed, "--identity", path],
    ):
        result = attempt(*arguments)
        assert isinstance(result.exception, MissingExtraError)
        assert result.exception.exit_code == 4
        assert "pip install 'eh-interop[encrypt]'" in str(result.exception)
    assert not (tmp_path / "x.age").exists()
