"""The sector of who refers: a code, so that referrals can be counted without any person."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from eh_interop.standard.schemas import load_standard

FAMILY: Final = "family-or-public"
"""Used where a family member or somebody from the public refers."""


@cache
def _known() -> frozenset[str]:
    return frozenset(row.code for row in load_standard().codes("agency-sector"))


def sector_of(document: Mapping[str, Any]) -> str | None:
    """Return the sector of the agency that makes a referral.

    The shape of the record may not be sound, so nothing is taken for granted,
    and only a code of the list is passed on.

    Returns:
        A code of ``agency-sector``, or :data:`FAMILY`; None if it is not known.
    """
    referrer = document.get("referrer")
    if not isinstance(referrer, dict):
        return None
    worker = _entry(document, "practitioners", referrer.get("practitioner"))
    agency = _entry(document, "organisations", worker.get("organisation"))
    sector = agency.get("sector")
    if isinstance(sector, str) and sector in _known():
        return sector
    return FAMILY if "person" in referrer and "practitioner" not in referrer else None


def _entry(document: Mapping[str, Any], name: str, local_id: Any) -> Mapping[str, Any]:
    """Return the entry of a list that has a local id; an empty one if there is none."""
    entries = document.get(name)
    for entry in entries if isinstance(entries, list) and local_id is not None else ():
        if isinstance(entry, dict) and entry.get("id") == local_id:
            return entry
    return {}
