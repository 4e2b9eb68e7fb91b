"""Children: before and after birth, age, and facts that have to fit with one another."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from eh_interop.checks.rules._help import (
    SOCIAL_CARE_PLANS,
    age_on,
    before,
    has_education_plan,
    is_in_force,
    record_day,
)
from eh_interop.checks.rules.engine import Context, Problem, Problems, asks, fails, on, passes, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Child, Record, View

_EDUCATION_PLAN_AGE: Final = 25
_NEARLY_TWO: Final = 2
"""A child of seven may be all but eight, and the estimate a year out."""


@rule("FAM-006", Severity.WARNING, cites=("P-004", "W-006"))
@on(example="minimal/referral-outcome", needs=("oldest-age",))
@asks("Please check the date of birth. If it is right, which service for adults fits?")
@passes(dateOfBirth="2007-10-22")
@fails(dateOfBirth="2007-10-21")
def too_old_for_early_help(part: Child, context: Context) -> Problems:
    """A young person is older than the area's guidance covers.

    Services for adults may fit better. Often the year of birth is mistyped,
    or an adult's details stand where the child's should. Young people with an
    education, health and care plan are left out: theirs goes on to 25.
    """
    if part.date_of_birth and not has_education_plan(context.record, part):
        age = age_on(part.date_of_birth, record_day(context))
        oldest = context.settings["oldest-age"]
        if age > oldest:
            yield Problem(
                "/dateOfBirth", f"The area's guidance covers people up to the age of {oldest}."
            )


@rule("FAM-007", Severity.WARNING, cites=("G-141", "E-037"))
@on(example="minimal/referral-outcome")
@passes(
    dateOfBirth="2000-10-22", specialEducationalNeeds={"status": "education-health-and-care-plan"}
)
@fails(
    dateOfBirth="2000-10-21", specialEducationalNeeds={"status": "education-health-and-care-plan"}
)
def too_old_for_education_plan(part: Child, context: Context) -> Problems:
    """A person older than 25 is said to have an education, health and care plan.

    Such a plan ends at 25. Either the date of birth is mistyped or the plan
    has ended.
    """
    if (
        part.date_of_birth
        and has_education_plan(context.record, part)
        and age_on(part.date_of_birth, record_day(context)) > _EDUCATION_PLAN_AGE
    ):
        message = "An education, health and care plan ends at 25, and this person is older."
        yield Problem("/specialEducationalNeeds", message)


@rule("FAM-008", Severity.ERROR, cites=("E-030", "E-037"))
@asks("Please say whether the child has a disability.")
@passes(disability="yes", disabilities=["LD"])
@fails(disability="yes", disabilities=["NONE", "LD"])
def no_disability_beside_a_disability(part: Child, _: Context) -> Problems:
    """The code for no disability stands beside the code of a disability.

    The child may miss help that disabled children can have. It happens on
    forms with one box for each answer, when a box is not unticked.
    """
    if "NONE" in part.disabilities and len(part.disabilities) > 1:
        yield Problem("/disabilities", "No disability and a disability are both given.")


@rule("FAM-009", Severity.ERROR, cites=("E-030", "E-037"))
@asks("Please say whether the child has a disability.")
@passes(disability="yes", disabilities=["LD"])
@fails(disability="no", disabilities=["LD"])
def disability_answers_disagree(part: Child, _: Context) -> Problems:
    """Whether a child is disabled and the list of disabilities say different things.

    The child may miss help that disabled children can have. It happens when
    one answer is brought up to date and the other is not.
    """
    named = set(part.disabilities)
    disagree = (part.disability == "no" and named - {"NONE"}) or (
        part.disability == "yes" and named == {"NONE"}
    )
    if disagree and (len(named) == 1 or "NONE" not in named):
        yield Problem(
            "/disability", "The answer on disability does not agree with the list of disabilities."
        )


@rule("FAM-010", Severity.WARNING, cites=("E-037",))
@asks("Please check the child's age and date of birth.")
@passes(estimatedAge=6.5)
@fails(estimatedAge=9)
def age_disagrees_with_date_of_birth(part: Child, context: Context) -> Problems:
    """The estimated age of a child differs from the date of birth by more than a year.

    One of the two belongs to another time or another child. Leave the
    estimate out once the date of birth is known.
    """
    if part.estimated_age is not None and part.date_of_birth:
        age = age_on(part.date_of_birth, record_day(context))
        if not age - 1 <= part.estimated_age < age + _NEARLY_TWO:
            yield Problem(
                "/estimatedAge", "The estimated age does not agree with the date of birth."
            )


@rule("FAM-011", Severity.ERROR, cites=("E-037",))
@asks("Please say whether the child has been seen.")
@passes(seen={"seen": True, "seenAlone": True})
@fails(seen={"seen": False, "seenAlone": True})
def seen_alone_but_not_seen(part: Child, _: Context) -> Problems:
    """A child is said not to have been seen, and to have been seen alone.

    Whether somebody has seen the child is the first thing that a social
    worker wants to know.
    """
    if part.seen and not part.seen.seen and part.seen.seen_alone:
        yield Problem("/seen/seenAlone", "The child is said not to have been seen at all.")


_LONGEST_PREGNANCY: Final = timedelta(weeks=44)
_LATEST_BIRTH: Final = timedelta(weeks=4)
_UNBORN: Final = {"unborn": True, "dateOfBirth": None, "sex": "U", "education": None}


@rule("FAM-001", Severity.ERROR, cites=("G-005", "E-002"), family="births")
@asks("Please check the child's date of birth. If the baby is not born yet, say so.")
@passes(dateOfBirth="2026-10-19")
@fails(dateOfBirth="2027-06-14", views=None, seen=None, estimatedAge=None)
def born_in_the_future(part: Child, context: Context) -> Problems:
    """A child's date of birth is after today.

    The child cannot be found by it. Often the expected date of a baby who is
    not born yet was put in the wrong box.
    """
    if part.date_of_birth and part.date_of_birth > context.today:
        yield Problem("/dateOfBirth", "The date of birth is after today.")


@rule("FAM-002", Severity.ERROR, cites=("G-005", "E-037"), family="births")
@asks("Please say whether the baby has been born.")
@passes(_UNBORN, expectedDateOfBirth="2026-11-10")
@fails(unborn=True, sex="U", expectedDateOfBirth="2026-11-10")
def unborn_with_date_of_birth(part: Child, _: Context) -> Problems:
    """A child is said to be unborn and has a date of birth.

    Different help fits before and after the birth. It happens when the birth
    is recorded and the mark for an unborn baby stays.
    """
    if part.unborn and part.date_of_birth:
        yield Problem("/dateOfBirth", "The child is said to be unborn, so has no date of birth.")


@rule("FAM-003", Severity.WARNING, cites=("E-003",), family="births")
@passes(_UNBORN, expectedDateOfBirth="2026-11-10")
@fails(_UNBORN, expectedDateOfBirth="2026-11-10", sex="F")
def sex_of_unborn_child_given(part: Child, _: Context) -> Problems:
    """An unborn child has a sex other than unknown.

    National returns take an unborn child's sex as unknown. It happens when a
    scan showed it, or when the mother's sex was put in.
    """
    if part.unborn and part.sex not in {None, "U"}:
        yield Problem("/sex", "The sex of an unborn child is given as unknown until the birth.")


@rule("FAM-004", Severity.WARNING, cites=("G-005", "E-053"), family="births")
@asks("Has the baby been born? If so, please give the name and date of birth.")
@passes(_UNBORN, expectedDateOfBirth="2026-10-04")
@fails(_UNBORN, expectedDateOfBirth="2026-10-03")
def still_unborn_long_after_expected_date(part: Child, context: Context) -> Problems:
    """A child is still recorded as unborn more than four weeks after the expected date.

    The baby has been born by now, and a new baby is at an age of high risk.
    The record has not kept up.
    """
    due = part.expected_date_of_birth
    if part.unborn and due and context.today - due > _LATEST_BIRTH:
        yield Problem(
            "/expectedDateOfBirth",
            "The expected date is more than four weeks past, and the child is unborn.",
        )


@rule("FAM-005", Severity.ERROR, cites=("E-037",), family="births")
@asks("Please check the date on which the baby is expected.")
@passes(_UNBORN, expectedDateOfBirth="2027-09-05")
@fails(_UNBORN, expectedDateOfBirth="2027-09-06")
def expected_too_far_ahead(part: Child, context: Context) -> Problems:
    """A baby is expected later than any pregnancy lasts.

    Help before the birth would come at the wrong time. Usually the year is
    mistyped.
    """
    due = part.expected_date_of_birth
    if due and due - context.today > _LONGEST_PREGNANCY:
        yield Problem(
            "/expectedDateOfBirth", "The expected date of birth is more than 44 weeks from today."
        )


@rule("FAM-016", Severity.WARNING, cites=("E-037",), family="births")
@asks("Please check what is still planned for this child, and who has to be told of the death.")
@passes(deceased=False)
@fails(deceased=True, deceasedOn="2026-11-01")
def child_has_died(part: Child, _: Context) -> Problems:
    """A child whom the record is about has died.

    An appointment, a letter or a question that goes out as if nothing had happened hurts the
    family. Brothers and sisters may need help at once.
    """
    if part.deceased or (part.deceased_on and part.deceased is not False):
        place = "/deceasedOn" if part.deceased_on else "/deceased"
        yield Problem(place, "The child has died. Read this before anybody writes to the family.")


@rule("FAM-017", Severity.ERROR, cites=("E-037",), family="births")
@asks("Please check these facts about the child's birth and death.")
@passes(deceased=False)
@fails(deceased=False, deceasedOn="2026-09-01")
def child_birth_and_death_disagree(part: Child, _: Context) -> Problems:
    """What is said about a child's birth and death cannot all be so.

    For example, the child is said to be alive and has a date of death. One of the two is a
    mistake, and each leads to something that cannot be taken back.
    """
    born, died = part.date_of_birth, part.deceased_on
    if died and part.deceased is False:
        yield Problem("/deceased", "There is a date of death, so this cannot be so.")
    if before(died, born):
        yield Problem("/deceasedOn", "This is before the child was born.")


_PLAN: Final = {"id": "sp1", "children": ["c1"]}


@rule("FAM-012", Severity.ERROR, cites=("E-037",), family="child_facts")
@asks("Please check the date of birth and this date.")
@passes(education=[{"from": "2023-09-01"}])
@fails(education=[{"from": "2018-09-01"}])
def happened_before_birth(part: Child, _: Context) -> Problems:
    """A child went to school, was seen or said something before being born.

    Either the date of birth or the other date is wrong, or facts about a
    brother or sister stand with this child.
    """
    born = part.date_of_birth
    if not born:
        return
    placed = [(f"/education/{n}/from", entry.from_) for n, entry in enumerate(part.education)]
    placed += [(f"/views/{n}/gatheredOn", view.gathered_on) for n, view in enumerate(part.views)]
    if part.seen:
        placed.append(("/seen/lastSeenOn", part.seen.last_seen_on))
    for place, day in placed if born else ():
        if day and day < born:
            yield Problem(place, "The date is before the child's date of birth.")


@rule("FAM-013", Severity.WARNING, cites=("G-022", "E-016"), family="child_facts")
@passes(text=None, notCapturedReason="declined")
@fails(notCapturedReason="declined")
def views_given_and_said_to_be_missing(part: View, _: Context) -> Problems:
    """Somebody's views are given beside a reason why there are none.

    A reader may think that the child was never asked. It happens when views
    come later and the reason is left standing.
    """
    if part.text and part.not_captured_reason:
        yield Problem("/notCapturedReason", "Views are given, so no reason is needed.")


@rule("FAM-014", Severity.ERROR, cites=("E-037",), family="child_facts")
@asks("Does the child have an education, health and care plan?")
@passes(
    statutoryPlans=[_PLAN | {"type": "education-health-and-care-plan", "status": "considered"}],
    absent={"statutoryPlans": None},
)
@fails(
    statutoryPlans=[_PLAN | {"type": "education-health-and-care-plan", "status": "current"}],
    absent={"statutoryPlans": None},
)
def no_special_needs_but_a_plan_for_them(part: Record, _: Context) -> Problems:
    """A child with an education, health and care plan is said to have no special needs.

    Support at school and early help have to fit together. One of the two
    answers is out of date.
    """
    with_plan = {
        child
        for statutory_plan in part.statutory_plans
        if statutory_plan.type == "education-health-and-care-plan" and is_in_force(statutory_plan)
        for child in statutory_plan.children
    }
    for number, child in enumerate(part.children):
        needs = child.special_educational_needs
        if child.id in with_plan and needs and needs.status == "none":
            message = "The child has an education, health and care plan, so has special needs."
            yield Problem(f"/children/{number}/specialEducationalNeeds/status", message)


@rule("FAM-015", Severity.ERROR, cites=("E-037",), family="child_facts")
@asks("Is the child open to children's social care?")
@passes(
    statutoryPlans=[_PLAN | {"type": "child-in-need-plan", "status": "considered"}],
    absent={"statutoryPlans": None},
)
@fails(
    statutoryPlans=[_PLAN | {"type": "child-in-need-plan", "status": "current"}],
    absent={"statutoryPlans": None},
)
def unknown_to_social_care_but_has_its_plan(part: Record, _: Context) -> Problems:
    """A child with a current social care plan is said to be closed or not known to social care.

    The child's social worker would not be told. One of the two answers is out
    of date.
    """
    with_plan = {
        child
        for statutory_plan in part.statutory_plans
        if statutory_plan.type in SOCIAL_CARE_PLANS and is_in_force(statutory_plan)
        for child in statutory_plan.children
    }
    for number, child in enumerate(part.children):
        if child.id in with_plan and child.social_care_status in {"not-known", "closed"}:
            message = "The child has a current social care plan, so is open to social care."
            yield Problem(f"/children/{number}/socialCareStatus", message)
