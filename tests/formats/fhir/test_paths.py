"""FHIRPath, JSON Pointer and steps name the same places."""

import pytest
from tests.helpers.fhir_resources import bundle
from tests.helpers.fhirpaths import steps_of_fhirpath

from eh_interop.core.pointer import join, steps_of
from eh_interop.formats.fhir.files.r4 import fhirpath

PLACES = [
    ("/entry/1/resource/name/0/family", "Bundle.entry[1].resource.name[0].family"),
    ("/entry/1/resource/_birthDate/extension/0/valueDateTime",
     "Bundle.entry[1].resource.birthDate.extension[0].value"),
    ("/entry/1/resource/_birthDate/extension/0", "Bundle.entry[1].resource.birthDate.extension[0]"),
    ("/entry/1/resource/birthDate", "Bundle.entry[1].resource.birthDate"),
    ("/entry/1/resource/name/0/_given/1/extension/0/url",
     "Bundle.entry[1].resource.name[0].given[1].extension[0].url"),
    ("/entry/1/resource/extension/0/valueDecimal", "Bundle.entry[1].resource.extension[0].value"),
    ("/entry/1/resource/contained/0/name", "Bundle.entry[1].resource.contained[0].name"),
    ("", "Bundle"),
]  # fmt: skip


@pytest.mark.parametrize(("pointer", "path"), PLACES)
def test_a_place_goes_both_ways(pointer, path):
    assert fhirpath(bundle(), steps_of(pointer)) == path
    assert join(steps_of_fhirpath(bundle(), path)) == pointer


def test_the_first_entry_is_meant_where_there_is_no_index():
    steps = steps_of_fhirpath(bundle(), "Bundle.entry.fullUrl")
    assert steps == ("entry", 0, "fullUrl")
    assert steps_of_fhirpath(bundle(), "Bundle.entry[1].resource.multipleBirthInteger")
    assert steps_of_fhirpath(bundle(), "Bundle.total") == ("total",), "what is missing has a place"


def test_a_path_ends_before_a_name_that_may_be_anything():
    document = {"resourceType": "Patient", "Ann Marker": {"x": 1}}
    assert fhirpath(document, ("Ann Marker", "x")) == "Patient"
    assert fhirpath({"resourceType": "Ann Marker"}, ()) == ""


@pytest.mark.parametrize("path", ["Patient.name", "", "Bundle.entry.where(1)", "Bundle..entry"])
def test_what_is_not_simple_or_of_another_type_is_refused(path):
    with pytest.raises(ValueError, match=r"the path begins|only element names"):
        steps_of_fhirpath(bundle(), path)
