"""Helpers for tests of FHIR that is read: what comes back of a record, leaf by leaf."""

import json

from tests.helpers.fhir_coverage import coverage
from tests.helpers.support import EXAMPLES

from eh_interop.formats.fhir.bundle import to_bundle
from eh_interop.formats.fhir.files import read_fhir
from eh_interop.formats.fhir.opening import open_fhir
from eh_interop.formats.fhir.record_from_bundle import record_from_bundle

RECORDS = sorted(
    path.relative_to(EXAMPLES).with_suffix("").as_posix()
    for folder in ("minimal", "gloucestershire", "staffordshire")
    for path in (EXAMPLES / folder).glob("*.json")
)
BAGS = {
    "relationships": ("person", "relatedTo", "type"),
    "parentalResponsibility": ("holder", "child"),
    "identifiers": ("value", "missingReason"),
    **dict.fromkeys(
        ("recipients", "recipientsExcluded", "copyRecipients"),
        ("organisation", "practitioner", "person"),
    ),
    # Children stand apart: R4 wants them as the subject of an Encounter, not among those present.
    "attendees": (),
}
"""Lists whose order FHIR does not keep, and what tells their entries apart."""


def without_form(record):
    """Return the Bundle of a record as somebody would send it who has no form of ours."""
    bundle = to_bundle(record)
    bundle["entry"] = [
        each
        for each in bundle["entry"]
        if each["resource"]["resourceType"] != "QuestionnaireResponse"
    ]
    return bundle


def opened(document, record_type=None):
    return open_fhir(read_fhir(json.dumps(document).encode(), "a.json"), record_type)


def told(document):
    """Return code and FHIRPath of each finding."""
    return [
        (finding.code, finding.origin.path if finding.origin else "")
        for finding in opened(document).findings()
    ]


def leaves(value, at=()):
    if isinstance(value, dict):
        for name, each in value.items():
            if name not in {"absent", "localData"}:
                yield from leaves(each, (*at, name))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from leaves(each, (*at, number))
    else:
        yield at, value


def link(at):
    return ".".join(step for step in at if isinstance(step, str))


def typed_leaves(record):
    """Return the leaves of a record that have a typed home."""
    homes = {home.link for home in coverage(record["recordType"]).homes}
    return {at: value for at, value in leaves(sorted_bags(record)) if link(at) in homes}


def gathered_leaves(record):
    """Return the leaves of what comes back, by the local ids of the record."""
    back = record_from_bundle(without_form(record), record["recordType"]).record
    ids = {
        f"{name}-{number}": each["id"]
        for name, value in record.items()
        if isinstance(value, list)
        for number, each in enumerate(value, 1)
        if isinstance(each, dict) and "id" in each
    }
    return dict(leaves(sorted_bags(renamed(back, ids))))


def renamed(value, ids):
    if isinstance(value, dict):
        return {name: renamed(each, ids) for name, each in value.items()}
    if isinstance(value, list):
        return [renamed(each, ids) for each in value]
    return ids.get(value, value) if isinstance(value, str) else value


def sorted_bags(value, name=""):
    if isinstance(value, dict):
        return {key: sorted_bags(each, key) for key, each in value.items()}
    if not isinstance(value, list):
        return value
    each = [sorted_bags(entry) for entry in value]
    if name not in BAGS:
        return each
    if not all(isinstance(entry, dict) for entry in each):
        return sorted(each)
    return sorted(each, key=lambda entry: [str(entry.get(n, "")) for n in BAGS[name]])
