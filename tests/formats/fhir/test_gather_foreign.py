"""Bundles that other people make: each gives the record that it should, and says what it lost."""

import copy
import json

import pytest
from tests.helpers.imports import opened, told
from tests.helpers.support import EXAMPLES, ROOT

from eh_interop.formats.fhir.files import read_fhir
from eh_interop.formats.fhir.files.xml_writing import to_xml
from eh_interop.formats.fhir.opening import open_fhir

EXPECTED = ROOT / "tests" / "formats" / "fhir" / "foreign"
NAMES = sorted(path.stem for path in (EXAMPLES / "fhir").glob("*.json"))


def foreign(name):
    return json.loads((EXAMPLES / "fhir" / f"{name}.json").read_text("utf-8"))


def found_in(opened_):
    return {
        "record": opened_.record,
        "findings": [
            [finding.code, finding.origin.path if finding.origin else ""]
            for finding in opened_.findings()
        ],
    }


@pytest.mark.parametrize("name", NAMES)
def test_each_gives_what_is_expected(name, regenerate):
    path = EXPECTED / f"{name}.json"
    found = found_in(opened(foreign(name)))
    if regenerate:
        path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")
    assert json.loads(path.read_text("utf-8")) == found


def test_there_is_no_expectation_without_its_file():
    assert sorted(path.stem for path in EXPECTED.glob("*.json")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_xml_says_the_same(name):
    document = foreign(name)
    assert found_in(open_fhir(read_fhir(to_xml(document), "a.xml"))) == found_in(opened(document))


@pytest.mark.parametrize("name", NAMES)
def test_every_finding_has_its_line_and_column(name):
    for finding in opened(foreign(name)).findings():
        assert finding.origin is not None
        assert finding.origin.line >= 1
        assert finding.origin.column >= 1


def bundle(*resources, **more):
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"fullUrl": f"https://a.example.org/fhir/{resource['resourceType']}/{resource['id']}"}
            | {"resource": resource}
            for resource in resources
        ],
        **more,
    }


def patient(**more):
    return {"resourceType": "Patient", "id": "p", "name": [{"text": "Ada Example"}], **more}


def related(**more):
    reference = {"reference": "Patient/p"}
    return {"resourceType": "RelatedPerson", "id": "r", "patient": reference, **more}


def request(id_, **more):
    reference = {"reference": "Patient/p"}
    return {"resourceType": "ServiceRequest", "id": id_, "subject": reference, **more}


def record(*resources, record_type="marf"):
    return opened(bundle(*resources), record_type).record


@pytest.mark.parametrize(
    "reference",
    [
        {"reference": "Patient/p"},
        {"reference": "https://a.example.org/fhir/Patient/p"},
        {"reference": "https://a.example.org/fhir/Patient/p/_history/2"},
        {"reference": "https://b.example.org/Patient/p"},
        {"identifier": {"system": "https://a.example.org/ids", "value": "7"}},
    ],
)
def test_a_reference_leads_to_the_child_in_any_form(reference):
    child = patient(identifier=[{"system": "https://a.example.org/ids", "value": "7"}])
    mother = related(patient=reference, relationship=[{"text": "mother"}])
    assert record(child, mother)["relationships"] == [
        {"person": "people-1", "relatedTo": "children-1", "type": "mother"}
    ]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([{"text": "Ada Example"}], {"full": "Ada Example"}),
        ([{"use": "usual", "family": "Example"}], {"family": "Example"}),
        ([{"use": "old", "family": "Once"}, {"family": "Example"}], {"family": "Example"}),
        (
            [{"use": "usual", "text": "Addy"}, {"use": "official", "text": "Ada Example"}],
            {"full": "Ada Example", "preferred": "Addy"},
        ),
        (
            [{"given": ["Ada", "Bea"], "family": "Example"}],
            {"full": "Ada Bea Example", "given": "Ada", "family": "Example"},
        ),
    ],
)
def test_a_name_is_found_whatever_use_it_says(names, expected):
    assert record(patient(name=names))["children"][0]["name"] == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2012-05-01", "2012-05-01"),
        ("2012-05-01T10:00:00+01:00", "2012-05-01"),
        ("2012-05", None),
        ("2012", None),
        ("2012-02-30", None),
        (20120501, None),
    ],
)
def test_a_day_is_read_and_nothing_less(written, expected):
    child = record(patient(birthDate=written))["children"][0]
    assert child.get("dateOfBirth") == expected


def test_a_month_is_said_to_be_no_day():
    found = opened(bundle(patient(birthDate="2012-05")))
    (finding,) = [each for each in found.findings() if each.code == "FHR-019"]
    assert "names no day" in finding.message
    assert finding.origin.path == "Bundle.entry[0].resource.birthDate"


def test_of_several_requests_the_latest_that_stands_is_read():
    child = patient()
    old = request("a", authoredOn="2026-01-01", status="active")
    new = request(
        "b", authoredOn="2026-01-02", replaces=[{"reference": "ServiceRequest/a"}], status="active"
    )
    ended = request("c", authoredOn="2026-01-03", status="revoked")
    assert record(child, old, new, ended)["referredOn"] == "2026-01-02"
    assert record(child, new, old, ended)["referredOn"] == "2026-01-02"


def test_a_message_says_which_request_it_is_about():
    header = {
        "resourceType": "MessageHeader",
        "id": "m",
        "focus": [{"reference": "ServiceRequest/a"}],
    }
    one, other = request("a", authoredOn="2026-01-01"), request("b", authoredOn="2026-01-02")
    assert record(header, patient(), one, other)["referredOn"] == "2026-01-01"


def test_what_was_entered_in_error_is_no_fact():
    flag = {
        "resourceType": "Flag",
        "id": "f",
        "status": "entered-in-error",
        "category": [
            {
                "coding": [
                    {
                        "system": "http://terminology.hl7.org/CodeSystem/flag-category",
                        "code": "safety",
                    }
                ]
            }
        ],
        "code": {"text": "Wrong house"},
    }
    assert "safetyWarnings" not in record(patient(), flag)
    assert "safetyWarnings" in record(patient(), {**flag, "status": "active"})
    assert ("FHR-023", "Bundle.entry[1].resource") in told(bundle(patient(), flag))


def test_the_record_type_can_be_said():
    found = opened(bundle(patient()), "plan")
    assert found.record["recordType"] == "plan"
    assert "FHR-020" not in {finding.code for finding in found.findings()}


@pytest.mark.parametrize(
    ("resources", "record_type"),
    [
        ([patient(), request("a")], "marf"),
        ([patient(), {"resourceType": "CarePlan", "id": "c"}], "plan"),
        ([patient(), {"resourceType": "Consent", "id": "c"}], "consent-record"),
        ([patient(), {"resourceType": "Encounter", "id": "c"}], "meeting"),
        ([patient(), {"resourceType": "Task", "id": "c"}], "referral-outcome"),
        ([patient(), {"resourceType": "Observation", "id": "c"}], "early-help-assessment"),
        ([patient()], "early-help-request"),
    ],
)
def test_the_guess_is_what_the_bundle_turns_on_and_is_said(resources, record_type):
    found = opened(bundle(*resources))
    assert found.record["recordType"] == record_type
    (guessed,) = [finding for finding in found.findings() if finding.code == "FHR-020"]
    turns_on = resources[-1]["resourceType"]
    assert f"because it has a {turns_on}" in guessed.message
    assert guessed.origin.path == f"Bundle.entry[{len(resources) - 1}].resource"


def test_a_record_type_that_is_stated_is_no_guess():
    category = {
        "coding": [
            {
                "system": "https://w3id.org/eh-interop/CodeSystem/record-type",
                "code": "early-help-request",
            }
        ]
    }
    found = opened(bundle(patient(), request("a", category=[category])))
    assert found.record["recordType"] == "early-help-request"
    assert "FHR-020" not in {finding.code for finding in found.findings()}


def test_without_anybody_and_anything_there_is_no_record():
    found = opened({"resourceType": "Organization", "name": "Nobody's"})
    assert found.record is None
    assert [finding.code for finding in found.findings()] == ["FHR-016"]


def test_one_practitioner_in_two_posts_is_two_practitioners_of_one_name():
    who = {"resourceType": "Practitioner", "id": "w", "name": [{"text": "Bea Example"}]}
    posts = [
        {
            "resourceType": "PractitionerRole",
            "id": f"r{number}",
            "practitioner": {"reference": "Practitioner/w"},
            "code": [{"text": f"Post {number}"}],
        }
        for number in (1, 2)
    ]
    found = record(patient(), who, *posts)["practitioners"]
    assert [each["name"]["full"] for each in found] == ["Bea Example"] * 2
    assert [each["jobTitle"] for each in found] == ["Post 1", "Post 2"]


def test_the_same_file_gives_the_same_record():
    document = foreign("message-referral")
    assert opened(copy.deepcopy(document)).record == opened(document).record


def test_answer_to_a_request_and_an_action_stay_apart():
    document = bundle(
        {"resourceType": "ServiceRequest", "id": "1", "status": "active", "intent": "order"},
        {
            "resourceType": "Task",
            "id": "2",
            "status": "completed",
            "intent": "order",
            "focus": {"reference": "ServiceRequest/1"},
            "description": "Help at home",
        },
        {
            "resourceType": "Task",
            "id": "3",
            "status": "requested",
            "description": "Ring the school",
        },
    )
    record = opened(document, "early-help-request").record
    assert record["topic"] == "Help at home"
    assert [action["description"] for action in record["actions"]] == ["Ring the school"]


def test_task_about_something_unknown_is_an_action():
    document = bundle(
        {"resourceType": "ServiceRequest", "id": "1", "status": "active", "intent": "order"},
        {
            "resourceType": "Task",
            "id": "2",
            "status": "requested",
            "focus": {"reference": "Appointment/9"},
            "description": "Ring the school",
        },
    )
    record = opened(document, "early-help-request").record
    assert [action["description"] for action in record["actions"]] == ["Ring the school"]


def test_whoever_manages_an_episode_leads_the_plan():
    document = bundle(
        {"resourceType": "CarePlan", "id": "1", "status": "active", "intent": "plan"},
        {"resourceType": "Practitioner", "id": "2", "name": [{"text": "Ottoline Farrow"}]},
        {
            "resourceType": "PractitionerRole",
            "id": "3",
            "practitioner": {"reference": "Practitioner/2"},
        },
        {
            "resourceType": "EpisodeOfCare",
            "id": "4",
            "status": "active",
            "careManager": {"reference": "PractitionerRole/3"},
        },
    )
    record = opened(document, "plan").record
    assert record["leads"] == [{"practitioner": record["practitioners"][0]["id"]}]
