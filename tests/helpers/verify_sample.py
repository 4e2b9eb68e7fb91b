"""An invented document Bundle in the shape of UK Core, for the tests of verification."""

from __future__ import annotations

from typing import Any

from eh_interop.formats.fhir.verification import EVERY, how_thoroughly, verify

UK = "https://fhir.hl7.org.uk/StructureDefinition/"
NHS = "https://fhir.nhs.uk/Id/nhs-number"
ROLE = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"


def url(number: int) -> str:
    return f"urn:uuid:00000000-0000-4000-8000-{number:012}"


def to(number: int) -> dict[str, str]:
    return {"reference": url(number)}


def concept(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def text(words: str) -> dict[str, str]:
    div = f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{words}</p></div>'
    return {"status": "generated", "div": div}


def resources() -> list[dict[str, Any]]:
    """Return the resources; each stands at the index that :func:`to` takes."""
    patient = {
        "resourceType": "Patient",
        "id": "child",
        "meta": {"profile": [f"{UK}UKCore-Patient"]},
        "extension": [
            {
                "url": f"{UK}Extension-UKCore-EthnicCategory",
                "valueCodeableConcept": concept(
                    "https://fhir.hl7.org.uk/CodeSystem/UKCore-EthnicCategoryEngland", "A"
                ),
            }
        ],
        "identifier": [
            {
                "extension": [
                    {
                        "url": f"{UK}Extension-UKCore-NHSNumberVerificationStatus",
                        "valueCodeableConcept": concept(
                            "https://fhir.hl7.org.uk/CodeSystem/"
                            "UKCore-NHSNumberVerificationStatusEngland",
                            "01",
                        ),
                    }
                ],
                "system": NHS,
                "value": "9990000018",
            }
        ],
        "active": True,
        "name": [{"use": "official", "family": "Sample", "given": ["Ash", "Rowan"]}],
        "gender": "female",
        "birthDate": "2017-03-09",
        "_birthDate": {"extension": [{"url": "https://example.org/x", "valueString": "seen"}]},
        "communication": [{"language": concept("urn:ietf:bcp:47", "cy")}],
        "contact": [{"name": {"text": "Aunt"}}],
        "managingOrganization": to(4),
    }
    composition = {
        "resourceType": "Composition",
        "meta": {"profile": [f"{UK}UKCore-Composition"]},
        "text": text("A request for early help."),
        "status": "final",
        "type": {"text": "MARF"},
        "subject": to(1),
        "date": "2026-05-04T10:30:00+01:00",
        "author": [to(3), to(4)],
        "title": "Multi-agency referral form",
        "attester": [{"mode": "professional", "party": to(3)}],
        "section": [
            {"title": "Form", "entry": [to(5)]},
            {"title": "Plan", "text": text("See the plan."), "entry": [to(6), to(9)]},
        ],
    }
    return [
        composition,
        patient,
        {
            "resourceType": "RelatedPerson",
            "patient": to(1),
            "relationship": [concept(ROLE, "MTH")],
            "name": [{"text": "Parent"}],
        },
        {"resourceType": "Practitioner", "name": [{"family": "Worker"}]},
        {
            "resourceType": "Organization",
            "identifier": [
                {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "X9999"}
            ],
            "name": "Exampleshire Council",
            "address": [{"use": "work", "postalCode": "ZZ99 3WZ"}],
        },
        {
            "resourceType": "QuestionnaireResponse",
            "status": "completed",
            "subject": to(1),
            "item": [
                {
                    "linkId": "a",
                    "item": [
                        {"linkId": "a.b", "answer": [{"valueString": "Words"}]},
                        {"linkId": "a.c", "answer": [{"valueInteger": 3}]},
                    ],
                }
            ],
        },
        {
            "resourceType": "CarePlan",
            "status": "active",
            "intent": "plan",
            "subject": to(1),
            "period": {"start": "2026-05-04", "end": "2026-11-04"},
            "goal": [to(7)],
            "activity": [{"detail": {"status": "in-progress", "description": "A visit"}}],
        },
        {
            "resourceType": "Goal",
            "lifecycleStatus": "active",
            "description": {"text": "School every day"},
            "subject": to(1),
            "target": [{"measure": {"text": "Attendance"}, "detailString": "95 of 100 days"}],
        },
        {
            "resourceType": "Consent",
            "status": "active",
            "scope": concept(
                "http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy"
            ),
            "category": [concept("http://terminology.hl7.org/CodeSystem/v3-ActCode", "INFA")],
            "patient": to(1),
            "performer": [to(2)],
            "policyRule": {"text": "Public task"},
            "provision": {"actor": [{"role": concept(ROLE, "GUARD"), "reference": to(4)}]},
        },
        {
            "resourceType": "ServiceRequest",
            "status": "active",
            "intent": "proposal",
            "priority": "routine",
            "code": {"text": "Referral"},
            "orderDetail": [{"text": "Do not write to the home"}],
            "subject": to(1),
            "requester": to(3),
            "performer": [to(4)],
        },
        {
            "resourceType": "Task",
            "status": "requested",
            "intent": "order",
            "focus": to(9),
            "authoredOn": "2026-05-04T10:30:00+01:00",
            "lastModified": "2026-05-04T09:45:00Z",
            "output": [{"type": {"text": "plan"}, "valueReference": to(6)}],
        },
        {
            "resourceType": "CareTeam",
            "subject": to(1),
            "participant": [{"member": to(3), "onBehalfOf": to(4)}, {"member": to(2)}],
        },
        {
            "resourceType": "Observation",
            "status": "final",
            "code": concept("https://example.org/needs", "level"),
            "subject": to(1),
            "valueInteger": 2,
            "component": [{"code": concept("https://example.org/needs", "home")}],
        },
        {
            "resourceType": "Provenance",
            "target": [to(6)],
            "recorded": "2026-05-04T10:30:00Z",
            "agent": [{"who": to(3)}],
            "entity": [{"role": "source", "what": to(5)}],
        },
        {
            "resourceType": "DocumentReference",
            "status": "current",
            "content": [{"attachment": {"contentType": "text/plain", "data": "SGVsbG8="}}],
        },
        {
            "resourceType": "Flag",
            "status": "active",
            "code": {"text": "Two workers together"},
            "subject": to(1),
        },
    ]


def document() -> dict[str, Any]:
    """Return a document Bundle with nothing wrong with it."""
    return {
        "resourceType": "Bundle",
        "identifier": {"system": "https://example.org/Id/record", "value": "R-1"},
        "type": "document",
        "timestamp": "2026-05-04T10:30:00Z",
        "entry": [
            {"fullUrl": url(number), "resource": each} for number, each in enumerate(resources())
        ],
    }


def plain() -> dict[str, Any]:
    """Return a collection of plain R4, without UK Core, with relative references."""
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {
                "fullUrl": "https://example.org/fhir/Group/g",
                "resource": {
                    "resourceType": "Group",
                    "id": "g",
                    "type": "person",
                    "actual": True,
                    "member": [{"entity": {"reference": "Patient/p"}}],
                },
            },
            {
                "fullUrl": "https://example.org/fhir/Patient/p",
                "resource": {
                    "resourceType": "Patient",
                    "id": "p",
                    "contained": [{"resourceType": "Organization", "id": "o", "name": "Club"}],
                    "managingOrganization": {"reference": "#o"},
                },
            },
            {
                "fullUrl": "https://example.org/fhir/Questionnaire/q",
                "resource": {
                    "resourceType": "Questionnaire",
                    "id": "q",
                    "status": "active",
                    "item": [
                        {
                            "linkId": "1",
                            "type": "group",
                            "item": [{"linkId": "1.1", "type": "string", "maxLength": 9}],
                        }
                    ],
                },
            },
        ],
    }


def verify_many(documents, which="sample", every=EVERY):
    """Yield each document with what is wrong with it, verified as one of many."""
    for number, one in enumerate(documents):
        yield one, verify(one, how_thoroughly(which, number, every))
