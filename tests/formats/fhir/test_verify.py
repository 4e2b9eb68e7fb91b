"""Verification as a whole: good data, ways to verify, places, privacy, and what it leaves alone."""

from __future__ import annotations

import copy
import json
import subprocess
import sys

import pytest
from tests.helpers.verify_sample import document, plain, to, url, verify_many

from eh_interop.formats.fhir.files.r4 import fhirpath
from eh_interop.formats.fhir.values import is_later
from eh_interop.formats.fhir.verification import (
    Thoroughness,
    gate,
    invariants,
    r4,
    verify,
)
from eh_interop.formats.fhir.verification.issues import IssueKind

OUTCOME = {
    "resourceType": "OperationOutcome",
    "issue": [{"severity": "error", "code": "required", "expression": ["Patient.name"]}],
}


@pytest.mark.parametrize("good", [document(), plain(), OUTCOME, *[plain()["entry"][1]["resource"]]])
@pytest.mark.parametrize("how", Thoroughness)
def test_good_data_has_no_problem(good, how):
    before = copy.deepcopy(good)
    assert verify(good, how) == ()
    assert good == before


def test_a_problem_says_where_what_and_how_much():
    bundle = document()
    bundle["entry"][1]["resource"]["gender"] = "boy"
    (found,) = verify(bundle)
    assert found.path == "Bundle.entry[1].resource.gender"
    assert found.place == "/entry/1/resource/gender"
    assert found.kind is IssueKind.CODE
    assert found.message == (
        "This is not one of the codes that FHIR R4 allows here: female, male, other, unknown."
    )
    assert found.severity == "error"


def test_problems_come_in_the_order_of_their_places():
    bundle = document()
    for number in (10, 9, 1):
        bundle["entry"][number]["resource"]["status"] = "?"
    bundle["entry"][2]["resource"]["extension"] = []
    paths = [each.path for each in verify(bundle)]
    numbers = [int(path.split("[")[1].split("]")[0]) for path in paths]
    assert numbers == sorted(numbers)
    assert set(numbers) == {1, 2, 9, 10}


def test_fhirpath_names_choices_and_extended_values_by_their_element():
    steps = ("entry", 1, "resource", "_birthDate", "extension", 0, "valueString")
    path = "Bundle.entry[1].resource.birthDate.extension[0].value"
    assert fhirpath(document(), steps) == path


def test_the_fast_gate_finds_codes_and_invariants_but_no_lost_reference():
    bundle = document()
    bundle["entry"][9]["resource"].update(status="?", subject=to(99))
    bundle["entry"][9]["resource"].pop("code")
    assert {each.rule for each in verify(bundle, "fast")} == {"code", "prr-1"}
    assert {each.rule for each in verify(bundle, "full")} == {"code", "prr-1", "dangling"}
    assert verify(bundle, "none") == ()


def test_a_sample_is_verified_fully_at_the_first_and_every_nth():
    lost = document()
    lost["entry"][9]["resource"]["subject"] = to(99)
    found = [bool(problems) for _, problems in verify_many([lost] * 7, "sample", every=3)]
    assert found == [True, False, False, True, False, False, True]
    assert all(problems for _, problems in verify_many([lost] * 3, "all"))
    assert not any(problems for _, problems in verify_many([lost] * 3, "none"))


def test_a_stream_is_taken_one_by_one():
    def endless():
        while True:
            yield document()

    assert next(verify_many(endless()))[1] == ()


@pytest.mark.parametrize(
    "broken",
    [
        None,
        [],
        "text",
        {},
        {"resourceType": None},
        {"resourceType": ["Patient"]},
        {"resourceType": "Bundle"},
        {"resourceType": "Bundle", "type": "document", "entry": "x"},
        {"resourceType": "Bundle", "type": "document", "entry": [None, 1, {"resource": 3}]},
        {"resourceType": "Patient", "contained": {"resourceType": "Patient"}},
        {"resourceType": "Patient", "meta": [], "text": 3, "name": [[{}]], "extension": {}},
        {"resourceType": "Patient", "managingOrganization": {"reference": 4}},
        {"resourceType": "Period", "start": "2026"},
        {"resourceType": "Patient", "birthDate": "\ud800"},
    ],
)
def test_what_is_no_resource_is_a_problem_and_no_error(broken):
    assert [each for each in verify(broken) if each.severity == "error"]


def test_fields_without_end_are_a_problem_and_no_error():
    nested = {"url": "https://example.org/x", "valueString": "x"}
    for _ in range(5000):
        nested = {"url": "https://example.org/x", "extension": [nested]}
    found = verify({"resourceType": "Patient", "extension": [nested]})
    assert "too-deep" in {each.rule for each in found}


def test_a_type_of_r4_that_is_not_ours_is_said_to_be_unchecked():
    (found,) = verify({"resourceType": "Slot", **_slot()})
    assert (found.kind, found.severity) == (IssueKind.UNCHECKED, "info")


def _slot():
    return {
        "schedule": {"reference": "Schedule/1"},
        "status": "free",
        "start": "2026-05-04T10:30:00Z",
        "end": "2026-05-04T11:30:00Z",
    }


def test_a_relative_reference_follows_the_server_of_its_entry():
    bundle = plain()
    for entry in bundle["entry"]:
        entry["resource"].pop("id")
    assert verify(bundle) == ()


def test_a_reference_to_a_server_is_not_missed_but_its_type_is_looked_at():
    bundle = document()
    request = bundle["entry"][9]["resource"]
    request["requester"] = {"reference": "https://example.org/fhir/Practitioner/1"}
    assert verify(bundle) == ()
    request["requester"] = {"reference": "https://example.org/fhir/Goal/1"}
    assert [each.rule for each in verify(bundle)] == ["target-type"]


def test_a_lost_relative_reference_is_an_error_only_where_it_has_to_be_inside():
    bundle = plain()
    bundle["entry"][0]["resource"]["member"][0]["entity"]["reference"] = "Patient/other"
    assert [each.severity for each in verify(bundle)] == ["warning"]


@pytest.mark.parametrize(
    ("one", "other", "after"),
    [
        ("2026-05-04", "2026-05-03", True),
        ("2026-05-04", "2026-05", False),
        ("2026-05", "2026-04-30", True),
        ("2026-05-04T10:30:00+01:00", "2026-05-04T09:30:00Z", False),
        ("2026-05-04T10:30:01+01:00", "2026-05-04T09:30:00Z", True),
        ("2026-05-04T23:00:00Z", "2026-05-04", False),
        ("not a time T", "2026-05-04T09:30:00Z", False),
        (None, "2026", False),
    ],
)
def test_one_date_is_after_another_only_if_that_is_sure(one, other, after):
    assert is_later(one, other) is after


@pytest.mark.parametrize(
    "inner",
    [
        '<p style="color: black">x</p>',
        '<a href="https://example.org">x</a>',
        '<img src="data:image/png;base64,AAAA" alt=""/>',
        "<!-- a comment --><table><tr><td>x</td></tr></table>",
    ],
)
def test_a_safe_narrative_is_no_problem(inner):
    bundle = document()
    text = bundle["entry"][0]["resource"]["text"]
    text["div"] = f'<div xmlns="http://www.w3.org/1999/xhtml">{inner}</div>'
    assert verify(bundle) == ()


@pytest.mark.parametrize(
    "start", ['<!DOCTYPE div [<!ENTITY x "y">]>', "<?xml-stylesheet href='x'?>"]
)
def test_a_narrative_declares_nothing(start):
    bundle = document()
    text = bundle["entry"][0]["resource"]["text"]
    text["div"] = start + text["div"]
    assert [each.rule for each in verify(bundle)] == ["txt-1"]


def test_a_missing_member_of_a_list_may_have_an_extension_instead():
    bundle = document()
    name = bundle["entry"][1]["resource"]["name"][0]
    name["given"] = [None, "Rowan"]
    name["_given"] = [{"extension": [{"url": "https://example.org/x", "valueCode": "no"}]}, None]
    assert verify(bundle) == ()


# ------------------------------------------------------------------------------------ the facts


def test_the_facts_agree_with_the_models():
    """Reference targets and required codes, as another copy of HL7's definitions has them."""
    from fhir.resources.R4B import get_fhir_model_class

    compared, wider = 0, set()
    for name, held in r4.definitions().items():
        if "resourceType" not in held.get("properties", ()):
            continue
        for field, info in get_fhir_model_class(name).model_fields.items():
            extra = info.json_schema_extra or {}
            targets = r4.elements()["targets"].get(name, {}).get(info.alias or field)
            pointed = extra.get("enum_reference_types", ["Resource"])
            if "Resource" not in pointed and "Canonical" not in str(info.annotation):
                assert set(targets) <= set(pointed), (name, field)
                if set(targets) != set(pointed):
                    wider.add((name, field))
                compared += 1
            if "enum_values" in extra and "items" not in held["properties"][info.alias]:
                mine = set(held["properties"][info.alias].get("enum", ()))
                said = {*extra["enum_values"]} - {"+"}  # and more, which the models leave out
                assert said == mine if "+" not in extra["enum_values"] else said < mine, field
                compared += 1
    assert compared > 150
    assert wider == {("Observation", "subject")}  # R4B allows more here than R4


def test_fields_of_the_schema_are_those_of_the_models():
    from fhir.resources.R4B import get_fhir_model_class

    for name, held in r4.definitions().items():
        if "resourceType" in held.get("properties", ()):
            fields = get_fhir_model_class(name).model_fields
            names = {info.alias or field for field, info in fields.items()} - {"fhir_comments"}
            assert names - {"resource_type", "resourceType"} >= set(held["properties"]) - {
                "resourceType",
                *(each for each in held["properties"] if each.startswith("_")),
            }, name


def test_each_invariant_belongs_to_a_definition_and_says_something():
    for (on, _), each in r4.invariants().items():
        assert on in r4.definitions()
        assert each.says[0].islower()
        assert not each.says.endswith(".")
    named = [var for var in vars(invariants).values() if isinstance(var, invariants.Invariant)]
    assert {each.definition for each in named} <= {*r4.definitions(), r4.CONTAINED}
    assert len(named) == len({each.key for each in named})


def test_the_facts_are_small():
    folder = r4.folder("schemas") / "fhir-r4"
    assert sum(file.stat().st_size for file in folder.iterdir()) < 550_000


def test_the_fast_gate_does_not_import_the_models():
    bundle = json.dumps(document())
    code = (
        "import json, sys; from eh_interop.formats.fhir.verification import verify;"
        f"assert verify(json.loads({bundle!r}), 'fast') == ();"
        "assert not [m for m in sys.modules if m.startswith(('fhir.', 'pydantic', 'lxml'))]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_resource_is_found_in_a_bundle():
    bundle = plain()
    bundle["entry"].append({"fullUrl": url(1), "resource": document()})
    found = [resource["resourceType"] for _, resource in gate.resources_in(bundle)]
    assert len(found) == 1 + 3 + 1 + 1 + 16
