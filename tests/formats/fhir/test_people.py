"""The people of a record in FHIR: what a receiver looks for, and where."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given
from hypothesis import strategies as st
from tests.helpers.fhir_coverage import coverage

from eh_interop.core.resources import folder
from eh_interop.formats._shared.code_maps import load_code_map
from eh_interop.formats.fhir.bundle import to_bundle
from eh_interop.formats.fhir.converters import converters
from eh_interop.formats.fhir.names import UK_CORE, identifier_system, structure
from eh_interop.standard.code_lists import titles

Resource = dict[str, Any]

PEOPLE = (
    "children",
    "people",
    "households",
    "relationships",
    "parentalResponsibility",
    "organisations",
    "practitioners",
    "involvements",
)
CHILD = {"id": "c1", "name": {"given": "Ada", "family": "Example"}}
MOTHER = {"id": "p1", "name": {"full": "Bea Example"}}
MAPS = (
    ("address-use", "address-kind"),
    ("address-type", "address-kind"),
    ("contact-system", "contact-point-kind"),
    ("contact-use", "contact-point-kind"),
    ("ethnicity", "ethnicity"),
    ("identifier-missing-reason", "identifier-missing-reason"),
    ("identifier-system", "identifier-type"),
    ("language", "language"),
    ("name-kind", "name-kind"),
    ("nhs-number-status", "nhs-number-status"),
    ("preferred-contact-method", "preferred-contact-method"),
    ("relationship-type", "relationship-type"),
    ("sex", "sex"),
)


class NoScene:
    """A record around a value, for converters that do not look at it."""

    def url(self, lists: tuple[str, ...], local_id: str) -> str | None:
        raise AssertionError(lists, local_id)

    def local_id(self, lists: tuple[str, ...], reference: str) -> str | None:
        raise AssertionError(lists, reference)


def made(**parts: Any) -> list[Resource]:
    """Return the resources of a small record, after R4's own model has taken the Bundle."""
    record = {"recordType": "marf", "standardVersion": "1.0", "recordId": "r-1", **parts}
    bundle = to_bundle(record)
    Bundle.model_validate(bundle)
    return [each["resource"] for each in bundle["entry"]]


def those(resources: list[Resource], kind: str) -> list[Resource]:
    return [resource for resource in resources if resource["resourceType"] == kind]


def panel(resources: list[Resource], code: str) -> Resource:
    (found,) = (
        each
        for each in those(resources, "Observation")
        if each["code"]["coding"][0]["code"] == code
    )
    return found


def facts(observation: Resource) -> dict[str, Any]:
    """Return what the components say, by the last name of the field."""
    found = {}
    for each in observation["component"]:
        name = each["code"]["coding"][0]["code"].rsplit(".", 1)[-1]
        (found[name],) = (value for key, value in each.items() if key.startswith("value"))
    return found


def extensions(resource: Resource, url: str) -> list[Resource]:
    return [each for each in resource.get("extension", ()) if each["url"] == url]


def url_of(resource: Resource) -> str:
    return f"urn:uuid:{resource['id']}"


@pytest.mark.parametrize(
    "record_type",
    sorted(path.name.split(".")[0] for path in folder("schemas").glob("1.0/records/*.json")),
)
def test_everything_about_people_has_a_home_or_a_reason(record_type: str) -> None:
    told = coverage(record_type)
    assert not [each for each in told.forgotten if each.split(".")[0] in PEOPLE]
    ours = {leave for leave in told.leaves if leave.split(".")[0] in PEOPLE}
    housed = ours & {home.link for home in told.homes}
    assert len(housed) > 0.9 * len(ours)


def test_nhs_number_stands_in_the_slice_of_uk_core_with_how_it_was_traced() -> None:
    number = {"type": "nhs-number", "value": "9990000018", "verification": "01"}
    (patient,) = those(made(children=[{**CHILD, "identifiers": [number]}]), "Patient")
    (identifier,) = patient["identifier"]
    assert identifier["system"] == "https://fhir.nhs.uk/Id/nhs-number"
    assert identifier["value"] == "9990000018"
    (status,) = extensions(
        identifier,
        "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus",
    )
    assert status["valueCodeableConcept"]["coding"][0] == {
        "system": "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland",
        "code": "01",
        "display": "Number present and verified",
    }


def test_want_of_an_nhs_number_is_said_as_uk_core_says_it() -> None:
    missing = [
        {"type": "nhs-number", "missingReason": "nhs-number-not-known"},
        {"type": "upn", "missingReason": "UN1"},
    ]
    resources = made(children=[{**CHILD, "identifiers": missing}])
    (patient,) = those(resources, "Patient")
    assert "identifier" not in patient
    (reason,) = extensions(patient, f"{UK_CORE[:-7]}Extension-UKCore-NHSNumberUnavailableReason")
    assert reason["valueCodeableConcept"]["coding"][0]["code"] == "nhs-number-not-known"
    codes = [
        each["valueCodeableConcept"]["coding"][-1]["code"]
        for each in panel(resources, "identity")["component"]
    ]
    assert codes == ["nhs-number-not-known", "UN1"]


@pytest.mark.parametrize(
    ("kind", "system"),
    [
        ("urn", "https://fhir.hl7.org.uk/Id/urn-school-number"),
        ("ods-code", "https://fhir.nhs.uk/Id/ods-organization-code"),
        ("upn", identifier_system("unique-pupil-number")),
    ],
)
def test_identifiers_have_the_registered_system_or_one_of_ours(kind: str, system: str) -> None:
    school = {"id": "o1", "name": "School", "identifiers": [{"type": kind, "value": "100001"}]}
    (organisation,) = those(made(organisations=[school]), "Organization")
    assert organisation["identifier"] == [{"system": system, "value": "100001"}]


def test_unborn_child_is_a_patient_with_a_due_date_and_no_birth_date() -> None:
    baby = {"id": "c1", "unborn": True, "expectedDateOfBirth": "2026-03-01", "mother": "p1"}
    resources = made(children=[baby], people=[MOTHER])
    (patient,) = those(resources, "Patient")
    assert "birthDate" not in patient
    (due,) = extensions(patient, structure("expected-date-of-birth"))
    assert due["valueDate"] == "2026-03-01"
    said = panel(resources, "identity")
    assert facts(said)["unborn"] is True
    (mother,) = those(resources, "RelatedPerson")
    assert said["focus"] == [{"reference": url_of(mother)}]


def test_every_relationship_is_said_though_a_related_person_has_room_for_one() -> None:
    resources = made(
        children=[CHILD, {"id": "c2"}],
        people=[MOTHER],
        relationships=[
            {"person": "p1", "relatedTo": "c1", "type": "mother"},
            {"person": "p1", "relatedTo": "c2", "type": "step-parent", "from": "2020-01-01"},
            {"person": "c2", "relatedTo": "c1", "type": "step-sibling"},
        ],
    )
    first, second = those(resources, "Patient")
    (mother,) = those(resources, "RelatedPerson")
    assert mother["patient"] == {"reference": url_of(first)}
    assert [each["code"] for each in mother["relationship"][0]["coding"]] == ["MTH", "mother"]
    said = [parts(extension) for extension in extensions(mother, structure("relationship"))]
    assert [each["relatedTo"]["reference"] for each in said] == [url_of(first), url_of(second)]
    assert said[1]["period"] == {"start": "2020-01-01"}
    (sibling,) = extensions(second, structure("relationship"))
    assert parts(sibling)["type"]["coding"][0]["code"] == "STPSIB"
    assert "extension" not in first


def parts(extension: Resource) -> dict[str, Any]:
    """Return the values of a complex extension by the names of its parts."""
    found = {}
    for each in extension["extension"]:
        (found[each["url"]],) = (value for key, value in each.items() if key.startswith("value"))
    return found


def test_parental_responsibility_stands_at_its_holder_a_council_too() -> None:
    resources = made(
        children=[CHILD],
        people=[MOTHER],
        organisations=[{"id": "o1", "name": "Council"}],
        parentalResponsibility=[
            {"holder": "p1", "child": "c1", "holds": "yes", "basis": "birth-mother"},
            {"holder": "o1", "child": "c1", "holds": "yes", "basis": "care-order"},
        ],
    )
    (child,) = those(resources, "Patient")
    for kind, basis in (("RelatedPerson", "birth-mother"), ("Organization", "care-order")):
        (holder,) = those(resources, kind)
        (found,) = extensions(holder, structure("parental-responsibility"))
        assert parts(found)["child"] == {"reference": url_of(child)}
        assert parts(found)["basis"]["coding"][0]["code"] == basis


def test_death_is_said_of_the_person_and_not_of_the_child() -> None:
    dead = {**MOTHER, "deceased": True, "deceasedOn": "2024-05-06"}
    resources = made(children=[CHILD], people=[dead])
    said = panel(resources, "identity")
    (child,), (person,) = those(resources, "Patient"), those(resources, "RelatedPerson")
    assert said["subject"] == {"reference": url_of(child)}
    assert said["focus"] == [{"reference": url_of(person)}]
    assert facts(said) == {"deceased": True, "deceasedOn": "2024-05-06"}
    assert not any("deceased" in key for key in child)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"deceased": True}, {"deceasedBoolean": True}),
        ({"deceased": False}, {"deceasedBoolean": False}),
        ({"deceasedOn": "2026-09-01"}, {"deceasedDateTime": "2026-09-01"}),
        ({"deceased": True, "deceasedOn": "2026-09-01"}, {"deceasedDateTime": "2026-09-01"}),
    ],
)
def test_a_childs_death_is_said_of_the_patient(facts, said) -> None:
    (child,) = those(made(children=[{**CHILD, **facts}]), "Patient")
    assert {name: value for name, value in child.items() if "deceased" in name} == said


def test_confidential_address_says_so_where_the_address_stands() -> None:
    refuge = {"kind": "placement", "postcode": "GL1 1AA", "confidential": True, "uprn": "100"}
    (patient,) = those(made(children=[{**CHILD, "addresses": [refuge]}]), "Patient")
    (address,) = patient["address"]
    assert address["use"] == "temp"
    (details,) = extensions(address, structure("address-details"))
    assert parts(details)["confidential"] is True
    (key,) = extensions(address, f"{UK_CORE[:-7]}Extension-UKCore-AddressKey")
    assert parts(key)["value"] == "100"


def test_contact_that_is_not_safe_says_so() -> None:
    mobile = {"kind": "mobile", "value": "07700 900001", "note": "Messages are not safe."}
    (patient,) = those(made(children=[{**CHILD, "contacts": [mobile]}]), "Patient")
    (telecom,) = patient["telecom"]
    assert (telecom["system"], telecom["use"]) == ("phone", "mobile")
    (details,) = extensions(telecom, structure("contact-details"))
    assert parts(details)["note"] == "Messages are not safe."


def test_ethnicity_has_the_nhs_category_first_and_the_national_return_second() -> None:
    (patient,) = those(made(children=[{**CHILD, "ethnicity": "WROM"}]), "Patient")
    (found,) = extensions(patient, f"{UK_CORE[:-7]}Extension-UKCore-EthnicCategory")
    assert [each["code"] for each in found["valueCodeableConcept"]["coding"]] == ["C", "WROM"]


def test_words_of_one_family_never_get_into_another_bundle() -> None:
    noted = {**CHILD, "ethnicity": "WBRI", "ethnicityNote": "marker-note"}
    post = {"id": "w1", "role": "teacher", "jobTitle": "marker-title"}
    assert "marker-note" in json.dumps(made(children=[noted], practitioners=[post]))
    plain = {**CHILD, "ethnicity": "WBRI"}
    after = json.dumps(made(children=[plain], practitioners=[{"id": "w1", "role": "teacher"}]))
    assert "marker" not in after


def test_languages_are_tags_and_every_code_has_one() -> None:
    needs = {"firstLanguage": "POL", "otherLanguages": ["ENG"], "interpreterNeeded": "yes"}
    (patient,) = those(made(children=[{**CHILD, "language": needs}]), "Patient")
    tags = {
        each["language"]["coding"][0]["code"]: each["preferred"]
        for each in patient["communication"]
    }
    assert tags == {"pl": True, "en": False}
    (needed,) = extensions(
        patient, "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired"
    )
    assert needed["valueBoolean"] is True
    assert load_code_map("language").mapped == titles("language").keys()


def test_practitioner_is_a_person_in_a_post_even_if_nothing_else_is_known() -> None:
    resources = made(practitioners=[{"id": "w1"}])
    (post,), (person,) = those(resources, "PractitionerRole"), those(resources, "Practitioner")
    assert post["practitioner"] == {"reference": url_of(person)}


def test_organisation_without_a_name_is_still_one_in_r4() -> None:
    (found,) = those(made(organisations=[{"id": "o1"}]), "Organization")
    assert found["name"] == "Name not recorded"


def test_person_in_a_record_without_children_is_still_one_in_r4() -> None:
    (found,) = those(made(people=[MOTHER]), "RelatedPerson")
    assert found["patient"] == {"display": "Not recorded"}


def test_household_is_a_home_and_who_lives_there() -> None:
    home = {"id": "h1", "name": "Home", "address": {"postcode": "GL1 1AA"}, "members": ["c1", "p1"]}
    resources = made(children=[CHILD], people=[MOTHER], households=[home])
    (place,), (members,) = those(resources, "Location"), those(resources, "List")
    assert place["address"]["postalCode"] == "GL1 1AA"
    assert members["subject"] == {"reference": url_of(place)}
    living = [url_of(those(resources, kind)[0]) for kind in ("Patient", "RelatedPerson")]
    assert [each["item"]["reference"] for each in members["entry"]] == living


def test_services_that_help_are_one_team_and_what_each_says() -> None:
    resources = made(
        children=[CHILD],
        practitioners=[{"id": "w1", "organisation": "o1"}],
        organisations=[{"id": "o1", "name": "Clinic"}],
        involvements=[
            {"practitioner": "w1", "organisation": "o1", "role": "gp", "views": "Doing well."},
            {"organisation": "o1"},
        ],
    )
    (team,) = those(resources, "CareTeam")
    (post,), (clinic,) = those(resources, "PractitionerRole"), those(resources, "Organization")
    named = [each["member"]["reference"] for each in team["participant"]]
    assert named == [url_of(post), url_of(clinic)]
    said = [each for each in those(resources, "Observation") if each.get("component")]
    assert [facts(each)["views"] for each in said] == ["Doing well."]


def test_views_of_a_child_are_the_childs_and_say_who_asked() -> None:
    view = {"text": "I like school.", "gatheredBy": "w1", "gatheredOn": "2025-01-02"}
    resources = made(children=[{**CHILD, "views": [view]}], practitioners=[{"id": "w1"}])
    said = panel(resources, "views")
    (child,), (post,) = those(resources, "Patient"), those(resources, "PractitionerRole")
    assert said["valueString"] == "I like school."
    assert said["subject"] == {"reference": url_of(child)}
    assert said["performer"] == [{"reference": url_of(post)}]


@pytest.mark.parametrize(("name", "code_list"), MAPS)
def test_code_map_names_our_codes_and_says_one_thing_in_each_direction(
    name: str, code_list: str
) -> None:
    rows = load_code_map(name).pairs
    assert {row.ours for row in rows} <= titles(code_list).keys()
    there = [row.ours for row in rows if row.leads_to_target]
    back = [(row.system, row.theirs) for row in rows if row.leads_from_target]
    assert len(set(there)) == len(there)
    assert len(set(back)) == len(back)
    assert {row.relationship for row in rows} <= {"equivalent", "wider", "narrower", "inexact"}


@given(st.sampled_from(["yes", "no"]))
def test_answers_come_back(answer: str) -> None:
    pair = converters()["yes-no"]
    assert pair.from_target(pair.to_target(answer, NoScene()), NoScene()) == answer


def test_unknown_is_no_answer_in_fhir() -> None:
    assert converters()["yes-no"].to_target("unknown", NoScene()) is None


@given(st.from_regex(r"[0-9]{1,12}", fullmatch=True))
def test_property_numbers_come_back(uprn: str) -> None:
    pair = converters()["uprn"]
    assert pair.from_target(pair.to_target(uprn, NoScene()), NoScene()) == uprn


def test_key_of_another_address_file_is_no_property_number() -> None:
    other = json.loads(
        json.dumps(converters()["uprn"].to_target("1", NoScene())).replace("UPRN", "PAF")
    )
    assert converters()["uprn"].from_target(other, NoScene()) is None


@given(st.sampled_from(["alias", "previous", "birth"]), st.text(min_size=1))
def test_other_names_come_back(kind: str, full: str) -> None:
    pair = converters()["other-name"]
    name = {"kind": kind, "full": full}
    assert pair.from_target(pair.to_target(name, NoScene()), NoScene()) == name


@pytest.mark.parametrize("use", ["official", "usual", None])
def test_own_name_is_no_other_name(use: str | None) -> None:
    name = {"text": "Ada Example", **({"use": use} if use else {})}
    assert converters()["other-name"].from_target(name, NoScene()) is None


def test_other_name_in_parts_comes_back_in_one_line() -> None:
    name = {"use": "old", "prefix": ["Ms"], "given": ["Ada", "May"], "family": "Before"}
    found = converters()["other-name"].from_target(name, NoScene())
    assert found == {"kind": "previous", "full": "Ms Ada May Before"}


@pytest.mark.parametrize(
    ("name", "code_list"), [("council", "local-authority"), ("police-force", "police-force")]
)
def test_whose_part_an_organisation_is_comes_back(name: str, code_list: str) -> None:
    pair = converters()[name]
    for code in titles(code_list):
        assert pair.from_target(pair.to_target(code, NoScene()), NoScene()) == code
    foreign = {"identifier": {"system": identifier_system("other"), "value": code}}
    assert pair.from_target(foreign, NoScene()) is None
