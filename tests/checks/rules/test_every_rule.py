"""What holds for every rule: its examples, its style, where it runs, and what it never does."""

from __future__ import annotations

import copy
import re
from dataclasses import replace
from functools import cache

import pytest
from tests.helpers.rule_bases import AREA, EVERY, FIGURES, base, patched, run, trips
from tests.helpers.support import AS_OF, example

from eh_interop.checks.consistency import Consistency
from eh_interop.checks.engine import CompiledEngine
from eh_interop.checks.rules.engine import all_rules
from eh_interop.core.findings import NO_FIGURE, NotRun, Severity
from eh_interop.standard.areas import area_names, load_area
from eh_interop.standard.guidance import clauses
from eh_interop.standard.model import RECORDS
from eh_interop.standard.parts import paths_to
from eh_interop.standard.requirements import load_requirements
from eh_interop.standard.schemas import load_standard

RULES = all_rules()
STANDARD = load_standard()
STATED_NOWHERE = {rule.code for rule in RULES if FIGURES.keys() & set(rule.needs)}
"""Rules with a figure that no published area states: they run here, and hardly anywhere else."""
MARKER = "Zq7Marker"
FREE_TEXT = re.compile(r"common\.schema\.json#/\$defs/(line|text)$")


def each_rule(rule):
    return f"{rule.code}-{rule.name}"


@cache
def engine(record_type):
    return CompiledEngine(STANDARD, record_type, ())


def violations(document):
    found = engine(document["recordType"]).violations(document)
    return [(each.keyword, each.steps) for each in found]


# ---------------------------------------------------------------- examples


@pytest.mark.parametrize("rule", RULES, ids=each_rule)
def test_examples_are_sound_in_shape(rule):
    assert violations(patched(rule, rule.passes)) == []
    assert violations(patched(rule, rule.fails)) == []


@pytest.mark.parametrize("rule", RULES, ids=each_rule)
def test_passing_example_passes(rule):
    assert rule.code not in trips(patched(rule, rule.passes))


@pytest.mark.parametrize("rule", RULES, ids=each_rule)
def test_failing_example_trips_this_rule_alone(rule):
    others = (trips(base(rule)) | STATED_NOWHERE) - {rule.code}
    assert trips(patched(rule, rule.fails)) - others == {rule.code}


@pytest.mark.parametrize("name", EVERY)
def test_valid_examples_hold_no_error(name):
    errors = [each for each in run(example(name)) if each.severity is Severity.ERROR]
    assert errors == []


# ------------------------------------------------------------- house style


def test_codes_are_unique_also_among_requirements():
    requirements = {
        requirement.code for name in RECORDS for requirement in load_requirements(STANDARD, name)
    } | {requirement.code for name in area_names() for requirement in load_area(name).requirements}
    codes = [rule.code for rule in RULES]
    assert len(set(codes)) == len(codes)
    assert not requirements.intersection(codes)


def test_names_are_unique():
    names = [rule.name for rule in RULES]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("rule", RULES, ids=each_rule)
def test_house_style(rule):
    assert re.fullmatch(r"[A-Z]{3}-\d{3}", rule.code)
    assert rule.title[0].isupper()
    assert len(rule.title) < 100
    assert rule.why.endswith(".")
    assert set(rule.cites) <= clauses().keys()
    assert rule.cites
    assert rule.ask is None or rule.ask.endswith((".", "?"))
    assert rule.family == rule.family.lstrip("_")


@pytest.mark.parametrize("rule", RULES, ids=each_rule)
def test_messages_are_sentences(rule):
    messages = [each.message for each in run(patched(rule, rule.fails)) if each.code == rule.code]
    assert messages
    for message in messages:
        assert message[0].isupper()
        assert message.endswith(".")


def test_what_a_rule_needs_is_stated_by_an_area_or_listed_here():
    areas = [load_area(name) for name in area_names()]
    needed = {name for rule in RULES for name in rule.needs}
    unstated = {name for name in needed if not any(area.has_setting(name) for area in areas)}
    assert unstated == FIGURES.keys()


# --------------------------------------------------- where and how it runs


@pytest.mark.parametrize("rule", RULES, ids=each_rule)
def test_local_rule_does_not_run_elsewhere(rule):
    documents = {clauses()[cite].document for cite in rule.cites}
    elsewhere = replace(AREA, follows=AREA.follows - documents)
    assert rule.code not in trips(patched(rule, rule.fails), elsewhere)


@pytest.mark.parametrize("rule", [each for each in RULES if each.needs], ids=each_rule)
def test_rule_without_what_it_needs_is_listed_as_not_run(rule):
    document = patched(rule, rule.fails)
    checks = Consistency(replace(AREA, settings={}, facts={}), document["recordType"])
    findings, not_run = checks.run(document, AS_OF, sound=True)
    assert rule.code not in {finding.code for finding in findings}
    assert NotRun(rule.code, NO_FIGURE) in not_run


@pytest.mark.parametrize("rule", RULES, ids=each_rule)
def test_rule_that_needs_nothing_runs_without_any_setting_or_fact(rule):
    """A rule that reads what it does not name under ``needs`` would be silent, or break."""
    bare = replace(
        AREA,
        settings={key: value for key, value in AREA.settings.items() if key in rule.needs},
        facts={
            key: value
            for key, value in AREA.facts.items()
            if key in {name.split(".")[0] for name in rule.needs}
        },
    )
    found, not_run = Consistency(bare, patched(rule, rule.fails)["recordType"]).run(
        patched(rule, rule.fails), AS_OF, sound=True
    )
    assert rule.code in {each.code for each in found}
    assert not [each for each in not_run if each.fault]


@pytest.mark.parametrize("rule", RULES, ids=each_rule)
def test_place_of_finding_is_where_a_value_can_stand(rule):
    document = patched(rule, rule.fails)
    for each in run(document):
        if each.code == rule.code:
            steps = [int(x) if x.isdigit() else x for x in each.place.split("/")[1:]]
            if "absent" not in steps:
                walked = list(STANDARD.fields(document["recordType"], tuple(steps)))
                assert len(walked) == len(steps)


# ------------------------------------------------------ what it never does


def planted(value, schema, where):
    """Put the marker into every text that the schema leaves free."""
    schema, where = STANDARD.follow(schema, where) if not _free(schema) else (schema, where)
    if isinstance(value, dict):
        known = schema.get("properties", {})
        return {k: planted(v, known[k], where) if k in known else v for k, v in value.items()}
    if isinstance(value, list):
        return [planted(each, schema["items"], where) for each in value]
    return f"{value} {MARKER}" if isinstance(value, str) and _free(schema) else value


def _free(schema):
    return bool(FREE_TEXT.search(schema.get("$ref", "")))


@pytest.mark.parametrize("rule", RULES, ids=each_rule)
def test_findings_quote_nothing(rule):
    document = patched(rule, rule.fails)
    schema = STANDARD.record_schema(document["recordType"])
    document = planted(document, schema, schema["$id"])
    for each in run(document):
        assert MARKER not in f"{each.message} {each.ask} {each.place}"
        for local in re.findall(r'"id": "([^"]+)"', str(document)):
            assert local not in each.message


def without_indicators(value):
    if isinstance(value, dict):
        return {k: without_indicators(v) for k, v in value.items() if k != "indicators"}
    return [without_indicators(each) for each in value] if isinstance(value, list) else value


def weighty(document):
    found = [each for each in run(document) if each.severity is not Severity.INFO]
    return [(each.code, each.place) for each in found]


@pytest.mark.parametrize("name", EVERY)
def test_indicators_never_decide(name):
    document = example(name)
    assert weighty(without_indicators(document)) == weighty(document)
    crowded = copy.deepcopy(document)
    for each in [*crowded.get("levels", ()), *crowded.get("needs", ())]:
        each["indicators"] = ["STF-4-GBS-04", "STF-2-EDU-08", "STF-1-HEA-10"]
    assert weighty(crowded) == weighty(document)


@pytest.mark.parametrize("level", [1, 2, 3, 4])
@pytest.mark.parametrize("name", EVERY)
def test_no_rule_of_error_level_turns_on_the_level(name, level):
    """A record whose only level decision is changed to another level stays without errors."""
    document = example(name)
    for each in document.get("levels", ())[:1]:
        each.update(level=level)
        for gone in ("previousLevel", "change", "statutoryBasis"):
            each.pop(gone, None)
    document["levels"] = document.get("levels", [])[:1] or None
    if document["levels"] is None:
        del document["levels"]
    else:
        document["levels"][0].pop("supersededBy", None)
    assert [each for each in run(document) if each.severity is Severity.ERROR] == []


@pytest.mark.parametrize("rule", RULES, ids=each_rule)
def test_rule_looks_at_a_kind_that_some_record_holds(rule):
    assert any(paths_to(kind, rule.looks_at) for kind in RECORDS.values())
