"""Every planted fault is found by full verification, at its place and by its rule."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from tests.helpers.verify_sample import NHS, UK, document, plain, text, to, url

from eh_interop.formats.fhir.verification import verify

Change = Callable[[dict[str, Any]], object]
PATIENT, COMPOSITION, FORM, PLAN, CONSENT, REQUEST = 1, 0, 5, 6, 8, 9
MARKER = "Zzyzx-marker"


def put(**fields: Any) -> Change:
    return lambda resource: resource.update(fields)


def drop(name: str) -> Change:
    return lambda resource: resource.pop(name)


def div(inner: str) -> Change:
    return lambda resource: resource["text"].update(div=text("x")["div"].replace("x</p>", inner))


NAME = ("name", 0)
# resource, what to change, the rule, the end of the FHIRPath
FAULTS: dict[str, tuple[int, Change, str, str]] = {
    "required complex": (CONSENT, drop("scope"), "required", ".scope"),
    "required primitive": (COMPOSITION, drop("title"), "required", ".title"),
    "required nested": (
        CONSENT,
        lambda r: r["provision"]["actor"][0].pop("role"),
        "required",
        ".provision.actor[0].role",
    ),
    "required choice": (10, lambda r: r["output"][0].pop("valueReference"), "required", "].value"),
    "code": (PATIENT, put(gender=MARKER), "code", ".gender"),
    "code in a list": (COMPOSITION, lambda r: r["attester"][0].update(mode="x"), "code", ".mode"),
    "code of status": (REQUEST, put(intent="referral"), "code", ".intent"),
    "code with a space": (15, put(status="active "), "code", ".status"),
    "language": (
        PATIENT,
        lambda r: r["communication"][0]["language"]["coding"][0].update(system="http://x.org"),
        "contains",
        ".language.coding",
    ),
    "dangling urn": (REQUEST, put(requester=to(99)), "dangling", ".requester.reference"),
    "dangling relative": (
        REQUEST,
        put(requester={"reference": "Practitioner/no"}),
        "dangling",
        ".requester.reference",
    ),
    "wrong target": (REQUEST, put(subject=to(4)), "target-type", ".subject.reference"),
    "wrong target of a list": (
        COMPOSITION,
        lambda r: r["author"].append(to(8)),
        "target-type",
        ".author[2].reference",
    ),
    "bare uuid": (REQUEST, put(requester={"reference": url(3)[9:]}), "reference-form", "reference"),
    "type beside": (
        REQUEST,
        put(subject={**to(1), "type": "Group"}),
        "reference-type",
        "reference",
    ),
    "not contained": (REQUEST, put(requester={"reference": "#x"}), "ref-1", ".reference"),
    "list for one": (PATIENT, put(birthDate=["2017-03-09"]), "type", ".birthDate"),
    "one for list": (PATIENT, put(name={"text": "x"}), "type", ".name"),
    "empty list": (CONSENT, put(category=[]), "minItems", ".category"),
    "unknown field": (PATIENT, put(**{MARKER: "x"}), "additionalProperties", "resource"),
    "unknown nested": (
        CONSENT,
        lambda r: r["provision"].update(colour="x"),
        "additionalProperties",
        ".provision",
    ),
    "field of R5": (CONSENT, put(grantor=[to(2)]), "additionalProperties", "resource"),
    "two values": (
        FORM,
        lambda r: r["item"][0]["item"][0]["answer"][0].update(valueInteger=1),
        "form",
        ".answer[0]",
    ),
    "unknown type": (15, put(resourceType="Referral"), "resource-type", ".resourceType"),
    "empty object": (PATIENT, lambda r: r["name"].append({}), "minProperties", ".name[1]"),
    "only an id": (PATIENT, lambda r: r["name"].append({"id": "x"}), "not", ".name[1]"),
    "empty text": (PATIENT, lambda r: r["name"][0].update(family=""), "form", ".family"),
    "blank text": (PATIENT, lambda r: r["name"][0].update(family=" \n"), "form", ".family"),
    "null": (PATIENT, put(active=None), "type", ".active"),
    "no such day": (PATIENT, put(birthDate="2017-02-30"), "form", ".birthDate"),
    "other date": (PATIENT, put(birthDate="09/03/2017"), "form", ".birthDate"),
    "no zone": (COMPOSITION, put(date="2026-05-04T10:30:00"), "form", ".date"),
    "no time": (13, put(recorded="2026-05-04"), "form", ".recorded"),
    "boolean as text": (PATIENT, put(active="true"), "type", ".active"),
    "integer as text": (
        FORM,
        lambda r: r["item"][0]["item"][1]["answer"][0].update(valueInteger="3"),
        "type",
        ".answer[0].value",
    ),
    "half an integer": (
        FORM,
        lambda r: r["item"][0]["item"][1]["answer"][0].update(valueInteger=3.5),
        "type",
        ".answer[0].value",
    ),
    "id with a space": (PATIENT, put(id="a b"), "form", ".id"),
    "long id": (PATIENT, put(id="a" * 65), "form", ".id"),
    "uri with a space": (PATIENT, put(implicitRules="http://x.org/a b"), "form", ".implicitRules"),
    "script": (COMPOSITION, div("<script>x</script></p>"), "txt-1", ".text.div"),
    "event": (COMPOSITION, div('<b onclick="x()">x</b></p>'), "txt-1", ".text.div"),
    "javascript": (COMPOSITION, div('<a href=" java&#10;script:x">x</a></p>'), "txt-1", ".div"),
    "form": (COMPOSITION, div("<input/></p>"), "txt-1", ".text.div"),
    "style sheet": (COMPOSITION, div("<style>p {}</style></p>"), "txt-1", ".text.div"),
    "style that loads": (
        COMPOSITION,
        div('<b style="background: url(http://x.org)">x</b></p>'),
        "txt-1",
        ".text.div",
    ),
    "not well formed": (COMPOSITION, div("x"), "txt-1", ".text.div"),
    "entity": (COMPOSITION, div("&nbsp;</p>"), "txt-1", ".text.div"),
    "nothing to read": (COMPOSITION, div(" </p>"), "txt-2", ".text.div"),
    "ppc-1": (CONSENT, drop("policyRule"), "ppc-1", "resource"),
    "cmp-1": (COMPOSITION, lambda r: r["section"].append({"title": "x"}), "cmp-1", ".section[2]"),
    "cmp-2": (
        COMPOSITION,
        lambda r: r["section"][0].update(emptyReason={"text": "x"}),
        "cmp-2",
        ".section[0]",
    ),
    "cpl-3": (PLAN, lambda r: r["activity"][0].update(reference=to(9)), "cpl-3", ".activity[0]"),
    "gol-1": (7, lambda r: r["target"][0].pop("measure"), "gol-1", ".target[0]"),
    "inv-1": (10, put(lastModified="2026-05-04T09:15:00Z"), "inv-1", "resource"),
    "per-1": (PLAN, put(period={"start": "2026-11", "end": "2026-05-04"}), "per-1", ".period"),
    "qrs-1": (FORM, lambda r: r["item"][0].update(answer=[{"valueString": "x"}]), "qrs-1", "[0]"),
    "prr-1": (REQUEST, drop("code"), "prr-1", "resource"),
    "ext-1": (
        PATIENT,
        lambda r: r["extension"].append({"url": "https://example.org/y"}),
        "ext-1",
        ".extension[1]",
    ),
    "ext-1 both": (
        PATIENT,
        lambda r: r["extension"].append(
            {"url": "https://x.org", "valueString": "x", "extension": [{"url": "y"}]}
        ),
        "ext-1",
        ".extension[1]",
    ),
    "dom-3": (
        PLAN,
        put(contained=[{"resourceType": "Organization", "id": "o", "name": "x"}]),
        "dom-3",
        "resource",
    ),
    "ctm-1": (11, lambda r: r["participant"][1].update(onBehalfOf=to(4)), "ctm-1", "[1]"),
    "obs-6": (12, put(dataAbsentReason={"text": "x"}), "obs-6", "resource"),
    "obs-7": (12, lambda r: r["component"].append({"code": r["code"]}), "obs-7", "resource"),
    "att-1": (
        14,
        lambda r: r["content"][0]["attachment"].pop("contentType"),
        "att-1",
        ".attachment",
    ),
    "org-2": (4, lambda r: r["address"][0].update(use="home"), "org-2", ".address[0]"),
    "pat-1": (PATIENT, put(contact=[{"gender": "female"}]), "pat-1", ".contact[0]"),
    "tim-1": (
        REQUEST,
        put(occurrenceTiming={"repeat": {"duration": 1}}),
        "tim-1",
        ".occurrence.repeat",
    ),
    "two NHS numbers": (
        PATIENT,
        lambda r: r["identifier"].append({"system": NHS, "value": "9990000026"}),
        "ukcore-patient-nhs-number",
        ".identifier",
    ),
    "NHS number without value": (
        PATIENT,
        lambda r: r["identifier"][0].pop("value"),
        "ukcore-patient-nhs-number",
        ".identifier[0]",
    ),
    "verification status": (
        PATIENT,
        lambda r: r["identifier"][0]["extension"][0]["valueCodeableConcept"]["coding"][0].update(
            code="99"
        ),
        "ukcore-verification-status",
        ".value.coding",
    ),
    "ethnic category twice": (
        PATIENT,
        lambda r: r["extension"].append(copy.deepcopy(r["extension"][0])),
        "ukcore-patient-ethniccategory",
        ".extension",
    ),
    "ethnic category as text": (
        PATIENT,
        put(extension=[{"url": f"{UK}Extension-UKCore-EthnicCategory", "valueString": "x"}]),
        "extension-value",
        ".extension[0]",
    ),
    "extension in a wrong place": (
        2,
        put(
            extension=[
                {
                    "url": f"{UK}Extension-UKCore-EthnicCategory",
                    "valueCodeableConcept": {"text": "x"},
                }
            ]
        ),
        "extension-place",
        ".extension[0]",
    ),
    "extension that UK Core lacks": (
        PATIENT,
        put(extension=[{"url": f"{UK}Extension-UKCore-Upn", "valueString": "x"}]),
        "extension-name",
        ".extension[0].url",
    ),
    "ODS code without value": (
        4,
        lambda r: r["identifier"][0].pop("value"),
        "ukcore-organization-ods-organisation",
        ".identifier[0]",
    ),
    "profile that UK Core lacks": (
        PATIENT,
        put(meta={"profile": [f"{UK}UKCore-Pupil"]}),
        "profile",
        ".meta.profile[0]",
    ),
    "profile of another type": (
        PATIENT,
        put(meta={"profile": [f"{UK}UKCore-Consent"]}),
        "profile",
        ".meta.profile[0]",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(name):
    number, change, rule, end = FAULTS[name]
    bundle = document()
    change(bundle["entry"][number]["resource"])

    found = [each for each in verify(bundle) if each.severity == "error"]

    assert (rule, True) in {(each.rule, each.path.endswith(end)) for each in found}
    assert all(each.place.startswith(f"/entry/{number}/") for each in found)
    assert MARKER not in repr(found)


BUNDLE_FAULTS: dict[str, tuple[Change, str]] = {
    "first entry": (lambda b: b["entry"].insert(0, b["entry"].pop(1)), "bdl-11"),
    "no identifier": (drop("identifier"), "bdl-9"),
    "no system": (lambda b: b["identifier"].pop("system"), "bdl-9"),
    "no timestamp": (drop("timestamp"), "bdl-10"),
    "fullUrl twice": (lambda b: b["entry"].append(b["entry"][15]), "bdl-7"),
    "no fullUrl": (lambda b: b["entry"][7].pop("fullUrl"), "dangling"),
    "version in fullUrl": (
        lambda b: b["entry"][15].update(fullUrl="https://x.org/Flag/1/_history/2"),
        "bdl-8",
    ),
    "total": (put(total=3), "bdl-1"),
    "request": (
        lambda b: b["entry"][15].update(request={"method": "GET", "url": "Flag"}),
        "bdl-3",
    ),
    "message": (put(type="message"), "bdl-12"),
    "no type": (drop("type"), "required"),
    "empty entry": (lambda b: b["entry"].append({"fullUrl": url(77)}), "bdl-5"),
}


@pytest.mark.parametrize("name", BUNDLE_FAULTS)
def test_a_fault_of_the_bundle_is_found(name):
    change, rule = BUNDLE_FAULTS[name]
    bundle = document()
    change(bundle)
    assert rule in {each.rule for each in verify(bundle)}


PLAIN_FAULTS: dict[str, tuple[int, Change, str]] = {
    "grp-1": (0, put(actual=False), "grp-1"),
    "dangling": (0, put(member=[{"entity": {"reference": "Patient/x"}}]), "dangling"),
    "dom-2": (1, lambda r: r["contained"][0].update(contained=[{"id": "i"}]), "dom-2"),
    "dom-4": (1, lambda r: r["contained"][0].update(meta={"versionId": "1"}), "dom-4"),
    "dom-5": (1, lambda r: r["contained"][0].update(meta={"security": [{}]}), "dom-5"),
    "contained is checked": (1, lambda r: r["contained"][0].pop("name"), "org-1"),
    "que-1": (2, lambda r: r["item"][0].pop("item"), "que-1"),
    "que-2": (2, lambda r: r["item"][0]["item"][0].update(linkId="1"), "que-2"),
    "que-10": (2, lambda r: r["item"][0]["item"][0].update(type="date"), "que-10"),
}


@pytest.mark.parametrize("name", PLAIN_FAULTS)
def test_a_fault_of_plain_r4_is_found(name):
    number, change, rule = PLAIN_FAULTS[name]
    bundle = plain()
    change(bundle["entry"][number]["resource"])
    assert rule in {each.rule for each in verify(bundle)}
