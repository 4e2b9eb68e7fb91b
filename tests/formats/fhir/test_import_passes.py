"""FHIR is imported in three passes, and each returns a value: resources, assignments, a record."""

import copy

from tests.helpers.imports import without_form
from tests.helpers.support import example

from eh_interop.formats.fhir.normalise import normalise
from eh_interop.formats.fhir.record_from_bundle import (
    Unmapped,
    read_assignments,
    record_from_bundle,
)
from eh_interop.formats.fhir.record_tree import plain
from eh_interop.formats.fhir.table_matching import Placement, match_tables


def bundle(*resources):
    entries = [
        {"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource} for resource in resources
    ]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


REFERRAL = bundle(
    {
        "resourceType": "ServiceRequest",
        "id": "r1",
        "status": "active",
        "intent": "order",
        "subject": {"reference": "urn:uuid:c1"},
        "requester": {"reference": "urn:uuid:w1"},
    },
    {
        "resourceType": "Patient",
        "id": "c1",
        "name": [{"use": "usual", "given": ["Ann", "Bea"], "family": "Cole"}],
        "address": [{"text": "1 High Street\nStroud"}],
        "photo": [{"url": "https://example.org/photo"}],
    },
    {"resourceType": "Practitioner", "id": "w1", "name": [{"text": "Dr Xu"}]},
)


def by_type(resources, name):
    (resource,) = resources.of_type(name)
    return resource


# Normalise.


def test_normalising_changes_the_form_and_keeps_the_original():
    before = copy.deepcopy(REFERRAL)
    child = by_type(normalise(REFERRAL), "Patient")
    assert child.resource["name"][0]["use"] == "official"
    assert child.resource["name"][0]["text"] == "Ann Bea Cole"
    assert child.resource["address"][0]["line"] == ["1 High Street", "Stroud"]
    assert child.original is REFERRAL["entry"][1]["resource"]
    assert before == REFERRAL


def test_what_was_put_into_another_form_knows_where_it_stood():
    child = by_type(normalise(REFERRAL), "Patient")
    at = ("entry", 1, "resource")
    assert child.at(("address", 0, "line", 1)) == (*at, "address", 0, "text")
    assert child.at(("name", 0, "text")) == (*at, "name", 0)
    assert child.at(("name", 0, "family")) == (*at, "name", 0, "family")


def test_a_contained_resource_is_known_to_its_container_alone():
    container = {
        "resourceType": "ServiceRequest",
        "id": "r1",
        "contained": [{"resourceType": "Patient", "id": "c1"}],
    }
    resources = normalise(bundle(container, {"resourceType": "Task", "id": "t1"}))
    request, child, task = resources.all
    assert resources.named("#c1", request) is child
    assert resources.named("#c1", task) is None


# Match tables.


def test_each_resource_gets_a_table_and_an_item_and_nothing_is_read_yet():
    resources = normalise(REFERRAL)
    found = match_tables(resources, "marf")
    request, child, practitioner = (found.by_resource[resource] for resource in resources.all)
    assert (request.placement, request.item.place) == (Placement.ITEM, ())
    assert (child.item.place, child.item.local_id) == (("children", 0), "children-1")
    assert practitioner.item.place == ("practitioners", 0)
    assert [item.local_id for item in found.items] == ["children-1", "practitioners-1"]


def test_a_resource_that_no_table_reads_has_no_assignment():
    resources = normalise(bundle({"resourceType": "Device", "id": "d1"}))
    assert not match_tables(resources, "marf").by_resource


def test_matching_twice_gives_the_same():
    resources = normalise(without_form(example("gloucestershire/marf")))
    one, two = (match_tables(resources, "marf") for _ in range(2))
    assert [
        (found.resource, found.table.table.key, found.item.place)
        for found in one.by_resource.values()
    ] == [
        (found.resource, found.table.table.key, found.item.place)
        for found in two.by_resource.values()
    ]


def test_a_practitioner_without_a_post_is_one_practitioner():
    record = record_from_bundle(REFERRAL, "marf").record
    assert record["practitioners"] == [{"id": "practitioners-1", "name": {"full": "Dr Xu"}}]
    assert record["referrer"] == {"practitioner": "practitioners-1"}


# Read.


def test_reading_gives_a_tree_and_what_was_not_read():
    assignments = match_tables(normalise(REFERRAL), "marf")
    read = read_assignments(assignments)
    record = plain(read.tree)
    assert record["children"][0]["name"]["full"] == "Ann Bea Cole"
    assert Unmapped("element", ("entry", 1, "resource", "photo")) in read.unmapped


def test_reading_twice_gives_the_same_and_changes_no_assignment():
    assignments = match_tables(normalise(without_form(example("gloucestershire/marf"))), "marf")
    one, two = (read_assignments(assignments) for _ in range(2))
    assert plain(one.tree) == plain(two.tree)
    assert one.unmapped == two.unmapped


def test_a_resource_entered_in_error_is_unmapped_as_that():
    wrong = {"resourceType": "Flag", "id": "f1", "status": "entered-in-error"}
    read = read_assignments(match_tables(normalise(bundle(wrong)), "marf"))
    assert read.unmapped == (Unmapped("entered-in-error", ("entry", 0, "resource")),)
