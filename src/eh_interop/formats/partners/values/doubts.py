"""Values that can be read, and of which somebody should know something all the same."""

from __future__ import annotations

import re
from typing import Any, Final

from eh_interop.core.identifiers import is_nhs_number
from eh_interop.formats.partners.plan import ReadyRow
from eh_interop.reading.partner_faults import PartnerFault
from eh_interop.standard.fields import Kind

_SHORT_PHONE = re.compile("[12378][0-9]{9}")
"""A United Kingdom number of ten digits: written nationally it begins with 0 and has eleven."""
_NHS_DIGITS: Final = 10


def doubt_of(row: ReadyRow, cell: Any, value: Any) -> PartnerFault | None:
    """Return what is doubtful about a value; None if nothing is."""
    if not isinstance(value, str):
        return None
    sort = row.target.sort
    if sort in {"phone", "mobile"} and _SHORT_PHONE.fullmatch(re.sub(r"[\s-]", "", value)):
        return PartnerFault.ZERO_LOST
    if sort == "nhs-number" and value.isdigit() and len(value) < _NHS_DIGITS:
        lost = is_nhs_number(value.zfill(_NHS_DIGITS))
        return PartnerFault.ZERO_LOST if lost else None
    if row.target.leaf.kind is Kind.LINE and not row.row.via and isinstance(cell, str):
        return PartnerFault.LINE_BREAK if len(cell.strip().splitlines()) > 1 else None
    return None
