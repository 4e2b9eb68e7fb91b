"""What the FHIR package is made from beside the standard: extensions, profiles, maps, examples."""

import pytest

from eh_interop.core.errors import StandardError
from eh_interop.formats._shared.code_maps import CodeMap, CodePair
from eh_interop.formats.fhir.guide import make_package
from eh_interop.formats.fhir.guide.inputs import (
    ExtensionPart,
    GuideInputs,
    OwnExtension,
    OwnProfile,
    ProfileElement,
    load_inputs,
)


def made(inputs, kind):
    found = [
        definition
        for definition in make_package(inputs).definitions
        if definition["resourceType"] == kind
    ]
    return {each["id"]: each for each in found}


def valid(resource):
    from fhir.resources.R4B import get_fhir_model_class

    get_fhir_model_class(resource["resourceType"]).model_validate(resource)


def elements(resource):
    return {each["id"]: each for each in resource["differential"]["element"]}


def row(ours="F", theirs="female", relationship="equivalent", **more):
    system = "http://hl7.org/fhir/administrative-gender" if theirs else ""
    said = {"system": system, "display": theirs.title(), "preferred": "both", "comment": ""}
    return CodePair(ours=ours, theirs=theirs, relationship=relationship, **{**said, **more})


def concept_map(*rows):
    inputs = GuideInputs(code_maps=(CodeMap.of("sex-gender", "sex", rows),))
    return made(inputs, "ConceptMap")["sex-gender"]


def test_a_simple_extension():
    note = OwnExtension(
        name="why-not",
        title="Why not",
        description="Why it was not done.",
        contexts=("Consent",),
        types=("CodeableConcept",),
        value_set="absence-reason",
    )
    found = made(GuideInputs(extensions=(note,)), "StructureDefinition")["why-not"]
    valid(found)
    assert found["context"] == [{"type": "element", "expression": "Consent"}]
    stated = elements(found)
    assert stated["Extension.url"]["fixedUri"] == found["url"]
    assert stated["Extension.extension"]["max"] == "0"
    value = stated["Extension.value[x]"]
    assert (value["min"], value["type"]) == (1, [{"code": "CodeableConcept"}])
    assert value["binding"]["valueSet"].endswith("/ValueSet/absence-reason")


def test_an_extension_with_parts():
    whole = OwnExtension(
        name="responsibility",
        title="Parental responsibility",
        description="Who has it and why.",
        contexts=("RelatedPerson",),
        part=(
            ExtensionPart(name="held", title="Held", types=("boolean",), required=True),
            ExtensionPart(name="evidence", title="Evidence", types=("string",), repeats=True),
        ),
    )
    found = made(GuideInputs(extensions=(whole,)), "StructureDefinition")["responsibility"]
    valid(found)
    stated = elements(found)
    assert stated["Extension.value[x]"]["max"] == "0"
    assert stated["Extension.extension"]["min"] == 1
    held, evidence = (stated[f"Extension.extension:{name}"] for name in ("held", "evidence"))
    assert (held["min"], held["max"], evidence["min"], evidence["max"]) == (1, "1", 0, "*")
    assert stated["Extension.extension:held.url"]["fixedUri"] == "held"
    assert stated["Extension.extension:held.value[x]"]["type"] == [{"code": "boolean"}]


def test_a_profile_says_only_what_is_stated():
    profile = OwnProfile(
        name="our-consent",
        title="Consent",
        description="A consent.",
        type="Consent",
        base="https://fhir.hl7.org.uk/StructureDefinition/UKCore-Consent",
        element=(
            ProfileElement(path="Consent.status", fixed={"code": "active"}),
            ProfileElement(path="Consent.category", min=1, value_set="consent-purpose"),
            ProfileElement(
                path="Consent.scope",
                pattern={"codeableConcept": {"coding": [{"code": "patient-privacy"}]}},
            ),
            ProfileElement(
                path="Consent.extension",
                slice="why",
                types=("Extension",),
                profiles=("https://w3id.org/eh-interop/StructureDefinition/why",),
                max="1",
            ),
        ),
    )
    found = made(GuideInputs(profiles=(profile,)), "StructureDefinition")["our-consent"]
    valid(found)
    first, status, category, scope, slice_ = found["differential"]["element"]
    assert first["path"] == "Consent"
    assert status == {"id": "Consent.status", "path": "Consent.status", "fixedCode": "active"}
    assert category["min"] == 1
    assert category["binding"]["strength"] == "required"
    assert scope["patternCodeableConcept"] == {"coding": [{"code": "patient-privacy"}]}
    (said,) = slice_["type"]
    assert said["profile"] == ["https://w3id.org/eh-interop/StructureDefinition/why"]
    assert (slice_["id"], slice_["sliceName"]) == ("Consent.extension:why", "why")


def test_a_code_map_says_each_relation_in_the_words_of_r4():
    found = concept_map(
        row(),
        row(ours="M", theirs="male", relationship="source-is-narrower-than-target"),
        row(ours="U", theirs="unknown", relationship="source-is-broader-than-target"),
    )
    valid(found)
    (group,) = found["group"]
    said = {each["code"]: each["target"][0]["equivalence"] for each in group["element"]}
    assert said == {"F": "equivalent", "M": "wider", "U": "narrower"}
    narrower = group["element"][2]["target"][0]
    assert narrower["comment"], "cmd-1: a narrower code needs a comment"


def test_the_preferred_code_comes_first_and_no_code_is_said():
    other = row(theirs="other", relationship="related-to", preferred="back")
    found = concept_map(other, row(), row(ours="U", theirs="", relationship=""))
    valid(found)
    none, group = found["group"]
    assert "target" not in none
    assert none["element"][0]["target"] == [{"equivalence": "unmatched"}]
    assert [each["code"] for each in group["element"][0]["target"]] == ["female", "other"]


@pytest.mark.parametrize("wrong", [row(ours="no-such-code"), row(relationship="similar")])
def test_a_code_map_that_cannot_be_said_is_refused(wrong):
    with pytest.raises(StandardError, match="code map sex-gender"):
        concept_map(wrong)


def test_examples_stand_apart_and_are_listed():
    bundle = {"resourceType": "Bundle", "type": "document"}
    named = {**bundle, "id": "b-2"}
    package = make_package(GuideInputs(examples=iter([("minimal/marf", bundle), ("other", named)])))
    files = dict(package.files())
    assert {name for name in files if name.startswith("example/")} == {
        "example/.index.json",
        "example/Bundle-minimal-marf.json",
        "example/Bundle-b-2.json",
    }
    guide = package.definitions[0]
    listed = [each for each in guide["definition"]["resource"] if each["exampleBoolean"]]
    assert [(each["name"], each["reference"]["reference"]) for each in listed] == [
        ("minimal/marf", "Bundle/minimal-marf"),
        ("other", "Bundle/b-2"),
    ]


def test_two_resources_of_one_name_are_refused():
    bundle = {"resourceType": "Bundle", "id": "b", "type": "document"}
    with pytest.raises(StandardError, match="Bundle-b"):
        make_package(GuideInputs(examples=[("one", bundle), ("two", bundle)]))


def test_the_extensions_that_answers_carry_are_defined():
    known = {extension.name: extension for extension in load_inputs().extensions}
    for name, kind in (("original-text", "string"), ("escaped-text", "boolean")):
        assert known[name].types == (kind,)
        assert known[name].contexts == ("QuestionnaireResponse.item.answer",)
