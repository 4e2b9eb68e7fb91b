"""Births: what is said about babies before and after they are born."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from eh_interop.checks.rules.engine import Context, Problem, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Child

_LONGEST_PREGNANCY: Final = timedelta(weeks=44)
_LATEST_BIRTH: Final = timedelta(weeks=4)
_UNBORN: Final = {"unborn": True, "dateOfBirth": None, "sex": "U", "education": None}


@rule(
    "FAM-001",
    looks_at=Child,
    severity=Severity.ERROR,
    cites=("G-005", "E-002"),
    ask="Please check the child's date of birth. If the baby is not born yet, say so.",
    passes={"dateOfBirth": "2026-10-19"},
    fails={"dateOfBirth": "2027-06-14", "views": None, "seen": None, "estimatedAge": None},
)
def born_in_the_future(part: Child, context: Context) -> Iterator[Problem]:
    """A child's date of birth is after today.

    The child cannot be found by it. Often the expected date of a baby who is
    not born yet was put in the wrong box.
    """
    if part.date_of_birth and part.date_of_birth > context.today:
        yield Problem("/dateOfBirth", "This date of birth has not come yet.")


@rule(
    "FAM-002",
    looks_at=Child,
    severity=Severity.ERROR,
    cites=("G-005",),
    ask="Please say whether the baby has been born.",
    passes=_UNBORN | {"expectedDateOfBirth": "2026-11-10"},
    fails={"unborn": True, "sex": "U", "expectedDateOfBirth": "2026-11-10"},
)
def unborn_with_date_of_birth(part: Child, _: Context) -> Iterator[Problem]:
    """A child is said to be unborn and has a date of birth.

    Different help fits before and after the birth. It happens when the birth
    is recorded and the mark for an unborn baby stays.
    """
    if part.unborn and part.date_of_birth:
        yield Problem("/dateOfBirth", "The child is said to be unborn, so has no date of birth.")


@rule(
    "FAM-003",
    looks_at=Child,
    severity=Severity.WARNING,
    cites=("E-003",),
    passes=_UNBORN | {"expectedDateOfBirth": "2026-11-10"},
    fails=_UNBORN | {"expectedDateOfBirth": "2026-11-10", "sex": "F"},
)
def sex_of_unborn_child_given(part: Child, _: Context) -> Iterator[Problem]:
    """An unborn child has a sex other than unknown.

    National returns take an unborn child's sex as unknown. It happens when a
    scan showed it, or when the mother's sex was put in.
    """
    if part.unborn and part.sex not in {None, "U"}:
        yield Problem("/sex", "The sex of an unborn child is given as unknown until the birth.")


@rule(
    "FAM-004",
    looks_at=Child,
    severity=Severity.WARNING,
    cites=("G-005",),
    ask="Has the baby been born? If so, please give the name and date of birth.",
    passes=_UNBORN | {"expectedDateOfBirth": "2026-10-04"},
    fails=_UNBORN | {"expectedDateOfBirth": "2026-10-03"},
)
def still_unborn_long_after_expected_date(part: Child, context: Context) -> Iterator[Problem]:
    """A child is still recorded as unborn more than four weeks after the expected date.

    The baby has been born by now, and a new baby is at an age of high risk.
    The record has not kept up.
    """
    due = part.expected_date_of_birth
    if part.unborn and due and context.today - due > _LATEST_BIRTH:
        yield Problem("/expectedDateOfBirth", "This date is long past, so the baby has been born.")


@rule(
    "FAM-005",
    looks_at=Child,
    severity=Severity.ERROR,
    cites=("E-037",),
    ask="Please check the date on which the baby is expected.",
    passes=_UNBORN | {"expectedDateOfBirth": "2027-09-05"},
    fails=_UNBORN | {"expectedDateOfBirth": "2027-09-06"},
)
def expected_too_far_ahead(part: Child, context: Context) -> Iterator[Problem]:
    """A baby is expected later than any pregnancy lasts.

    Help before the birth would come at the wrong time. Usually the year is
    mistyped.
    """
    due = part.expected_date_of_birth
    if due and due - context.today > _LONGEST_PREGNANCY:
        yield Problem("/expectedDateOfBirth", "This is further ahead than a pregnancy lasts.")
