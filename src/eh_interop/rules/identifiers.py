"""Identifiers: numbers that other systems gave, and their check digits."""

from __future__ import annotations

from collections.abc import Iterator

from eh_interop.findings import Severity
from eh_interop.identifiers import CHECKS
from eh_interop.model import Identifier
from eh_interop.rules.engine import Context, Problem, rule


@rule(
    "IDN-001",
    looks_at=Identifier,
    severity=Severity.ERROR,
    cites=("E-036",),
    ask="Please check this number: a digit or letter in it is wrong.",
    passes={"type": "nhs-number", "value": "9990000018"},
    fails={"type": "nhs-number", "value": "9990000019"},
)
def wrong_number(part: Identifier, context: Context) -> Iterator[Problem]:
    """The number is not in the form of its type, or its check digit is wrong.

    One mistyped digit can lead to another child's records. The check digit
    finds nearly all such slips before anybody looks the number up.
    """
    del context
    check = CHECKS.get(part.type)
    if check and part.value is not None and not check(part.value):
        yield Problem("/value", "This number is not in the right form or its check digit is wrong.")
