"""What receivers of consents, warnings, documents and referrals rely on."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given
from hypothesis import strategies as st

from eh_interop.formats.fhir.bundle import to_bundle
from eh_interop.formats.fhir.converters import converters
from eh_interop.standard.code_lists import titles

_EMPTY: dict[str, Any] = {
    "recordType": "marf",
    "standardVersion": "1.0",
    "recordId": "m-1",
}
_MARF: dict[str, Any] = {
    **_EMPTY,
    "createdAt": "2026-05-01T09:00:00+01:00",
    "children": [{"id": "c1"}, {"id": "c2"}],
    "organisations": [
        {"id": "o1", "name": "Rosebank School"},
        {"id": "o2", "name": "Rosebank Dentist"},
    ],
}
_CONSENT: dict[str, Any] = {
    "id": "k1",
    "purposes": ["referral-to-social-care"],
    "status": "given",
}


def _resources(record: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    bundle = to_bundle(record)
    return [
        each["resource"] for each in bundle["entry"] if each["resource"]["resourceType"] == kind
    ]


def _url(resource: dict[str, Any]) -> str:
    return f"urn:uuid:{resource['id']}"


def _consents(**more: Any) -> list[dict[str, Any]]:
    return _resources({**_MARF, "consents": [{**_CONSENT, **more}]}, "Consent")


def _labels(resource: dict[str, Any]) -> set[str]:
    return {each["code"] for each in resource["meta"].get("security", ())}


def test_each_child_has_a_consent_of_its_own() -> None:
    patients = [_url(resource) for resource in _resources(_MARF, "Patient")]
    assert [consent["patient"]["reference"] for consent in _consents()] == patients
    assert [consent["patient"]["reference"] for consent in _consents(children=["c2"])] == patients[
        1:
    ]


def test_a_consent_that_others_refer_to_is_in_the_bundle() -> None:
    entry = {"id": "s1", "shared": True, "on": "2026-05-02", "consent": "k1"}
    for children in ([], [{"id": "c1"}], [{"id": "c1"}, {"id": "c2"}]):
        record = {**_MARF, "children": children, "consents": [_CONSENT], "sharingLog": [entry]}
        if not children:
            del record["children"]
        [shared] = [
            resource
            for resource in _resources(record, "Communication")
            if resource["sent"] == "2026-05-02"
        ]
        consents = [_url(resource) for resource in _resources(record, "Consent")]
        assert shared["basedOn"] == [{"reference": consents[0]}]


@pytest.mark.parametrize(
    ("status", "theirs", "provision"),
    [
        ("given", "active", "permit"),
        ("refused", "rejected", "deny"),
        ("withdrawn", "inactive", "deny"),
        ("not-obtained", "proposed", "deny"),
    ],
)
def test_consent_is_in_force_only_if_given(status: str, theirs: str, provision: str) -> None:
    for consent in _consents(status=status):
        assert consent["status"] == theirs
        assert consent["provision"]["type"] == provision


@pytest.mark.parametrize(
    "why",
    [
        {"status": "not-sought", "exemption": "risk-to-safety"},
        {"status": "not-obtained", "rationale": "Nobody answers."},
        {"status": "refused", "goAheadReason": "The risk is too great."},
    ],
)
def test_sharing_without_agreement_is_active_on_another_basis(why: dict[str, str]) -> None:
    for consent in _consents(**why, lawfulBasis="public-task"):
        assert consent["status"] == "active"
        assert consent["policyRule"]["coding"][0]["code"] == "public-task"
        assert consent["verification"] == [{"verified": False}]
        assert consent["provision"]["type"] == "permit"


def test_whom_not_to_tell_is_an_exception() -> None:
    for consent in _consents(
        recipients=[{"organisation": "o1"}],
        recipientsExcluded=[{"organisation": "o2"}, {"description": "My old school"}],
        itemsExcluded=["Health"],
    ):
        school, dentist = (_url(resource) for resource in _resources(_MARF, "Organization"))
        permitted = [each["reference"] for each in consent["provision"]["actor"]]
        assert permitted == [{"reference": school}]
        exceptions = consent["provision"]["provision"]
        assert {exception["type"] for exception in exceptions} == {"deny"}
        [people] = [exception["actor"] for exception in exceptions if "actor" in exception]
        assert [person["reference"] for person in people] == [
            {"reference": dentist},
            {"display": "My old school"},
        ]
        # Items and people are exceptions of their own: neither narrows the other.
        assert [exception["code"] for exception in exceptions if "actor" not in exception] == [
            [{"text": "Health"}]
        ]


def test_a_verification_names_no_organisation() -> None:
    givers = [{"person": "o1", "capacity": "carer", "decision": "agreed", "on": "2026-05-02"}]
    for consent in _consents(givers=givers):
        assert consent["verification"] == [{"verified": True, "verificationDate": "2026-05-02"}]
        assert len(consent["performer"]) == 1


def test_an_extension_names_its_parts_plainly() -> None:
    givers = [{"capacity": "parent", "decision": "agreed"}]
    [giver] = [
        each
        for each in _consents(givers=givers)[0]["extension"]
        if each["url"].endswith("/consent-giver")
    ]
    assert {each["url"] for each in giver["extension"]} == {"capacity", "decision"}


def test_safety_warnings_are_restricted_flags() -> None:
    record = {**_MARF, "safetyWarnings": [{"id": "w1", "type": "visit-in-pairs"}]}
    [flag] = _resources(record, "Flag")
    assert flag["code"]["coding"][0]["code"] == "visit-in-pairs"
    assert flag["status"] == "active"
    assert _labels(flag) == {"R"}


def test_information_to_keep_from_the_family_marks_everything_and_is_copied_nowhere() -> None:
    detail = "Heliotrope"
    record = {
        **_MARF,
        "withheldInformation": [
            {"id": "w1", "about": "Address", "detail": detail, "keepFrom": ["c1"]}
        ],
    }
    bundle = to_bundle(record)
    [flag] = _resources(record, "Flag")
    [composition] = _resources(record, "Composition")
    [form] = _resources(record, "QuestionnaireResponse")
    assert composition["confidentiality"] == "V"
    for each in (bundle, composition, form, flag):
        assert _labels(each) == {"V", "PHY"}
    [kept] = [e["valueReference"] for e in flag["extension"] if e["url"].endswith("/keep-from")]
    assert kept == {"reference": _url(_resources(record, "Patient")[0])}
    holders = [e["resource"] for e in bundle["entry"] if detail in str(e)]
    assert holders == [form]


def test_an_ordinary_record_is_only_restricted() -> None:
    [composition] = _resources(_MARF, "Composition")
    assert composition["confidentiality"] == "R"
    assert _labels(to_bundle(_MARF)) == set()


@pytest.mark.parametrize("risk", [True, False])
def test_immediate_risk_leads(risk: bool) -> None:
    record = {**_MARF, "immediateRisk": risk}
    [request] = _resources(record, "ServiceRequest")
    assert (request.get("priority") == "stat") is risk
    assert len(_resources(record, "Flag")) == int(risk)


def test_a_document_that_is_not_attached_says_why() -> None:
    attachment = {
        "id": "a1",
        "type": "genogram",
        "status": "not-attached",
        "reason": "not-obtained",
        "confidential": True,
    }
    [document] = _resources({**_MARF, "attachments": [attachment]}, "DocumentReference")
    [why] = document["content"][0]["attachment"]["extension"]
    assert why["valueCode"] == "temp-unknown"
    assert document["category"][0]["coding"][0]["code"] == "not-attached"
    assert document["securityLabel"][0]["coding"][0]["code"] == "V"


def test_the_fingerprint_is_not_said_to_be_a_sha_1() -> None:
    attachment = {"id": "a1", "type": "genogram", "status": "attached", "sha512": "ab" * 64}
    [document] = _resources({**_MARF, "attachments": [attachment]}, "DocumentReference")
    assert "hash" not in document["content"][0]["attachment"]


def test_what_was_not_shared_is_not_done() -> None:
    entry = {
        "id": "s1",
        "shared": False,
        "on": "2026-05-02",
        "notSharedReason": "No basis.",
        "recipients": [{"organisation": "o1"}, {"description": "The club"}],
    }
    [shared] = _resources({**_MARF, "sharingLog": [entry]}, "Communication")
    assert shared["status"] == "not-done"
    assert shared["statusReason"] == {"text": "No basis."}
    assert [sorted(each) for each in shared["recipient"]] == [["reference"], ["display"]]


def test_the_receivers_task_is_about_the_request() -> None:
    [request] = _resources(_MARF, "ServiceRequest")
    [task] = _resources({**_MARF, "familyName": "Alder"}, "Task")
    assert task["focus"] == {"reference": _url(request)}
    assert task["input"][0]["type"]["coding"][0]["code"] == "familyName"


def test_an_outcome_points_to_its_referral_by_record_id() -> None:
    record = {
        **_MARF,
        "recordType": "referral-outcome",
        "referral": {"recordId": "m-7"},
        "outcome": "advice-no-referral",
        "singleAssessment": {"startedOn": "2026-05-02"},
    }
    task, assessment = _resources(record, "Task")
    assert task["focus"]["identifier"]["value"] == "m-7"
    assert task["status"] == "rejected"
    assert assessment["partOf"] == [{"reference": _url(task)}]


def test_other_records_say_which_field_names_them() -> None:
    record = {
        **_MARF,
        "relatedRecords": [{"recordId": "p-1"}],
        "earlyHelpPlans": [{"recordId": "p-2"}],
    }
    found = {
        resource["masterIdentifier"]["value"]: resource["category"][0]["coding"][0]["code"]
        for resource in _resources(record, "DocumentReference")
    }
    assert found == {"p-1": "relatedRecords", "p-2": "earlyHelpPlans"}


@pytest.mark.parametrize(
    "record_type",
    ["marf", "referral-outcome", "early-help-request", "escalation", "consent-record"],
)
def test_a_record_with_nothing_in_it_is_a_valid_document(record_type: str) -> None:
    record = {
        **_EMPTY,
        "recordType": record_type,
        "consents": [_CONSENT],
        "attachments": [{"id": "a1", "type": "genogram", "status": "attached"}],
        "safetyWarnings": [{"id": "w1", "type": "weapons"}],
        "withheldInformation": [{"id": "w2"}],
        "statutoryPlans": [{"id": "s1", "type": "child-in-need-plan"}],
        "sharingLog": [{"id": "l1", "shared": True, "on": "2026-05-02"}],
        "contacts": [{"id": "e1", "at": "2026-05-02T09:00:00Z"}],
    }
    bundle = to_bundle(record)
    Bundle.model_validate(copy.deepcopy(bundle))
    known = {each["fullUrl"] for each in bundle["entry"]}
    assert _references(bundle) <= known


def _references(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["reference"]} if isinstance(value.get("reference"), str) else set()
        return own.union(*(_references(each) for each in value.values()))
    if isinstance(value, list):
        return set().union(*(_references(each) for each in value))
    return set()


def test_a_record_is_not_dated_by_its_text() -> None:
    record = {**_MARF, "recordType": "escalation", "resolution": "z", "raisedOn": "2026-05-01"}
    del record["createdAt"]
    assert to_bundle(record)["timestamp"] == "2026-05-01T00:00:00Z"


_LINE = st.text(st.characters(exclude_categories=["C"]), min_size=1)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("record-id", _LINE),
        ("code-text", _LINE),
        ("record-type", st.sampled_from(sorted(titles("record-type")))),
        ("number-text", st.integers(1, 10**18 - 1)),
        ("size", st.integers(0, 2**40)),
        ("agreed", st.sampled_from(["agreed", "refused"])),
        ("provision-type", st.sampled_from(["given", "refused"])),
        ("no-agreement", st.just("not-sought")),
        ("shared-or-not", st.booleans()),
        ("anonymity-wanted", st.booleans()),
        ("immediate-risk", st.booleans()),
        ("at-once", st.booleans()),
        ("very-restricted", st.booleans()),
        ("very-restricted-label", st.booleans()),
    ],
)
@given(data=st.data())
def test_what_goes_there_comes_back(name: str, values: Any, data: st.DataObject) -> None:
    """It may have no word for a value; but what it says, it reads as the same value."""
    pair, value = converters()[name], data.draw(values)
    theirs = pair.to_target(value, None)  # type: ignore[arg-type] # none of these looks at the scene
    if theirs is not None:
        assert pair.from_target(theirs, None) == value  # type: ignore[arg-type] # nor here
    else:
        assert name in {"code-text", "size"} or value is False


@pytest.mark.parametrize("name", ["goes-ahead", "goes-ahead-provision"])
def test_that_work_goes_ahead_does_not_say_why(name: str) -> None:
    pair = converters()[name]
    theirs = pair.to_target("Because.", None)  # type: ignore[arg-type] # it does not look at the scene
    assert theirs
    assert pair.from_target(theirs, None) is None  # type: ignore[arg-type] # nor here
