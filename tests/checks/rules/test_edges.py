"""Rules at their edges; see ``edges.py``."""

from functools import cache

import pytest
from tests.helpers.edges import edges
from tests.helpers.rule_bases import run
from tests.helpers.support import AS_OF

from eh_interop.checks.engine import CompiledEngine
from eh_interop.standard.schemas import load_standard

EDGES = edges()


def each_edge(edge):
    return f"{edge.rule.code}-{edge.why.replace(' ', '-')}"


@cache
def engine(record_type):
    return CompiledEngine(load_standard(), record_type, ())


@pytest.mark.parametrize("edge", EDGES, ids=each_edge)
def test_record_is_sound_in_shape(edge):
    found = engine(edge.record["recordType"]).violations(edge.record)
    assert [(each.keyword, each.steps) for each in found] == []


@pytest.mark.parametrize("edge", EDGES, ids=each_edge)
def test_rule_finds_what_it_should(edge):
    found = run(edge.record, edge.area, AS_OF)
    assert sorted(each.place for each in found if each.code == edge.rule.code) == edge.places


def test_names_are_unique():
    names = [each_edge(each) for each in EDGES]
    assert sorted(set(names)) == sorted(names)
