"""Check digits and forms of national identifiers.

The arithmetic comes from the bodies that issue the numbers. A wrong check digit
means that the number was mistyped; a right one does not mean that the number
belongs to the person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

UPN_LETTERS: Final = "ABCDEFGHJKLMNPQRTUVWXYZ"
"""Letters of a unique pupil number: I, O and S are never used."""

_UPN: Final = re.compile(rf"[{UPN_LETTERS}][0-9]{{11}}[0-9{UPN_LETTERS}]")


def is_nhs_number(value: str) -> bool:
    """Tell whether a value is in the form of an NHS number with a right check digit.

    Ten digits, with or without spaces after the third and sixth. Modulus 11
    with weights 10 to 2. Ten equal digits pass the arithmetic and are never
    issued. Source: NHS Data Dictionary, NHS number.
    """
    digits = value.replace(" ", "")
    if not re.fullmatch(r"[0-9]{10}", digits) or value not in {digits, _spaced(digits)}:
        return False
    if len(set(digits)) == 1:
        return False
    total = sum(
        int(digit) * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True)
    )
    return (11 - total % 11) % 11 == int(digits[9])


def _spaced(digits: str) -> str:
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"


def is_upn(value: str) -> bool:
    """Tell whether a value is in the form of a unique pupil number with a right check letter.

    A check letter, eleven digits, and a digit or (for a temporary number) a
    letter. Weights 2 to 13, modulus 23. The local authority digits may be of an
    authority that no longer exists, so they are not looked up. Source: DfE
    unique pupil numbers; CIN census rules 1510, 1530 and 1550.
    """
    if not _UPN.fullmatch(value):
        return False
    total = sum(
        place * (int(char) if char.isdigit() else UPN_LETTERS.index(char))
        for place, char in enumerate(value[1:], 2)
    )
    return UPN_LETTERS[total % len(UPN_LETTERS)] == value[0]


def is_uln(value: str) -> bool:
    """Tell whether a value is in the form of a unique learner number with a right check digit.

    Ten digits, the first not zero; weights 10 to 1; the sum leaves 10 when
    divided by 11. Source: HESA, unique learner number.
    """
    if not re.fullmatch(r"[1-9][0-9]{9}", value):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(value, range(10, 0, -1), strict=True))
    return total % 11 == 10  # noqa: PLR2004 (the remainder that the issuer fixed)


def is_la_child_id(value: str) -> bool:
    """Tell whether a value can be a council's own child id: 1 to 20 letters and digits.

    Source: CIN census rules 1570 and 1580.
    """
    return re.fullmatch(r"[A-Za-z0-9]{1,20}", value) is not None


def _form(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


CHECKS: Final[Mapping[str, Callable[[str], bool]]] = MappingProxyType(
    {
        "nhs-number": is_nhs_number,
        "upn": is_upn,
        "former-upn": is_upn,
        "uln": is_uln,
        "la-child-id": is_la_child_id,
        "urn": _form("[0-9]{6}"),
        "laestab": _form("[0-9]{7}"),
        "ods-code": _form("[A-Z0-9]{3,12}"),
        "national-insurance-number": _form("[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]?"),
    }
)
"""The check of each identifier type that has one. Other references have no form of their own."""
