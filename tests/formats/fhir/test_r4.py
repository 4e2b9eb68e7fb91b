"""What R4 has: types, their elements, and what other versions have."""

import subprocess
import sys

import pytest
from tests.helpers.fhir_models import facts_of_types, written

from eh_interop.core.resources import folder
from eh_interop.formats.fhir.files.r4 import R4Element, elements, is_known_to, is_resource


def test_an_element_has_its_type_and_whether_it_is_a_list():
    patient = elements("Patient")
    assert list(patient)[:5] == ["id", "meta", "implicitRules", "language", "text"]
    assert patient["name"] == R4Element("name", "HumanName", True, False, "name", 10)  # noqa: FBT003
    birth = patient["birthDate"]
    assert (birth.type, birth.many, birth.primitive) == ("date", False, True)
    assert patient["contained"].type == "Resource"
    assert patient["contact"].type == "PatientContact"
    assert elements("HumanName")["given"].many
    assert elements("Narrative")["div"].type == "xhtml"
    assert elements("QuestionnaireItem")["item"].type == "QuestionnaireItem"
    assert elements("EncounterStatusHistory")["status"].primitive


def test_a_value_of_several_types_has_one_name_in_a_path():
    assert elements("Observation")["valueQuantity"].path == "value"
    assert elements("Extension")["url"].path == "url"
    assert elements("Extension")["valueMeta"].type == "Meta"


def test_a_name_that_python_keeps_for_itself_is_that_of_the_standard():
    assert elements("Encounter")["class"].type == "Coding"
    assert elements("ConsentProvision")["class"].many


def test_every_type_that_an_element_may_have_is_known():
    met, todo = set(), ["Bundle", "Patient", "Composition", "Questionnaire", "Consent", "CarePlan"]
    while todo:
        for element in elements(todo.pop()).values():
            if not element.primitive and element.type not in met:
                met.add(element.type)
                todo.append(element.type)
    assert {"BundleEntry", "Timing", "DataRequirement", "Resource"} < met


@pytest.mark.parametrize("name", ["Transport", "nothing", "", "Patient; x", "__class__"])
def test_a_type_that_r4_does_not_have_is_not_made_up(name):
    assert not is_resource(name)
    with pytest.raises(LookupError):
        elements(name)


def test_only_what_can_stand_in_a_file_is_a_resource():
    names = ["Bundle", "Consent", "HumanName", "Resource", "DomainResource", "BundleEntry"]
    assert [is_resource(name) for name in names] == [True, True, False, False, False, False]


def test_other_versions_have_other_names():
    assert is_known_to("R5", "Transport")
    assert is_known_to("STU3", "ReferralRequest")
    assert is_known_to("R5", "Consent", "grantor")
    assert not is_known_to("STU3", "Consent", "grantor")


LAZY = """
import sys
import eh_interop.formats.fhir.files as reading
reading.looks_like_fhir(b'{"resourceType": "Patient"}')
reading.looks_like_fhir(b'<Patient xmlns="http://hl7.org/fhir"/>')
assert not {"fhir.resources", "pydantic", "lxml"} & set(sys.modules)
assert reading.read_fhir(b'{"resourceType": "Patient", "active": true}', "a").document
from eh_interop.formats.fhir.verification import verify
assert verify({"resourceType": "Patient", "active": True}) == ()
assert not {"fhir.resources", "pydantic"} & set(sys.modules)
"""


def test_no_library_of_fhir_is_needed_to_read_or_to_verify():
    subprocess.run([sys.executable, "-c", LAZY], check=True)


@pytest.mark.slow
def test_the_types_are_those_of_the_models(regenerate):
    path = folder("schemas") / "fhir-r4" / "types.json"
    made = written(facts_of_types())
    if regenerate:
        path.write_text(made, "utf-8")
    assert path.read_text("utf-8") == made
