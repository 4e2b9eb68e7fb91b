"""The conformance vectors are current, cover everything, and the reference engine agrees."""

from datetime import date

import pytest
from tests.helpers.conformance import (
    FOLDER,
    area_of,
    area_shown,
    everything,
    exercises,
    expected,
    name_of,
    originals,
    place_to_run,
    quick,
    read,
    text,
)
from tests.helpers.invalid_examples import requirements

from eh_interop import load_standard
from eh_interop.checks.record import check_raw
from eh_interop.checks.reference import ReferenceEngine
from eh_interop.checks.rules.engine import all_rules
from eh_interop.core.findings import Layer
from eh_interop.reading import SourceRecord
from eh_interop.standard.finding_codes import finding_codes

FILES = sorted(FOLDER.rglob("*.ndjson"))
RULES = all_rules()
HALVES = ("passes", "fails")


@pytest.fixture(scope="module")
def vectors():
    return {each["name"]: each for path in sorted(FOLDER.rglob("*.ndjson")) for each in read(path)}


def test_vectors_are_current(regenerate):
    """Those of rules take long to make; the tests below show that they are current."""
    if regenerate:
        made = {path: text(each) for path, each in everything().items()}
        for path in set(FOLDER.rglob("*.ndjson")) - set(made):
            path.unlink()
        for path, content in made.items():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
    made = {path: text(each) for path, each in quick().items()}
    for path, content in made.items():
        assert path.read_bytes() == content, "run: pytest --regenerate"
    families = {FOLDER / "rules" / f"{rule.family}.ndjson" for rule in RULES}
    assert set(FOLDER.rglob("*.ndjson")) == {*made, *families}


def test_there_is_one_file_of_examples_for_each_record_type():
    types = {path.stem for path in FOLDER.glob("*.ndjson")} - {"requirements", "shape"}
    assert types == set(load_standard().record_types)


def test_names_are_unique():
    names = [each["name"] for path in FOLDER.rglob("*.ndjson") for each in read(path)]
    assert len(set(names)) == len(names)


# --------------------------------------------------------------------- rules


def test_every_rule_has_a_vector_that_passes_and_one_that_fails(vectors):
    named = {name for name in vectors if name.startswith("rules/")}
    assert named == {f"{name_of(rule)}/{half}" for rule in RULES for half in HALVES}


@pytest.mark.parametrize("rule", RULES, ids=name_of)
def test_vectors_of_a_rule_are_cut_from_its_examples(rule, vectors):
    passes, fails = (vectors[f"{name_of(rule)}/{half}"] for half in HALVES)
    area, lacking = place_to_run(rule)
    cut_from = originals(rule, area_shown(rule))
    for vector, whole in zip((fails, passes), cut_from, strict=True):
        assert vector["area"] == area
        assert {key: vector[key] for key in ("settings", "follows") if key in vector} == lacking
        assert is_left_of(vector["record"], whole), "run: pytest --regenerate"
        found = expected(vector["record"], area_of(vector))
        assert vector["expected"] == found, "run: pytest --regenerate"
    assert rule.code in codes(fails)
    assert rule.code not in codes(passes)


def is_left_of(part, whole):
    """Tell whether something is what stays of a whole when things are taken away."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(name in whole and is_left_of(part[name], whole[name]) for name in part)
    if isinstance(part, list) and isinstance(whole, list):
        rest = iter(whole)
        return all(any(is_left_of(each, other) for other in rest) for each in part)
    return part == whole


def codes(vector):
    return {finding["code"] for finding in vector["expected"]["findings"]}


# ------------------------------------------------------ requirements and shape


@pytest.mark.parametrize("requirement", requirements().values(), ids=lambda each: each.code)
def test_every_requirement_is_met_in_one_vector_and_not_in_another(requirement, vectors):
    assert any(exercises(requirement, vector) for vector in vectors.values())
    assert any(requirement.code in codes(vector) for vector in vectors.values())


def test_every_fault_of_shape_that_a_record_can_have_is_shown(vectors):
    shown = {code for vector in vectors.values() for code in codes(vector)}
    known = {code.code for code in finding_codes().values() if code.layer is Layer.SHAPE}
    assert known - shown == {
        "SHP-009",  # a wrong value where only one can be: the record's type, and so unreadable
        "SHP-011",  # a keyword that no schema of the standard uses
        "SHP-012",  # a record so deep that no other validator would read it
    }


# ---------------------------------------------------------------- both engines


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_reference_engine_agrees(path):
    for vector in read(path):
        raw = SourceRecord(source="", document=vector["record"])
        day = date.fromisoformat(vector["asOf"])
        report = check_raw(raw, area=area_of(vector), as_of=day, engine=ReferenceEngine)
        found = [
            {"code": f.code, "layer": f.layer, "severity": f.severity, "place": f.place}
            for f in report.findings
        ]
        assert found == vector["expected"]["findings"], vector["name"]
        assert report.disposition == vector["expected"]["disposition"]
