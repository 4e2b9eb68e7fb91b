"""The edges of rules: records on either side of what a rule says.

A rule has one example that passes and one that fails. Where it has more to say,
``edges.ndjson`` holds more, one a line: the ``rule``, ``why`` this record matters,
the ``patch`` that turns one of its two examples (``from``) into it, and where in the
part that the rule looks at something is then found (``finds``). ``around`` is a
change to the rest of the record, ``of`` another record; ``settings`` and ``facts`` are
an area's own.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from tests.helpers.rule_bases import AREA, demanding_area, merged, patched, place_of
from tests.helpers.support import example

from eh_interop.checks.rules.engine import Rule, all_rules
from eh_interop.standard.areas import Area

FILE = Path(__file__).with_suffix(".ndjson")


@dataclass(frozen=True)
class Edge:
    """A record at the edge of a rule, and the places at which the rule finds something."""

    rule: Rule
    why: str
    record: dict[str, Any]
    area: Area
    places: list[str]


@cache
def edges() -> tuple[Edge, ...]:
    """Read every edge."""
    rules = {rule.code: rule for rule in all_rules()}
    return tuple(_edge(rules, json.loads(line)) for line in FILE.read_text("utf-8").splitlines())


def _edge(rules: dict[str, Rule], stated: dict[str, Any]) -> Edge:
    rule = rules[stated["rule"]]
    document = example(stated["of"]) if "of" in stated else None
    record = patched(rule, getattr(rule, stated["from"]), document)
    record = patched(rule, stated["patch"], merged(record, stated.get("around", {})))
    place = place_of(rule, record)
    return Edge(
        rule,
        stated["why"],
        record,
        _area(stated),
        sorted(place + find for find in stated["finds"]),
    )


def _area(stated: dict[str, Any]) -> Area:
    if "settings" not in stated and "facts" not in stated:
        return AREA
    area = demanding_area(**stated.get("settings", {}))
    return replace(area, facts=stated.get("facts", area.facts))
