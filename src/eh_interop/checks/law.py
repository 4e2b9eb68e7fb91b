"""Law by date: a record is judged by the law of the day on which the thing was done.

A local document may ask for more than the law did on its day. Once a law is in force that stands
above it (``guidance/precedence.csv``), what the local document asks for is still reported, and is
at most a warning that says whose practice it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from eh_interop.core import lenient
from eh_interop.core.findings import Finding, Severity
from eh_interop.core.pointer import split
from eh_interop.standard.areas import NEUTRAL, Area
from eh_interop.standard.guidance import clauses, documents, in_force_from, precedences

_LOG = "sharingLog"


def day_of_sharing(document: Mapping[str, Any] | None, place: str, as_of: date) -> date:
    """Return the day on which information was shared, as far as a finding is about it.

    For an entry of the sharing log it is that of the entry, otherwise the day of the referral. What
    has no readable day is judged as of the day of the check.
    """
    given = document or {}
    steps = split(place)
    logged: Any = None
    if steps[:1] == (_LOG,) and len(steps) > 1 and steps[1].isdigit():
        entries = lenient.items(given.get(_LOG))
        entry = entries[int(steps[1])] if int(steps[1]) < len(entries) else None
        logged = entry.get("on") if isinstance(entry, Mapping) else None
    for stated in (logged, given.get("referredOn"), given.get("referredAt")):
        try:
            return date.fromisoformat(str(stated)[:10])
        except ValueError:
            continue  # the shape layer says what is wrong with it
    return as_of


def under_the_law(
    finding: Finding, area: Area, document: Mapping[str, Any] | None, as_of: date
) -> Finding:
    """Say of local practice that the law stands above it, if it did on the day of the sharing."""
    above = precedences().get(finding.code)
    if above is None:
        return finding
    since = in_force_from(above.clause)
    local = _local_titles(finding, area)
    if not local or day_of_sharing(document, finding.place, as_of) < since:
        return finding
    day = f"{since.day} {since:%B %Y}"
    asks = f"{' and '.join(local)} {'ask' if len(local) > 1 else 'asks'} for this as local practice"
    return replace(
        finding,
        severity=max(finding.severity, Severity.WARNING, key=lambda severity: severity.rank),
        message=f"{finding.message} {asks}; since {day} the duty to share stands above it.",
        cites=(*finding.cites, above.clause),
    )


def _local_titles(finding: Finding, area: Area) -> list[str]:
    """Return the titles of the local documents that ask for what is missing."""
    known = {**clauses(), **area.clauses}
    registered = {**documents(), **area.documents}
    cited = dict.fromkeys(known[cite].document for cite in finding.cites if cite in known)
    return [
        registered[key].title
        for key in cited
        if key in area.follows and registered[key].applies_in != NEUTRAL
    ]
