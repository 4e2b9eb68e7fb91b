"""Plausibility of a row: values that contradict each other, and what a receiver will ask about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from eh_interop.formats.returns.row_store import Cells
from eh_interop.formats.returns.spec import ReturnTable

_ONLY_ONE = (
    ("ChildIdentifiers/PersonBirthDate", "ChildIdentifiers/ExpectedPersonBirthDate"),
    ("pers_dob", "pers_expected_dob"),
)
"""One of the two, not both. Census rule 8525Q; Standard Safeguarding Dataset, date of birth."""
_BOTH_OR_NEITHER = {"CINclosureDate", "ReasonForClosure"}
"""Census rules 8805 and 8810."""
_SEX, _SEX_OF_UNBORN = "ChildIdentifiers/Sex", "U"
"""The sex of a child who is not born yet. Census rule 8750."""
_UPN, _WHY_NO_UPN = "ChildIdentifiers/UPN", "ChildIdentifiers/UPNunknown"
"""The number, or why there is none. Only the census has both."""
_REASON, _PLANS = "ReasonForClosure", "CINPlanDates"
_NO_ACTIVITY = frozenset({"RC8", "RC9"})


def contradicting_columns(
    table: ReturnTable, cells: Cells, child: Mapping[str, Any]
) -> Iterator[str]:
    """Yield the headings of columns that must not be written beside each other."""
    filled = {heading: value for heading, value in _by_heading(table, cells) if value is not None}
    for pair in _ONLY_ONE:
        if filled.keys() >= set(pair):
            yield from pair
    closing = filled.keys() & _BOTH_OR_NEITHER
    if len(closing) == 1:
        yield from closing
    if child.get("unborn") and filled.get(_SEX, _SEX_OF_UNBORN) != _SEX_OF_UNBORN:
        yield _SEX


def doubtful_columns(table: ReturnTable, cells: Cells) -> Iterator[tuple[str, str]]:
    """Yield what a receiver will ask about a finished row: code of a finding, and heading."""
    values = dict(_by_heading(table, cells))
    if _UPN in values and values[_UPN] is None and values[_WHY_NO_UPN] is None:
        yield "RET-002", _WHY_NO_UPN
    if values.get(_REASON) in _NO_ACTIVITY and values[_PLANS] is not None:
        yield "RET-014", _REASON


def _by_heading(table: ReturnTable, cells: Cells) -> Iterator[tuple[str, Any]]:
    return zip((column.heading for column in table.columns), cells, strict=True)
