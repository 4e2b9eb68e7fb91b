"""Elements that change what somebody else's FHIR means are understood, or kept and told."""

import json

import pytest
from tests.helpers.support import AS_OF

from eh_interop.api import check
from eh_interop.convert.preparing import prepare
from eh_interop.convert.targets import TargetSettings, targets
from eh_interop.core.findings import Disposition, Severity
from eh_interop.formats.fhir.modifiers import modifiers
from eh_interop.sources.opening import open_sources

PATIENT = {"resourceType": "Patient", "id": "p", "name": [{"family": "Quill", "given": ["Ash"]}]}
SUBJECT = {"subject": {"reference": "Patient/p"}}
REQUEST = {
    "resourceType": "ServiceRequest", "id": "s", "status": "active", "intent": "order",
    "priority": "stat", **SUBJECT,
}  # fmt: skip
CONSENT = {
    "resourceType": "Consent", "id": "c", "status": "active", "patient": {"reference": "Patient/p"},
    "dateTime": "2026-10-01", "provision": {"type": "permit"},
}  # fmt: skip


def read(folder, *resources):
    entries = [{"resource": resource} for resource in resources]
    path = folder / "bundle.json"
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    path.write_text(json.dumps(bundle), "utf-8")
    (record,) = open_sources([str(path)])
    return record


def kept(record):
    return record.document.get("localData", {}).get("fhir", {})


def told(record):
    return [finding for finding in record.findings if finding.code == "FHR-023"]


@pytest.mark.parametrize(
    ("resource", "change", "name", "value"),
    [
        (REQUEST, {"status": "revoked"}, "ServiceRequest 1 status", "revoked"),
        (REQUEST, {"status": "on-hold"}, "ServiceRequest 1 status", "on-hold"),
        (REQUEST, {"doNotPerform": True}, "ServiceRequest 1 doNotPerform", True),
        (PATIENT, {"active": False}, "Patient 1 active", False),
        (
            PATIENT,
            {"link": [{"other": {"reference": "Patient/q"}, "type": "replaced-by"}]},
            "Patient 1 link",
            '[{"other":{"reference":"Patient/q"},"type":"replaced-by"}]',
        ),
        (
            CONSENT,
            {"provision": {"type": "permit", "period": {"end": "2024-01-01"}}},
            "Consent 1 provision period end",
            "2024-01-01",
        ),
        (
            CONSENT,
            {"provision": {"type": "permit", "provision": [{"type": "deny"}]}},
            "Consent 1 provision provision",
            '[{"type":"deny"}]',
        ),
        (PATIENT, {"implicitRules": "https://example.org/rules"}, "Patient 1 implicitRules",
         "https://example.org/rules"),
    ],
)  # fmt: skip
def test_what_has_no_field_is_kept_and_told(tmp_path, resource, change, name, value):
    given = {one["id"]: one for one in (PATIENT, REQUEST, CONSENT)}
    given[resource["id"]] = {**resource, **change}
    record = read(tmp_path, *given.values())
    assert kept(record) == {name: value}
    (finding,) = told(record)
    assert finding.severity is Severity.WARNING
    assert finding.origin.path
    assert str(value) not in finding.message


def test_harmless_values_are_not_told(tmp_path):
    patient = {**PATIENT, "active": True}
    record = read(tmp_path, patient, {**REQUEST, "doNotPerform": False}, CONSENT)
    assert told(record) == []
    assert kept(record) == {}


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, "given"),
        ({"provision": {"type": "deny"}}, "refused"),
        ({"status": "rejected"}, "refused"),
        ({"status": "inactive"}, "withdrawn"),
        ({"status": "proposed"}, "not-obtained"),
        ({"status": "draft"}, "not-obtained"),
        ({"status": "something-else"}, "not-obtained"),
        ({"status": None}, "not-obtained"),
    ],
)
def test_a_consent_is_given_only_if_it_permits_and_is_in_force(tmp_path, change, status):
    consent = {name: held for name, held in {**CONSENT, **change}.items() if held is not None}
    record = read(tmp_path, PATIENT, consent)
    assert [entry["status"] for entry in record.document["consents"]] == [status]


def test_a_resource_entered_in_error_is_told(tmp_path):
    wrong = {**CONSENT, "status": "entered-in-error"}
    record = read(tmp_path, PATIENT, REQUEST, wrong)
    assert kept(record) == {"Consent 1 entered in error": True}
    assert len(told(record)) == 1
    assert "consents" not in record.document


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"status": "revoked"}, {"status": "revoked"}),
        ({"doNotPerform": True}, {"doNotPerform": True}),
    ],
)
def test_a_withdrawn_request_is_never_sent_on_as_active(tmp_path, change, expected):
    record = read(tmp_path, PATIENT, {**REQUEST, **change})
    assert check(record.document, as_of=AS_OF).disposition is Disposition.ACT_NOW
    settings = TargetSettings(AS_OF, verify="none")
    written = targets()["fhir"].write_record(prepare(record).record, 0, settings)
    bundle = json.loads(written.data)
    (request,) = [
        entry["resource"] for entry in bundle["entry"]
        if entry["resource"]["resourceType"] == "ServiceRequest"
    ]  # fmt: skip
    assert expected.items() <= request.items()


@pytest.mark.parametrize(
    ("death", "facts"),
    [
        ({"deceasedBoolean": True}, {"deceased": True}),
        ({"deceasedDateTime": "2026-09-01T10:00:00+01:00"}, {"deceasedOn": "2026-09-01"}),
    ],
)
def test_a_childs_death_stands_in_the_record_and_is_acted_on(tmp_path, death, facts):
    twin = {**PATIENT, "multipleBirthInteger": 2, **death}
    record = read(tmp_path, twin, REQUEST)
    (child,) = record.document["children"]
    assert facts.items() <= child.items()
    asked = {finding.code: finding for finding in check(record.document, as_of=AS_OF).findings}
    assert asked["FAM-016"].severity is Severity.WARNING


def test_a_death_without_a_day_is_kept_and_told(tmp_path):
    record = read(tmp_path, {**PATIENT, "deceasedDateTime": "2026"}, REQUEST)
    assert kept(record) == {"Patient 1 deceasedDateTime": "2026"}
    assert len(told(record)) == 1


@pytest.mark.parametrize("odd", [[], {}, ["revoked"], {"coding": 3}, 7, "", None])
def test_values_of_another_type_change_nothing_in_silence(tmp_path, odd):
    record = read(
        tmp_path, {**PATIENT, "active": odd}, {**REQUEST, "status": odd}, {**CONSENT, "status": odd}
    )
    assert [entry["status"] for entry in record.document["consents"]] == ["not-obtained"]
    assert record.findings
    settings = TargetSettings(AS_OF, verify="none")
    assert targets()["fhir"].write_record(prepare(record).record, 0, settings).data


def test_every_modifier_says_what_it_means():
    for (kind, element), modifier in modifiers().items():
        assert modifier.says.startswith("The sender ")
        assert modifier.says.endswith(".")
        assert element[0].islower()
        assert kind == "" or kind[0].isupper()
