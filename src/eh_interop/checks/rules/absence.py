"""Absence and safety: what is said to be missing, and warnings that protect people."""

from __future__ import annotations

from eh_interop.checks.rules._fields import fields
from eh_interop.checks.rules._help import MONTHS_IN_YEAR, months_after, persons
from eh_interop.checks.rules.engine import Context, Problem, Problems, asks, fails, passes, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Address, Record, SafetyWarning


@rule("ABS-001", Severity.ERROR, cites=("E-029", "E-037"))
@passes(absent={"guidance": "not-known"})
@fails(absent={"consents": "not-obtained"})
def said_to_be_missing_but_given(_: Record, context: Context) -> Problems:
    """Something is said to be missing, and is given beside it.

    Nobody can tell which of the two to believe. It happens when the answer
    comes later and the reason for its absence is left standing.
    """
    for kind, placed in context.parts.items():
        known = fields(kind)
        if "absent" not in known:
            continue
        for part, place in placed:
            for name in part.absent or ():
                if name in known and getattr(part, known[name].attribute) not in (None, ()):
                    yield Problem(
                        f"{place}/absent/{name}",
                        "The field is given, and is also listed as missing.",
                    )


def _gives(address: Address | None) -> bool:
    return bool(
        address and not address.confidential and (address.lines or address.postcode or address.uprn)
    )


@rule("ABS-002", Severity.ERROR, cites=("N-005",))
@asks("Please say whether this address must be kept private. If so, take it out everywhere.")
@passes(
    people=[{"id": "p1", "absent": {"addresses": "withheld-for-safety"}}, {"id": "p2"}],
    households=[{"id": "h1", "members": ["c1"], "address": {"postcode": "DE1 9ZZ"}}],
)
@fails(
    people=[{"id": "p1", "absent": {"addresses": "withheld-for-safety"}}, {"id": "p2"}],
    households=[{"id": "h1", "members": ["p1"], "address": {"postcode": "DE1 9ZZ"}}],
)
def withheld_address_given_elsewhere(part: Record, context: Context) -> Problems:
    """An address is held back for somebody's safety and stands at their household.

    Whoever receives the record can find a person who must not be found. It
    happens when a system copies the address to every place that has one.
    """
    hidden = {
        who
        for who, person in context.once(persons).items()
        if (person.absent or {}).get("addresses") == "withheld-for-safety"
    }
    for number, household in enumerate(part.households if hidden else ()):
        if _gives(household.address) and hidden.intersection(household.members):
            message = (
                "This household has an address, and somebody in it has one that is held back "
                "for safety."
            )
            yield Problem(f"/households/{number}/address", message)


_WARNING = {"id": "sw1", "type": "violence"}


@rule("SAF-001", Severity.WARNING, cites=("E-028",), family="safety")
@asks("Please set a date within a year on which somebody looks at this warning again.")
@passes(_WARNING | {"from": "2026-01-10", "reviewOn": "2027-01-10"})
@fails(_WARNING | {"from": "2026-01-10", "reviewOn": "2027-01-11"})
def warning_stands_too_long(part: SafetyWarning, _: Context) -> Problems:
    """A safety warning is to be looked at again more than a year after it starts.

    A warning that nobody looks at follows a family for ever, also when the
    reason for it is long gone.
    """
    if part.from_ and part.review_on and part.review_on > months_after(part.from_, MONTHS_IN_YEAR):
        yield Problem(
            "/reviewOn",
            "The review date is more than a year after the day on which the warning starts.",
        )


@rule("SAF-002", Severity.WARNING, cites=("E-028",), family="safety")
@asks("Please say whether this warning still holds.")
@passes(_WARNING | {"from": "2026-01-10", "reviewOn": "2026-11-01"})
@fails(_WARNING | {"from": "2026-01-10", "reviewOn": "2026-10-31"})
def warning_not_looked_at_again(part: SafetyWarning, context: Context) -> Problems:
    """The day on which a safety warning was to be looked at again has passed.

    Workers need to know whether they can rely on it. Act on it until somebody
    has looked.
    """
    if part.review_on and part.review_on < context.today:
        yield Problem("/reviewOn", "The review date of the safety warning has passed.")
