"""FHIR XML says what FHIR JSON says, both ways, and other people's XML is read as they read it."""

import json
from decimal import Decimal

import pytest
from fhir.resources.R4B import get_fhir_model_class
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.helpers.fhir_resources import DIV, bundle, patient, resources, valid

from eh_interop.core.errors import UnreadableInputError
from eh_interop.formats.fhir.files.xml_reading import from_tree, locate
from eh_interop.formats.fhir.files.xml_tree import parse
from eh_interop.formats.fhir.files.xml_writing import to_xml

FHIR = 'xmlns="http://hl7.org/fhir"'
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def back(data):
    converted = from_tree(parse(data))
    assert not converted.problems
    return converted.document


@pytest.mark.parametrize("pretty", [False, True])
def test_a_bundle_comes_back_equal(pretty):
    assert back(to_xml(bundle(), pretty=pretty)) == bundle()


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
@given(resources(), st.booleans())
def test_any_resource_comes_back_equal(resource, pretty):
    written = to_xml(resource, pretty=pretty)
    read = back(written)
    assert read == resource
    assert json.dumps(read, sort_keys=True) == json.dumps(resource, sort_keys=True)
    assert to_xml(read, pretty=pretty) == written


@pytest.mark.parametrize("resource", valid(), ids=lambda each: each["resourceType"])
def test_what_we_write_is_read_equally_by_the_models(resource):
    model = get_fhir_model_class(resource["resourceType"])
    ours = model.model_validate_xml(to_xml(resource))
    assert ours.model_dump_json() == model.model_validate(resource).model_dump_json()


@pytest.mark.parametrize("resource", valid(), ids=lambda each: each["resourceType"])
def test_what_the_models_write_is_read_as_their_json_says(resource):
    model = get_fhir_model_class(resource["resourceType"])
    validated = model.model_validate(resource)
    read = model.model_validate(back(validated.model_dump_xml()))
    # Compared as models: they spell the zone +00:00 in XML and Z in JSON.
    assert read.model_dump_json() == validated.model_dump_json()


def test_the_elements_are_in_the_order_of_the_standard_whatever_the_order_of_the_dict():
    backwards = dict(reversed(patient().items()))
    assert to_xml(backwards) == to_xml(patient())
    names = [etree.QName(child).localname for child in etree.fromstring(to_xml(patient()))]
    order = ["id", "meta", "text", "contained", "extension", "extension", "active", "name"]
    assert names[: len(order)] == order


def test_ids_and_urls_are_attributes_inside_a_resource_and_an_element_of_the_resource():
    root = etree.fromstring(
        to_xml({**patient(), "name": [{"id": "n", "family": "A", "_family": {"id": "f"}}]})
    )
    find = {"f": "http://hl7.org/fhir"}
    assert root.xpath("string(f:id/@value)", namespaces=find) == "child-1"
    assert root.xpath("string(f:name/@id)", namespaces=find) == "n"
    assert root.xpath("string(f:name/f:family/@id)", namespaces=find) == "f"
    assert root.xpath("string(f:extension/@url)", namespaces=find) == "https://example.org/weight"


@pytest.mark.parametrize(
    ("number", "spelt"),
    [
        (72.5, "72.5"), (0.1, "0.1"), (1, "1"), (1.0, "1.0"), (1e-7, "1e-07"),
        (2**63, "9223372036854775808"), (Decimal("72.50"), "72.50"),
    ],
)  # fmt: skip
def test_a_number_is_spelt_exactly(number, spelt):
    written = to_xml(observation(number))
    assert f'<value value="{spelt}"/>'.encode() in written
    value = back(written)["valueQuantity"]["value"]
    assert value == number
    assert isinstance(value, int) is isinstance(number, int)


def observation(number):
    return {"resourceType": "Observation", "valueQuantity": {"value": number}}


def test_a_number_that_cannot_be_kept_is_the_nearest_one_and_is_told():
    data = to_xml(observation(Decimal("0.12345678901234567890123")))
    converted = from_tree(parse(data))
    assert converted.document == observation(0.12345678901234568)
    assert [problem.fault.code for problem in converted.problems] == ["FHR-012"]


def test_the_spelling_of_dates_is_kept():
    moment = "2020-01-02T03:04:05.500+00:00"
    data = f'<Patient {FHIR}><deceasedDateTime value="{moment}"/></Patient>'
    assert back(data.encode())["deceasedDateTime"] == moment


def test_a_narrative_may_take_its_namespace_from_around_it():
    data = (
        f'<f:Patient xmlns:f="http://hl7.org/fhir" xmlns="{DIV}"><f:text>'
        "<div>a<p id='x'/></div></f:text></f:Patient>"
    ).encode()
    resource = back(data)
    assert resource["text"]["div"] == f"<div xmlns=\"{DIV}\">a<p id='x'/></div>"
    assert back(to_xml(resource)) == resource


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"nickname": "A"}, "Patient"),
        ({"name": []}, "Patient.name"),
        ({"name": {"family": "A"}}, "Patient.name"),
        ({"name": [{"given": [None]}]}, "Patient.name[0].given"),
        ({"birthDate": None}, "Patient.birthDate"),
        ({"birthDate": 2015}, "Patient.birthDate"),
        ({"active": "true"}, "Patient.active"),
        ({"multipleBirthInteger": 2.0}, "Patient.multipleBirth"),
        ({"gender": "a\x00b"}, "Patient.gender"),
        ({"_id": {"id": "x"}}, "Patient"),
        ({"contained": [{"resourceType": "Nothing"}]}, "Patient.contained[0]"),
        ({"text": {"div": "plain"}}, "Patient.text.div"),
        ({"text": {"div": f'<div xmlns="{DIV}"/><p/>'}}, "Patient.text.div"),
        ({"text": {"div": f' <div xmlns="{DIV}">a</div>'}}, "Patient.text.div"),
        ({"text": {"div": "<div>a</div>"}}, "Patient.text.div"),
        ({"text": {"div": f'<div xmlns="{DIV}">&nbsp;</div>'}}, "Patient.text.div"),
        ({"text": {"div": f'<!DOCTYPE div [<!ENTITY a "b">]><div xmlns="{DIV}">&a;</div>'}},
         "Patient.text.div"),
    ],
)  # fmt: skip
def test_what_xml_could_not_give_back_is_not_written(change, where):
    with pytest.raises(UnreadableInputError, match="cannot be written as FHIR XML") as caught:
        to_xml({**patient(), **change})
    assert f" at {where}: " in str(caught.value)


def test_a_number_in_a_decimal_has_to_be_one():
    with pytest.raises(UnreadableInputError, match=r"Observation\.value\.value"):
        to_xml(observation(float("nan")))


def test_what_is_nested_without_end_is_refused():
    deep = {"url": "a"}
    for _ in range(300):
        deep = {"url": "a", "extension": [deep]}
    with pytest.raises(UnreadableInputError, match="too deep"):
        to_xml({"resourceType": "Patient", "extension": [deep]})


def test_lines_are_those_that_lxml_tells_and_columns_count_characters():
    data = to_xml({**bundle(), "language": "🙂é"}, pretty=True)
    root, second = parse(data), etree.fromstring(data)
    ours, theirs = [], [each.sourceline for each in second.iter() if DIV not in each.tag]

    def walk(node):
        if node.div is None:
            ours.append(node.line)
        for child in node.children:
            walk(child)

    walk(root)
    assert ours == theirs
    lines = data.decode().split("\n")
    for place in [("entry", 1, "resource", "name", 0, "family"), ("type",), ("entry", 2)]:
        at = locate(root, [place])[place]
        name = [step for step in place if isinstance(step, str)][-1]
        assert lines[at.line - 1][at.column - 1 :].startswith(f"<{name}")


def test_a_column_counts_characters_and_not_bytes():
    data = f'<Patient {FHIR}><language value="🙂é"/><active value="true"/></Patient>'
    at = locate(parse(data.encode()), [("active",)])[("active",)]
    assert data[at.column - 1 :].startswith("<active")


def test_lines_beyond_65535_are_counted():
    data = (
        b'<Patient xmlns="http://hl7.org/fhir">'
        + b"\n" * 70_000
        + b'<active value="true"/></Patient>'
    )
    assert locate(parse(data), [("active",)])[("active",)].line == 70_001
