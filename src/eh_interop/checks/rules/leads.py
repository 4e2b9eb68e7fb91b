"""Leads: who may lead, one at a time, without a gap, agreed with the family."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final, NamedTuple

from eh_interop.checks.rules._help import has_education_plan, leads_now, persons, role_of
from eh_interop.checks.rules.engine import Context, Problem, Problems, asks, fails, on, passes, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Lead, Plan

_A_DAY: Final = timedelta(days=1)
_FIRST: Final = {"practitioner": "w1", "from": "2026-06-01"}
_SECOND: Final = {"practitioner": "w2", "from": "2026-09-01"}
_WORKERS: Final[dict[str, Any]] = {"practitioners": [{"id": "w1"}, {"id": "w2"}]}


class _Turn(NamedTuple):
    """A lead, with the place in the list and the first day."""

    number: int
    lead: Lead
    begins: date


def _turns(part: Plan) -> list[_Turn]:
    """Return who led, in order, as far as the first day is known."""
    terms = [_Turn(n, lead, lead.from_) for n, lead in enumerate(part.leads) if lead.from_]
    return sorted(terms, key=lambda term: term.begins)


@rule("LEA-001", Severity.ERROR, cites=("G-017", "N-008"))
@asks("Who leads the plan now?")
@passes(leads=[_FIRST])
@fails(leads=[_FIRST | {"to": "2026-10-20"}])
def nobody_leads_now(part: Plan, context: Context) -> Problems:
    """An open plan has had a lead practitioner, and has none now.

    The family has nobody to turn to. It happens when a lead leaves and the
    next one is not yet recorded.
    """
    if part.status == "open" and part.leads and not leads_now(part, context.today):
        yield Problem("/leads", "Nobody leads the plan at present.")


@rule("LEA-002", Severity.ERROR, cites=("G-017", "E-052"))
@asks("Who leads the plan now?")
@passes(_WORKERS, leads=[_FIRST | {"to": "2026-09-01"}, _SECOND])
@fails(_WORKERS, leads=[_FIRST, _SECOND])
def two_lead_now(part: Plan, context: Context) -> Problems:
    """A plan has more than one current lead practitioner.

    Each may think that the other acts. It happens when a new lead is added
    and the last one is not ended.
    """
    current = leads_now(part, context.today)
    if part.status == "open":
        for number, _ in current[1:]:
            yield Problem(
                f"/leads/{number}",
                "The plan has another current lead practitioner, listed before.",
            )


@rule("LEA-003", Severity.WARNING, cites=("G-083", "G-017", "E-052"))
@asks("Who led the plan between these dates?")
@passes(_WORKERS, leads=[_FIRST | {"to": "2026-09-01"}, _SECOND])
@fails(
    _WORKERS,
    leads=[
        _FIRST | {"to": "2026-09-02"},
        _SECOND | {"to": "2026-10-01"},
        _FIRST | {"from": "2026-10-01"},
    ],
)
def leads_overlap(part: Plan, context: Context) -> Problems:
    """Two people led the plan at the same time.

    Who was responsible cannot be told afterwards. The day of handing over
    counts for both.
    """
    current = {id(lead) for _, lead in leads_now(part, context.today)}
    for earlier, later in pairwise(_turns(part)):
        both_now = part.status == "open" and {id(earlier.lead), id(later.lead)} <= current
        if (earlier.lead.to is None or earlier.lead.to > later.begins) and not both_now:
            message = "The lead begins before the lead of the one before has ended."
            yield Problem(f"/leads/{later.number}/from", message)


@rule("LEA-004", Severity.WARNING, cites=("G-083", "E-052"))
@asks("Who led the plan in between?")
@passes(_WORKERS, leads=[_FIRST | {"to": "2026-08-31"}, _SECOND])
@fails(_WORKERS, leads=[_FIRST | {"to": "2026-08-30"}, _SECOND])
def gap_between_leads(part: Plan, _: Context) -> Problems:
    """Nobody led the plan for a time between two lead practitioners.

    The family had nobody to turn to, often over the summer or when a worker
    left.
    """
    for earlier, later in pairwise(_turns(part)):
        if earlier.lead.to and later.begins - earlier.lead.to > _A_DAY:
            message = "The lead begins more than a day after the lead of the one before ended."
            yield Problem(f"/leads/{later.number}/from", message)


@rule("LEA-005", Severity.WARNING, cites=("G-017", "G-083", "E-052"))
@asks("Who led the plan when it started?")
@passes(leads=[_FIRST])
@fails(leads=[_FIRST | {"from": "2026-06-02"}])
def started_without_lead(part: Plan, _: Context) -> Problems:
    """The first lead practitioner took over after the plan had started.

    A plan names its lead from the start. Often earlier leads are left out when
    a record is moved to another system.
    """
    turns = _turns(part)
    known = len(turns) == len(part.leads)
    if turns and known and part.started_on and turns[0].begins > part.started_on:
        yield Problem("/leads", "The first lead practitioner begins after the plan started.")


_SENCO: Final = {
    "id": "c1",
    "specialEducationalNeeds": {"status": "education-health-and-care-plan"},
}


@rule("LEA-006", Severity.WARNING, cites=("O-013", "G-081", "G-011"), family="lead_roles")
@on(example="gloucestershire/my-plan-plus", needs=("roles.non-case-holding",))
@asks("Who leads the plan? This role advises and holds no cases.")
@passes(practitioner="w2")
@fails(practitioner="w7")
def lead_holds_no_cases(part: Lead, context: Context) -> Problems:
    """The lead practitioner has a role that holds no cases in this area.

    Any professional may lead, except for advisers who hold no cases. It
    happens when the adviser of the meeting is put down as its lead.
    """
    roles = context.facts["roles"]["non-case-holding"]
    if role_of(context, part.practitioner) in roles:
        yield Problem("/practitioner", "In this area, people in this role hold no cases.")


@rule("LEA-007", Severity.INFO, cites=("G-087", "G-082"), family="lead_roles")
@asks("Did the parent or carer agree who leads?")
@passes(agreedBy=["p1", "w1"])
@fails(agreedBy=["w1"], familyView=None)
def family_did_not_agree_who_leads(part: Lead, context: Context) -> Problems:
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
        yield Problem("/agreedBy", "Nobody from the family is among those who agreed who leads.")


@rule("LEA-008", Severity.WARNING, cites=("G-048",), family="lead_roles")
@on(example="gloucestershire/my-plan-plus")
@asks("Does the special educational needs co-ordinator lead? If not, why not?")
@passes(leads=[{"practitioner": "w1", "from": "2026-03-16"}])
@fails(
    children=[_SENCO, {"id": "c2"}, {"id": "c3"}, {"id": "c4", "unborn": True}],
    leads=[{"practitioner": "w2", "from": "2026-03-16"}],
)
def senco_does_not_lead(part: Plan, context: Context) -> Problems:
    """A child has an education, health and care plan, and the SENCo does not lead.

    Where there is such a plan, the special educational needs co-ordinator
    leads, so that both plans are reviewed together.
    """
    if part.plan_type == "my-plan-plus" and any(
        has_education_plan(context.record, child) for child in part.children
    ):
        for number, lead in leads_now(part, context.today) if part.status == "open" else ():
            if role_of(context, lead.practitioner) != "senco" and not lead.selection_reason:
                message = "With an education, health and care plan, the SENCo leads."
                yield Problem(f"/leads/{number}/practitioner", message)
