"""Safety: warnings that protect people, and how long they hold."""

from __future__ import annotations

from collections.abc import Iterator

from eh_interop.checks.rules._days import MONTHS_IN_YEAR, months_after
from eh_interop.checks.rules.engine import Context, Problem, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import SafetyWarning

_WARNING = {"id": "sw1", "type": "violence"}


@rule(
    "SAF-001",
    looks_at=SafetyWarning,
    severity=Severity.WARNING,
    cites=("E-028",),
    ask="Please set a date within a year on which somebody looks at this warning again.",
    passes=_WARNING | {"from": "2026-01-10", "reviewOn": "2027-01-10"},
    fails=_WARNING | {"from": "2026-01-10", "reviewOn": "2027-01-11"},
)
def warning_stands_too_long(part: SafetyWarning, _: Context) -> Iterator[Problem]:
    """A safety warning is to be looked at again more than a year after it starts.

    A warning that nobody looks at follows a family for ever, also when the
    reason for it is long gone.
    """
    if part.from_ and part.review_on and part.review_on > months_after(part.from_, MONTHS_IN_YEAR):
        yield Problem("/reviewOn", "This is more than a year after the warning starts.")


@rule(
    "SAF-002",
    looks_at=SafetyWarning,
    severity=Severity.WARNING,
    cites=("E-028",),
    ask="Please say whether this warning still holds.",
    passes=_WARNING | {"from": "2026-01-10", "reviewOn": "2026-11-01"},
    fails=_WARNING | {"from": "2026-01-10", "reviewOn": "2026-10-31"},
)
def warning_not_looked_at_again(part: SafetyWarning, context: Context) -> Iterator[Problem]:
    """The day on which a safety warning was to be looked at again has passed.

    Workers need to know whether they can rely on it. Act on it until somebody
    has looked.
    """
    if part.review_on and part.review_on < context.today:
        yield Problem("/reviewOn", "The day for looking at this warning again has passed.")
