"""A record as the items of a QuestionnaireResponse, and back without loss."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.helpers.arbitrary import records

from eh_interop import check, load_standard
from eh_interop.core.findings import Layer
from eh_interop.formats.fhir.form_items import decode, encode

TYPES = load_standard().record_types


@pytest.mark.parametrize("record_type", TYPES)
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_record_comes_back_equal(record_type, data):
    record = data.draw(records(record_type))
    assert not [finding for finding in check(record).findings if finding.layer is Layer.SHAPE]
    assert decode(encode(record, record_type), record_type) == record
