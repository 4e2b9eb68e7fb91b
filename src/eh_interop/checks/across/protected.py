"""What one record protects, and another of the same child leaves open or contradicts.

What a record protects, and how that is known, is for the room ``protection``: here are its traces.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import Any, Final

from eh_interop.checks.across.records import ChildRecords, RelatedProblem
from eh_interop.checks.across.summary import Summary, Traces
from eh_interop.checks.rules.engine import Context, asks, fails, passes, rule
from eh_interop.core.findings import Severity

_HASH: Final = 4
_PLAN: Final = "minimal/plan"
_MARF: Final = "minimal/marf"
_HOME: Final = {"kind": "home", "lines": ["3 Elder Close"], "postcode": "DE1 9ZZ"}
_JESS: Final = {"id": "p1", "name": {"given": "Jess", "family": "Pettigrew"}, "addresses": [_HOME]}
_DALE: Final[dict[str, Any]] = {"id": "p3", "name": {"given": "Dale", "family": "Marwick"}}
_REFUGE: Final = {"households": [{"id": "h1", "address": {**_HOME, "confidential": True}}]}
_KEPT: Final = {"withheldInformation": [{"id": "wi1", "detail": "Plans.", "keepFrom": ["p1"]}]}
_GIVEN: Final = {"id": "cs1", "purposes": ["start-plan"], "status": "given"}
_WARNING: Final = {"id": "sw1", "type": "address-must-not-be-disclosed", "about": ["p1"]}
_WARNED: Final = {
    "people": [_JESS, _DALE],
    "safetyWarnings": [{**_WARNING, "keepFrom": ["p3"]}],
}


@rule("ACR-015", Severity.WARNING, cites=("N-005",))
@asks("Must this address be kept private here too? If so, please mark it or take it out.")
@passes({_PLAN: {}, _MARF: {}})
@fails({_PLAN: {}, _MARF: _REFUGE})
def address_open_and_protected_in_another_record(
    part: ChildRecords, _: Context
) -> Iterator[RelatedProblem]:
    """An address is given without a mark, and another record says that it must not be disclosed.

    Somebody who sees only this record would pass it on. It happens when a record is older than the
    danger, or when a system copies the address without its mark.
    """
    for (record, here), (other, there) in _pairs(part):
        protected = b"".join(home.keys for home in there.homes if home.shut)
        for home in here.homes:
            hidden = _meet(home.keys, protected) or _meet(home.people, there.hidden)
            if hidden and not home.shut:
                message = "Another record says that this address must not be disclosed."
                yield RelatedProblem(home.place, message, record, (other,))


@rule("ACR-016", Severity.WARNING, cites=("N-005",))
@asks("What can be shared with this person? Please say so in the consent or the warning.")
@passes({_PLAN: {"consents": [{**_GIVEN, "recipients": [{"person": "p1"}]}]}, _MARF: {}})
@fails({_PLAN: {"consents": [{**_GIVEN, "recipients": [{"person": "p1"}]}]}, _MARF: _KEPT})
def recipient_must_not_know_what_another_record_says(
    part: ChildRecords, _: Context
) -> Iterator[RelatedProblem]:
    """A consent names a recipient from whom another record keeps something.

    Whoever shares by this consent would disclose what the other record holds back.
    """
    for (record, here), (other, there) in _pairs(part):
        for recipient in here.recipients:
            if _meet(recipient.people, there.against):
                message = "Another record says that something must be kept from this recipient."
                yield RelatedProblem(recipient.place, message, record, (other,))


@rule("ACR-017", Severity.WARNING, cites=("N-005",))
@asks("Who lives at this address now? Please correct the household or the warning.")
@passes({_PLAN: {"people": [_JESS, _DALE]}, _MARF: _WARNED})
@fails({_PLAN: {"people": [_JESS, {**_DALE, "addresses": [_HOME]}], **_REFUGE}, _MARF: _WARNED})
def lives_where_another_record_lets_nobody_tell_them(
    part: ChildRecords, _: Context
) -> Iterator[RelatedProblem]:
    """Somebody is said to live at an address that another record keeps from them.

    One of the two is wrong or out of date, or the person has found out: the family must be warned.
    """
    for (record, here), (other, there) in _pairs(part):
        protected = b"".join(home.keys for home in there.homes if home.shut)
        for home in here.homes:
            if _meet(home.people, there.barred) and _meet(home.keys, protected):
                message = "Another record keeps this address from somebody who lives here."
                yield RelatedProblem(home.place, message, record, (other,))


def _pairs(part: ChildRecords) -> Iterator[tuple[tuple[Summary, Traces], tuple[Summary, Traces]]]:
    """Yield each record with each other one, if it is known what they protect."""
    traced = [(record, record.traces) for record in part.records if record.traces]
    return permutations(traced, 2)


def _hashes(run: bytes) -> frozenset[bytes]:
    return frozenset(run[at : at + _HASH] for at in range(0, len(run), _HASH))


def _meet(one: bytes, other: bytes) -> bool:
    return bool(one and other) and not _hashes(one).isdisjoint(_hashes(other))
