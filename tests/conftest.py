"""What every test may use."""

from __future__ import annotations

import pytest


def pytest_addoption(parser):
    parser.addoption(
        "--regenerate",
        action="store_true",
        help="write the files that are made from other files, instead of comparing them",
    )


def pytest_configure(config):
    """Regenerate everything, also what slow tests make."""
    if config.getoption("--regenerate") and config.option.markexpr == "not slow":
        config.option.markexpr = ""


@pytest.fixture
def regenerate(request):
    return request.config.getoption("--regenerate")


MADE_FIRST = ("test_generated", "test_clauses", "test_examples", "test_conformance")
"""Tests that write files from which others are made, in that order."""


def pytest_collection_modifyitems(config, items):
    """Write files before those that are made from them, so that one run is enough."""
    if config.getoption("--regenerate"):
        last = len(MADE_FIRST)
        items.sort(
            key=lambda item: (
                MADE_FIRST.index(item.path.stem) if item.path.stem in MADE_FIRST else last
            )
        )
