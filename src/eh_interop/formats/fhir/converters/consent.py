"""Consent: what its status and each decision mean in R4's Consent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from eh_interop.formats.fhir.values import Pair, Scene

_PERMITS: Final = {
    "given": "permit",
    # Sharing goes on, under another lawful basis.
    "not-sought": "permit",
    "refused": "deny",
    "withdrawn": "deny",
    # Nothing is permitted until there is an answer.
    "not-obtained": "deny",
}
_PERMITS_BACK: Final = {"permit": "given", "deny": "refused"}
_NO_AGREEMENT: Final = frozenset(_PERMITS) - {"given"}
_AGREED: Final = {"agreed": True, "refused": False, "withdrew": False}


def _only_to(theirs: str) -> Pair:
    """Make a pair for a text whose presence alone says something.

    The text cannot be had back from that: ``back`` has no word for it.
    """

    def there(value: str, _: Scene) -> str:
        del value
        return theirs

    return Pair(there, lambda *_: None)


def _looked_up(there: Mapping[Any, Any], back: Mapping[Any, Any]) -> Pair:
    return Pair(lambda value, _: there.get(value), lambda value, _: back.get(value))


PROVISION_TYPE = _looked_up(_PERMITS, _PERMITS_BACK)
"""A consent's status as what its provision does. The exact status stands in an extension."""

GOES_AHEAD = _only_to("active")
"""The reason to go ahead without agreement, as the status of a Consent in force."""

GOES_AHEAD_PROVISION = _only_to("permit")
"""The reason to go ahead without agreement, as what the provision does."""

NO_AGREEMENT = Pair(
    lambda value, _: False if value in _NO_AGREEMENT else None,
    lambda value, _: "not-sought" if value is False else None,
)
"""A status without agreement, as a verification that says false, even if nobody is named."""

AGREED = _looked_up(_AGREED, {True: "agreed", False: "refused"})
"""One person's decision, as whether agreement was verified with that person."""
