"""What a record is: its area, version of the standard, type, and the sector of who refers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from eh_interop.core.findings import Finding
from eh_interop.core.lenient import by_id, inner
from eh_interop.reading import Fault
from eh_interop.standard.areas import NEUTRAL, Area, area_names, load_area
from eh_interop.standard.code_lists import titles
from eh_interop.standard.requirements import load_requirements
from eh_interop.standard.schemas import CURRENT, Standard, load_standard, versions

AT_RISK: Final = "immediateRisk"
_LOCAL_ID: Final = re.compile(r"[A-Za-z0-9.-]{1,64}")


def safe_id(document: Mapping[str, Any] | None, name: str) -> str | None:
    """Return a code or an id, if it is in the form of one; anything else may be personal."""
    value = (document or {}).get(name)
    return value if isinstance(value, str) and _LOCAL_ID.fullmatch(value) else None


def speaks_of_immediate_risk(document: Mapping[str, Any]) -> bool:
    """Return whether a record speaks of immediate risk.

    Whatever is there and is not a plain ``false`` counts: a wrongly written
    "yes" must not slow anybody down (G-063).
    """
    return document.get(AT_RISK, False) is not False


@cache
def _types_that_ask(standard: Standard) -> frozenset[str]:
    """Return the record types that have a question about immediate risk, wherever it is asked."""
    return frozenset(
        record_type
        for record_type in standard.record_types
        for requirement in load_requirements(standard, record_type)
        if requirement.place == f"/{AT_RISK}"
    )


def leaves_risk_open(document: Mapping[str, Any], standard: Standard) -> bool:
    """Return whether a record should say if anybody is at immediate risk, and does not (G-063)."""
    return AT_RISK not in document and document.get("recordType") in _types_that_ask(standard)


def area_of(document: Mapping[str, Any] | None) -> tuple[Area, list[Finding]]:
    """Choose the area that the record names, or the neutral one."""
    named = (document or {}).get("area")
    if named is None:
        return load_area(NEUTRAL), []
    # A capital letter is a matter of form, which the shape layer tells. The area is known.
    if isinstance(named, str) and named.strip().lower() in area_names():
        return load_area(named.strip().lower()), []
    message = (
        "The record names an area that this toolkit does not have. "
        f"It was checked for {load_area(NEUTRAL).title} instead."
    )
    return load_area(NEUTRAL), [Fault.UNKNOWN_AREA.finding(message, place="/area")]


def standard_of(document: Mapping[str, Any] | None) -> tuple[Standard | None, list[Finding]]:
    """Find the version of the standard that the record follows, if this toolkit has it."""
    if document is None:
        return None, []
    version = document.get("standardVersion", CURRENT)
    if version not in versions():
        known = ", ".join(versions())
        message = f"The record follows a version of the standard that is not here. Known: {known}."
        return None, [Fault.UNKNOWN_STANDARD_VERSION.finding(message, place="/standardVersion")]
    standard = load_standard(version)
    if document.get("recordType") not in standard.record_types:
        known = ", ".join(standard.record_types)
        message = f"The record does not say which type it is. The types are: {known}."
        return None, [Fault.UNKNOWN_RECORD_TYPE.finding(message, place="/recordType")]
    return standard, []


FAMILY: Final = "family-or-public"
"""Used where a family member or somebody from the public refers."""


def sector_of(document: Mapping[str, Any]) -> str | None:
    """Return the sector of the agency that makes a referral.

    The shape of the record may not be sound, so nothing is taken for granted,
    and only a code of the list is passed on.

    Returns:
        A code of ``agency-sector``, or :data:`FAMILY`; None if it is not known.
    """
    referrer = inner(document, "referrer")
    worker = by_id(document, "practitioners", referrer.get("practitioner"))
    agency = by_id(document, "organisations", worker.get("organisation"))
    sector = agency.get("sector")
    if isinstance(sector, str) and sector in titles("agency-sector"):
        return sector
    return FAMILY if "person" in referrer and "practitioner" not in referrer else None
