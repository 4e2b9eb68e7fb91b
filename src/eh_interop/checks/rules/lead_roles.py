"""Lead practitioners: who may lead, and who chose them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from eh_interop.checks.rules._help import has_education_plan, leads_now, persons, role_of
from eh_interop.checks.rules.engine import Context, Problem, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Lead, Plan

_SENCO: Final = {
    "id": "c1",
    "specialEducationalNeeds": {"status": "education-health-and-care-plan"},
}


@rule(
    "LEA-006",
    looks_at=Lead,
    severity=Severity.WARNING,
    cites=("O-013", "G-081", "G-011"),
    needs=("roles.non-case-holding",),
    ask="Who leads the plan? This role advises and holds no cases.",
    of="gloucestershire/my-plan-plus",
    passes={"practitioner": "w2"},
    fails={"practitioner": "w7"},
)
def lead_holds_no_cases(part: Lead, context: Context) -> Iterator[Problem]:
    """The lead practitioner has a role that holds no cases in this area.

    Any professional may lead, except for advisers who hold no cases. It
    happens when the adviser of the meeting is put down as its lead.
    """
    roles = context.facts["roles"]["non-case-holding"]
    if role_of(context, part.practitioner) in roles:
        yield Problem("/practitioner", "In this area, people in this role hold no cases.")


@rule(
    "LEA-007",
    looks_at=Lead,
    severity=Severity.INFO,
    cites=("G-087", "G-082"),
    ask="Did the parent or carer agree who leads?",
    passes={"agreedBy": ["p1", "w1"]},
    fails={"agreedBy": ["w1"], "familyView": None},
)
def family_did_not_agree_who_leads(part: Lead, context: Context) -> Iterator[Problem]:
    """Practitioners agreed who leads, and nobody from the family did.

    The family works best with somebody it has chosen. Spotting a need does
    not make anybody the lead.
    """
    family = context.once(persons)
    if (
        part.agreed_by
        and not part.family_view
        and not part.selection_reason
        and family.keys().isdisjoint(part.agreed_by)
    ):
        yield Problem("/agreedBy", "Nobody from the family is among those who agreed.")


@rule(
    "LEA-008",
    looks_at=Plan,
    severity=Severity.WARNING,
    cites=("G-048",),
    ask="Does the special educational needs co-ordinator lead? If not, why not?",
    of="gloucestershire/my-plan-plus",
    passes={"leads": [{"practitioner": "w1", "from": "2026-03-16"}]},
    fails={
        "children": [_SENCO, {"id": "c2"}, {"id": "c3"}, {"id": "c4", "unborn": True}],
        "leads": [{"practitioner": "w2", "from": "2026-03-16"}],
    },
)
def senco_does_not_lead(part: Plan, context: Context) -> Iterator[Problem]:
    """A child has an education, health and care plan, and the SENCo does not lead.

    Where there is such a plan, the special educational needs co-ordinator
    leads, so that both plans are reviewed together.
    """
    if part.plan_type == "my-plan-plus" and any(
        has_education_plan(context.record, child) for child in part.children
    ):
        for number, lead in leads_now(part, context.today) if part.status == "open" else ():
            if role_of(context, lead.practitioner) != "senco":
                message = "With an education, health and care plan, the SENCo leads."
                yield Problem(f"/leads/{number}/practitioner", message)
