"""Every field has a home in typed resources, or a reason for having none."""

import pytest
from tests.helpers.fhir_coverage import coverage
from tests.helpers.fhir_mapping import PAGE, page

from eh_interop import load_standard
from eh_interop.formats.fhir.tables import load_tables

TYPES = load_standard().record_types
PROMISED = 0.7
"""The least share of fields with a typed home, in the records that others read most."""


@pytest.mark.parametrize("record_type", TYPES)
def test_no_field_is_forgotten(record_type):
    told = coverage(record_type)
    assert told.leaves
    assert told.forgotten == ()
    assert all(each.why for each in told.lost)


@pytest.mark.parametrize("record_type", ["consent-record", "marf", "plan"])
def test_most_fields_are_typed(record_type):
    assert coverage(record_type).share >= PROMISED


def test_no_reason_is_given_for_nothing():
    lost = {each.why for name in TYPES for each in coverage(name).lost}
    assert [each.ours for each in load_tables().lost if each.why not in lost] == []


def test_the_page_is_current(regenerate):
    if regenerate:
        PAGE.write_text(page(), "utf-8")
    assert PAGE.read_text("utf-8") == page(), "run: pytest --regenerate"
