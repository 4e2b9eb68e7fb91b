"""What a record is: its area, its version of the standard and its type."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from eh_interop.core.findings import Finding
from eh_interop.reading import Fault
from eh_interop.standard.areas import NEUTRAL, Area, area_names, load_area
from eh_interop.standard.schemas import CURRENT, Standard, load_standard, versions

_LOCAL_ID: Final = re.compile(r"[A-Za-z0-9.-]{1,64}")


def text_of(document: Mapping[str, Any] | None, name: str) -> str | None:
    """Return a code or an id, if it is in the form of one; anything else may be personal."""
    value = (document or {}).get(name)
    return value if isinstance(value, str) and _LOCAL_ID.fullmatch(value) else None


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
