"""Plans and assessments: from some level on, a shared assessment comes first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from eh_interop.checks.rules._help import helpers
from eh_interop.checks.rules._levels import LEVEL_3, current_levels
from eh_interop.checks.rules.engine import Context, Problem, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Plan

_ASSESSMENT: Final = "early-help-assessment"


@rule(
    "LEV-017",
    looks_at=Plan,
    severity=Severity.INFO,
    cites=("S-030",),
    needs=("assessment.from-level",),
    passes={"assessment": {"recordId": "eha-0001", "recordType": _ASSESSMENT}},
    fails={"assessment": None},
)
def plan_at_this_level_without_assessment(part: Plan, context: Context) -> Iterator[Problem]:
    """A plan names no assessment, at a level from which the area expects a shared one.

    A shared assessment saves the family from telling its story again. The
    level is for people to judge: this is only a prompt.
    """
    lowest, levels = context.facts["assessment"]["from-level"], current_levels(part)
    if (
        max(levels, default=0) >= lowest
        and part.status in {"open", "paused"}
        and part.plan_type != "my-plan-plus"  # which has to have one at any level
        and not (LEVEL_3 in levels and len(helpers(context, part)) > 1)  # PLA-008 tells that
        and not _is_assessed(part)
    ):
        yield Problem("/assessment", "At this level the area expects a shared assessment.")


def _is_assessed(part: Plan) -> bool:
    """Tell whether a plan names its assessment, in any of the places for it, or says why not."""
    return (
        part.assessment is not None
        or "assessment" in (part.absent or {})
        or any(related_record.record_type == _ASSESSMENT for related_record in part.related_records)
        or any(attachment.type == _ASSESSMENT for attachment in part.attachments)
    )
