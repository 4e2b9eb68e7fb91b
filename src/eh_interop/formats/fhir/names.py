"""Names of FHIR things: canonical URLs of our own, and those of HL7, HL7 UK and NHS England."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from hashlib import sha1
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from eh_interop.core.lenient import items
from eh_interop.standard.schemas import BASE, CURRENT

NOT_RECORDED: Final = {"display": "Not recorded"}
"""What stands where FHIR asks for a reference and the record names nobody."""
FHIR_VERSION: Final = "4.0.1"
"""The version of FHIR on the wire."""
UK_CORE: Final = "https://fhir.hl7.org.uk/StructureDefinition/UKCore-"
"""How the canonical URL of a UK Core profile begins."""
RECORD_IDENTIFIER: Final = f"{BASE}Id/record"
"""The system of a record's own id (``recordId``)."""

_NAMESPACE: Final = uuid5(NAMESPACE_URL, f"{BASE}fhir").bytes


def _canonical(kind: str, name: str) -> str:
    return f"{BASE}{kind}/{name}"


code_system = partial(_canonical, "CodeSystem")
"""Return the canonical URL of a code list as a CodeSystem."""
value_set = partial(_canonical, "ValueSet")
"""Return the canonical URL of a code list as a ValueSet."""
identifier_system = partial(_canonical, "Id")
"""Return our own system for identifiers of a kind for which none is registered."""
questionnaire = partial(_canonical, "Questionnaire")
"""Return the canonical URL of a record type's Questionnaire, without version."""
structure = partial(_canonical, "StructureDefinition")
"""Return the canonical URL of a StructureDefinition of our own: a profile, extension or model.

The logical model of a record type has the record type's name.
"""
concept_map = partial(_canonical, "ConceptMap")
"""Return the canonical URL of a code map as a ConceptMap."""
implementation_guide = partial(_canonical, "ImplementationGuide")
"""Return the canonical URL of the implementation guide of a package."""


def versioned(canonical: str, version: str = CURRENT) -> str:
    """Name one version of something canonical: ``url|1.0``."""
    return f"{canonical}|{version}"


def name_in_one_line(name: Mapping[str, Any]) -> str:
    """Return the parts of a HumanName in one line: titles, given names, family, what follows."""
    parts = (*items(name.get("prefix")), *items(name.get("given")), name.get("family"))
    return " ".join(part for part in (*parts, *items(name.get("suffix"))) if isinstance(part, str))


def resource_id(name: str) -> str:
    """Return the id of a resource: the UUID, version 5 (RFC 9562), of its name.

    The same as ``uuid.uuid5`` over our own namespace, at a third of the time.
    """
    digest = sha1(_NAMESPACE + name.encode(), usedforsecurity=False).digest()
    value = bytearray(digest[:16])
    value[6] = value[6] & 0x0F | 0x50
    value[8] = value[8] & 0x3F | 0x80
    text = value.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
