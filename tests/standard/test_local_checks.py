"""What runs in one area only is really local: pure logic and national practice run everywhere.

``local-checks.csv`` says of every check that cites nothing but local guidance why it stays local.
A new check is general (it cites a clause of the standard's own or of a national document) or it is
added there with its reason.
"""

import csv
import re

import pytest
from tests.helpers.support import SCHEMAS

from eh_interop.checks.catalogue import entries
from eh_interop.checks.rules.engine import Rule
from eh_interop.core.findings import Severity
from eh_interop.standard.areas import NEUTRAL, load_area

ENGLAND = load_area(NEUTRAL)
with (SCHEMAS / "guidance" / "local-checks.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
LISTED = {code: row["kind"] for row in ROWS for code in row["checks"].split()}
LOCAL = {
    entry.code: entry for entry in entries() if entry.cites and not ENGLAND.follows_any(entry.cites)
}
RULES = [entry.source for entry in LOCAL.values() if isinstance(entry.source, Rule)]
DAY = re.compile(r"\d{4}-\d\d-\d\d")
LOCAL_ORDER = {
    "LEV-013": "one county wants a review before a rise of the level",
    "RFL-017": "one county wants the own manager to be asked before the advice line",
}
"""Rules about days whose order is laid down by one area and by nothing else."""


def test_every_local_check_is_listed_once_with_its_reason():
    assert LISTED.keys() == LOCAL.keys()
    assert sum(len(row["checks"].split()) for row in ROWS) == len(LISTED)
    assert len({row["kind"] for row in ROWS}) == len(ROWS)
    for row in ROWS:
        assert row["why"].endswith(".")
        assert row["checks"].split() == sorted(row["checks"].split())


def test_what_needs_a_figure_of_an_area_is_listed_as_that():
    needing = {rule.code for rule in RULES if rule.needs}
    assert {code for code, kind in LISTED.items() if kind == "figure"} == needing


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_no_pure_logic_of_days_is_local(rule):
    """A rule whose examples differ in nothing but days only compares them, as logic does."""
    if rule.needs or rule.code in LOCAL_ORDER:
        return
    passes, fails = dict(leaves(rule.passes)), dict(leaves(rule.fails))
    differ = {place for place in passes | fails if passes.get(place) != fails.get(place)}
    only_days = all(is_day(passes.get(place)) and is_day(fails.get(place)) for place in differ)
    assert not (differ and only_days), "cite a clause that holds everywhere"


def leaves(value, place=""):
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from leaves(inner, f"{place}/{key}")
    elif isinstance(value, list | tuple) and value:
        for number, inner in enumerate(value):
            yield from leaves(inner, f"{place}/{number}")
    else:
        yield place, value


def is_day(value):
    return isinstance(value, str) and bool(DAY.match(value))


def test_an_area_only_asks_for_more_than_the_standard():
    """What was an error by local guidance and is a warning everywhere stays an error there."""
    for name, code in [("gloucestershire", "CNS-301"), ("staffordshire", "CNS-216")]:
        (entry,) = (each for each in entries() if each.code == code)
        assert entry.areas[NEUTRAL] is Severity.WARNING
        assert entry.areas[name] is Severity.ERROR
