"""Restricted labels of other people's FHIR are never dropped."""

import copy
import json

import pytest
from tests.helpers.support import EXAMPLES

from eh_interop.sources.opening import open_sources

REFERRAL = json.loads((EXAMPLES / "fhir" / "social-need-referral.json").read_text("utf-8"))


def patients(bundle):
    return [
        entry["resource"]
        for entry in bundle["entry"]
        if entry["resource"]["resourceType"] == "Patient"
    ]


def read(bundle, folder):
    path = folder / "bundle.json"
    path.write_text(json.dumps(bundle), "utf-8")
    (record,) = open_sources([str(path)])
    return record


@pytest.mark.parametrize("code", ["R", "V"])
def test_a_restricted_patient_protects_the_addresses_and_warns(tmp_path, code):
    bundle = copy.deepcopy(REFERRAL)
    system = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
    for patient in patients(bundle):
        patient["meta"] = {"security": [{"system": system, "code": code}]}
        patient.setdefault("address", [{"line": ["1 Elm Road"], "city": "Wexcombe"}])
    record = read(bundle, tmp_path)
    addresses = [a for child in record.document["children"] for a in child.get("addresses", ())]
    assert addresses
    assert all(address["confidential"] is True for address in addresses)
    kinds = [warning["type"] for warning in record.document["safetyWarnings"]]
    assert "address-must-not-be-disclosed" in kinds
    told = [finding for finding in record.findings if finding.code == "FHR-022"]
    assert told
    assert all(finding.origin and finding.origin.path for finding in told)


def test_what_is_not_restricted_is_read_as_before(tmp_path):
    record = read(REFERRAL, tmp_path)
    assert "FHR-022" not in {finding.code for finding in record.findings}
