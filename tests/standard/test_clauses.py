"""Every clause of the guidance is carried by something, and what carries it exists."""

import tomllib

import pytest
from tests.helpers.clauses_register import CITED, by_hand, register
from tests.helpers.support import SCHEMAS

from eh_interop.core.pointer import split
from eh_interop.reports import FORMATS
from eh_interop.standard.areas import area_names
from eh_interop.standard.guidance import clauses
from eh_interop.standard.schemas import load_standard

STANDARD = load_standard()
EXCUSED = {"context", "scale figure", "role"}
"""Kinds of clause that ask nothing of a record. All others are carried by something."""
BY_HAND = [
    (clause.id, carrier) for clause in clauses().values() for carrier in by_hand(clause.carried_by)
]


def test_the_register_is_current(regenerate):
    path = SCHEMAS / "guidance" / "clauses.csv"
    if regenerate:
        path.write_bytes(register())
        clauses.cache_clear()
    assert path.read_bytes() == register(), "run: pytest --regenerate"


def test_every_clause_is_carried():
    assert [clause.id for clause in clauses().values() if not clause.carried_by] == []


@pytest.mark.parametrize(("clause", "carrier"), BY_HAND)
def test_what_was_written_by_hand_exists(clause, carrier):
    kind, _, rest = carrier.partition(":")
    if carrier.startswith("none, because "):
        assert clauses()[clause].kind in EXCUSED
    elif kind == "report":
        assert rest in FORMATS
    elif kind == "area":
        name, *keys = rest.split("/")
        given = tomllib.loads((SCHEMAS / "areas" / f"{name}.toml").read_text("utf-8"))
        for key in keys:
            given = given[key]
    else:
        assert kind == "field", carrier
        record_type, *steps = split("/" + rest)
        assert len(list(STANDARD.fields(record_type, tuple(steps)))) == len(steps), carrier


def test_nothing_is_only_planned_and_only_context_is_carried_by_nothing():
    """What is planned carries nothing, and a reason beside a carrier would contradict it."""
    assert [clause.id for clause in clauses().values() if "planned" in clause.carried_by] == []
    for clause in clauses().values():
        if "none, because" in clause.carried_by:
            assert clause.carried_by.startswith("none, because "), clause.id
            assert ":" not in clause.carried_by.split("because")[0], clause.id
            assert clause.kind in EXCUSED, clause.id


def test_area_files_cite_only_clauses_that_exist():
    for name in area_names():
        text = (SCHEMAS / "areas" / f"{name}.toml").read_text("utf-8")
        cited = {each for each in CITED.findall(text) if each[0] in "GOPSWNE"}
        assert cited <= set(clauses())
