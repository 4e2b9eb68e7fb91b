"""Yes or no, where FHIR has no boolean: a flag is there or it is not."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Final

from eh_interop.formats.fhir.names import code_system
from eh_interop.formats.fhir.paths import says
from eh_interop.formats.fhir.values import Pair, Scene
from eh_interop.standard.code_lists import titles

_VERY_RESTRICTED: Final = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
    "code": "V",
    "display": "very restricted",
}


def _if_true(theirs: Any) -> Pair:
    """Make a pair in which true has a word, and false has none."""

    def there(value: bool, _: Scene) -> Any:
        return deepcopy(theirs) if value else None

    return Pair(there, lambda value, _: True if says(value, theirs) else None)


def _ours(code_list: str, code: str) -> dict[str, Any]:
    coding = {
        "system": code_system(code_list),
        "code": code,
        "display": titles(code_list)[code],
    }
    return {"coding": [coding]}


ANONYMITY_WANTED = _if_true(_ours("safety-warning-type", "source-wishes-anonymity"))
"""Whether somebody wants to stay anonymous, as the code of a Flag."""

IMMEDIATE_RISK = _if_true(_ours("referral-trigger", "immediate-risk"))
"""Whether there is immediate risk, as the code of a Flag."""

AT_ONCE = _if_true("stat")
"""Whether there is immediate risk, as a priority."""

VERY_RESTRICTED = _if_true({"coding": [_VERY_RESTRICTED]})
"""Whether something must be kept from the family, as a security label of a document."""

VERY_RESTRICTED_LABEL = _if_true(_VERY_RESTRICTED)
"""The same as a security label of a resource."""

SHARED_OR_NOT = Pair(
    lambda value, _: "completed" if value else "not-done",
    lambda value, _: {"completed": True, "not-done": False}.get(value),
)
"""Whether information was shared, as the status of a Communication."""
