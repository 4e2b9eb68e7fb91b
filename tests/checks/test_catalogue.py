"""The catalogue lists every check there is, and says of each what is true."""

import pytest
from tests.helpers.support import EXAMPLES, broken, findings

from eh_interop import load_area, load_standard
from eh_interop.checks import shape as shape_module
from eh_interop.checks.across.records import across_rules
from eh_interop.checks.catalogue import entries, entries_of, example_of, find, nearest
from eh_interop.checks.rules.engine import all_rules
from eh_interop.core.findings import Layer
from eh_interop.formats.fhir.files.problems import FhirFault
from eh_interop.reading.conversion import ConvertFault
from eh_interop.reading.faults import DocumentFault, Fault, PartnerFault
from eh_interop.standard.areas import area_names
from eh_interop.standard.finding_codes import finding_code, finding_codes
from eh_interop.standard.requirements import Requirement, load_requirements

STANDARD = load_standard()


def listed(layer):
    return {(entry.code, entry.name) for entry in entries() if entry.layer is layer}


def test_every_shape_fault_is_listed():
    wordings = [*shape_module._WORDINGS.values(), shape_module._OTHER]
    known = {wording.code for wording in wordings} | {shape_module.UNKNOWN_FIELD}
    assert {code for code, _ in listed(Layer.SHAPE)} == known


def test_every_reading_fault_is_listed_by_its_own_name_and_severity():
    faults = [
        fault.data for fault in (*Fault, *FhirFault, *ConvertFault, *PartnerFault, *DocumentFault)
    ]
    faults += [code for code in finding_codes().values() if code.family == "returns"]
    assert listed(Layer.READING) == {(fault.code, fault.name) for fault in faults}
    severities = {entry.code: entry.severity for entry in entries()}
    assert all(severities[fault.code] is fault.severity for fault in faults)


def test_every_requirement_and_every_rule_is_listed():
    requirements = {
        (requirement.code, requirement.name)
        for kind in STANDARD.record_types
        for requirement in load_requirements(STANDARD, kind)
    }
    assert listed(Layer.COMPLETENESS) == requirements
    protection = [code for code in finding_codes().values() if code.family == "protection"]
    rules = (*all_rules(), *across_rules(), finding_code("ACR-000"), *protection)
    assert listed(Layer.CONSISTENCY) == {(rule.code, rule.name) for rule in rules}


@pytest.mark.parametrize("area", area_names())
def test_the_requirements_of_an_area_are_those_that_are_checked_there(area):
    checked = {
        (require.code, require.severity)
        for kind in STANDARD.record_types
        for require in load_area(area).requires(STANDARD, kind)
    }
    shown = {
        (entry.code, entry.severity)
        for entry in entries_of(load_area(area))
        if entry.layer is Layer.COMPLETENESS
    }
    assert shown == checked


def test_an_entry_says_what_and_why():
    for entry in entries():
        assert entry.title[0].isupper(), entry.code
        assert not entry.title.endswith("."), entry.code
        assert entry.why.endswith((".", "?")), entry.code
        assert entry.since == "1.0"


def test_a_check_is_found_by_code_in_any_case_and_by_name():
    (by_code,) = find("mrf-107")
    assert find("no-genogram") == (by_code,)
    assert find("nothing-like-this") == ()


@pytest.mark.parametrize(
    ("wrong", "meant"), [("MRF-1O7", "MRF-107"), ("no-genogramm", "no-genogram")]
)
def test_a_wrong_name_is_put_right(wrong, meant):
    assert meant in nearest(wrong)


REQUIRED = [
    pytest.param(each, id=each.code) for each in entries() if isinstance(each.source, Requirement)
]


@pytest.mark.parametrize("entry", REQUIRED)
def test_the_example_of_a_requirement_shows_what_breaks_it(entry):
    example = example_of(entry)
    assert (EXAMPLES / f"{example.of}.json").is_file()
    assert (example.passes, example.missing) != (example.fails, ())
    if entry.source.values:
        assert example.passes != example.fails
    else:
        assert example.missing, "a requirement says that something is missing"
    codes = [code for code, _, _ in findings(broken(entry.source.example))]
    assert entry.code in codes


def test_the_example_of_a_rule_is_the_one_that_stands_beside_it():
    (entry,) = find("IDN-001")
    example = example_of(entry)
    assert example.passes == {"Identifier": dict(entry.source.passes)}
    assert example.fails == {"Identifier": dict(entry.source.fails)}


def test_shape_and_reading_have_no_example():
    assert example_of(find("SHP-005")[0]) is None


def test_fragments_stay_small():
    for entry in entries():
        example = example_of(entry)
        assert example is None or len(repr(example)) < 4000, entry.code
