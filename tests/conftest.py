"""What every test may use."""

from __future__ import annotations

import pytest


def pytest_addoption(parser):
    parser.addoption(
        "--regenerate",
        action="store_true",
        help="write the files that are made from other files, instead of comparing them",
    )


@pytest.fixture
def regenerate(request):
    return request.config.getoption("--regenerate")
