"""The Questionnaire of every record type."""

from __future__ import annotations

from collections.abc import Iterator

from eh_interop.formats.fhir.guide.about import Resource
from eh_interop.formats.fhir.guide.inputs import Inputs
from eh_interop.formats.fhir.questionnaire import questionnaire
from eh_interop.standard.schemas import load_standard


def make(inputs: Inputs) -> Iterator[Resource]:
    """Yield a Questionnaire for each record type."""
    del inputs
    yield from (questionnaire(record_type) for record_type in load_standard().record_types)
