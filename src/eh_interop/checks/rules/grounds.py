"""Grounds of a referral: harm, need, and what is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from eh_interop.checks.rules._help import PROTECTION
from eh_interop.checks.rules.engine import Context, Problem, asks, example, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Marf

_NEED: Final = frozenset({"impaired-health-or-development", "disability"})
_CONCERN: Final[dict[str, Any]] = {"id": "k1", "subject": "person", "people": ["c1"]}
_REQUESTED: Final = {"requestTypes": ["child-protection"]}
_LIKELY: Final[dict[str, Any]] = _REQUESTED | {
    "statutoryBasis": ["likely-significant-harm", "impaired-health-or-development"],
    "concerns": [_CONCERN | {"harmStatus": "likely"}],
}


@rule("RFL-005", Severity.ERROR, cites=("G-138", "S-016"))
@asks("On which grounds is the referral made?")
@example(
    passes={"statutoryBasis": ["impaired-health-or-development"]},
    fails=_REQUESTED
    | {
        "statutoryBasis": ["likely-significant-harm"],
        "concerns": [_CONCERN | {"harmStatus": "likely"}],
    },
)
def child_in_need_basis_without_those_grounds(part: Marf, _: Context) -> Iterator[Problem]:
    """A referral says why a child is in need, and that is not among its grounds.

    Whether the family's agreement is needed depends on the grounds.
    """
    if part.child_in_need_basis and part.statutory_basis and _NEED.isdisjoint(part.statutory_basis):
        yield Problem("/childInNeedBasis", "Child in need is not among the grounds.")


@rule("RFL-006", Severity.ERROR, cites=("E-037", "G-138"))
@asks("Is the child disabled?")
@example(
    passes={"childInNeedBasis": ["disabled"], "children": [{"id": "c1", "disability": "yes"}]},
    fails={"childInNeedBasis": ["disabled"], "children": [{"id": "c1", "disability": "no"}]},
)
def disability_grounds_but_no_disability(part: Marf, _: Context) -> Iterator[Problem]:
    """A referral is made because a child is disabled, and no child is said to be.

    The child may miss the help that the referral asks for.
    """
    grounds = "disability" in part.statutory_basis or "disabled" in part.child_in_need_basis
    if grounds and part.children and all(child.disability == "no" for child in part.children):
        yield Problem("/childInNeedBasis", "No child in the referral is said to be disabled.")


@rule("RFL-007", Severity.WARNING, cites=("G-139", "S-010"))
@asks("Has the child suffered significant harm, or is it likely?")
@example(passes=_LIKELY, fails=_LIKELY | {"concerns": [_CONCERN | {"harmStatus": "none-known"}]})
def grounds_and_harm_disagree(part: Marf, _: Context) -> Iterator[Problem]:
    """The grounds for a referral and what is said about harm do not agree.

    How fast social care acts depends on it. Whoever reads the referral should
    not have to guess.
    """
    states = {concern.harm_status for concern in part.concerns if concern.harm_status}
    protects = not PROTECTION.isdisjoint(part.statutory_basis)
    if protects and states == {"none-known"}:
        yield Problem("/statutoryBasis", "No worry in the referral says that harm is likely.")
    if part.statutory_basis and not protects and "suffered" in states:
        yield Problem("/statutoryBasis", "A worry in the referral says that a child was harmed.")


@rule("RFL-008", Severity.WARNING, cites=("G-139", "E-014"))
@asks("What are you asking social care for?")
@example(passes=_LIKELY, fails=_LIKELY | {"requestTypes": ["information-or-advice"]})
def request_does_not_fit_grounds(part: Marf, _: Context) -> Iterator[Problem]:
    """A referral rests on significant harm and asks for something else, or the other way round.

    The front door sorts by what is asked for. A child in danger may wait.
    """
    asks = "child-protection" in part.request_types
    protects = not PROTECTION.isdisjoint(part.statutory_basis)
    if protects and part.request_types and not asks:
        yield Problem(
            "/requestTypes", "The grounds name significant harm, but protection is not asked for."
        )
    if asks and part.statutory_basis and not protects:
        yield Problem(
            "/requestTypes",
            "Protection is asked for, but the grounds do not name significant harm.",
        )


@rule("RFL-009", Severity.ERROR, cites=("E-037", "G-063", "G-103"))
@asks("Is a child at immediate risk? If so, telephone now.")
@example(
    passes={"immediateRisk": True, "trigger": "immediate-risk"},
    fails={"immediateRisk": False, "trigger": "immediate-risk"},
)
def immediate_risk_and_not(part: Marf, _: Context) -> Iterator[Problem]:
    """A referral is made because of immediate risk, and says that there is none.

    It may wait in a list when somebody should act now.
    """
    if part.trigger == "immediate-risk" and part.immediate_risk is False:
        yield Problem("/immediateRisk", "The referral is made because of immediate risk.")


@rule("RFL-016", Severity.ERROR, cites=("E-037",))
@asks("Which children is this about, and what are you asking for?")
@example(
    passes={"requestTypes": ["child-in-need"]}, fails={"requestTypes": ["unborn-baby-assessment"]}
)
def request_does_not_fit_children(part: Marf, _: Context) -> Iterator[Problem]:
    """A referral asks for something that fits none of its children.

    For example, it asks for an assessment before birth and names no unborn
    child. The front door may send it back.
    """
    asked = set(part.request_types)
    if (
        "unborn-baby-assessment" in asked
        and part.children
        and not any(child.unborn for child in part.children)
    ):
        yield Problem("/requestTypes", "No child in the referral is unborn.")
    if (
        "private-fostering-notification" in asked
        and part.children
        and all(child.privately_fostered == "no" for child in part.children)
    ):
        yield Problem("/requestTypes", "No child in the referral is privately fostered.")
