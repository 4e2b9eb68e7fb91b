"""Skeletons: everything that is required is there to be filled in, and nothing passes unfilled."""

import copy
import json

import pytest
from tests.helpers.support import AS_OF

from eh_interop import Disposition, check, load_area, load_standard
from eh_interop.core.pointer import join, resolve
from eh_interop.samples.skeleton import FILL_IN, placeholders, skeleton
from eh_interop.standard.areas import area_names

STANDARD = load_standard()
PAIRS = [
    pytest.param(record_type, area, id=f"{record_type}-{area}")
    for record_type in STANDARD.record_types
    for area in area_names()
]


def made(record_type, area):
    return skeleton(STANDARD, record_type, load_area(area))


@pytest.mark.parametrize(("record_type", "area"), PAIRS)
def test_check_reports_exactly_what_is_to_be_filled_in(record_type, area):
    document = made(record_type, area)
    wanted = sorted(join(steps) for steps in placeholders(document))
    places = sorted(finding.place for finding in check(json.dumps(document), as_of=AS_OF).findings)
    assert places == wanted
    assert wanted


@pytest.mark.slow
@pytest.mark.parametrize(("record_type", "area"), PAIRS)
def test_the_fields_are_in_the_order_of_the_form(record_type, area):
    order = [name for part in STANDARD.sections(record_type) for name in part.holds]
    assert list(made(record_type, area)) == [
        name for name in order if name in made(record_type, area)
    ]


@pytest.mark.parametrize(("record_type", "area"), PAIRS)
def test_every_id_that_is_asked_for_has_a_list(record_type, area):
    document = made(record_type, area)
    properties = STANDARD.record_schema(record_type)["properties"]
    for steps in placeholders(document):
        _, _, lists = resolve(document, steps)[FILL_IN].partition("the id of one of ")
        first = lists.split(" or ")[0]
        assert not lists or first in document or first not in properties


def test_it_says_its_type_version_and_area():
    document = made("marf", "staffordshire")
    assert document["recordType"] == "marf"
    assert document["standardVersion"] == "1.0"
    assert document["area"] == "staffordshire"


def test_a_placeholder_says_what_to_write():
    document = made("marf", "gloucestershire")
    assert document["referredOn"] == {FILL_IN: "Date of the referral: YYYY-MM-DD"}
    assert document["children"][0]["sex"][FILL_IN] == "Sex: one of M, F, U"
    assert "the id of one of practitioners" in document["referrer"]["practitioner"][FILL_IN]


def test_documents_that_are_always_wanted_are_listed():
    types = {attachment["type"] for attachment in made("marf", "gloucestershire")["attachments"]}
    assert "genogram" in types


def test_nobody_is_taken_to_be_safe_until_somebody_says_so():
    document = made("marf", "gloucestershire")
    assert check(document, as_of=AS_OF).disposition is Disposition.ACT_NOW


def test_one_that_is_filled_in_is_one_finding_less():
    document = made("plan", "england")
    before = len(check(document, as_of=AS_OF).findings)
    filled = copy.deepcopy(document)
    filled["createdAt"] = "2026-10-20T14:05:00Z"
    assert len(check(filled, as_of=AS_OF).findings) == before - 1
