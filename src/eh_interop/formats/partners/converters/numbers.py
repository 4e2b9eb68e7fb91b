"""Numbers that partners write with something around them."""

from __future__ import annotations

import re
from typing import Any

from eh_interop.formats.partners.converters.pair import Pair
from eh_interop.formats.partners.values.cells import MisreadError, text_of
from eh_interop.reading.partner_faults import PartnerFault

_LEVEL = re.compile("(?:level|tier)?\\s*([1-4])(?:\\s*[-:\u2013].*)?", re.IGNORECASE)


def _percent(cell: Any) -> str:
    match = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]+)?)\s*(?:%|per ?cent)?", text_of(cell))
    if match is None:
        raise MisreadError(PartnerFault.NOT_A_NUMBER, "This is not a percentage.")
    return match[1]


PERCENT = Pair("a percentage, with or without the sign", _percent, lambda value: f"{value}%")
"""``95%`` and ``95`` are the same."""


def _share(cell: Any) -> str:
    try:
        number = float(text_of(cell))
    except ValueError:
        raise MisreadError(PartnerFault.NOT_A_NUMBER, "This is not a number.") from None
    if not 0 <= number <= 1:
        raise MisreadError(PartnerFault.NOT_A_NUMBER, "This is not a share between 0 and 1.")
    return f"{round(number * 100, 4):g}"


SHARE_OF_ONE = Pair(
    "a percentage as spreadsheets store it: 0.95", _share, lambda value: value / 100
)
"""``0.95`` is 95 per cent."""


def _laestab(cell: Any) -> str:
    digits = re.sub(r"[\s/-]", "", text_of(cell))
    if not re.fullmatch("[0-9]{7}", digits):
        raise MisreadError(
            PartnerFault.NOT_UNDERSTOOD, "This is not a council's three and a school's four digits."
        )
    return digits


LAESTAB = Pair(
    "the number of a school, with or without a stroke",
    _laestab,
    lambda value: f"{value[:3]}/{value[3:]}",
)
"""``916/1234`` and ``9161234`` are the same school."""


def _level(cell: Any) -> str:
    match = _LEVEL.fullmatch(text_of(cell))
    if match is None:
        raise MisreadError(PartnerFault.NOT_A_NUMBER, "This is not a level from 1 to 4.")
    return match[1]


LEVEL = Pair("a level of need, with or without the word", _level, lambda value: f"Level {value}")
"""``Level 3 - Targeted`` is 3. Nothing is computed: it is what the partner wrote."""
