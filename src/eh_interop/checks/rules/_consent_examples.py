"""Consents for the examples in place of rules: given, refused, not asked for."""

from __future__ import annotations

from typing import Final

DAY: Final = "2026-10-19"
YES: Final = {"person": "p1", "capacity": "parent", "decision": "agreed", "on": DAY}
REASON: Final = {"goAheadReason": "The child's health is at risk."}
REFUSED: Final = {"status": "refused", "givers": [YES | {"decision": "refused"}], **REASON}
NOT_ASKED: Final = {
    "status": "not-sought",
    "soughtOn": None,
    "givers": None,
    "giversMissing": None,
    **REASON,
}
