"""The figures that some indicators carry, such as an age or a number of episodes."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any

import orjson

from eh_interop.standard.schemas import load_standard


@cache
def params() -> Mapping[str, Mapping[str, Any]]:
    """Return the figures of every indicator that has some, by its code."""
    path = load_standard().root / "codelists" / "indicator.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = {row["code"]: row["params"] for row in csv.DictReader(file)}
    return MappingProxyType({code: orjson.loads(text) for code, text in rows.items() if text})


@cache
def codes_with(name: str) -> tuple[str, ...]:
    """Return the codes of the indicators that carry a figure of this name."""
    return tuple(code for code, figures in params().items() if name in figures)


def most_in_a_window(days: list[date], window: int) -> int:
    """Return the largest number of days that fall into any run of ``window`` days.

    A window of 90 days holds its first day and the 89 that follow.
    """
    ordered, most, first = sorted(days), 0, 0
    for last, day in enumerate(ordered):
        while day - ordered[first] >= timedelta(days=window):
            first += 1
        most = max(most, last - first + 1)
    return most
