"""CONTRIBUTING tells how a record travels: each name exists, and each room is in its list."""

from __future__ import annotations

import re
from importlib import import_module

import pytest
from tests.helpers.support import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
TRAVEL = TEXT[TEXT.index("## How a record travels") : TEXT.index("## Where things are")]
NAMES = sorted(set(re.findall(r"`([a-z_.]+):(\w+)`", TRAVEL)))


def test_there_are_names_to_look_at():
    assert len(NAMES) > 30
    assert len(re.findall(r"^\*\*", TRAVEL, re.MULTILINE)) == 3


@pytest.mark.parametrize(("module", "name"), NAMES, ids=":".join)
def test_every_name_on_the_way_exists(module, name):
    assert hasattr(import_module(f"eh_interop.{module}"), name)


def test_every_room_is_in_the_list():
    rooms = {path.name for path in (ROOT / "src" / "eh_interop").iterdir() if path.is_dir()}
    rooms -= {"__pycache__"}
    section = TEXT[TEXT.index("## The rooms of the house") : TEXT.index("## How a record travels")]
    assert set(re.findall(r"`([a-z]+)/`", section)) == rooms
