"""Arbitrary records of every type as Bundles and back, on every way that a Bundle can take.

Each record becomes a Bundle in which no fault is found and whose typed resources agree
with its form; the same record comes back from the Bundle as it is, after a journey
through the models of ``fhir.resources``, and after one through XML.

``EH_INTEROP_ROUND_TRIPS`` says how many records there are in all: 300 if it says
nothing; the long run, before a release, has 20,000.
"""

import os

import orjson
import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.helpers.arbitrary import records

from eh_interop import load_standard
from eh_interop.formats.fhir.bundle import to_bundle
from eh_interop.formats.fhir.files.xml_reading import from_tree
from eh_interop.formats.fhir.files.xml_tree import parse
from eh_interop.formats.fhir.files.xml_writing import to_xml
from eh_interop.formats.fhir.questionnaire_response import disagreements, find_forms
from eh_interop.formats.fhir.verification import Thoroughness, verify

TYPES = load_standard().record_types
RECORDS = int(os.environ.get("EH_INTEROP_ROUND_TRIPS", "300"))
FULLY = 10
"""One record in so many is verified fully; the others by the fast gate."""
EVERYTHING_ODD = settings(
    max_examples=max(1, RECORDS // len(TYPES)),
    deadline=None,
    database=None,
    derandomize=RECORDS <= 300,  # the same ones each time; the long run looks further
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
)


def by_models(bundle):
    return orjson.loads(Bundle.model_validate(bundle).model_dump_json())


def by_xml(bundle):
    return from_tree(parse(to_xml(bundle))).document


@pytest.mark.slow
@pytest.mark.parametrize("record_type", TYPES)
@EVERYTHING_ODD
@given(data=st.data())
def test_every_record_comes_back_equal_on_every_way(record_type, data):
    record = data.draw(records(record_type))
    how = Thoroughness.FULL if data.draw(st.integers(1, FULLY)) == 1 else Thoroughness.FAST
    bundle = to_bundle(record)
    assert not verify(bundle, how)
    assert not disagreements(bundle, record)
    for journey in (by_models, by_xml):
        arrived = journey(bundle)
        assert find_forms(arrived)[0].record() == record
        assert not disagreements(arrived, record)
    assert find_forms(bundle)[0].record() == record
