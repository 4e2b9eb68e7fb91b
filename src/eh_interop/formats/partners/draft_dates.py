"""How the dates of a file are written: what its values prove, or else what a note in it says.

It is one answer for the whole file, or for a whole column where columns differ, and never for
one cell. The draft declares it, with how it was seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from eh_interop.formats.partners.draft_matching import ColumnEvidence

_SEP: Final = r"\s?[/. -]\s?"
_MONTH_FIRST: Final = (
    rf"\bmm?{_SEP}dd?{_SEP}y{{2,4}}\b|\bmonth{_SEP}day{_SEP}year\b"
    r"|\bmonths? (comes? |is |are )?first\b|\b(american|us|u\.s\.) (style )?(date|format)"
)
_DAY_FIRST: Final = (
    rf"\bdd?{_SEP}mm?{_SEP}y{{2,4}}\b|\bday{_SEP}month{_SEP}year\b"
    r"|\bdays? (comes? |is |are )?first\b|\b(uk|british|english|european) (style )?(date|format)"
)
_YEAR_FIRST: Final = rf"\by{{4}}{_SEP}mm?{_SEP}dd?\b|\byear{_SEP}month{_SEP}day\b"
_PATTERNS: Final = {
    "month-first": re.compile(_MONTH_FIRST),
    "day-first": re.compile(_DAY_FIRST),
    "year-first": re.compile(_YEAR_FIRST),
}


def order_of(columns: Sequence[ColumnEvidence], notes: Iterable[str] = ()) -> tuple[str, str]:
    """Return how the dates of a table are written, and how that was seen; nothing if unknown.

    Args:
        columns: what was seen of the columns.
        notes: texts around the table, and its headings.
    """
    proven = [evidence for evidence in columns if evidence.order]
    orders = {evidence.order for evidence in proven}
    noted = _noted(notes)
    if len(orders) == 1:
        order = orders.pop()
        count = sum(max(evidence.day_first, evidence.month_first) for evidence in proven)
        why = f"{count:,} of the dates that were looked at can be read in no other way."
        other = noted - {order, "year-first"}
        return order, f"{why} A NOTE SAYS OTHERWISE: ASK." if other else why
    mixed = any(evidence.day_first and evidence.month_first for evidence in columns)
    needed = any(evidence.needs_order for evidence in columns)
    if orders or mixed or len(noted) != 1 or not needed:
        return "", ""
    return noted.pop(), "A note or heading in the file says so; no value proves it."


def _noted(notes: Iterable[str]) -> set[str]:
    folded = [note.casefold() for note in notes]
    return {order for order, pattern in _PATTERNS.items() if any(map(pattern.search, folded))}
