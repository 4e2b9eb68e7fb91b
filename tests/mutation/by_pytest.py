"""Runs a few tests with pytest, silently, in a process that ends afterwards."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
OPTIONS = ("-x", "-q", "-p", "no:cacheprovider", "--rootdir", str(TESTS.parent))


def all_pass(files: Iterable[str]) -> bool:
    """Tell whether all tests of some files pass."""
    with (
        Path(os.devnull).open("w", encoding="utf-8") as nothing,
        contextlib.redirect_stdout(nothing),
        contextlib.redirect_stderr(nothing),
    ):
        return pytest.main([*OPTIONS, *(str(TESTS / each) for each in files)]) == 0
