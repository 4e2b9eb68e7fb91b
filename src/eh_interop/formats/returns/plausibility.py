"""Values of a row that a return does not take together, and one of two that it asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from eh_interop.formats.returns.spool import Cells
from eh_interop.formats.returns.tables import Table

_EITHER = (
    ("ChildIdentifiers/PersonBirthDate", "ChildIdentifiers/ExpectedPersonBirthDate"),
    ("pers_dob", "pers_expected_dob"),
)
"""One of the two, not both. Census rule 8525Q; Standard Safeguarding Dataset, date of birth."""
_TOGETHER = ("CINclosureDate", "ReasonForClosure")
"""Both or neither. Census rules 8805 and 8810."""
_SEX = "ChildIdentifiers/Sex"
_UNBORN = "U"
"""The sex of a child who is not born yet. Census rule 8750."""


def contradictions(table: Table, cells: Cells, child: Mapping[str, Any]) -> Iterator[str]:
    """Yield the headings of columns that must not be written beside each other."""
    said = {
        column.heading: value
        for column, value in zip(table.columns, cells, strict=True)
        if value is not None
    }
    for pair in _EITHER:
        if said.keys() >= set(pair):
            yield from pair
    if len(said.keys() & set(_TOGETHER)) == 1:
        yield from said.keys() & set(_TOGETHER)
    if child.get("unborn") and said.get(_SEX, _UNBORN) != _UNBORN:
        yield _SEX


_ONE_OF = ("ChildIdentifiers/UPN", "ChildIdentifiers/UPNunknown")
"""The number, or why there is none. Both stand in the table of the census alone."""
_NO_ACTIVITY = frozenset({"RC8", "RC9"})
_REASON, _PLANS = "ReasonForClosure", "CINPlanDates"


def doubts(table: Table, cells: Cells) -> Iterator[tuple[str, str]]:
    """Yield what a receiver will ask of a finished row: the code of a remark, and the heading."""
    said = {column.heading: value for column, value in zip(table.columns, cells, strict=True)}
    number, reason = _ONE_OF
    if number in said and said[number] is None and said[reason] is None:
        yield "RET-002", reason
    if said.get(_REASON) in _NO_ACTIVITY and said[_PLANS] is not None:
        yield "RET-014", _REASON
